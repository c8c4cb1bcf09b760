"""A client's mistake is told in one envelope, names the field, and is never a 500."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from patrol_core.ids import uuid7
from tests.unit.mission_planner.world import World

pytestmark = pytest.mark.anyio

GOOD = {
    "name": "夜巡",
    "viewpoint_ids": ["vp-01"],
    "rrule": "FREQ=DAILY",
    "starts_at": "2026-03-02T20:00",
    "timezone": "Asia/Shanghai",
}


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule", "never"),
        ({"rrule": "FREQ=SOMETIMES"}, "rrule", "expected"),
        ({"rrule": ""}, "rrule", "expected"),
        ({"timezone": "Asia/Shanghia"}, "timezone", "Asia/Shanghai"),
        ({"starts_at": "2026-03-02T20:00+08:00"}, "starts_at", "without UTC offset"),
        ({"viewpoint_ids": []}, "viewpoint_ids", "expected 1 to"),
        ({"viewpoint_ids": ["vp-01", "vp-none"]}, "viewpoint_ids", "vp-none"),
        ({"viewpoint_ids": ["vp-01", "vp-01"]}, "viewpoint_ids", "twice"),
        ({"robot_ids": ["r9"]}, "robot_ids", "r9"),
        ({"robots_wanted": 3}, "robots_wanted", "expected 1 to 2"),
        ({"robots_wanted": 0}, "robots_wanted", "expected 1 to 2"),
        ({"name": "  "}, "name", "characters"),
        ({"missed": "perhaps"}, "missed", "skip"),
        ({"name": None}, "name", "string"),
    ],
)
async def test_a_patrol_that_could_not_run_is_refused_with_the_field(
    shared: World, change: dict[str, object], where: str, says: str
) -> None:
    answer = await shared.http.post("/patrols", json={**GOOD, **change})
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert error["where"] == where
    assert says in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/incidents/{id}", None, 404, "not_found"),
        ("GET", "/missions/{id}", None, 404, "not_found"),
        ("GET", "/patrols/{id}", None, 404, "not_found"),
        ("GET", "/findings/{id}", None, 404, "not_found"),
        ("GET", "/robots/r9", None, 404, "not_found"),
        ("GET", "/sensors/none", None, 404, "not_found"),
        ("GET", "/nothing", None, 404, "not_found"),
        ("GET", "/evidence/" + "0" * 64, None, 404, "not_found"),
        ("GET", "/evidence/..%2f..%2flock", None, 404, "not_found"),
        ("GET", "/evidence/short", None, 422, "invalid"),
        ("GET", "/incidents/abc", None, 422, "invalid"),
        ("GET", "/incidents?state=nearly", None, 422, "invalid"),
        ("GET", "/incidents?limit=201", None, 422, "invalid"),
        ("GET", "/incidents?after=xyz", None, 422, "invalid"),
        ("GET", "/sensors?kind=nose", None, 422, "invalid"),
        ("POST", "/robots/r1/pause", {}, 409, "conflict"),
        ("POST", "/robots/r9/dock", {}, 404, "not_found"),
        ("POST", "/incidents/{id}/close", {"note": "x"}, 404, "not_found"),
        ("POST", "/incidents/{id}/close", [], 422, "invalid"),
        ("POST", "/patrols/{id}/run", {}, 404, "not_found"),
        ("DELETE", "/patrols/{id}", None, 404, "not_found"),
        ("PATCH", "/incidents", {}, 405, "method_not_allowed"),
        ("PUT", "/evidence/" + "0" * 64, {}, 401, "not_authenticated"),
    ],
)
async def test_a_mistake_gets_its_status_in_the_envelope(
    shared: World, *, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = await shared.http.request(method, path.replace("{id}", str(uuid7())), json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"username": 1, "password": []}', b"null"])
async def test_bytes_that_are_no_request_are_refused_not_feared(shared: World, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/session", "/patrols", "/patrols/preview"):
        answer = await shared.http.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 422), (path, answer.status_code, answer.text)
        assert answer.json()["error"]["code"] in ("bad_request", "invalid")


async def test_a_wrong_password_is_401_and_many_are_429_with_a_time(shared: World) -> None:
    login = {"username": "somebody", "password": "wrong-wrong-wrong"}
    statuses = []
    for _ in range(8):
        answer = await shared.http.post("/session", json=login)
        statuses.append(answer.status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_cron_line_is_taken_as_a_schedule(shared: World) -> None:
    patrol = await shared.post("/patrols", {**GOOD, "rrule": "30 2 * * *"}, status=201)
    assert patrol["rrule"].startswith("FREQ=")
    assert len(patrol["next_runs"]) == 3


async def test_the_preview_shows_ten_runs_in_local_time(shared: World) -> None:
    body = {k: GOOD[k] for k in ("rrule", "starts_at", "timezone")}
    shown = (await shared.post("/patrols/preview", body))["next"]
    assert len(shown) == 10
    assert all(run["local"].endswith("20:00") for run in shown)


async def test_openapi_describes_every_route_with_its_answer(shared: World) -> None:
    url = f"http://127.0.0.1:{shared.center.http_port}/openapi.json"
    spec = (await shared.http.get(url)).json()
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary") and operation.get("description"), (method, path)
            success = [s for s in operation["responses"] if s.startswith("2")]
            assert success, (method, path)


async def test_a_body_that_would_fill_the_memory_is_refused_without_being_read(shared: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 10_000

    for content in (endless(), b"x" * 1_000_000):
        answer = await shared.http.post("/session", content=content)
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too_large"
