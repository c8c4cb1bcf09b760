"""Many incidents drawn at once are as each drawn alone, for the same number of questions however many they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from mission_planner.api.views.common import See
from mission_planner.api.views.incidents import incident_views
from mission_planner.store import incidents
from mission_planner.store.protocol import Tx
from tests.unit.mission_planner.world import World, soon

pytestmark = pytest.mark.anyio
DEVICES = ("smoke-b1-1-1102", "sos-b1-1-1103")


async def opened(center: World) -> list[dict[str, Any]]:
    """An incident for each device, with what hangs on one: lines, findings, an order, a clock, notices."""
    for number, device in enumerate(DEVICES):
        await center.alarm(device, value=0.3)
        await center.alarm(device, value=0.4)

        async def there(wanted: int = number + 1) -> list[dict[str, Any]]:
            found = list((await center.get("/incidents"))["items"])
            return found if len(found) >= wanted else []

        found = await soon(there)
    first, second = (i["incident_id"] for i in found[:2])
    await center.post(f"/incidents/{first}/dispatch", {"to": "admin", "note": "去看看"})
    await center.post(f"/incidents/{second}/note", {"note": "等一下"}, status=200)
    return found


async def test_a_list_shows_each_incident_as_it_is_shown_alone(center: World) -> None:
    await opened(center)
    listed = (await center.get("/incidents"))["items"]
    assert len(listed) == len(DEVICES)
    assert any(i["orders"] for i in listed)
    assert all(i["timeline"] and i["findings"] and i["sla"] for i in listed)
    for one in listed:
        assert await center.get(f"/incidents/{one['incident_id']}") == one


async def test_many_cost_as_many_questions_as_one(center: World) -> None:
    await opened(center)
    services = center.center.services

    def asked(tx: Tx, limit: int) -> list[str]:
        rows = incidents.newest(tx, states=(), kinds=(), limit=limit, after=None).items
        see = See(tx=tx, site=services.site, fleet=services.fleet.now(), now=datetime.now(UTC))
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(tx.conn, "before_cursor_execute", note)
        views = incident_views(see, rows)
        event.remove(tx.conn, "before_cursor_execute", note)
        assert len(views) == limit
        return statements

    one = await services.store.read(lambda tx: asked(tx, 1))
    many = await services.store.read(lambda tx: asked(tx, len(DEVICES)))
    assert len(many) == len(one)
