"""Watching a camera through the API: WHEP's answers, every refusal in words, and who watched is on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from mission_planner.store import schema
from mission_planner.video import desk as desk_module
from mission_planner.video.ice import IceServer
from mission_planner.video.port import VideoAnswer
from patrol_core.errors import Unavailable
from patrol_core.site import Text
from tests.unit.mission_planner.world import PASSWORD, World, soon, world

pytestmark = pytest.mark.anyio
PATH = "/robots/r1/cameras/front/whep"
OFFER = "\r\n".join(
    [
        "v=0",
        "m=video 9 UDP/TLS/RTP/SAVPF 102",
        "a=ice-ufrag:abcd",
        "a=fingerprint:sha-256 00",
        "a=rtpmap:102 H264/90000",
        "",
    ]
)


@pytest.fixture
async def center(tmp_path: Path) -> AsyncIterator[World]:
    turn = IceServer(urls=("turn:turn.example:3478",), username="u", credential="c")
    async with world(tmp_path / "center", ice_servers=(turn,)) as running:
        running.robot("r1").speak()
        await soon(lambda: running.center.services.fleet.robot("r1").state)
        yield running


@pytest.fixture
async def asked(shared: World) -> World:
    """One center for what is refused and leaves nothing behind; its robot is there."""
    shared.robot("r1").speak()
    await soon(lambda: shared.center.services.fleet.robot("r1").state)
    return shared


async def offer(center: World, *, path: str = PATH, body: str | bytes = OFFER, kind: str = "application/sdp") -> Any:
    return await center.http.post(path, content=body, headers={"Content-Type": kind})


def words(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["message"])


def words_zh(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["message_zh"])


async def record(center: World) -> list[tuple[str, str, str]]:
    """Who, what, and with which words: the lines about video."""
    rows = await center.center.services.store.read(
        lambda tx: tx.conn.execute(select(schema.audit).where(schema.audit.c.action == "video.watch")).all()
    )
    return [(row.who, row.target, row.detail) for row in rows]


async def test_an_offer_is_answered_with_201_and_a_place_to_end_it(center: World) -> None:
    answer = await offer(center)
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/sdp"
    assert answer.text == "v=0\r\n"
    assert answer.headers["link"].startswith('<turn:turn.example:3478>; rel="ice-server"')
    session_id = answer.headers["location"].removeprefix("/api/v1/video/")
    assert UUID(session_id).version == 4
    (sent,) = center.port.offers
    assert (sent.robot_id, sent.camera_id, sent.viewer, sent.offer_sdp) == ("r1", "front", "admin", OFFER)
    assert (sent.session_id, sent.ice_servers) == (
        session_id,
        '[{"urls": ["turn:turn.example:3478"], "username": "u", "credential": "c"}]',
    )


async def test_the_browser_is_told_the_same_ice_servers(center: World) -> None:
    assert await center.get("/video/ice-servers") == {
        "ice_servers": [{"urls": ["turn:turn.example:3478"], "username": "u", "credential": "c"}]
    }


async def test_leaving_tells_the_robot_and_is_recorded(center: World) -> None:
    path = (await offer(center)).headers["location"].removeprefix("/api/v1")
    assert (await center.http.delete(path)).status_code == 200
    await soon(lambda: center.port.closed_video == [path.removeprefix("/video/")])
    assert (await center.http.delete(path)).status_code == 404
    began, ended = await record(center)
    assert began[:2] == ended[:2] == ("admin", "r1/front")
    assert began[2].startswith("began; session ")
    assert ended[2].endswith("s: the viewer left")


async def test_logging_out_ends_what_this_login_watches_and_nothing_else(center: World) -> None:
    mine = (await offer(center)).headers["location"].rpartition("/")[2]
    async with httpx.AsyncClient(base_url=center.http.base_url, headers={"X-Ronda": "1"}, timeout=60) as other:
        await other.post("/session", json={"username": "admin", "password": PASSWORD})
        answer = await other.post(PATH, content=OFFER, headers={"Content-Type": "application/sdp"})
        theirs = answer.headers["location"].rpartition("/")[2]
        assert (await center.http.delete("/session")).status_code == 204
        await soon(lambda: center.port.closed_video)
        assert center.port.closed_video == [mine]
        assert [w.session_id for w in center.center.services.video.watched] == [theirs]


async def test_a_login_that_ends_by_itself_ends_its_video(center: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = (await offer(center)).headers["location"].rpartition("/")[2]
    await center.center.services.store.write(lambda tx: tx.conn.execute(update(schema.accounts).values(disabled=True)))
    monkeypatch.setattr(desk_module, "LOOK_EVERY_S", 0.05)
    await soon(lambda: center.port.closed_video == [session_id])


async def test_anothers_session_cannot_be_ended(center: World) -> None:
    path = (await offer(center)).headers["location"].removeprefix("/api/v1")
    video = center.center.services.video
    (watching,) = video.watched
    video._open[watching.session_id] = replace(watching, username="somebody-else")
    assert (await center.http.delete(path)).status_code == 404
    assert center.port.closed_video == []


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/sdpx"])
async def test_another_type_of_body_is_415(asked: World, kind: str) -> None:
    answer = await offer(asked, kind=kind)
    assert (answer.status_code, answer.headers["accept-post"]) == (415, "application/sdp")
    assert kind in words(answer)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", 'begins with "v=0"'),
        (b"\xff\xfe", "UTF-8"),
        ("v=0\r\n", "m=video"),
        (OFFER.replace("a=ice-ufrag:abcd", "a=x"), "ICE credentials"),
        (OFFER.replace("a=fingerprint:sha-256 00", "a=x"), "fingerprint"),
        (OFFER.replace("H264", "VP8"), "H.264"),
        (OFFER + "a=x\r\n" * 20_000, "at most 65536 bytes"),
    ],
)
async def test_a_bad_offer_is_400_in_words_and_troubles_no_robot(asked: World, body: str | bytes, said: str) -> None:
    answer = await offer(asked, body=body)
    assert answer.status_code == 400
    assert said in words(answer)
    assert asked.port.offers == []


async def test_trickle_is_405_in_words(asked: World) -> None:
    answer = await asked.http.patch("/video/x", content="a=candidate:…")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE")
    assert "all candidates in the offer" in words(answer)


async def test_an_unknown_robot_and_an_unknown_camera_are_404(asked: World) -> None:
    for path in ("/robots/r9/cameras/front/whep", "/robots/r1/cameras/rear/whep"):
        assert (await offer(asked, path=path)).status_code == 404


async def test_a_robot_that_is_offline_is_503_in_words(center: World) -> None:
    answer = await offer(center, path="/robots/r2/cameras/front/whep")
    assert answer.status_code == 503
    assert words(answer) == "robot r2 is offline: it never reported"
    assert words_zh(answer) == "机器人 r2 失联：从未上线"


async def test_a_refusal_of_the_robot_is_503_with_its_words(center: World) -> None:
    center.port.video_answer = VideoAnswer(
        answer_sdp=None, because=Text(zh="已有 8 人在观看", en="8 viewers are watching")
    )
    answer = await offer(center)
    assert (answer.status_code, words(answer)) == (503, "robot r1: 8 viewers are watching")
    assert words_zh(answer) == "机器人 r1：已有 8 人在观看"
    assert center.center.services.video.watched == ()
    assert await record(center) == []


async def test_a_robot_that_does_not_answer_is_503_and_told_to_forget(
    center: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_offer: Any) -> VideoAnswer:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(center.port, "open_video", never)
    monkeypatch.setattr(desk_module, "ANSWER_S", 0.1)
    answer = await offer(center)
    assert (answer.status_code, words(answer)) == (503, "robot r1 did not answer within 0.1 s")
    assert words_zh(answer) == "机器人 r1 在 0.1 秒内没有应答"
    await soon(lambda: len(center.port.closed_video) == 1)


async def test_a_robot_without_a_media_process_is_503_in_words(center: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(_offer: Any) -> VideoAnswer:
        raise Unavailable("robot r1 has no video: its media process is not there")

    monkeypatch.setattr(center.port, "open_video", nobody)
    answer = await offer(center)
    assert (answer.status_code, words(answer)) == (503, "robot r1 has no video: its media process is not there")


async def test_the_oldest_of_too_many_sessions_of_one_login_ends(
    center: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "PER_LOGIN", 2)
    ids = [(await offer(center)).headers["location"].rpartition("/")[2] for _ in range(3)]
    await soon(lambda: center.port.closed_video == ids[:1])
    assert [w.session_id for w in center.center.services.video.watched] == ids[1:]


async def test_a_center_carries_so_many_sessions_and_refuses_more_in_words(
    center: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(center.center.services.video, "_max_open", 2)
    assert [(await offer(center)).status_code for _ in range(3)] == [201, 201, 503]
    refused = await offer(center)
    assert "which is the limit of this center" in words(refused)
    assert words_zh(refused) == "中心已有 2 路画面在播放，达到上限"
