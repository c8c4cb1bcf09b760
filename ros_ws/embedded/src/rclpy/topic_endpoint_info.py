"""What is known of one publisher or subscription."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from rclpy.qos import DurabilityPolicy, HistoryPolicy, LivelinessPolicy, QoSProfile, ReliabilityPolicy
from rclpy.type_hash import TypeHash
from ros_wire.names import Entity, Kind


class TopicEndpointTypeEnum(IntEnum):
    """Which way an endpoint faces."""

    INVALID = 0
    PUBLISHER = 1
    SUBSCRIPTION = 2


def _nothing_known() -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.UNKNOWN,
        reliability=ReliabilityPolicy.UNKNOWN,
        durability=DurabilityPolicy.UNKNOWN,
        liveliness=LivelinessPolicy.UNKNOWN,
    )


@dataclass(slots=True, kw_only=True)
class TopicEndpointInfo:
    """One publisher or subscription; its text is what `ros2 topic info --verbose` prints."""

    node_name: str = ""
    node_namespace: str = ""
    topic_type: str = ""
    topic_type_hash: TypeHash = field(default_factory=TypeHash)
    endpoint_type: TopicEndpointTypeEnum = TopicEndpointTypeEnum.INVALID
    endpoint_gid: list[int] = field(default_factory=list)
    qos_profile: QoSProfile = field(default_factory=_nothing_known)

    @classmethod
    def of(cls, entity: Entity) -> TopicEndpointInfo:
        """Of an endpoint of the graph."""
        publishes = entity.kind is Kind.PUBLISHER
        return cls(
            node_name=entity.owner.name,
            node_namespace=entity.owner.namespace,
            topic_type=entity.type_name,
            topic_type_hash=TypeHash.from_text(entity.type_hash),
            endpoint_type=TopicEndpointTypeEnum.PUBLISHER if publishes else TopicEndpointTypeEnum.SUBSCRIPTION,
            endpoint_gid=list(entity.gid),
            qos_profile=QoSProfile.from_wire(entity.qos),
        )

    def __str__(self) -> str:
        qos = self.qos_profile
        kept = f" ({qos.depth})" if qos.history == HistoryPolicy.KEEP_LAST else ""
        lines = (
            f"Node name: {self.node_name}",
            f"Node namespace: {self.node_namespace}",
            f"Topic type: {self.topic_type}",
            f"Topic type hash: {self.topic_type_hash}",
            f"Endpoint type: {self.endpoint_type.name}",
            f"GID: {'.'.join(f'{byte:02x}' for byte in self.endpoint_gid)}",
            "QoS profile:",
            f"  Reliability: {qos.reliability.name}",
            f"  History (Depth): {qos.history.name}{kept}",
            f"  Durability: {qos.durability.name}",
            f"  Lifespan: {qos.lifespan}",
            f"  Deadline: {qos.deadline}",
            f"  Liveliness: {qos.liveliness.name}",
            f"  Liveliness lease duration: {qos.liveliness_lease_duration}",
        )
        return "\n".join(lines)
