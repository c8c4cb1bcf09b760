"""What is known of one publisher or subscription."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from rclpy.qos import QoSProfile
from ros_wire.names import Entity


class TopicEndpointTypeEnum(IntEnum):
    """Which way an endpoint faces."""

    INVALID = 0
    PUBLISHER = 1
    SUBSCRIPTION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEndpointInfo:
    """One publisher or subscription."""

    node_name: str
    node_namespace: str
    topic_type: str
    topic_type_hash: str
    endpoint_type: TopicEndpointTypeEnum
    endpoint_gid: list[int]
    qos_profile: QoSProfile

    @classmethod
    def of(cls, entity: Entity, direction: TopicEndpointTypeEnum) -> TopicEndpointInfo:
        """Of an entity of the graph."""
        return cls(
            node_name=entity.owner.name,
            node_namespace=entity.owner.namespace,
            topic_type=entity.type_name,
            topic_type_hash=entity.type_hash,
            endpoint_type=direction,
            endpoint_gid=list(entity.gid),
            qos_profile=QoSProfile.from_wire(entity.qos),
        )
