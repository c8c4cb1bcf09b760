"""Everything that the API's own description allows, and much that it does not, is asked of a real center.

It never fails (no 5xx), and answers only with statuses that its description names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.helpers import postgres
from tests.unit.mission_planner.world import World, soon, world

# Not asked: the first never ends, the others end the session that asks.
LEFT_OUT = {("GET", "/api/v1/events"), ("DELETE", "/api/v1/session"), ("PUT", "/api/v1/session/password")}
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
DIGEST = hashlib.sha256(JPEG).hexdigest()


@dataclass(frozen=True)
class Asked:
    """A running center, who asks, and things that really are there."""

    schema: Any
    session: requests.Session
    known: dict[str, str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with asking(tmp_path_factory.mktemp("asked") / "c") as ready:
        yield ready


@contextmanager
def asking(data: Path, **chosen: Any) -> Iterator[Asked]:
    """A center on a real port, for as long as the block lasts."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(world(data, **chosen)) as center,
    ):
        known = portal.call(_things, center)
        url = f"http://127.0.0.1:{center.center.http_port}"
        session = requests.Session()
        session.headers["X-Ronda"] = "1"
        session.cookies.update(dict(center.http.cookies))
        token = (center.center.settings.data / "enroll" / "r1.token").read_text().strip()
        session.headers["Authorization"] = f"Bearer {token}"
        schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
        schema.config.update(base_url=url)
        yield Asked(schema=schema, session=session, known=known)
        session.close()


async def _things(center: World) -> dict[str, str]:
    """Ids that lead somewhere: without them almost every answer would be 404."""
    center.robot("r1").speak()
    await center.alarm("smoke-b1-1-1102", value=0.3)

    async def opened() -> dict[str, Any] | None:
        items = (await center.get("/incidents"))["items"]
        return items[0] if items else None

    incident = await soon(opened)
    body = {"name": "夜巡", "viewpoint_ids": sorted(center.site.viewpoints)[:2], "rrule": "FREQ=DAILY"}
    body |= {"starts_at": "2026-03-02T20:00", "timezone": "Asia/Shanghai"}
    patrol = await center.post("/patrols", body, status=201)
    missions = (await center.get("/missions"))["items"]
    token = (center.center.settings.data / "enroll" / "r1.token").read_text().strip()
    async with httpx.AsyncClient(base_url=center.http.base_url, headers={"X-Ronda": "1"}, timeout=60) as robot:
        await robot.put(f"/evidence/{DIGEST}", content=JPEG, headers={"Authorization": f"Bearer {token}"})
    return {
        "incident_id": incident["incident_id"],
        "patrol_id": patrol["patrol_id"],
        "mission_id": missions[0]["mission_id"] if missions else incident["incident_id"],
        "robot_id": "r1",
        "device_id": "smoke-b1-1-1102",
        "digest": DIGEST,
        "username": "nobody",
        "finding_id": incident["findings"][0]["finding_id"],
    }


def ask_everything(asked: Asked, *, examples: int) -> int:
    """Ask every operation so many things; how many answers came."""
    faults: dict[tuple[str, int], str] = {}  # one for each operation and status
    answers = 0
    for found in asked.schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) in LEFT_OUT:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            quick = settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )

            @quick
            @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
            def ask(case: Any, real: bool) -> None:
                nonlocal answers
                if real:
                    for name in case.path_parameters or {}:
                        case.path_parameters[name] = asked.known.get(name, case.path_parameters[name])
                response = case.call(session=asked.session, timeout=20)
                answers += 1
                named = {str(status) for status in case.operation.definition.raw.get("responses", {})}
                status = response.status_code
                if status >= 500 or str(status) not in named:
                    faults[case.operation.label, status] = (
                        f"{case.method} {case.formatted_path} -> {status}, named {sorted(named)}: {response.text[:300]}"
                        f"\n    {case.query or ''} {case.body!r:.200}"
                    )

            try:
                ask()
            except schemathesis.errors.SchemathesisError as error:  # nothing wrong can be sent to this one
                assert mode is GenerationMode.NEGATIVE, error
            except Exception as error:
                if type(error).__name__ not in ("Unsatisfiable", "SkipTest", "Skipped"):
                    raise
    if faults:
        pytest.fail(f"{answers} answers, {len(faults)} kinds of fault:\n" + "\n".join(sorted(faults.values())))
    return answers


def test_whatever_is_asked_the_api_never_fails_and_says_what_it_said_it_would(asked: Asked) -> None:
    assert ask_everything(asked, examples=3) > 300


@pytest.mark.prove
@pytest.mark.timeout(3_000)
def test_much_more_is_asked(asked: Asked) -> None:
    assert ask_everything(asked, examples=100) > 8_000


@pytest.mark.prove
@pytest.mark.timeout(3_000)
def test_postgresql_refuses_what_it_cannot_hold_and_never_fails_either(tmp_path: Path) -> None:
    server = postgres.server()
    with asking(tmp_path / "c", store=server.database()) as asked:
        assert ask_everything(asked, examples=25) > 2_000
