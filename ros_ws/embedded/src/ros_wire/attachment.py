"""The 33 bytes that go with every sample, request and reply."""

from __future__ import annotations

import struct
from typing import NamedTuple

from ros_wire.names import WireError

_FORMAT = struct.Struct("<qqB16s")
_SIZE_AT = 16  # where the size of the GID stands


class Attachment(NamedTuple):
    """Who sent something, as which of its messages, and when (nanoseconds since 1970, the sender's clock)."""

    sequence: int
    stamp_ns: int
    gid: bytes


def pack(sequence: int, stamp_ns: int, gid: bytes) -> bytes:
    """The attachment's bytes."""
    return _FORMAT.pack(sequence, stamp_ns, 16, gid)


def is_whole(raw: bytes) -> bool:
    """Whether these are the bytes of an attachment."""
    return len(raw) == _FORMAT.size and raw[_SIZE_AT] == 16


def unpack(raw: bytes | None) -> Attachment:
    """Read an attachment.

    Raises:
        WireError: it is absent or not of this form; rmw_zenoh drops such samples too.
    """
    if raw is None or len(raw) != _FORMAT.size:
        raise WireError(f"expected an attachment of {_FORMAT.size} bytes, got {'none' if raw is None else len(raw)}")
    sequence, stamp_ns, size, gid = _FORMAT.unpack(raw)
    if size != 16:
        raise WireError(f"expected a GID of 16 bytes in the attachment, got {size}")
    return Attachment(sequence, stamp_ns, gid)
