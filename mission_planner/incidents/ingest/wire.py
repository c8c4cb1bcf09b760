"""MQTT packets from and to bytes: the one place that touches the codec, and where 3.1.1 meets 5.

The codec (`mqtt5`) speaks MQTT 5 only. A 3.1.1 packet is an MQTT 5 packet without properties and reason codes: coming
in it gets an empty property list, going out it is written here. Sources: OASIS MQTT 3.1.1 and 5.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import mqtt5
from mqtt5 import (
    ConnAckReasonCode,
    DisconnectReasonCode,
    Packet,
    PublishPacket,
    SubAckReasonCode,
    SubscribePacket,
    UnsubAckReasonCode,
)

from mission_planner.incidents.ingest import strict
from mission_planner.incidents.ingest.faults import ProtocolFault
from mission_planner.incidents.ingest.frames import Frame

_NO_PROPERTIES = b"\x00"


class Version(IntEnum):
    """Protocol level, as CONNECT names it."""

    V311 = 4
    V5 = 5


class UnknownVersion(ProtocolFault):
    """Neither 3.1.1 nor 5."""


def version_of(connect: Frame) -> Version:
    """The protocol of a CONNECT.

    Raises:
        UnknownVersion: an MQTT of another version.
        ProtocolFault: not an MQTT CONNECT at all.
    """
    if connect.type != strict.CONNECT:
        raise ProtocolFault(f"expected CONNECT first; came packet type {connect.type}")
    name_end = strict.after_string(connect.body, 0)
    name, level = connect.body[2:name_end], connect.body[name_end : name_end + 1]
    if name == b"MQTT" and level in (b"\x04", b"\x05"):
        return Version(level[0])
    if name in (b"MQTT", b"MQIsdp") and level:
        raise UnknownVersion(f"expected MQTT 3.1.1 or 5; came protocol level {level[0]}")
    raise ProtocolFault("expected an MQTT CONNECT; came another protocol")


def read(frame: Frame, version: Version) -> Packet:
    """The packet in a frame, checked.

    Raises:
        ProtocolFault: it is malformed, or not one that a client may send.
    """
    body = frame.body if version is Version.V5 else _as_v5(frame)
    strict.check(frame.type, frame.flags, body)
    packet = b"".join((frame.first.to_bytes(1, "big"), _length(len(body)), body))
    try:
        decoded = mqtt5.read(memoryview(packet))[0]
    except BaseException as error:
        # The codec's Rust half panics with a BaseException that has no importable name; it has let go of nothing.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ProtocolFault(f"expected a well-formed packet; the codec says: {error}") from None
        raise
    if version is Version.V311 and isinstance(decoded, SubscribePacket):
        for wish in decoded.topic_filters:
            if wish.no_local or wish.retain_as_published or int(wish.retain_handling):
                raise ProtocolFault("expected the reserved bits of a subscription to be 0; came 1")
    return decoded


def _as_v5(frame: Frame) -> bytes:
    body = frame.body
    match frame.type:
        case strict.CONNECT:
            return _connect_as_v5(body)
        case strict.PUBLISH:
            at = strict.after_bytes(body, 0) + (2 if frame.flags & 0x06 else 0)
        case strict.SUBSCRIBE:
            at = 2
        case strict.UNSUBSCRIBE:
            at = 2
        case strict.PUBREL if len(body) != 2:
            raise ProtocolFault(f"expected a PUBREL of 2 bytes; came {len(body)}")
        case strict.DISCONNECT if body:
            raise ProtocolFault("expected an empty DISCONNECT; came one with a body")
        case _:
            return body
    if at > len(body):
        raise ProtocolFault("expected a packet id; the packet ends before")
    return body[:at] + _NO_PROPERTIES + body[at:]


def _connect_as_v5(body: bytes) -> bytes:
    if len(body) < 10:
        raise ProtocolFault("expected a CONNECT of at least 10 bytes; came fewer")
    flags = body[7]
    if flags & 0xC0 == 0x40:
        raise ProtocolFault("expected no password without a user name in MQTT 3.1.1; came one")
    id_end = strict.after_bytes(body, 10)
    will_properties = _NO_PROPERTIES if flags & 0x04 else b""
    head = body[:6] + bytes((Version.V5,)) + body[7:10]
    return head + _NO_PROPERTIES + body[10:id_end] + will_properties + body[id_end:]


def _length(value: int) -> bytes:
    """A remaining length (variable byte integer)."""
    if value < 128:
        return _ONE_BYTE[value]
    if value < 128 * 128:
        return bytes((value & 0x7F | 0x80, value >> 7))
    out = bytearray()
    while True:
        value, low = divmod(value, 128)
        out.append(low | 0x80 if value else low)
        if not value:
            return bytes(out)


_ONE_BYTE = tuple(bytes((value,)) for value in range(128))
PINGRESP = b"\xd0\x00"


def connack(
    version: Version,
    code: ConnAckReasonCode,
    *,
    assigned_client_id: str | None = None,
    receive_max: int = 65535,
    max_packet_bytes: int | None = None,
) -> bytes:
    """CONNACK. No session is ever present; to MQTT 5 it also says what this endpoint does not do."""
    if version is Version.V311:
        return bytes((0x20, 2, 0, _V311_CONNACK.get(int(code), _V311_SERVER_UNAVAILABLE)))
    if code != ConnAckReasonCode.SUCCESS:
        return mqtt5.ConnAckPacket(reason_code=code).write()
    return mqtt5.ConnAckPacket(
        reason_code=code,
        session_expiry_interval=0,
        assigned_client_id=assigned_client_id,
        receive_max=receive_max,
        retain_available=False,
        max_packet_size=max_packet_bytes,
        subscription_id_available=False,
        shared_subscription_available=False,
    ).write()


_V311_SERVER_UNAVAILABLE = 3
_V311_CONNACK = {  # MQTT 3.1.1, table 3.1; the codec's enums cannot be keys
    0: 0,
    int(ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION): 1,
    int(ConnAckReasonCode.CLIENT_ID_NOT_VALID): 2,
    int(ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD): 4,
    int(ConnAckReasonCode.NOT_AUTHORIZED): 5,
}


def puback(packet_id: int) -> bytes:
    """PUBACK, success: the same bytes in both versions, as for the next two."""
    return b"\x40\x02" + packet_id.to_bytes(2, "big")


def refused(qos: int, packet_id: int) -> bytes:
    """PUBACK or PUBREC, not authorized; MQTT 5 only."""
    if qos == 2:
        return mqtt5.PubRecPacket(packet_id=packet_id, reason_code=mqtt5.PubRecReasonCode.NOT_AUTHORIZED).write()
    return mqtt5.PubAckPacket(packet_id=packet_id, reason_code=mqtt5.PubAckReasonCode.NOT_AUTHORIZED).write()


def pubrec(packet_id: int) -> bytes:
    """PUBREC, success."""
    return b"\x50\x02" + packet_id.to_bytes(2, "big")


def pubcomp(packet_id: int) -> bytes:
    """PUBCOMP, success."""
    return b"\x70\x02" + packet_id.to_bytes(2, "big")


def suback(version: Version, packet_id: int, codes: Sequence[SubAckReasonCode]) -> bytes:
    """SUBACK; 3.1.1 knows one failure code for all reasons."""
    if version is Version.V5:
        return mqtt5.SubAckPacket(packet_id, list(codes)).write()
    returned = bytes(min(int(code), 0x80) for code in codes)
    return b"\x90" + _length(2 + len(returned)) + packet_id.to_bytes(2, "big") + returned


def unsuback(version: Version, packet_id: int, codes: Sequence[UnsubAckReasonCode]) -> bytes:
    """UNSUBACK; 3.1.1 has no codes in it."""
    if version is Version.V5:
        return mqtt5.UnsubAckPacket(packet_id, list(codes)).write()
    return b"\xb0\x02" + packet_id.to_bytes(2, "big")


def publish(version: Version, packet: PublishPacket) -> bytes:
    """A message to a subscriber, at QoS 0; MQTT 5 subscribers get its properties unchanged."""
    if version is Version.V311:
        topic = packet.topic.encode()
        body = len(topic).to_bytes(2, "big") + topic + packet.payload
        return b"\x30" + _length(len(body)) + body
    return PublishPacket(
        packet.topic,
        packet.payload,
        payload_format_indicator=packet.payload_format_indicator,
        message_expiry_interval=packet.message_expiry_interval,
        content_type=packet.content_type,
        response_topic=packet.response_topic,
        correlation_data=packet.correlation_data,
        user_properties=packet.user_properties,
    ).write()


def disconnect(version: Version, code: DisconnectReasonCode) -> bytes:
    """DISCONNECT from the server; 3.1.1 has none, its server just closes."""
    return mqtt5.DisconnectPacket(reason_code=code).write() if version is Version.V5 else b""
