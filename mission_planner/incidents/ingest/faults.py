"""What a client can do wrong, with the reason code MQTT 5 has for it."""

from __future__ import annotations

from mqtt5 import DisconnectReasonCode

from patrol_core.errors import PatrolError


class ProtocolFault(PatrolError):
    """A client broke the protocol; only its own connection ends.

    Args:
        because: one sentence: what was expected and what came.
        code: what an MQTT 5 client is told in DISCONNECT (in CONNACK, where it is not connected yet).
    """

    def __init__(self, because: str, *, code: DisconnectReasonCode = DisconnectReasonCode.MALFORMED_PACKET) -> None:
        super().__init__(because)
        self.because = because
        self.code = code


def protocol_error(because: str) -> ProtocolFault:
    """A packet that is well formed, and forbidden here and now."""
    return ProtocolFault(because, code=DisconnectReasonCode.PROTOCOL_ERROR)
