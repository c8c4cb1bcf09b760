"""What is refused though it is well-formed MQTT: CONNACK said that this endpoint does not do it, or a name is none."""

from __future__ import annotations

from mqtt5 import DisconnectReasonCode as Reason
from mqtt5 import PublishPacket, SubscribePacket

from mission_planner.incidents.ingest.faults import ProtocolFault
from mission_planner.incidents.ingest.topics import is_topic_name


def check_publish(packet: PublishPacket) -> None:
    """Raises ProtocolFault: a topic alias, or a topic that is no name."""
    if packet.topic_alias is not None:
        raise ProtocolFault("expected no topic alias, as CONNACK says; came one", code=Reason.TOPIC_ALIAS_INVALID)
    if not is_topic_name(packet.topic):
        raise ProtocolFault(
            f"expected a topic name without wildcards; came {packet.topic!r:.80}", code=Reason.TOPIC_NAME_INVALID
        )


def check_subscribe(packet: SubscribePacket) -> None:
    """Raises ProtocolFault: a subscription identifier."""
    if packet.subscription_id is not None:
        raise ProtocolFault(
            "expected no subscription identifier, as CONNACK says; came one",
            code=Reason.SUBSCRIPTION_IDS_NOT_SUPPORTED,
        )
