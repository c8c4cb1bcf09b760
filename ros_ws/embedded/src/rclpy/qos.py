"""QoS profiles and their policies."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from typing import Any, TypeVar

from rclpy._qos_policies import (
    DurabilityPolicy,
    HistoryPolicy,
    LivelinessPolicy,
    QoSDurabilityPolicy,
    QoSHistoryPolicy,
    QoSLivelinessPolicy,
    QoSPolicyKind,
    QoSReliabilityPolicy,
    ReliabilityPolicy,
    qos_policy_name_from_kind,
)
from rclpy.duration import Duration, Infinite
from ros_wire import qos as wire


class InvalidQoSProfileException(Exception):
    """A profile that cannot be: says why."""

    def __init__(self, *args: object) -> None:
        super().__init__("Invalid QoSProfile", *args)


__all__ = [
    "DurabilityPolicy",
    "HistoryPolicy",
    "InvalidQoSProfileException",
    "LivelinessPolicy",
    "QoSCompatibility",
    "QoSDurabilityPolicy",
    "QoSHistoryPolicy",
    "QoSLivelinessPolicy",
    "QoSPolicyKind",
    "QoSPresetProfiles",
    "QoSProfile",
    "QoSReliabilityPolicy",
    "ReliabilityPolicy",
    "incompatible_policies",
    "qos_check_compatible",
    "qos_policy_name_from_kind",
    "qos_profile_action_status_default",
    "qos_profile_best_available",
    "qos_profile_default",
    "qos_profile_parameter_events",
    "qos_profile_parameters",
    "qos_profile_rosout_default",
    "qos_profile_sensor_data",
    "qos_profile_services_default",
    "qos_profile_system_default",
]

PolicyT = TypeVar("PolicyT", bound=IntEnum)
_NONE = Duration()


def _known(policies: type[PolicyT], number: int) -> PolicyT:
    try:
        return policies(number)
    except ValueError:
        return policies["UNKNOWN"]


def _depth(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"depth must be a number from 0, not {value!r}")
    return value


def _span(value: object) -> Duration:
    if not isinstance(value, Duration):
        raise TypeError(f"expected a Duration, got {value!r}")
    return value


class QoSProfile:
    """A set of policies; `depth` or `history` must be given."""

    history: HistoryPolicy
    depth: int
    reliability: ReliabilityPolicy
    durability: DurabilityPolicy
    lifespan: Duration
    deadline: Duration
    liveliness: LivelinessPolicy
    liveliness_lease_duration: Duration
    avoid_ros_namespace_conventions: bool

    __slots__ = (
        "avoid_ros_namespace_conventions", "deadline", "depth", "durability", "history", "lifespan",
        "liveliness", "liveliness_lease_duration", "reliability",
    )  # fmt: skip

    def __init__(
        self,
        *,
        depth: int | None = None,
        history: HistoryPolicy | int | None = None,
        reliability: ReliabilityPolicy | int = ReliabilityPolicy.RELIABLE,
        durability: DurabilityPolicy | int = DurabilityPolicy.VOLATILE,
        lifespan: Duration = _NONE,
        deadline: Duration = _NONE,
        liveliness: LivelinessPolicy | int = LivelinessPolicy.SYSTEM_DEFAULT,
        liveliness_lease_duration: Duration = _NONE,
        avoid_ros_namespace_conventions: bool = False,
    ) -> None:
        if history is None:
            if depth is None:
                raise InvalidQoSProfileException("History and/or depth settings are required.")
            history = HistoryPolicy.KEEP_LAST
        if history == HistoryPolicy.KEEP_LAST and depth is None:
            raise InvalidQoSProfileException("History set to KEEP_LAST without a depth setting.")
        self.history = HistoryPolicy(history)
        if depth is None:
            object.__setattr__(self, "depth", 0)
        else:
            self.depth = depth
        self.reliability = ReliabilityPolicy(reliability)
        self.durability = DurabilityPolicy(durability)
        self.lifespan = lifespan
        self.deadline = deadline
        self.liveliness = LivelinessPolicy(liveliness)
        self.liveliness_lease_duration = liveliness_lease_duration
        self.avoid_ros_namespace_conventions = avoid_ros_namespace_conventions

    def __setattr__(self, name: str, value: object) -> None:
        convert = _CONVERTED.get(name)
        object.__setattr__(self, name, value if convert is None else convert(value))
        if name == "depth" and value == 0 and self.history == HistoryPolicy.KEEP_LAST:
            warnings.warn(
                "A zero depth with KEEP_LAST doesn't make sense; the wire takes its own default", stacklevel=3
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QoSProfile):
            return NotImplemented
        return all(getattr(self, slot) == getattr(other, slot) for slot in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"QoSProfile({', '.join(f'{slot}={getattr(self, slot)}' for slot in self.__slots__)})"

    @classmethod
    def get_from_short_key(cls, name: str) -> QoSProfile:
        """A preset named in lower case."""
        return QoSPresetProfiles.get_from_short_key(name)

    def to_wire(self) -> wire.Qos:
        """The policies as the wire has them; whatever is left to the system becomes rmw_zenoh's default."""
        keep_all = self.history == HistoryPolicy.KEEP_ALL
        latched = self.durability == DurabilityPolicy.TRANSIENT_LOCAL
        return wire.Qos(
            reliability=wire.BEST_EFFORT if self.reliability == ReliabilityPolicy.BEST_EFFORT else wire.RELIABLE,
            durability=wire.TRANSIENT_LOCAL if latched else wire.VOLATILE,
            history=wire.KEEP_ALL if keep_all else wire.KEEP_LAST,
            depth=self.depth or wire.DEFAULT_DEPTH,
            deadline_ns=self.deadline.nanoseconds or wire.INFINITE_NS,
            lifespan_ns=self.lifespan.nanoseconds or wire.INFINITE_NS,
            liveliness=3 if self.liveliness == LivelinessPolicy.MANUAL_BY_TOPIC else wire.AUTOMATIC,
            lease_ns=self.liveliness_lease_duration.nanoseconds or wire.INFINITE_NS,
        )

    @classmethod
    def from_wire(cls, qos: wire.Qos) -> QoSProfile:
        """The profile of policies read from the wire; a number that no policy has becomes UNKNOWN."""
        return cls(
            depth=max(qos.depth, 0),
            history=_known(HistoryPolicy, qos.history),
            reliability=_known(ReliabilityPolicy, qos.reliability),
            durability=_known(DurabilityPolicy, qos.durability),
            deadline=Duration(nanoseconds=qos.deadline_ns),
            lifespan=Duration(nanoseconds=qos.lifespan_ns),
            liveliness=_known(LivelinessPolicy, qos.liveliness),
            liveliness_lease_duration=Duration(nanoseconds=qos.lease_ns),
        )


_CONVERTED: Mapping[str, Callable[[Any], object]] = {
    "history": HistoryPolicy, "depth": _depth, "reliability": ReliabilityPolicy, "durability": DurabilityPolicy,
    "lifespan": _span, "deadline": _span, "liveliness": LivelinessPolicy, "liveliness_lease_duration": _span,
    "avoid_ros_namespace_conventions": bool,
}  # fmt: skip


def _preset(depth: int, reliability: ReliabilityPolicy, durability: DurabilityPolicy) -> QoSProfile:
    return QoSProfile(depth=depth, reliability=reliability, durability=durability)


qos_profile_default = _preset(10, ReliabilityPolicy.RELIABLE, DurabilityPolicy.VOLATILE)
qos_profile_sensor_data = _preset(5, ReliabilityPolicy.BEST_EFFORT, DurabilityPolicy.VOLATILE)
qos_profile_services_default = _preset(10, ReliabilityPolicy.RELIABLE, DurabilityPolicy.VOLATILE)
qos_profile_parameters = _preset(1000, ReliabilityPolicy.RELIABLE, DurabilityPolicy.VOLATILE)
qos_profile_parameter_events = _preset(1000, ReliabilityPolicy.RELIABLE, DurabilityPolicy.VOLATILE)
qos_profile_action_status_default = _preset(1, ReliabilityPolicy.RELIABLE, DurabilityPolicy.TRANSIENT_LOCAL)
qos_profile_rosout_default = _preset(1000, ReliabilityPolicy.RELIABLE, DurabilityPolicy.TRANSIENT_LOCAL)
qos_profile_best_available = _preset(10, ReliabilityPolicy.BEST_AVAILABLE, DurabilityPolicy.BEST_AVAILABLE)
qos_profile_system_default = QoSProfile(
    history=HistoryPolicy.SYSTEM_DEFAULT,
    reliability=ReliabilityPolicy.SYSTEM_DEFAULT,
    durability=DurabilityPolicy.SYSTEM_DEFAULT,
)


class QoSPresetProfiles(Enum):
    """The presets by name."""

    DEFAULT = qos_profile_default
    SYSTEM_DEFAULT = qos_profile_system_default
    SENSOR_DATA = qos_profile_sensor_data
    SERVICES_DEFAULT = qos_profile_services_default
    PARAMETERS = qos_profile_parameters
    PARAMETER_EVENTS = qos_profile_parameter_events
    ACTION_STATUS_DEFAULT = qos_profile_action_status_default
    BEST_AVAILABLE = qos_profile_best_available

    @classmethod
    def short_keys(cls) -> list[str]:
        """Every preset's name in lower case."""
        return [preset.name.lower() for preset in cls]

    @classmethod
    def get_from_short_key(cls, name: str) -> QoSProfile:
        """The preset of a name in lower case."""
        return cls[name.upper()].value


class QoSCompatibility(IntEnum):
    """Whether a publisher and a subscription of two profiles would match under DDS."""

    OK = 0
    WARNING = 1
    ERROR = 2


def incompatible_policies(publisher: QoSProfile, subscription: QoSProfile) -> list[tuple[QoSPolicyKind, str]]:
    """Which policies do not fit by ROS's rules, and why, the gravest first. Zenoh itself delivers between any two."""
    found = []
    if (publisher.reliability, subscription.reliability) == (ReliabilityPolicy.BEST_EFFORT, ReliabilityPolicy.RELIABLE):
        found.append((QoSPolicyKind.RELIABILITY, "Best effort publisher and reliable subscription;"))
    latched = DurabilityPolicy.TRANSIENT_LOCAL
    if publisher.durability == DurabilityPolicy.VOLATILE and subscription.durability == latched:
        found.append((QoSPolicyKind.DURABILITY, "Volatile publisher and transient local subscription;"))
    if _longer(publisher.deadline, subscription.deadline):
        found.append((QoSPolicyKind.DEADLINE, "Subscription expects a shorter deadline than the publisher offers;"))
    by_topic = LivelinessPolicy.MANUAL_BY_TOPIC
    if subscription.liveliness == by_topic and publisher.liveliness != by_topic:
        found.append((QoSPolicyKind.LIVELINESS, "Publisher's liveliness is automatic, the subscription's by topic;"))
    if _longer(publisher.liveliness_lease_duration, subscription.liveliness_lease_duration):
        found.append((QoSPolicyKind.LIVELINESS, "Subscription expects a shorter lease than the publisher offers;"))
    return found


def _longer(offered: Duration, asked: Duration) -> bool:
    """Whether what a publisher offers takes longer than a subscription asks; nothing said is for ever."""
    if asked in (_NONE, Infinite):
        return False
    return offered in (_NONE, Infinite) or offered > asked


def qos_check_compatible(publisher_qos: QoSProfile, subscription_qos: QoSProfile) -> tuple[QoSCompatibility, str]:
    """What ROS's rules say of two profiles; a warning where one leaves to the system what the other insists on."""
    errors = [f"ERROR: {reason}" for _, reason in incompatible_policies(publisher_qos, subscription_qos)]
    if errors:
        return QoSCompatibility.ERROR, " ".join(errors)
    open_reliability = (ReliabilityPolicy.SYSTEM_DEFAULT, ReliabilityPolicy.UNKNOWN)
    open_durability = (DurabilityPolicy.SYSTEM_DEFAULT, DurabilityPolicy.UNKNOWN)
    warned = []
    if publisher_qos.reliability in open_reliability and subscription_qos.reliability == ReliabilityPolicy.RELIABLE:
        warned.append("WARNING: Reliable subscription, but publisher is left to the system;")
    latched = DurabilityPolicy.TRANSIENT_LOCAL
    if publisher_qos.durability in open_durability and subscription_qos.durability == latched:
        warned.append("WARNING: Transient local subscription, but publisher is left to the system;")
    return (QoSCompatibility.WARNING, " ".join(warned)) if warned else (QoSCompatibility.OK, "")
