"""What the API says of an order that nobody has taken: who hears of it next, and when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.unit.mission_planner.world import soon, world

pytestmark = pytest.mark.anyio
SMOKE = "smoke-b1-1-0301"


async def test_an_order_shows_who_is_told_next_until_it_is_taken(tmp_path: Path) -> None:
    async with world(tmp_path) as center:
        li = {"username": "li", "display_name": "李四", "roles": ["field"], "password": "walks-at-night-7"}
        await center.post("/accounts", li, status=201)
        await center.alarm(SMOKE)

        async def opened() -> str | None:
            items = (await center.get("/incidents", kind="smoke"))["items"]
            return str(items[0]["incident_id"]) if items else None

        incident_id = await soon(opened)
        (order,) = (await center.post(f"/incidents/{incident_id}/dispatch", {"to": "li"}))["orders"]
        left = datetime.fromisoformat(order["next_at"]) - datetime.fromisoformat(order["ordered_at"])
        assert left.total_seconds() == 60
        assert order["next_tell"] == {"zh": "李四", "en": "李四"}
        assert order["may_take"] is True
        center.http.cookies.clear()
        login = {"username": "li", "password": "walks-at-night-7"}
        assert (await center.http.post("/session", json=login)).status_code == 200
        (taken,) = (await center.post(f"/incidents/{incident_id}/take"))["orders"]
        assert taken["taken_at"] is not None
        assert (taken["next_at"], taken["next_tell"], taken["may_take"]) == (None, None, False)
