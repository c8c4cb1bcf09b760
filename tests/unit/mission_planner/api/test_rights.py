"""Every route names its action; every change is in the audit record; nobody gets further than their role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import insert, select

from mission_planner.api import pages, probes
from mission_planner.api.deps import _May
from mission_planner.api.http import NOUNS
from mission_planner.people.roles import ROLES, Action, Role
from mission_planner.store import schema
from mission_planner.store.protocol import Tx
from patrol_core.robot import Activity
from tests.unit.mission_planner.world import AT, PASSWORD, World, quick_passwords, soon

pytestmark = pytest.mark.anyio
OPEN = {("POST", "/session"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"), ("GET", "/{path:path}")}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Every method and route that the app is made of; paths without /api/v1."""
    for part in (*(noun.router for noun in NOUNS), probes.router, pages.pages()):
        for route in part.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods:
                yield method, route


def action_of(route: APIRoute) -> Action | None:
    found = [d.call.action for d in route.dependant.dependencies if isinstance(d.call, _May)]
    return found[0] if found else None


async def test_every_route_but_the_doors_and_probes_names_its_action(shared: World) -> None:
    assert len(list(routes())) > 40
    assert {(method, route.path) for method, route in routes() if action_of(route) is None} == OPEN


async def test_without_a_login_every_named_route_answers_401(shared: World) -> None:
    async with httpx.AsyncClient(base_url=shared.http.base_url, headers={"X-Ronda": "1"}, timeout=60) as stranger:
        for method, route in routes():
            if action_of(route) is None:
                continue
            path = route.path.replace("{", "").replace("}", "")
            answer = await stranger.request(method, path, json={} if method in UNSAFE else None)
            assert answer.status_code == 401, (method, path, answer.status_code)


async def test_a_change_without_our_header_is_refused_as_forged(shared: World) -> None:
    answer = await shared.http.post("/patrols/preview", json={}, headers={"X-Ronda": ""})
    assert answer.status_code != 403, "an empty header is still one that only our pages send"
    async with httpx.AsyncClient(base_url=shared.http.base_url, cookies=shared.http.cookies, timeout=60) as form:
        answer = await form.post("/patrols/preview", json={})
        assert answer.status_code == 403
        answer = await form.post("/session", json={"username": "admin", "password": PASSWORD})
        assert answer.status_code == 403


@pytest.mark.parametrize("role", sorted(Role))
async def test_a_role_may_do_what_its_row_says_and_nothing_else(shared: World, role: Role) -> None:
    hashed = quick_passwords().hash("walks-at-night-7")

    def make(tx: Tx) -> None:
        tx.conn.execute(
            insert(schema.accounts).values(
                username=role, display_name="x", password_hash=hashed, roles=[role], created_at=AT, disabled=False
            )
        )

    if role is not Role.ADMIN:
        await shared.center.services.store.write(make)
    login = {"username": role, "password": PASSWORD if role is Role.ADMIN else "walks-at-night-7"}
    async with httpx.AsyncClient(base_url=shared.http.base_url, headers={"X-Ronda": "1"}, timeout=60) as http:
        assert (await http.post("/session", json=login)).status_code == 200
        for method, route in routes():
            action = action_of(route)
            if action is None or action in (
                Action.EVIDENCE_UPLOAD,
                Action.SENSOR_REPORT,
                Action.EVENTS_VIEW,
                Action.ACCOUNT_OWN,
            ):
                continue
            path = route.path.replace("{", "").replace("}", "")
            answer = await http.request(method, path, json={} if method in UNSAFE else None)
            refused = answer.status_code == 403
            assert refused is (action not in ROLES[role]), (method, path, answer.status_code)


async def test_every_state_changing_route_leaves_a_line_in_the_audit_record(  # noqa: PLR0915 - every route, once
    center: World,
) -> None:
    services = center.center.services
    center.robot("r1").speak()
    viewpoint = min(center.site.viewpoints)
    patrol_body = {
        "name": "夜巡",
        "robot_ids": ["r1"],
        "viewpoint_ids": [viewpoint],
        "rrule": "FREQ=DAILY",
        "starts_at": "2026-03-02T20:00",
        "timezone": "Asia/Shanghai",
    }
    patrol = (await center.post("/patrols", patrol_body, status=201))["patrol_id"]
    await center.http.put(f"/patrols/{patrol}", json={**patrol_body, "name": "早巡"})
    (mission,) = (await center.post(f"/patrols/{patrol}/run", status=202))["missions"]
    center.robot("r1").take_orders()
    await soon(lambda: _mission_is(center, mission, "underway"))
    await center.post(f"/missions/{mission}/pause", {"note": "n"}, status=202)
    await center.post("/robots/r1/pause", {}, status=202)
    await center.post("/robots/r1/dock", {"note": "雨"}, status=202)
    await center.post("/robots/r1/lights", {"on": True}, status=202)
    center.robot("r1").take_orders()
    await soon(lambda: _mission_is(center, mission, "paused"))
    await center.post("/robots/r1/resume", {}, status=202)
    await center.post(f"/missions/{mission}/resume", {}, status=202)
    await center.post(f"/missions/{mission}/cancel", {}, status=202)
    sdp = "v=0\nm=video 9 X 1\na=ice-ufrag:u\na=fingerprint:f\na=rtpmap:1 H264/90000\n"
    whep = {"content": sdp, "headers": {"Content-Type": "application/sdp"}}
    assert (await center.http.post("/robots/r1/cameras/front/whep", **whep)).status_code == 201
    await center.alarm("smoke-b1-1-1102")

    async def an_incident() -> Any:
        return (await center.get("/incidents"))["items"]

    path = f"/incidents/{(await soon(an_incident))[0]['incident_id']}"
    await center.post(f"{path}/acknowledge", {"note": "words"})
    await center.post(f"{path}/verify", {"note": "words"})
    await center.post(f"{path}/dispatch", {"to": "admin", "note": "words"})
    for verb in ("take", "arrive", "resolve", "note", "close", "reopen", "false-alarm"):
        await center.post(f"{path}/{verb}", {"note": "words"})
    await _manage_people(center)
    await _release_a_robot(center)
    await _shelve_a_door_and_give_a_credential(center)
    picture = b"\xff\xd8\xff" + b"x" * 100
    token = (services.settings.data / "enroll" / "r1.token").read_text().strip()
    import hashlib

    digest = hashlib.sha256(picture).hexdigest()
    robot = {"Authorization": f"Bearer {token}"}
    assert (await center.http.put(f"/evidence/{digest}", content=picture, headers=robot)).status_code == 201
    other = b"\xff\xd8\xff" + b"y" * 100
    digest = hashlib.sha256(other).hexdigest()
    for offset in (0, 60):
        headers = {**robot, "Upload-Offset": str(offset), "Upload-Length": str(len(other))}
        piece = other[offset : offset + 60]
        assert (await center.http.patch(f"/evidence/{digest}", content=piece, headers=headers)).status_code == 204
    assert (await center.http.delete(f"/patrols/{patrol}")).status_code == 204
    change = {"old": PASSWORD, "new": "walks-at-night-7"}
    assert (await center.http.put("/session/password", json=change)).status_code == 204
    assert (await center.http.delete("/session")).status_code == 204

    rows = await services.store.read(lambda tx: tx.conn.execute(select(schema.audit)).all())
    written = {row.action for row in rows}
    needed = {
        action.value
        for method, route in routes()
        if method in UNSAFE and (action := action_of(route)) and "preview" not in route.path
    }
    # a device's word stands in the inbox, whoever brought it
    assert needed - {"account.own", "sensor.report"} <= written, json.dumps(sorted(written))
    assert {"session.begin", "session.end", "account.password"} <= written
    assert {r.who for r in rows} == {"admin", "system", "robot:r1"}


async def _mission_is(center: World, mission_id: str, state: str) -> bool:
    return bool((await center.get(f"/missions/{mission_id}"))["state"] == state)


async def _shelve_a_door_and_give_a_credential(center: World) -> None:
    (door,) = (await center.get("/sensors", kind="door_magnet", limit=1))["items"]
    shelved = {"kind": "door", "minutes": 30, "note": "words"}
    assert (await center.http.post(f"/sensors/{door['device_id']}/shelve", json=shelved)).status_code == 204
    (listed,) = (await center.get("/sensors/shelved"))["items"]
    assert (listed["source"]["id"], listed["by"], listed["kept_back"]) == (door["device_id"], "admin", 0)
    assert (await center.http.post(f"/sensors/{door['device_id']}/unshelve", json=shelved)).status_code == 204
    await center.post("/sensors/smoke-b1-1-1102/credential", {})


async def _release_a_robot(center: World) -> None:
    center.robot("r1").speak(activity=Activity.ATTENDING)
    center.robot("r1").finds()

    async def a_robot_waits() -> Any:
        items = (await center.get("/incidents", kind="person_fallen"))["items"]
        return [i["incident_id"] for i in items if i["waiting_robot"]]

    (fall,) = await soon(a_robot_waits)
    await center.post(f"/incidents/{fall}/release", {"note": "words"}, status=202)
    await center.alarm("smoke-b1-1-1102")

    async def another() -> Any:
        return (await center.get("/incidents/queue"))["items"][1:]

    await soon(another)
    (other,) = [i for i in (await center.get("/incidents/queue"))["items"] if i["incident_id"] != fall]
    merged = await center.post(f"/incidents/{other['incident_id']}/merge", {"into": fall})
    assert merged["merged_into"] == fall


async def _manage_people(center: World) -> None:
    made = {"username": "zhang", "roles": ["field"], "password": "walks-at-night-7"}
    assert (await center.post("/accounts", made, status=201))["display_name"] == "zhang"
    changed = await center.http.patch("/accounts/zhang", json={"display_name": "张三", "disabled": True})
    assert (changed.json()["display_name"], changed.json()["disabled"]) == ("张三", True)
    shift = {"username": "admin", "role": "admin", "starts_at": "2026-03-02T08:00", "ends_at": "2026-03-02T16:00"}
    path = "/duty/shifts/018f0000-0000-7000-8000-000000000001"
    put = await center.http.put(path, json=shift)
    assert put.json()["starts_at"] == "2026-03-02T00:00:00Z", "the clock on the site's wall"
    assert (await center.http.delete(path)).status_code == 204
