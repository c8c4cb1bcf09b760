"""The private names of aiortc that video hangs on: a new version of it must still have them, and use them so."""

from __future__ import annotations

import inspect
from typing import Any

import aioice.ice
import pytest
from aiortc import RTCRtpSender
from aiortc.rtcrtpsender import RTCRtpSender as Sender
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    pack_remb_fci,
)

from teleop.sender_hooks import SenderEars, hook, last_rtp_timestamp

pytestmark = pytest.mark.anyio


class Transport:
    """As much of a DTLS transport as a sender looks at before it is started."""

    state = "new"
    _stats_id = "transport"


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


async def test_the_rtp_time_that_was_sent_last_can_be_read(sender: RTCRtpSender) -> None:
    assert last_rtp_timestamp(sender) == 0
    assert "self.__rtp_timestamp = packet.timestamp" in inspect.getsource(Sender._run_rtp)


def test_a_packet_is_sent_whole_before_the_next_is_asked_for() -> None:
    """`EncodedTrack` notes the RTP time of a packet when it is asked for the next."""
    source = inspect.getsource(Sender._run_rtp)
    assert source.index("_next_encoded_frame") < source.index("self.__rtp_timestamp")
    assert "self.__encoder.pack(data)" in inspect.getsource(Sender._next_encoded_frame)


def test_connectivity_checks_and_addresses_are_where_they_are_taken_from() -> None:
    assert list(inspect.signature(aioice.ice.Connection.request_received).parameters)[1:] == [
        "message",
        "addr",
        "protocol",
    ]
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]
    assert "get_host_addresses(" in inspect.getsource(aioice.ice.Connection.gather_candidates)
