"""What a device of the life lane said, over time, as the console's chart asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mission_planner.incidents.telemetry.points import PointStore
from tests.unit.mission_planner.world import World, soon, world

pytestmark = pytest.mark.anyio
DETECTOR, BUTTON = "smoke-b1-1-1102", "sos-button-b1-1-1102"


async def points(center: World, device_id: str, hours: float = 24) -> list[tuple[str, float | None]]:
    """State and value, oldest first."""
    told = await center.get(f"/sensors/{device_id}/history", hours=hours)
    assert [p["at"] for p in told["points"]] == sorted(p["at"] for p in told["points"])
    return [(p["state"], p["value"]) for p in told["points"]]


async def settled(center: World, device_id: str, state: str, value: float | None) -> dict[str, Any]:
    """The device, once it is known to have said so."""

    async def known() -> dict[str, Any] | None:
        seen = await center.get(f"/sensors/{device_id}")
        return seen if (seen["state"], seen["value"]) == (state, value) else None

    return await soon(known)


async def test_a_detectors_alarm_and_its_end_are_points_at_once(center: World) -> None:
    assert await points(center, DETECTOR) == []
    await center.alarm(DETECTOR, value=0.41, unit="%/m")
    await settled(center, DETECTOR, "alarm", 0.41)
    assert await points(center, DETECTOR) == [("alarm", 0.41)]
    await center.alarm(DETECTOR, state="normal", value=0.02, unit="%/m")
    await settled(center, DETECTOR, "normal", 0.02)
    assert await points(center, DETECTOR, hours=0.5) == [("alarm", 0.41), ("normal", 0.02)]
    assert await points(center, BUTTON) == [], "of others nothing"


async def test_repeats_of_an_alarm_are_one_point(center: World) -> None:
    for number in range(20):
        await center.alarm(BUTTON, boot="b", seq=number)

    async def opened() -> list[dict[str, Any]]:
        return list((await center.get("/incidents"))["items"])

    (incident,) = await soon(opened)

    async def all_in() -> bool:
        its = await center.get(f"/incidents/{incident['incident_id']}")
        return bool(its["findings_total"] + its["repeats"] == 20)

    await soon(all_in)
    assert await points(center, BUTTON) == [("alarm", None)]


async def test_a_restart_keeps_the_history_the_last_value_and_its_age(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        await center.alarm(DETECTOR, value=0.41, unit="%/m", battery_pct=66)
        before = await settled(center, DETECTOR, "alarm", 0.41)
        told = await points(center, DETECTOR)
    async with world(tmp_path / "c") as center:
        after = await settled(center, DETECTOR, "alarm", 0.41)
        same = ("state", "value", "unit", "battery_pct", "last_seen_at", "last_value_at")
        assert {name: after[name] for name in same} == {name: before[name] for name in same}
        assert await points(center, DETECTOR) == told


async def test_a_disk_that_keeps_no_values_is_told_and_the_alarm_is_taken_all_the_same(
    center: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_points: PointStore, _rows: object) -> None:
        raise OSError(28, "No space left on device")

    async def told() -> str | None:
        (store,) = (p for p in center.center.services.health.parts() if p.name == "store")
        return store.because.en if store.because is not None else None

    monkeypatch.setattr(PointStore, "append", full)
    await center.alarm(DETECTOR, value=0.41)
    await settled(center, DETECTOR, "alarm", 0.41)
    assert await points(center, DETECTOR) == []
    assert "No space left" in str(await soon(told))
    monkeypatch.undo()
    assert await points(center, DETECTOR) == [("alarm", 0.41)], "found again once there is room"
