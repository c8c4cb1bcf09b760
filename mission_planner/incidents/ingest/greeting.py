"""What is wrong with a CONNECT, before anyone looks at its password."""

from __future__ import annotations

from mqtt5 import ConnAckReasonCode, ConnectPacket

from mission_planner.incidents.ingest.hub import Limits
from mission_planner.incidents.ingest.topics import is_topic_name
from mission_planner.incidents.ingest.wire import Version


def objection(packet: ConnectPacket, version: Version, limits: Limits) -> tuple[ConnAckReasonCode, str] | None:
    """The reason code and one sentence; None when nothing is wrong."""
    if packet.authentication_method is not None:
        return (
            ConnAckReasonCode.BAD_AUTHENTICATION_METHOD,
            f"expected user name and password, or none; came method {packet.authentication_method!r:.40}",
        )
    if len(packet.client_id) > limits.client_id_chars:
        return (
            ConnAckReasonCode.CLIENT_ID_NOT_VALID,
            f"expected a client id of at most {limits.client_id_chars} characters; came {len(packet.client_id)}",
        )
    if not packet.client_id and version is Version.V311 and not packet.clean_start:
        return (
            ConnAckReasonCode.CLIENT_ID_NOT_VALID,
            "expected a client id with clean session 0; came an empty one",
        )
    if packet.will is not None and not is_topic_name(packet.will.topic):
        return (
            ConnAckReasonCode.TOPIC_NAME_INVALID,
            f"expected a will topic without wildcards; came {packet.will.topic!r:.80}",
        )
    return None
