"""Everything here that reaches behind aiortc's public names; `tests/unit/teleop/test_sender_hooks.py` pins them.

A sender that is handed packets instead of frames has no encoder to tell: aiortc drops key frame requests (PLI, FIR) and
the receiver's estimate (REMB). Both are taken from the sender here, with the loss it reports and the RTP time it sent;
and the connectivity checks, which say that the viewer is there, from the ICE connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiortc import RTCRtpSender
from aiortc.rtp import RTCP_PSFB_APP, AnyRtcpPacket, RtcpPsfbPacket, RtcpRrPacket, RtcpSrPacket, unpack_remb_fci

_RTP_TIMESTAMP = "_RTCRtpSender__rtp_timestamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderEars:
    """Who is told; each is called in the asyncio thread and returns at once."""

    heard: Callable[[], None]  # any RTCP from the viewer: it is there
    key_wanted: Callable[[], None]
    remb_bps: Callable[[int], None]
    lost: Callable[[float], None]  # 0..1 of the packets since the viewer's report before
    may_send_again: Callable[[int], bool]  # a packet that the viewer misses, by its sequence number


def hook(sender: RTCRtpSender, ears: SenderEars) -> None:
    """Let `ears` hear what the viewer says by RTCP; aiortc goes on as before."""
    handled_before = sender._handle_rtcp_packet

    async def handle(packet: AnyRtcpPacket) -> None:
        ears.heard()
        if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
            _tell_remb(packet, ears)
        elif isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            for report in packet.reports:
                if report.ssrc == sender._ssrc:
                    ears.lost(report.fraction_lost / 256)
        await handled_before(packet)

    send_again = sender._retransmit

    async def retransmit(sequence_number: int) -> None:
        if ears.may_send_again(sequence_number):
            await send_again(sequence_number)

    sender._retransmit = retransmit  # type: ignore[method-assign]
    sender._handle_rtcp_packet = handle  # type: ignore[method-assign]
    sender._send_keyframe = ears.key_wanted  # type: ignore[method-assign]


def hook_consent(sender: RTCRtpSender, heard: Callable[[], None]) -> None:
    """Let `heard` hear of every connectivity check: a viewer sends them (RFC 7675) also while the camera is silent."""
    connection = sender.transport.transport._connection
    handled_before = connection.request_received

    def handle(*arguments: Any) -> None:
        heard()
        handled_before(*arguments)

    connection.request_received = handle  # type: ignore[method-assign, assignment]


def last_rtp_timestamp(sender: RTCRtpSender) -> int:
    """RTP time of the packet that was sent last; 0 before the first."""
    return int(getattr(sender, _RTP_TIMESTAMP))


def _tell_remb(packet: RtcpPsfbPacket, ears: SenderEars) -> None:
    try:
        bps, _ssrcs = unpack_remb_fci(packet.fci)
    except ValueError:
        return  # another application's message
    ears.remb_bps(bps)
