"""QoS profiles and their policies."""

from __future__ import annotations

from enum import Enum, IntEnum

from rclpy.duration import Duration, Infinite
from ros_wire import qos as wire


class InvalidQoSProfileException(Exception):
    """A profile that cannot be: says why."""

    def __init__(self, *args: object) -> None:
        super().__init__("Invalid QoSProfile", *args)


class _Policy(IntEnum):
    @property
    def short_key(self) -> str:
        """The policy in lower case, as on command lines."""
        return self.name.lower()

    @classmethod
    def short_keys(cls) -> list[str]:
        """Every policy's short key but that of UNKNOWN."""
        return [policy.name.lower() for policy in cls if policy.name != "UNKNOWN"]

    @classmethod
    def get_from_short_key(cls, name: str) -> int:
        """The number of a policy named in lower case."""
        return cls[name.upper()].value


class HistoryPolicy(_Policy):
    """How many samples are kept."""

    SYSTEM_DEFAULT = 0
    KEEP_LAST = 1
    KEEP_ALL = 2
    UNKNOWN = 3


class ReliabilityPolicy(_Policy):
    """Whether loss is mended."""

    SYSTEM_DEFAULT = 0
    RELIABLE = 1
    BEST_EFFORT = 2
    UNKNOWN = 3
    BEST_AVAILABLE = 4


class DurabilityPolicy(_Policy):
    """Whether late subscribers get earlier samples."""

    SYSTEM_DEFAULT = 0
    TRANSIENT_LOCAL = 1
    VOLATILE = 2
    UNKNOWN = 3
    BEST_AVAILABLE = 4


class LivelinessPolicy(_Policy):
    """How a publisher shows that it is alive."""

    SYSTEM_DEFAULT = 0
    AUTOMATIC = 1
    MANUAL_BY_TOPIC = 3
    UNKNOWN = 4
    BEST_AVAILABLE = 5


QoSHistoryPolicy = HistoryPolicy
QoSReliabilityPolicy = ReliabilityPolicy
QoSDurabilityPolicy = DurabilityPolicy
QoSLivelinessPolicy = LivelinessPolicy
_NONE = Duration()


class QoSProfile:
    """A set of policies; `depth` or `history` must be given."""

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
        if depth is not None and (not isinstance(depth, int) or depth < 0):
            raise ValueError(f"depth must be a number from 0, not {depth!r}")
        self.history = HistoryPolicy(history)
        self.depth = depth or 0
        self.reliability = ReliabilityPolicy(reliability)
        self.durability = DurabilityPolicy(durability)
        self.lifespan = lifespan
        self.deadline = deadline
        self.liveliness = LivelinessPolicy(liveliness)
        self.liveliness_lease_duration = liveliness_lease_duration
        self.avoid_ros_namespace_conventions = avoid_ros_namespace_conventions

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
        """The profile of policies read from the wire."""
        return cls(
            depth=qos.depth,
            history=qos.history,
            reliability=qos.reliability,
            durability=qos.durability,
            deadline=Duration(nanoseconds=qos.deadline_ns),
            lifespan=Duration(nanoseconds=qos.lifespan_ns),
            liveliness=qos.liveliness,
            liveliness_lease_duration=Duration(nanoseconds=qos.lease_ns),
        )


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


def qos_check_compatible(publisher: QoSProfile, subscription: QoSProfile) -> tuple[QoSCompatibility, str]:
    """What ROS's rules say of two profiles. Zenoh itself delivers between any two."""
    reasons = []
    if (publisher.reliability, subscription.reliability) == (ReliabilityPolicy.BEST_EFFORT, ReliabilityPolicy.RELIABLE):
        reasons.append("ERROR: Best effort publisher and reliable subscription;")
    latched = DurabilityPolicy.TRANSIENT_LOCAL
    if publisher.durability == DurabilityPolicy.VOLATILE and subscription.durability == latched:
        reasons.append("ERROR: Volatile publisher and transient local subscription;")
    if subscription.deadline not in (_NONE, Infinite) and (
        publisher.deadline in (_NONE, Infinite) or publisher.deadline > subscription.deadline
    ):
        reasons.append("ERROR: Subscription expects a shorter deadline than the publisher offers;")
    return (QoSCompatibility.ERROR, " ".join(reasons)) if reasons else (QoSCompatibility.OK, "")
