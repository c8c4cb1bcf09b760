"""The policies of QoS, by ROS's names and numbers."""

from __future__ import annotations

from enum import IntEnum


class _Policy(IntEnum):
    @property
    def short_key(self) -> str:
        """The policy in lower case, as on command lines."""
        return self.name.lower()

    @classmethod
    def short_keys(cls) -> list[str]:
        """Every policy's short key."""
        return [policy.name.lower() for policy in cls]

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


class QoSPolicyKind(IntEnum):
    """Which policy is meant; rmw's numbers."""

    INVALID = 1
    DURABILITY = 2
    DEADLINE = 4
    LIVELINESS = 8
    RELIABILITY = 16
    HISTORY = 32
    LIFESPAN = 64
    DEPTH = 128
    LIVELINESS_LEASE_DURATION = 256
    AVOID_ROS_NAMESPACE_CONVENTIONS = 512


def qos_policy_name_from_kind(policy_kind: QoSPolicyKind | int) -> str:
    """The name of a policy kind."""
    return QoSPolicyKind(policy_kind).name
