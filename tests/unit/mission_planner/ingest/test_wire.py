"""Packets of both versions come out of their bytes, and answers have the bytes the standards show."""

from __future__ import annotations

import mqtt5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents.ingest import wire
from mission_planner.incidents.ingest.faults import ProtocolFault
from mission_planner.incidents.ingest.frames import Frame, Framer
from mission_planner.incidents.ingest.wire import Version


def framed(data: bytes) -> Frame:
    framer = Framer(max_packet_bytes=100_000)
    framer.feed(data)
    frame = framer.next()
    assert frame is not None
    return frame


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2, "big") + value.encode()


def test_a_v311_connect_with_everything_is_understood() -> None:
    body = text("MQTT") + b"\x04\xee\x00\x3c" + text("gw") + text("w/t") + text("will") + text("user") + text("pass")
    connect = framed(bytes([0x10, len(body)]) + body)
    assert wire.version_of(connect) is Version.V311
    packet = wire.read(connect, Version.V311)
    assert isinstance(packet, mqtt5.ConnectPacket)
    assert (packet.client_id, packet.username, packet.password) == ("gw", "user", b"pass")
    assert packet.will is not None
    assert (packet.will.topic, packet.will.payload, int(packet.will.qos)) == ("w/t", b"will", 1)
    assert packet.keep_alive == 60


@given(
    topic=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40),
    payload=st.binary(max_size=300),
    qos=st.integers(0, 2),
)
def test_a_publish_reads_the_same_in_both_versions(topic: str, payload: bytes, qos: int) -> None:
    packet_id = b"\x12\x34" if qos else b""
    for version, properties in ((Version.V311, b""), (Version.V5, b"\x00")):
        packet = wire.read(Frame(0x30 | qos << 1, text(topic) + packet_id + properties + payload), version)
        assert isinstance(packet, mqtt5.PublishPacket)
        assert (packet.topic, packet.payload, int(packet.qos)) == (topic, payload, qos)
        assert packet.packet_id == (0x1234 if qos else None)


@given(st.integers(0, 255), st.binary(max_size=120), st.sampled_from(Version))
def test_any_body_is_a_packet_or_a_fault(first: int, body: bytes, version: Version) -> None:
    try:
        wire.read(Frame(first, body), version)
    except ProtocolFault as fault:
        assert fault.because


@given(st.binary(max_size=60))
def test_any_first_packet_has_a_version_or_is_a_fault(body: bytes) -> None:
    try:
        wire.version_of(Frame(0x10, body))
    except ProtocolFault as fault:
        assert fault.because


def test_other_versions_are_told_apart_from_other_protocols() -> None:
    with pytest.raises(wire.UnknownVersion, match="came protocol level 3"):
        wire.version_of(Frame(0x10, text("MQIsdp") + b"\x03\x02\x00\x00"))
    with pytest.raises(ProtocolFault, match="another protocol"):
        wire.version_of(Frame(0x10, text("AMQP") + b"\x00"))


def test_v311_answers_are_the_bytes_of_the_standard() -> None:
    codes = mqtt5.ConnAckReasonCode
    assert wire.connack(Version.V311, codes.SUCCESS) == b"\x20\x02\x00\x00"
    assert wire.connack(Version.V311, codes.UNSUPPORTED_PROTOCOL_VERSION) == b"\x20\x02\x00\x01"
    assert wire.connack(Version.V311, codes.CLIENT_ID_NOT_VALID) == b"\x20\x02\x00\x02"
    assert wire.connack(Version.V311, codes.SERVER_UNAVAILABLE) == b"\x20\x02\x00\x03"
    assert wire.connack(Version.V311, codes.BAD_USER_NAME_OR_PASSWORD) == b"\x20\x02\x00\x04"
    assert wire.connack(Version.V311, codes.NOT_AUTHORIZED) == b"\x20\x02\x00\x05"
    granted, refused = mqtt5.SubAckReasonCode.GRANTED_QOS_AT_MOST_ONCE, mqtt5.SubAckReasonCode.TOPIC_FILTER_INVALID
    assert wire.suback(Version.V311, 0x0102, [granted, refused]) == b"\x90\x04\x01\x02\x00\x80"
    assert wire.unsuback(Version.V311, 0x0102, [mqtt5.UnsubAckReasonCode.SUCCESS]) == b"\xb0\x02\x01\x02"
    assert wire.publish(Version.V311, mqtt5.PublishPacket("a/b", b"xy")) == b"\x30\x07\x00\x03a/bxy"
    assert wire.disconnect(Version.V311, mqtt5.DisconnectReasonCode.SERVER_SHUTTING_DOWN) == b""


def test_acknowledgements_read_back() -> None:
    for data, kind in (
        (wire.puback(0x0102), mqtt5.PubAckPacket),
        (wire.pubrec(0x0102), mqtt5.PubRecPacket),
        (wire.pubcomp(0x0102), mqtt5.PubCompPacket),
    ):
        packet, used = mqtt5.read(memoryview(data))
        assert isinstance(packet, kind)
        assert (packet.packet_id, used) == (0x0102, len(data))


def test_a_v311_publish_above_127_bytes_has_a_longer_length() -> None:
    assert wire.publish(Version.V311, mqtt5.PublishPacket("t", bytes(200)))[:3] == b"\x30\xcb\x01"


def test_mqtt_5_subscribers_get_a_message_with_its_properties() -> None:
    sent = mqtt5.PublishPacket(
        "t", b"x", qos=mqtt5.QoS.AT_LEAST_ONCE, packet_id=4, content_type="json", user_properties=[("a", "b")]
    )
    packet, _ = mqtt5.read(memoryview(wire.publish(Version.V5, sent)))
    assert isinstance(packet, mqtt5.PublishPacket)
    assert (packet.content_type, packet.user_properties, packet.packet_id) == ("json", [("a", "b")], None)
