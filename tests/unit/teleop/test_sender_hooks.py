"""The private names of aiortc that video hangs on: a new version of it must still have them, and use them so."""

from __future__ import annotations

import asyncio
import inspect
from asyncio import selector_events
from types import SimpleNamespace
from typing import Any

import aioice.ice
import pytest
from aiortc import RTCRtpCodecParameters, RTCRtpSender
from aiortc.rtcrtpsender import RTCRtpSender as Sender
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RTP_HISTORY_SIZE,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    pack_remb_fci,
)

from teleop.encoder import EncodedPicture
from teleop.sender_hooks import WAITING_BYTES, SenderEars, hook, hook_pictures
from teleop.viewer_queue import ViewerQueue
from tests.unit.teleop.cameras import BEGAN, until

pytestmark = pytest.mark.anyio


class Transport:
    """As much of a DTLS transport as a sender looks at before it is started."""

    state = "new"
    _stats_id = "transport"

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.waiting_bytes = 0
        socket = SimpleNamespace(get_write_buffer_size=lambda: self.waiting_bytes)
        pair = SimpleNamespace(protocol=SimpleNamespace(transport=socket))
        self.transport = SimpleNamespace(_connection=SimpleNamespace(_nominated={1: pair}))

    def _get_stats(self) -> dict[str, Any]:
        return {}

    async def _send_rtp(self, data: bytes) -> None:
        self.sent.append(data)


def picture(payloads: int, *, rtp: int) -> EncodedPicture:
    return EncodedPicture(payloads=[bytes(100)] * payloads, rtp=rtp, key=True, stamped_at=BEGAN, heard_s=0.0)


class Heard:
    """Everything that the hooks told."""

    def __init__(self) -> None:
        self.times = 0
        self.keys = 0
        self.remb: list[int] = []
        self.lost: list[float] = []
        self.missed: list[int] = []

    def may_send(self, sequence_number: int) -> bool:
        self.missed.append(sequence_number)
        return False

    def ears(self) -> SenderEars:
        def heard() -> None:
            self.times += 1

        def key_wanted() -> None:
            self.keys += 1

        return SenderEars(
            heard=heard,
            key_wanted=key_wanted,
            remb_bps=self.remb.append,
            lost=self.lost.append,
            may_send_again=self.may_send,
        )


@pytest.fixture
async def sender() -> RTCRtpSender:
    transport: Any = Transport()
    return RTCRtpSender("video", transport)


@pytest.mark.parametrize("kind", [RTCP_PSFB_PLI, RTCP_PSFB_FIR])
async def test_a_key_frame_request_is_heard(sender: RTCRtpSender, kind: int) -> None:
    heard = Heard()
    hook(sender, heard.ears())
    await sender._handle_rtcp_packet(RtcpPsfbPacket(fmt=kind, ssrc=1, media_ssrc=sender._ssrc))
    assert (heard.keys, heard.times) == (1, 1)


async def test_the_receivers_estimate_is_heard(sender: RTCRtpSender) -> None:
    heard = Heard()
    hook(sender, heard.ears())
    fci = pack_remb_fci(400_000, [sender._ssrc])
    await sender._handle_rtcp_packet(RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=1, media_ssrc=0, fci=fci))
    assert heard.remb == [400_000]


async def test_another_applications_message_is_no_estimate(sender: RTCRtpSender) -> None:
    heard = Heard()
    hook(sender, heard.ears())
    await sender._handle_rtcp_packet(RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=1, media_ssrc=0, fci=b"other"))
    assert (heard.remb, heard.times) == ([], 1)


async def test_the_loss_of_our_own_stream_is_heard_and_of_no_other(sender: RTCRtpSender) -> None:
    heard = Heard()
    hook(sender, heard.ears())
    reports = [
        RtcpReceiverInfo(ssrc=ssrc, fraction_lost=64, packets_lost=3, highest_sequence=9, jitter=0, lsr=0, dlsr=0)
        for ssrc in (sender._ssrc, sender._ssrc ^ 1)
    ]
    await sender._handle_rtcp_packet(RtcpRrPacket(ssrc=1, reports=reports))
    assert heard.lost == [0.25]


async def test_a_packet_that_is_missed_is_sent_again_only_if_it_may(sender: RTCRtpSender) -> None:
    heard = Heard()
    hook(sender, heard.ears())
    await sender._handle_rtcp_packet(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=sender._ssrc, lost=[7, 9]))
    assert heard.missed == [7, 9]


async def test_pictures_go_out_whole_and_are_told_of_and_reported(sender: RTCRtpSender) -> None:
    transport, sent, ended = sender.transport, [], []
    pictures = iter([picture(3, rtp=90_000), picture(1, rtp=97_500), None])

    async def next_picture() -> EncodedPicture | None:
        return next(pictures)

    hook_pictures(sender, next_picture, sent=sent.append, ended=lambda: ended.append(True))
    await sender._run_rtp(RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=102))
    packets = [RtpPacket.parse(data) for data in transport.sent]  # type: ignore[attr-defined]
    assert [(p.timestamp, p.marker) for p in packets] == [(90_000, 0), (90_000, 0), (90_000, 1), (97_500, 1)]
    assert {(p.ssrc, p.payload_type) for p in packets} == {(sender._ssrc, 102)}
    assert [p.rtp for p in sent] == [90_000, 97_500]
    assert ended == [True]
    (report,) = [s for s in (await sender.getStats()).values() if s.type == "outbound-rtp"]
    assert (report.packetsSent, report.bytesSent) == (4, 400)
    last = packets[-1].sequence_number
    assert sender._RTCRtpSender__rtp_history.get(last % RTP_HISTORY_SIZE).payload == packets[-1].payload  # type: ignore[attr-defined]


async def test_while_the_network_takes_nothing_pictures_wait_in_the_bounded_queue(sender: RTCRtpSender) -> None:
    transport: Any = sender.transport
    transport.waiting_bytes = WAITING_BYTES + 1
    queue = ViewerQueue(want_key=lambda: None, depth=2)
    queue.begin()
    hook_pictures(sender, queue.next, sent=lambda _: None, ended=lambda: None)
    sending = asyncio.create_task(
        sender._run_rtp(RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=102))
    )
    queue.put(picture(1, rtp=0))
    await until(lambda: transport.sent)
    for n in range(1, 6):
        queue.put(picture(1, rtp=n))
    assert (len(transport.sent), queue.dropped) == (1, 4)
    transport.waiting_bytes = 0
    await until(lambda: len(transport.sent) == 2)
    assert RtpPacket.parse(transport.sent[1]).timestamp == 5
    queue.end()
    await sending


def test_what_waits_for_the_network_is_where_it_is_looked_for() -> None:
    assert "self._nominated.get(component)" in inspect.getsource(aioice.ice.Connection.sendto)
    assert "self.transport.sendto(" in inspect.getsource(aioice.ice.StunProtocol.send_data)
    assert hasattr(selector_events._SelectorDatagramTransport, "get_write_buffer_size")


def test_the_senders_own_loop_starts_ends_and_reports_by_the_names_that_ours_uses() -> None:
    loop, again = inspect.getsource(Sender._run_rtp), inspect.getsource(Sender._retransmit)
    for name in ("started.set()", "exited.set()", "ntp_timestamp =", "timestamp =", "header_extensions_map"):
        assert f"self.__{'' if name.startswith('ntp') else 'rtp_'}{name}" in loop
    assert "self.__packet_count += 1" in loop
    assert "self.__octet_count += len(payload)" in loop
    assert "self.__rtp_history.get(sequence_number % RTP_HISTORY_SIZE)" in again
    assert "self._run_rtp(parameters.codecs[0])" in inspect.getsource(Sender.send)
    assert "self.__mid = parameters.muxId" in inspect.getsource(Sender.send)
    assert "self.__rtp_exited.wait()" in inspect.getsource(Sender.stop)


def test_connectivity_checks_and_addresses_are_where_they_are_taken_from() -> None:
    assert list(inspect.signature(aioice.ice.Connection.request_received).parameters)[1:] == [
        "message",
        "addr",
        "protocol",
    ]
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]
    assert "get_host_addresses(" in inspect.getsource(aioice.ice.Connection.gather_candidates)
