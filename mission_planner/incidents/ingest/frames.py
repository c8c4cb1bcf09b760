"""Cuts a byte stream into MQTT packets, with a size cap that holds before the packet has arrived."""

from __future__ import annotations

from dataclasses import dataclass

from mqtt5 import DisconnectReasonCode

from mission_planner.incidents.ingest.faults import ProtocolFault

_MAX_LENGTH_BYTES = 4  # MQTT 5, 1.5.5: a remaining length has at most four bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One packet, undecoded."""

    first: int  # packet type in the high four bits, flags in the low four
    body: bytes  # everything after the fixed header

    @property
    def type(self) -> int:
        return self.first >> 4

    @property
    def flags(self) -> int:
        return self.first & 0x0F


class Framer:
    """Holds the bytes of at most one incomplete packet, and of what the socket gave in one piece."""

    def __init__(self, *, max_packet_bytes: int) -> None:
        self._max_packet_bytes = max_packet_bytes
        self._buffer = bytearray()
        self._at = 0

    def feed(self, data: bytes) -> None:
        """Bytes from the socket."""
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    @property
    def first(self) -> int | None:
        """The first byte of the next packet, as soon as it is there."""
        return self._buffer[self._at] if self._at < len(self._buffer) else None

    def next(self) -> Frame | None:
        """The next whole packet; None until more bytes come.

        Raises:
            ProtocolFault: the length is malformed, or above the cap.
        """
        buffer, start = self._buffer, self._at
        length = 0
        for i in range(_MAX_LENGTH_BYTES):
            at = start + 1 + i
            if at >= len(buffer):
                return None
            byte = buffer[at]
            length |= (byte & 0x7F) << (7 * i)
            if not byte & 0x80:
                if i and not byte:
                    raise ProtocolFault("expected a remaining length in as few bytes as it needs; came more")
                break
        else:
            raise ProtocolFault("expected a remaining length of at most 4 bytes; came more")
        body = at + 1
        if body - start + length > self._max_packet_bytes:
            raise ProtocolFault(
                f"expected a packet of at most {self._max_packet_bytes} bytes; came one of {body - start + length}",
                code=DisconnectReasonCode.PACKET_TOO_LARGE,
            )
        end = body + length
        if end > len(buffer):
            return None
        self._at = end
        return Frame(buffer[start], bytes(memoryview(buffer)[body:end]))
