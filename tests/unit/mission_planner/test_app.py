"""The center as a whole: what it does when a part dies, when time is not its own, when it ends."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from mission_planner.app import running
from mission_planner.settings import Settings, settings_from
from patrol_core.errors import InvalidInput, Unavailable
from tests.unit.mission_planner.world import RobotsInMemory, World, soon, world

pytestmark = pytest.mark.anyio
DEVICE = "smoke-b1-1-1102"


def watched() -> set[int]:
    """The files the event loop watches."""
    return set(asyncio.get_running_loop()._selector.get_map())  # type: ignore[attr-defined]


async def test_a_part_that_dies_ends_the_center_and_says_which(tmp_path: Path) -> None:
    died = asyncio.Event()

    class Dying(RobotsInMemory):
        async def watch(self) -> None:
            await died.wait()
            raise Unavailable("the link to the robots died")

    settings = Settings(site="xinghe", data=tmp_path / "c", http_port=0, mqtt_port=0, admin_password="patrol-at-dawn")
    before = watched()
    with pytest.RaisesGroup(pytest.RaisesExc(Unavailable, match="the link to the robots died")):
        async with running(settings, lambda site, _settings, _clock: Dying(site)) as center:
            _, writer = await asyncio.open_connection("127.0.0.1", center.http_port)
            died.set()
            await asyncio.sleep(30)
    writer.close()
    await soon(lambda: watched() == before)  # a loop that still watches a closed socket is deaf to the next one


async def test_at_another_speed_it_waits_for_the_simulators_time_and_loses_no_alarm(tmp_path: Path) -> None:
    async with world(tmp_path / "c", speed=10.0, demo=True) as center:
        url = f"http://127.0.0.1:{center.center.http_port}"
        answer = await center.http.get(f"{url}/readyz")
        assert answer.status_code == 503
        assert [m["name"] for m in answer.json()["missing"]] == ["scheduler"]
        await center.alarm(DEVICE)
        refused = await center.http.post("/robots/r1/dock", json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
        start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        center.port.ears.clock(start)

        async def opened() -> list[dict[str, str]]:
            return list((await center.get("/incidents"))["items"])

        (incident,) = await soon(opened)
        assert abs(datetime.fromisoformat(incident["opened_at"]) - start) < timedelta(minutes=1)

        async def planned() -> list[dict[str, str]]:
            return list((await center.get("/patrols"))["items"])

        (patrol,) = await soon(planned)
        assert patrol["starts_at"].startswith("2026-03-02T16:00:")
        assert (await center.http.get(f"{url}/readyz")).status_code == 200


async def test_the_demo_plans_its_patrol_once_and_leaves_a_changed_one_alone(tmp_path: Path) -> None:
    async def only_patrol(center: World) -> dict[str, object]:
        async def found() -> list[dict[str, object]]:
            return list((await center.get("/patrols"))["items"])

        (patrol,) = await soon(found)
        return patrol

    async with world(tmp_path / "c", demo=True) as center:
        first = await only_patrol(center)
        assert len(first["viewpoint_ids"]) == len(center.site.viewpoints)  # type: ignore[arg-type]
        begun = int(time.time())
    await soon(lambda: int(time.time()) > begun)  # a plan begins at a whole second
    async with world(tmp_path / "c", demo=True) as center:

        async def begun_anew() -> bool:
            return (await only_patrol(center))["starts_at"] != first["starts_at"]

        await soon(begun_anew)
        again = await only_patrol(center)
        assert again["patrol_id"] == first["patrol_id"]
        body = {k: again[k] for k in ("viewpoint_ids", "rrule", "starts_at", "timezone", "robots_wanted")}
        changed = await center.http.put(f"/patrols/{first['patrol_id']}", json={**body, "name": "我的巡逻"})
        assert changed.status_code == 200
        changed_at = changed.json()["starts_at"]
    async with world(tmp_path / "c", demo=True) as center:
        await soon(lambda: center.center.services.health.missing() == [])
        assert (await only_patrol(center))["starts_at"] == changed_at


async def test_a_browser_on_the_stream_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        http = httpx.AsyncClient(base_url=center.http.base_url, cookies=center.http.cookies)
        request = http.build_request("GET", "/events")
        answer = await http.send(request, stream=True)
        assert answer.status_code == 200
        began_s = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began_s < 30  # of what would never come
    await answer.aclose()
    await http.aclose()


def test_off_loopback_it_refuses_plain_http_unless_that_was_said() -> None:
    with pytest.raises(InvalidInput, match="unencrypted"):
        settings_from({"RONDA_HOST": "0.0.0.0"})
    assert settings_from({"RONDA_HOST": "0.0.0.0", "RONDA_INSECURE_HTTP": "1"}).insecure_http
    assert settings_from({"RONDA_HOST": "::1"}).url == "http://[::1]:8000"
    assert settings_from({"RONDA_HOST": "localhost"}).host == "localhost"


def test_empty_variables_count_as_not_set(tmp_path: Path) -> None:
    given = settings_from({"RONDA_PORT": "", "RONDA_ADMIN_PASSWORD": "", "XDG_STATE_HOME": str(tmp_path)})
    assert given.http_port == 8000
    assert given.admin_password is None
    assert given.data == tmp_path / "ronda" / "center"
