"""Who comes: what is wrong with a CONNECT, and whether its sender is let in."""

from __future__ import annotations

import ipaddress
import logging

from mqtt5 import ConnAckReasonCode, ConnectPacket

from mission_planner.incidents.ingest.hub import Limits
from mission_planner.incidents.ingest.identity import Identity
from mission_planner.incidents.ingest.message import Authenticate
from mission_planner.incidents.ingest.topics import is_topic_name
from mission_planner.incidents.ingest.wire import Version

log = logging.getLogger(__name__)

Refusal = tuple[ConnAckReasonCode, str]  # the code, and one sentence


def objection(packet: ConnectPacket, version: Version, limits: Limits) -> Refusal | None:
    """What is wrong before anyone looks at its password; None when nothing is."""
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


async def let_in(packet: ConnectPacket, authenticate: Authenticate, *, peer_is_loopback: bool) -> Identity | Refusal:
    """Who it is, or why it stays outside."""
    try:
        admitted = await authenticate(
            client_id=packet.client_id,
            username=packet.username,
            password=packet.password,
            peer_is_loopback=peer_is_loopback,
        )
    except Exception:
        # The check is not ours; its fault ends one connection, not the listener.
        log.exception("mqtt: the login check failed")
        return ConnAckReasonCode.SERVER_UNAVAILABLE, "its login could not be checked"
    if admitted is None and packet.username is None:
        return ConnAckReasonCode.NOT_AUTHORIZED, "it named no user, and nobody may be nameless from there"
    if admitted is None:
        return ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, "its user name or password is wrong"
    if packet.will is not None and not admitted.may_publish(packet.will.topic):
        return ConnAckReasonCode.NOT_AUTHORIZED, f"its will is on a topic not its own: {packet.will.topic!r:.80}"
    return admitted


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's; IPv4 in IPv6 clothes included."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback
