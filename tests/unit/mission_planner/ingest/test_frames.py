"""The byte stream is cut into the same packets however it comes in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents.ingest.faults import ProtocolFault
from mission_planner.incidents.ingest.frames import Frame, Framer


def encoded(frame: Frame) -> bytes:
    length, out = len(frame.body), bytearray((frame.first,))
    while True:
        length, low = divmod(length, 128)
        out.append(low | 0x80 if length else low)
        if not length:
            return bytes(out) + frame.body


frames = st.builds(Frame, st.integers(0, 255), st.binary(max_size=400))


@given(st.lists(frames, max_size=6), st.lists(st.integers(1, 60), min_size=1, max_size=50))
def test_pieces_of_any_size_give_the_same_packets(sent: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(map(encoded, sent))
    framer, came, at = Framer(max_packet_bytes=1_000), [], 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        framer.feed(stream[at : at + size])
        at += size
        while (frame := framer.next()) is not None:
            came.append(frame)
    assert came == sent
    assert framer.first is None


def test_the_cap_holds_before_the_packet_has_come() -> None:
    framer = Framer(max_packet_bytes=100)
    framer.feed(b"\x30\xff\x01")
    with pytest.raises(ProtocolFault, match="at most 100 bytes; came one of 258"):
        framer.next()


@pytest.mark.parametrize("length", [b"\xff\xff\xff\xff", b"\x80\x00", b"\x80\x80\x00"])
def test_a_malformed_length_is_a_fault(length: bytes) -> None:
    framer = Framer(max_packet_bytes=1_000)
    framer.feed(b"\x30" + length)
    with pytest.raises(ProtocolFault):
        framer.next()


def test_type_and_flags_share_the_first_byte() -> None:
    assert (Frame(0x3B, b"").type, Frame(0x3B, b"").flags) == (3, 11)
