"""What is open to all: probes, figures, and the console's files."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from mission_planner.api.pages import pages
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio


def outside(center: World) -> str:
    return f"http://127.0.0.1:{center.center.http_port}"


async def test_it_is_alive_and_ready_and_says_what_is_missing(shared: World) -> None:
    async with httpx.AsyncClient(base_url=outside(shared), timeout=60) as http:
        assert (await http.get("/healthz")).json() == {"alive": True}
        assert (await http.get("/readyz")).json() == {"ready": True, "missing": [], "degraded": []}
        shared.port.trouble = "the ROS thread died"
        answer = await http.get("/readyz")
        shared.port.trouble = None
        assert answer.status_code == 503
        (missing,) = answer.json()["missing"]
        assert (missing["name"], missing["because"]) == ("router", "the ROS thread died")


async def test_parts_that_do_not_exist_yet_are_told_as_unavailable_with_the_reason(shared: World) -> None:
    status = await shared.get("/status")
    parts = {p["name"]: p for p in status["components"]}
    assert set(parts) == {"mqtt", "router", "reports", "scheduler", "vision", "voice", "store", "in_app"}
    well = {n for n, p in parts.items() if p["state"] == "ok"}
    assert well == {"mqtt", "router", "reports", "scheduler", "store", "in_app"}
    assert parts["vision"]["because"]["zh"]
    assert (parts["store"]["needed"], parts["voice"]["needed"]) == (True, False)
    assert status["speed"] == 1.0


async def test_the_figures_follow_what_happens(shared: World) -> None:
    shared.robot("r1").speak()
    await shared.alarm("smoke-b1-1-1102")

    async def counted() -> bool:
        text = (await shared.http.get(f"{outside(shared)}/metrics")).text
        wanted = (
            "ronda_robots_online 1.0",
            "ronda_incidents_open 1.0",
            'ronda_inbox_reports{state="done"} 1.0',
            "ronda_mqtt_messages_kept_total 1.0",
        )
        return all(line in text for line in wanted)

    await soon(counted)


async def test_the_site_has_its_map_and_where_it_lies(shared: World) -> None:
    site = await shared.get("/site")
    west, south, east, north = site["bounds"]
    assert 0 < east - west < 0.05
    assert 0 < north - south < 0.05
    assert abs(site["origin"]["lon_deg"] - west) < 0.05
    assert site["map"]["type"] == "FeatureCollection"
    assert len(site["map"]["features"]) > 100
    assert site["timezone"] == "Asia/Shanghai"


async def test_sensors_are_found_by_kind_and_by_words_in_either_language(shared: World) -> None:
    smoke = (await shared.get("/sensors", kind="smoke", limit=200))["items"]
    assert smoke
    assert {d["kind"] for d in smoke} == {"smoke"}
    found = (await shared.get("/sensors", q="1 栋 烟感", limit=200))["items"]
    assert found
    assert (await shared.get("/sensors", q="building 1, unit 1"))["items"]
    first = await shared.get("/sensors", limit=3)
    rest = await shared.get("/sensors", limit=3, after=first["next"])
    assert {d["device_id"] for d in first["items"]}.isdisjoint({d["device_id"] for d in rest["items"]})


def _console(dist: Path) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(pages(dist))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://center")


async def test_a_console_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with _console(tmp_path / "none") as http:
        answer = await http.get("/")
        assert answer.status_code == 200
        assert "make setup" in answer.text


async def test_every_path_of_the_console_is_its_one_page_and_its_files_are_kept_for_good(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>console")
    (tmp_path / "assets" / "app-1234.js").write_text("js")
    (tmp_path.parent / "secret").write_text("moonlight")
    async with _console(tmp_path) as http:
        for path in ("/", "/incidents/42", "/patrols"):
            answer = await http.get(path, headers={"Accept": "text/html"})
            assert answer.text == "<p>console"
            assert answer.headers["cache-control"] == "no-cache"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        script = await http.get("/assets/app-1234.js")
        assert "immutable" in script.headers["cache-control"]
        for path in ("/../secret", "/..%2fsecret", "/assets/../../secret", "//etc/passwd"):
            assert "moonlight" not in (await http.get(path)).text
        assert (await http.get("/assets/gone.js", headers={"Accept": "*/*"})).status_code == 404
