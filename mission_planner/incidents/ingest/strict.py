"""The checks of MQTT 5 that the codec leaves out, on the packets a client may send.

The codec accepts reserved bits, packet id 0, NUL in strings, repeated properties and empty SUBSCRIBEs, and it panics on
invalid UTF-8. Every body passes here first, so that it never gets to see them. Bodies are in MQTT 5 form.
"""

from __future__ import annotations

from collections.abc import Callable

from mission_planner.incidents.ingest.faults import ProtocolFault, protocol_error

CONNECT, PUBLISH, PUBREL, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 6, 8, 10, 12, 14

_FIXED_FLAGS = {CONNECT: 0, PUBREL: 2, SUBSCRIBE: 2, UNSUBSCRIBE: 2, PINGREQ: 0, DISCONNECT: 0}
_REPEATABLE = {0x0B, 0x26}  # subscription identifier, user property


def check(packet_type: int, flags: int, body: bytes) -> None:
    """Raises ProtocolFault when the packet is not as MQTT 5 wants it."""
    checker = _CHECKERS.get(packet_type)
    if checker is None:
        raise protocol_error(f"expected a packet that a client may send here; came packet type {packet_type}")
    if flags != _FIXED_FLAGS.get(packet_type, flags):
        raise ProtocolFault(f"expected flags {_FIXED_FLAGS[packet_type]} in packet type {packet_type}; came {flags}")
    checker(flags, body)


def after_bytes(body: bytes, at: int) -> int:
    """The index after a two-byte length and that many bytes; raises ProtocolFault when the body is shorter."""
    end = at + 2 + two_bytes(body, at)
    if end > len(body):
        raise ProtocolFault("expected a field of the length it names; the packet ends before")
    return end


def two_bytes(body: bytes, at: int) -> int:
    """A two-byte integer; raises ProtocolFault when the body is shorter."""
    if at + 2 > len(body):
        raise ProtocolFault("expected a two-byte integer; the packet ends before")
    return body[at] << 8 | body[at + 1]


def after_string(body: bytes, at: int) -> int:
    """As `after_bytes`, and the bytes are UTF-8 without NUL."""
    end = after_bytes(body, at)
    try:
        text = body[at + 2 : end].decode("utf-8")
    except UnicodeDecodeError:
        raise ProtocolFault("expected UTF-8; came bytes that are not") from None
    if "\x00" in text:
        raise ProtocolFault("expected a string without NUL; came one with it")
    return end


def _after_fixed(size: int) -> Callable[[bytes, int], int]:
    def after(body: bytes, at: int) -> int:
        if at + size > len(body):
            raise ProtocolFault(f"expected {size} bytes; the packet ends before")
        return at + size

    return after


def _variable(body: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer and the index after it."""
    value = 0
    for i in range(4):
        if at + i >= len(body):
            raise ProtocolFault("expected a variable byte integer; the packet ends before")
        byte = body[at + i]
        value |= (byte & 0x7F) << (7 * i)
        if not byte & 0x80:
            return value, at + i + 1
    raise ProtocolFault("expected a variable byte integer of at most 4 bytes; came more")


def _after_pair(body: bytes, at: int) -> int:
    return after_string(body, after_string(body, at))


_PROPERTIES: dict[int, Callable[[bytes, int], int]] = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), _after_fixed(1)),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), _after_fixed(2)),
    **dict.fromkeys((0x02, 0x11, 0x18, 0x27), _after_fixed(4)),
    **dict.fromkeys((0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F), after_string),
    **dict.fromkeys((0x09, 0x16), after_bytes),
    0x0B: lambda body, at: _variable(body, at)[1],
    0x26: _after_pair,
}


def _after_properties(body: bytes, at: int) -> int:
    if at < len(body) and body[at] == 0:  # no properties: nearly every packet
        return at + 1
    length, at = _variable(body, at)
    end = at + length
    if end > len(body):
        raise ProtocolFault("expected properties of the length they name; the packet ends before")
    seen: set[int] = set()
    while at < end:
        kind = body[at]
        if kind in seen and kind not in _REPEATABLE:
            raise protocol_error(f"expected property {kind:#04x} once; came twice")
        seen.add(kind)
        after = _PROPERTIES.get(kind)
        if after is None:
            raise ProtocolFault(f"expected a property that MQTT 5 knows; came {kind:#04x}")
        at = after(body, at + 1)
    if at != end:
        raise ProtocolFault("expected properties to end where their length says; they do not")
    return end


def _connect(_flags: int, body: bytes) -> None:
    _after_fixed(10)(body, 0)
    connect_flags = body[7]
    will = connect_flags & 0x04
    if connect_flags & 0x01:
        raise ProtocolFault("expected the reserved bit of CONNECT to be 0; came 1")
    if not will and connect_flags & 0x38:
        raise ProtocolFault("expected no will QoS or will retain without a will; came one")
    if connect_flags & 0x18 == 0x18:
        raise ProtocolFault("expected will QoS 0, 1 or 2; came 3")
    at = after_string(body, _after_properties(body, 10))
    if will:
        at = after_bytes(body, after_string(body, _after_properties(body, at)))
    if connect_flags & 0x80:
        at = after_string(body, at)
    if connect_flags & 0x40:
        at = after_bytes(body, at)
    if at != len(body):
        raise ProtocolFault("expected CONNECT to end after its last field; came more bytes")


def _publish(flags: int, body: bytes) -> None:
    qos = flags >> 1 & 3
    if qos == 3:
        raise ProtocolFault("expected QoS 0, 1 or 2; came 3")
    if qos == 0 and flags & 0x08:
        raise ProtocolFault("expected no DUP at QoS 0; came one")
    at = after_string(body, 0)
    if qos:
        at = _after_packet_id(body, at)
    _after_properties(body, at)


def _after_packet_id(body: bytes, at: int) -> int:
    if two_bytes(body, at) == 0:
        raise protocol_error("expected a packet id from 1 to 65535; came 0")
    return at + 2


def _pubrel(_flags: int, body: bytes) -> None:
    _after_packet_id(body, 0)
    if len(body) > 3 and _after_properties(body, 3) != len(body):
        raise ProtocolFault("expected PUBREL to end after its properties; came more bytes")


def _subscribe(_flags: int, body: bytes) -> None:
    at = _after_properties(body, _after_packet_id(body, 0))
    if at == len(body):
        raise protocol_error("expected at least one topic filter in SUBSCRIBE; came none")
    while at < len(body):
        at = _after_fixed(1)(body, after_string(body, at))
        if body[at - 1] & 0xC0:
            raise ProtocolFault("expected the reserved bits of a subscription to be 0; came 1")


def _unsubscribe(_flags: int, body: bytes) -> None:
    at = _after_properties(body, _after_packet_id(body, 0))
    if at == len(body):
        raise protocol_error("expected at least one topic filter in UNSUBSCRIBE; came none")
    while at < len(body):
        at = after_string(body, at)


def _pingreq(_flags: int, body: bytes) -> None:
    if body:
        raise ProtocolFault("expected an empty PINGREQ; came one with a body")


def _disconnect(_flags: int, body: bytes) -> None:
    if len(body) > 1 and _after_properties(body, 1) != len(body):
        raise ProtocolFault("expected DISCONNECT to end after its properties; came more bytes")


_CHECKERS: dict[int, Callable[[int, bytes], None]] = {
    CONNECT: _connect,
    PUBLISH: _publish,
    PUBREL: _pubrel,
    SUBSCRIBE: _subscribe,
    UNSUBSCRIBE: _unsubscribe,
    PINGREQ: _pingreq,
    DISCONNECT: _disconnect,
}
