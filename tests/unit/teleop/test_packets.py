"""RTP packets of one viewer: numbered, marked, with the extensions it asked for, and kept for repetition."""

from __future__ import annotations

from aiortc import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import RTP_HISTORY_SIZE, HeaderExtensions, HeaderExtensionsMap, RtpPacket

from teleop.encoder import EncodedPicture
from teleop.packets import PacketStream
from tests.unit.teleop.cameras import BEGAN

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"


def extensions() -> HeaderExtensionsMap:
    made = HeaderExtensionsMap()
    made.configure(RTCRtpParameters(headerExtensions=[RTCRtpHeaderExtensionParameters(id=9, uri=MID)]))
    return made


def stream(first: int = 65_534) -> PacketStream:
    return PacketStream(payload_type=96, ssrc=7, first_sequence_number=first, extensions=extensions())


def picture(*payloads: bytes, rtp: int = 3_000) -> EncodedPicture:
    return EncodedPicture(payloads=payloads, rtp=rtp, key=False, stamped_at=BEGAN, heard_s=0.0)


def test_sequence_numbers_come_round_and_the_last_packet_of_a_picture_is_marked() -> None:
    of = stream()
    packets = [RtpPacket.parse(p) for p in of.packets(picture(b"a", b"bc", b"d"), (0, b""))]
    packets += [RtpPacket.parse(p) for p in of.packets(picture(b"e", rtp=6_000), (0, b""))]
    assert [(p.sequence_number, p.marker, p.timestamp, p.payload) for p in packets] == [
        (65_534, 0, 3_000, b"a"),
        (65_535, 0, 3_000, b"bc"),
        (0, 1, 3_000, b"d"),
        (1, 1, 6_000, b"e"),
    ]
    assert {(p.ssrc, p.payload_type) for p in packets} == {(7, 96)}


def test_each_packet_carries_the_extensions_that_were_agreed_on() -> None:
    agreed = extensions().set(HeaderExtensions(mid="0", abs_send_time=5))
    for packet in stream().packets(picture(b"a", b"b"), agreed):
        assert RtpPacket.parse(packet, extensions()).extensions == HeaderExtensions(mid="0")


def test_a_packet_is_as_aiortc_would_have_written_it() -> None:
    theirs = RtpPacket(payload_type=96, marker=1, sequence_number=5, timestamp=3_000, ssrc=7, payload=b"abc")
    theirs.extensions.mid = "0"
    agreed = extensions().set(theirs.extensions)
    assert list(stream(5).packets(picture(b"abc"), agreed)) == [theirs.serialize(extensions())]
    assert list(stream(5).packets(picture(b"abc"), (0, b""))) == [theirs.serialize()]


def test_the_newest_packets_are_kept_and_the_oldest_forgotten() -> None:
    of = stream(0)
    for n in range(RTP_HISTORY_SIZE + 1):
        list(of.packets(picture(bytes([n])), (0, b"")))
    newest, next_one = of.get(0), of.get(1)
    assert newest is not None
    assert next_one is not None
    assert (newest.sequence_number, next_one.sequence_number) == (RTP_HISTORY_SIZE, 1)
    assert stream().get(3) is None
