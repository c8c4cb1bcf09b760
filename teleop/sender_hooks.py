"""Everything here that reaches behind aiortc's public names; `tests/unit/teleop/test_sender_hooks.py` pins them.

aiortc's sender takes frames from a track, encodes them and cuts them into packets, for each viewer anew. Here it is
handed payloads that were cut once for all. Without an encoder it drops key frame requests (PLI, FIR) and the receiver's
estimate (REMB): both are taken from the sender, with the loss it reports; and the connectivity checks, which say that
the viewer is there, from the ICE connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiortc import RTCRtpCodecParameters, RTCRtpSender, clock
from aiortc.rtcrtpsender import random_sequence_number
from aiortc.rtp import (
    RTCP_PSFB_APP,
    AnyRtcpPacket,
    HeaderExtensions,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpSrPacket,
    unpack_remb_fci,
)

from teleop.encoder import EncodedPicture
from teleop.packets import PacketStream

log = logging.getLogger(__name__)

WAITING_BYTES = 64 * 1024  # that the machine's own network has not taken yet; more, and the viewer's queue fills
LOOK_EVERY_S = 0.02
_PRIVATE = "_RTCRtpSender__"


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


def hook_pictures(
    sender: RTCRtpSender,
    next_picture: Callable[[], Awaitable[EncodedPicture | None]],
    *,
    sent: Callable[[EncodedPicture], None],
    ended: Callable[[], None],
) -> None:
    """Let the sender send these pictures instead of a track's frames; RTCP and repetition stay aiortc's.

    Args:
        next_picture: first asked once the viewer is connected; None says that no more will come.
        sent: told of each picture when its last packet is on its way.
        ended: told when there was none.
    """

    async def run(codec: RTCRtpCodecParameters) -> None:
        _private(sender, "rtp_started").set()
        try:
            await _send_all(sender, codec, next_picture, sent)
            ended()
        except (asyncio.CancelledError, ConnectionError):
            pass  # stopped, or the viewer is gone
        except Exception:
            log.exception("a viewer's packets could not be sent")
        finally:
            _private(sender, "rtp_exited").set()  # `stop` waits for it

    sender._run_rtp = run  # type: ignore[method-assign]


async def _send_all(
    sender: RTCRtpSender,
    codec: RTCRtpCodecParameters,
    next_picture: Callable[[], Awaitable[EncodedPicture | None]],
    sent: Callable[[EncodedPicture], None],
) -> None:
    extensions, mid = _private(sender, "rtp_header_extensions_map"), _private(sender, "mid")
    if codec.payloadType is None:
        raise ValueError("expected a codec with a payload type; came one without")
    stream = PacketStream(
        payload_type=codec.payloadType,
        ssrc=sender._ssrc,
        first_sequence_number=random_sequence_number(),
        extensions=extensions,
    )
    setattr(sender, f"{_PRIVATE}rtp_history", stream)
    packets = octets = 0
    while (encoded := await next_picture()) is not None:
        ntp = clock.current_ntp_time()
        extension = extensions.set(HeaderExtensions(mid=mid, abs_send_time=(ntp >> 14) & 0xFFFFFF))
        for packet in stream.packets(encoded, extension):
            await sender.transport._send_rtp(packet)
        packets, octets = packets + len(encoded.payloads), octets + encoded.size_bytes
        for name, value in (  # for the sender reports
            ("ntp_timestamp", ntp),
            ("rtp_timestamp", encoded.rtp),
            ("packet_count", packets),
            ("octet_count", octets),
        ):
            setattr(sender, f"{_PRIVATE}{name}", value)
        sent(encoded)
        # asyncio keeps without bound what the network does not take, and aioice lets nobody hear when it has
        while _waiting_bytes(sender) > WAITING_BYTES:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)


def _waiting_bytes(sender: RTCRtpSender) -> int:
    """What waits for the socket of the pair in use; 0 where a relay's own socket is behind it."""
    pair = sender.transport.transport._connection._nominated.get(1)
    size = getattr(pair.protocol.transport, "get_write_buffer_size", None) if pair else None
    return size() if size else 0


def _private(sender: RTCRtpSender, name: str) -> Any:
    return getattr(sender, f"{_PRIVATE}{name}")


def _tell_remb(packet: RtcpPsfbPacket, ears: SenderEars) -> None:
    try:
        bps, _ssrcs = unpack_remb_fci(packet.fci)
    except ValueError:
        return  # another application's message
    ears.remb_bps(bps)
