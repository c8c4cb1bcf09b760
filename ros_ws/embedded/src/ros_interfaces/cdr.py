"""XCDR1 little endian, as rmw implementations write it: the parts that generated code is built from.

Alignment counts from the end of the four-byte encapsulation header, and that header lies in the same buffer; a position
`at` therefore needs `(4 - at) & (size - 1)` bytes of padding. For a run of neighbouring primitives the eight possible
paddings are compiled beforehand, and chosen by `at & 7`.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ros_interfaces.message import Message

M = TypeVar("M", bound=Message)
Writers = tuple[Callable[..., bytes], ...]
Bytes = bytes | bytearray | memoryview
Readers = tuple[tuple[Callable[[Bytes, int], tuple[Any, ...]], int], ...]

HEADER = b"\x00\x01\x00\x00"  # CDR_LE, no options
_U32 = struct.Struct("<I")
_PADS = (b"", b"\0", b"\0\0", b"\0\0\0", b"\0" * 4, b"\0" * 5, b"\0" * 6, b"\0" * 7)


class CdrError(ValueError):
    """Bytes that are not the message they should be; names the type and what is wrong."""


def serialize(message: Message) -> bytearray:
    """The message with its encapsulation header."""
    out = bytearray(HEADER)
    message._write_(out)
    return out


def deserialize(data: Bytes, kind: type[M]) -> M:
    """The message in `data`, header included.

    Raises:
        CdrError: the header is not CDR little endian, or the bytes end early.
    """
    if len(data) < 4 or data[0] != 0 or data[1] != 1:
        came = bytes(data[:4]).hex(" ") or "nothing"
        raise CdrError(f"{kind._TYPE_NAME_}: expected a CDR little endian header, got {came}")
    try:
        return kind._read_(data, 4)[0]
    except (struct.error, CdrError, UnicodeError, ValueError) as error:
        raise CdrError(f"{kind._TYPE_NAME_}: {len(data)} bytes cannot be read: {error}") from None


def _padded(codes: str, at: int) -> struct.Struct:
    text = "<"
    for code in codes:
        size = struct.calcsize("<" + code)
        pad = (4 - at) & (size - 1)
        text += "x" * pad + code
        at += pad + size
    return struct.Struct(text)


def writers(codes: str) -> Writers:
    """The packers of a run of primitives (struct codes), by position & 7."""
    return tuple(_padded(codes, at).pack for at in range(8))


def readers(codes: str) -> Readers:
    """The unpackers of a run of primitives with the bytes they take, by position & 7."""
    compiled = [_padded(codes, at) for at in range(8)]
    return tuple((item.unpack_from, item.size) for item in compiled)


def write_length(out: bytearray, length: int) -> None:
    """The count before a sequence."""
    out += _PADS[-len(out) & 3]
    out += _U32.pack(length)


def read_length(data: Bytes, at: int) -> tuple[int, int]:
    """The count before a sequence, and where its items may begin."""
    at += -at & 3
    return _U32.unpack_from(data, at)[0], at + 4


def write_string(out: bytearray, value: str) -> None:
    """Length with the final NUL, UTF-8, NUL."""
    raw = value.encode()
    out += _PADS[-len(out) & 3]
    out += _U32.pack(len(raw) + 1)
    out += raw
    out += b"\0"


def read_string(data: Bytes, at: int) -> tuple[str, int]:
    """A string; bytes that are not UTF-8 become U+FFFD, as in rclpy."""
    length, at = read_length(data, at)
    end = at + length
    if end > len(data):
        raise CdrError(f"a string of {length} bytes at {at} passes the end")
    stop = end - 1 if length and data[end - 1] == 0 else end
    return str(data[at:stop], "utf-8", "replace"), end


def write_wstring(out: bytearray, value: str) -> None:
    """Count of UTF-16 units, then the units; no NUL."""
    raw = value.encode("utf-16-le", "surrogatepass")
    write_length(out, len(raw) // 2)
    out += raw


def read_wstring(data: Bytes, at: int) -> tuple[str, int]:
    """A wide string."""
    length, at = read_length(data, at)
    end = at + 2 * length
    if end > len(data):
        raise CdrError(f"a wide string of {length} units at {at} passes the end")
    return str(data[at:end], "utf-16-le", "replace"), end


def write_array(out: bytearray, values: array[Any], count: int) -> None:
    """Exactly `count` numbers."""
    if len(values) != count:
        raise CdrError(f"an array of {count} numbers holds {len(values)}")
    if count:
        out += _PADS[(4 - len(out)) & (values.itemsize - 1)]
        out += memoryview(values).cast("B")


def write_sequence(out: bytearray, values: array[Any]) -> None:
    """A count, then the numbers."""
    write_length(out, len(values))
    write_array(out, values, len(values))


def read_array(data: Bytes, at: int, typecode: str, count: int) -> tuple[array[Any], int]:
    """Exactly `count` numbers."""
    values: array[Any] = array(typecode)
    if count:
        at += (4 - at) & (values.itemsize - 1)
        end = at + count * values.itemsize
        if end > len(data):
            raise CdrError(f"{count} numbers ('{typecode}') at {at} pass the end")
        values.frombytes(memoryview(data)[at:end])  # bytes would be copied twice
        at = end
    return values, at


def read_sequence(data: Bytes, at: int, typecode: str) -> tuple[array[Any], int]:
    """A count, then the numbers."""
    count, at = read_length(data, at)
    return read_array(data, at, typecode, count)


def write_octets(out: bytearray, values: Sequence[bool] | Sequence[bytes], count: int) -> None:
    """Bools or single bytes; `count` below 0 writes the count first."""
    _write_count(out, len(values), count)
    for value in values:
        out += value if isinstance(value, bytes) else b"\1" if value else b"\0"


def read_bools(data: Bytes, at: int, count: int) -> tuple[list[bool], int]:
    """Bools; `count` below 0 reads the count first."""
    raw, at = _read_octets(data, at, count)
    return [value != 0 for value in raw], at


def read_bytes(data: Bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """Single bytes; `count` below 0 reads the count first."""
    raw, at = _read_octets(data, at, count)
    return [bytes((value,)) for value in raw], at


def write_strings(out: bytearray, values: Sequence[str], count: int) -> None:
    """Strings; `count` below 0 writes the count first."""
    _write_count(out, len(values), count)
    for value in values:
        write_string(out, value)


def read_strings(data: Bytes, at: int, count: int) -> tuple[list[str], int]:
    """Strings; `count` below 0 reads the count first."""
    return _read_items(read_string, data, at, count)


def write_wstrings(out: bytearray, values: Sequence[str], count: int) -> None:
    """Wide strings; `count` below 0 writes the count first."""
    _write_count(out, len(values), count)
    for value in values:
        write_wstring(out, value)


def read_wstrings(data: Bytes, at: int, count: int) -> tuple[list[str], int]:
    """Wide strings; `count` below 0 reads the count first."""
    return _read_items(read_wstring, data, at, count)


def write_messages(out: bytearray, values: Sequence[Message], count: int) -> None:
    """Messages; `count` below 0 writes the count first."""
    _write_count(out, len(values), count)
    for value in values:
        value._write_(out)


def read_messages(data: Bytes, at: int, kind: type[M], count: int) -> tuple[list[M], int]:
    """Messages; `count` below 0 reads the count first."""
    return _read_items(kind._read_, data, at, count)


Item = TypeVar("Item")


def _read_items(
    read: Callable[[Bytes, int], tuple[Item, int]], data: Bytes, at: int, count: int
) -> tuple[list[Item], int]:
    if count < 0:
        count, at = read_length(data, at)
    if count > len(data) - at:  # every item takes a byte at least: a false count must not cost memory
        raise CdrError(f"{count} items at {at} pass the end")
    values: list[Item] = []
    for _ in range(count):
        value, at = read(data, at)
        values.append(value)
    return values, at


def _write_count(out: bytearray, length: int, count: int) -> None:
    if count < 0:
        write_length(out, length)
    elif length != count:
        raise CdrError(f"an array of {count} items holds {length}")


def _read_octets(data: Bytes, at: int, count: int) -> tuple[Bytes, int]:
    if count < 0:
        count, at = read_length(data, at)
    if at + count > len(data):
        raise CdrError(f"{count} bytes at {at} pass the end")
    return data[at : at + count], at + count


if sys.byteorder != "little":
    raise ImportError("the embedded ROS reads and writes numbers in place and needs a little endian machine")
