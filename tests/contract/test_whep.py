"""WHEP as a client that is no browser sees it: a real center, a real media process, and aiortc at the other end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from patrol_core.part import PartState
from teleop.serving import leave_from
from tests.browser.center import PASSWORD, LoneCenter, lone_center
from tests.helpers.video import ROBOT, MediaProcess, StampingRobot, media_process, stamping_robot
from tests.helpers.waiting import eventually
from tests.unit.teleop.cameras import until
from tests.unit.teleop.viewers import Viewer, viewer

pytestmark = pytest.mark.anyio
PATH = "/api/v1/robots/r1/cameras/front/whep"
SDP = {"Content-Type": "application/sdp"}
# The media process on a machine where one library is missing: looked for, it is not found.
WITHOUT = """
import sys
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = classmethod(lambda cls, name, *a: None if name.split(".")[0] == {missing!r} else find(name, *a))
from patrol_bringup.cli import main
sys.exit(main(["robot-media", "--id", {robot!r}]))
"""


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneCenter]:
    leave_from("127.0.0.1")
    center = lone_center(tmp_path_factory.mktemp("whep"))
    center.start()
    yield center
    center.stop()


@pytest.fixture(scope="module")
def robot(center: LoneCenter) -> Iterator[StampingRobot]:
    with stamping_robot(center.router_port) as robot:
        yield robot


@pytest.fixture(scope="module")
def media(center: LoneCenter, robot: StampingRobot) -> Iterator[MediaProcess]:
    with media_process(center.folder, robot.router_port) as media:
        yield media


@dataclass
class Client:
    """A logged-in WHEP client."""

    http: httpx.AsyncClient

    async def watch(self, who: Viewer, *, read: bool = True) -> str:
        """Watch until the answer is 201; the path that ends it."""
        offer = await who.offer()
        async with asyncio.timeout(30):
            while (answer := await self.http.post(PATH, content=offer, headers=SDP)).status_code == 503:
                await asyncio.sleep(0.2)  # the center has not heard of the robot yet
        assert answer.status_code == 201, answer.text
        await who.accept(answer.text, read=read)
        return answer.headers["location"]


@asynccontextmanager
async def logged_in(center: LoneCenter) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(base_url=center.url, headers={"X-Ronda": "1"}, timeout=30) as http:
        answer = await http.post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
        assert answer.status_code == 200
        yield Client(http)


@pytest.fixture
async def client(center: LoneCenter) -> AsyncIterator[Client]:
    async with logged_in(center) as client:
        yield client


async def test_an_offer_a_picture_a_goodbye(client: Client, media: MediaProcess) -> None:
    async with viewer() as who:
        place = await client.watch(who)
        await until(lambda: who.shown >= 5, what="five pictures")
        assert who.sizes_px == {(640, 480)}
        assert (await client.http.delete(place)).status_code == 200
        await until(lambda: media.said("the center said so"), what="the robot is told")
        assert (await client.http.delete(place)).status_code == 404


async def test_a_plain_whep_player_needs_no_data_channel(client: Client, media: MediaProcess) -> None:
    async with viewer(data=False) as who:
        place = await client.watch(who)
        await until(lambda: who.shown >= 3, what="three pictures")
        assert who.said == []
        await client.http.delete(place)


async def test_a_key_frame_that_is_asked_for_comes(client: Client, media: MediaProcess) -> None:
    async with viewer() as who:
        place = await client.watch(who)
        await until(lambda: who.shown >= 12, what="a second of pictures")
        await who.ask_for_key()
        await until(lambda: who.shown >= 24, what="another second")
        await client.http.delete(place)
    eventually(lambda: media.said("first viewer") == media.said("nobody watches any more"), what="the camera stopped")
    assert media.counts()["keys"] >= 2


async def test_an_offer_that_only_looks_like_one_is_refused_in_the_robots_words(
    client: Client, media: MediaProcess
) -> None:
    body = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 1\r\na=ice-ufrag:u\r\na=fingerprint:f\r\na=rtpmap:1 H264/90000\r\n"
    answer = await client.http.post(PATH, content=body, headers=SDP)
    assert answer.status_code == 503
    assert "robot r1: no video from this offer: offer: expected" in answer.json()["error"]["message"]


async def test_the_ninth_viewer_is_refused_in_words_and_may_come_when_one_left(
    client: Client, media: MediaProcess
) -> None:
    viewers = [Viewer() for _ in range(9)]
    places = [await client.watch(who, read=False) for who in viewers[:8]]
    offer = await viewers[8].offer()
    answer = await client.http.post(PATH, content=offer, headers=SDP)
    assert answer.status_code == 503
    error = answer.json()["error"]
    assert error["message"] == "robot r1: 8 viewers are watching, which is the limit"
    assert error["message_zh"] == "机器人 r1：已有 8 人在观看，达到上限"
    assert (await client.http.delete(places[0])).status_code == 200
    places[0] = await client.watch(viewers[8])
    await until(lambda: viewers[8].shown >= 1, what="a picture for the ninth")
    for who, place in zip(viewers, [*places, None], strict=True):
        if place is not None:
            await client.http.delete(place)
        await who.close()


async def test_a_robot_that_is_offline_and_a_media_process_that_is_not_there_are_told_apart(
    center: LoneCenter, client: Client, robot: StampingRobot
) -> None:
    async with viewer() as who:
        offer = await who.offer()
        answer = await client.http.post("/api/v1/robots/r2/cameras/front/whep", content=offer, headers=SDP)
        assert answer.status_code == 503
        assert answer.json()["error"]["message"] == "robot r2 is offline: it never reported"


@pytest.mark.parametrize("missing", ["av", "aiortc"])
async def test_without_a_library_media_says_so_and_the_center_answers_in_words(tmp_path: Path, missing: str) -> None:
    center = lone_center(tmp_path)
    center.start()
    try:
        with stamping_robot(center.router_port) as robot:
            code = WITHOUT.format(missing=missing, robot=ROBOT)
            with media_process(tmp_path, robot.router_port, sys.executable, "-c", code) as media:
                part = eventually(lambda: robot.newest_part("media"), what="a part report")
                assert part.state is PartState.UNAVAILABLE
                assert part.because.en == f"no video: {missing} is not installed"
                async with logged_in(center) as client, viewer() as who:
                    offer = await who.offer()

                    async def words() -> str:
                        answer = await client.http.post(PATH, content=offer, headers=SDP)
                        assert answer.status_code == 503
                        return str(answer.json()["error"]["message_zh"])

                    async with asyncio.timeout(30):
                        while await words() != "机器人 r1 没有视频：它的视频进程不在":
                            await asyncio.sleep(0.2)  # offline, until the center has heard of the robot
                media.process.send_signal(signal.SIGINT)
                assert media.process.wait(60) == 0
    finally:
        center.stop()


def test_the_supervisor_hears_that_it_lives(center: LoneCenter, robot: StampingRobot) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    command = (sys.executable, "-m", "patrol_bringup.cli", "robot-media", "--id", ROBOT)
    try:
        with media_process(
            center.folder, robot.router_port, *command, inherited=writing, RONDA_HEARTBEAT_FD=str(writing)
        ):
            assert [os.read(reading, 1) for _ in range(2)] == [b".", b"."]
    finally:
        os.close(reading)
        os.close(writing)
