"""The RTP packets of one viewer: the payloads are everyone's, only the headers are its own. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, pack

from aiortc.rtp import RTP_HISTORY_SIZE, HeaderExtensionsMap, RtpPacket

from teleop.encoder import EncodedPicture

_HEADER = Struct("!BBHLL")  # RFC 3550, 5.1
_VERSION_2, _EXTENDED = 0x80, 0x10
_MARKER = 0x80  # on the last packet of a picture


class PacketStream:
    """Numbers packets, and keeps the newest for repetition. Overflow: the oldest is forgotten."""

    def __init__(
        self, *, payload_type: int, ssrc: int, first_sequence_number: int, extensions: HeaderExtensionsMap
    ) -> None:
        self._payload_type = payload_type
        self._ssrc = ssrc
        self._sequence_number = first_sequence_number
        self._extensions = extensions
        self._kept: dict[int, bytes] = {}  # by sequence number modulo RTP_HISTORY_SIZE

    def packets(self, encoded: EncodedPicture, extension: tuple[int, bytes]) -> Iterator[bytes]:
        """Those of one picture. `extension`: profile and value of the one that each carries; an empty value: none."""
        profile, value = extension
        tail = pack("!HH", profile, len(value) >> 2) + value if value else b""
        first = _VERSION_2 | _EXTENDED if value else _VERSION_2
        for n, payload in enumerate(encoded.payloads, start=1):
            number, last = self._sequence_number, n == len(encoded.payloads)
            marked = self._payload_type | _MARKER if last else self._payload_type
            packet = b"".join((_HEADER.pack(first, marked, number, encoded.rtp, self._ssrc), tail, payload))
            self._kept[number % RTP_HISTORY_SIZE] = packet
            self._sequence_number = (number + 1) & 0xFFFF
            yield packet

    def get(self, index: int) -> RtpPacket | None:
        """A packet that was sent, by its sequence number modulo `RTP_HISTORY_SIZE`: as aiortc asks its own history."""
        kept = self._kept.get(index)
        return None if kept is None else RtpPacket.parse(kept, self._extensions)
