"""Viewers over real WebRTC on loopback: they see pictures, are limited, and are let go when they are gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from patrol_core.site import Text
from teleop import session as session_module
from teleop.feed import CameraFeed
from teleop.overlay import Seen
from teleop.rate import RatePolicy
from teleop.serving import leave_from
from teleop.sessions import Answer, Sessions
from teleop.viewer_watch import WatchPolicy
from tests.unit.teleop.cameras import CameraOfATest, until
from tests.unit.teleop.viewers import Viewer, asked, viewer

pytestmark = pytest.mark.anyio
SOON = WatchPolicy(connect_s=1.0, silence_s=1.5)


@dataclass
class Desk:
    """Sessions of one camera that films all the time."""

    policy: WatchPolicy = field(default_factory=lambda: SOON)
    max_viewers: int = 3

    def __post_init__(self) -> None:
        self.camera = CameraOfATest()
        self.feed = CameraFeed(
            self.camera, camera_id="front", monotonic_s=time.monotonic, policy=RatePolicy(key_every_s=0.1)
        )
        self.sessions = Sessions(
            {"front": self.feed}, monotonic_s=time.monotonic, policy=self.policy, max_viewers=self.max_viewers
        )

    async def film(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            if self.camera.running:
                self.camera.give(heard_s=time.monotonic(), stamped_at=datetime.now(UTC))

    async def join(self, who: Viewer, *, session_id: str = "s1", read: bool = True) -> None:
        answer = await self.sessions.open(asked(await who.offer(), session_id=session_id))
        assert answer.sdp is not None, answer.because
        await who.accept(answer.sdp, read=read)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    leave_from("127.0.0.1")
    made = Desk()
    tasks = [asyncio.create_task(work) for work in (made.film(), made.sessions.run())]
    yield made
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_viewer_sees_pictures_and_hears_their_age(desk: Desk) -> None:
    async with viewer() as who:
        await desk.join(who)
        await until(lambda: who.shown >= 5, what="five pictures")
        await until(lambda: any(s["type"] == "stamp" for s in who.said), what="a stamp")
        assert who.sizes_px == {(320, 240)}
        assert who.labels == ["detections"]


async def test_a_viewer_without_data_channels_sees_pictures_too(desk: Desk) -> None:
    async with viewer(data=False) as who:
        await desk.join(who)
        await until(lambda: who.shown >= 3, what="three pictures")


async def test_boxes_carry_the_rtp_time_of_their_picture(desk: Desk) -> None:
    async with viewer() as who:
        await desk.join(who)
        stamp = await until(lambda: next((s for s in who.said if s["type"] == "stamp"), None))
        moment = datetime.fromisoformat(stamp["stamp"])
        desk.sessions.show(Seen(stamped_at=moment, camera_id="front", model="m", boxes=()))
        said = await until(lambda: next((s for s in who.said if s["type"] == "detections"), None))
        assert (said["rtp"], said["stamp"], said["boxes"]) == (stamp["rtp"], stamp["stamp"], [])


async def test_a_pli_yields_a_key_frame(desk: Desk) -> None:
    async with viewer() as who:
        await desk.join(who)
        await until(lambda: who.shown >= 3)
        before = desk.feed.counts.keys
        await who.ask_for_key()
        await until(lambda: desk.feed.counts.keys > before, what="another key frame")


async def test_one_more_than_the_limit_is_refused_in_words(desk: Desk) -> None:
    viewers = [Viewer() for _ in range(4)]
    answers = [await desk.sessions.open(asked(await who.offer(), session_id=f"s{n}")) for n, who in enumerate(viewers)]
    assert [answer.sdp is not None for answer in answers] == [True, True, True, False]
    assert answers[3].because == Text(zh="已有 3 人在观看，达到上限", en="3 viewers are watching, which is the limit")
    for who in viewers:
        await who.close()


async def test_a_viewer_that_never_connects_is_closed(desk: Desk) -> None:
    async with viewer() as who:
        answer = await desk.sessions.open(asked(await who.offer()))
        assert answer.sdp is not None
        assert len(desk.sessions) == 1
        await until(lambda: len(desk.sessions) == 0, within_s=60, what="the session closed")
        assert not desk.camera.running


async def test_a_viewer_that_says_goodbye_is_closed_and_the_camera_stops(desk: Desk) -> None:
    who = Viewer()
    await desk.join(who)
    await until(lambda: who.shown >= 1)
    await who.close()
    await until(lambda: len(desk.sessions) == 0, what="the session closed")
    await until(lambda: not desk.camera.running)


async def test_a_viewer_that_falls_silent_is_closed_and_others_go_on(desk: Desk) -> None:
    silent, other = Viewer(), Viewer()
    await desk.join(silent, session_id="silent")
    await desk.join(other, session_id="other")
    await until(lambda: silent.shown and other.shown)
    for transport in silent.peer._RTCPeerConnection__iceTransports:  # type: ignore[attr-defined]
        for protocol in transport._connection._protocols:
            protocol.transport.abort()  # as if its machine had vanished: no goodbye, no answer
    await until(lambda: len(desk.sessions) == 1, within_s=60, what="the silent one closed")
    shown = other.shown
    await until(lambda: other.shown > shown + 3, what="more pictures for the other")
    await other.close()
    await silent.close()


async def test_a_viewer_that_connects_and_never_takes_a_picture_holds_nobody_up(desk: Desk) -> None:
    lazy, other = Viewer(), Viewer()
    await desk.join(lazy, session_id="lazy", read=False)
    await desk.join(other, session_id="other")
    await until(lambda: other.shown > 10, what="pictures for the other")
    assert all(len(queue._pictures) <= 8 for queue in desk.feed.viewers.values())
    for who in (lazy, other):
        await who.close()


@pytest.mark.parametrize(
    ("codecs", "words"), [(("VP8",), "H.264"), (("VP8", "rtx"), "H.264")], ids=["VP8", "VP8 with rtx"]
)
async def test_an_offer_without_h264_is_refused_in_words(desk: Desk, codecs: tuple[str, ...], words: str) -> None:
    async with viewer(codecs=codecs) as who:
        answer = await desk.sessions.open(asked(await who.offer()))
        assert answer.sdp is None
        assert words in answer.because.en
    assert len(desk.sessions) == 0
    assert not desk.camera.running


@pytest.mark.parametrize("offer", ["", "v=0\r\nm=video 9 X\r\n", "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"])
async def test_nonsense_is_refused_and_leaves_nothing_behind(desk: Desk, offer: str) -> None:
    answer = await desk.sessions.open(asked(offer))
    assert answer.sdp is None
    assert "offer" in answer.because.en
    assert len(desk.sessions) == 0


async def test_an_unknown_camera_and_a_known_session_are_refused(desk: Desk) -> None:
    unknown = await desk.sessions.open(asked("v=0", camera_id="rear"))
    assert unknown == Answer(sdp=None, because=Text(zh="机器人没有相机 rear", en='the robot has no camera "rear"'))
    async with viewer() as first, viewer() as second:
        await desk.join(first)
        again = await desk.sessions.open(asked(await second.offer()))
        assert again.because.en == "this session is open already"
        assert await desk.sessions.close("s1", because="test")
        assert not await desk.sessions.close("s1", because="test")


async def test_when_the_encoder_dies_its_viewers_are_closed_and_may_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Viewer()
    await desk.join(first)
    await until(lambda: first.shown >= 1)
    with monkeypatch.context() as patch:
        patch.setattr("teleop.feed.H264Encoder.encode", lambda *_a, **_k: 1 / 0)
        await until(lambda: len(desk.sessions) == 0, what="the session closed")
    async with viewer() as second:
        await desk.join(second, session_id="s2")
        await until(lambda: second.shown >= 1, what="a picture")
    await first.close()


def test_the_answer_prefers_h264_whatever_the_browser_lists_first() -> None:
    assert {codec.mimeType for codec in session_module._H264} == {"video/H264", "video/rtx"}
