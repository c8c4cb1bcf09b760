"""The telemetry lane behind a real Mosquitto: changes become incidents, values are kept, nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mission_planner.incidents.telemetry.broker import Broker
from tests.helpers.mosquitto import Mosquitto, mosquitto, needs_broker
from tests.unit.mission_planner.world import World, soon, world

pytestmark = [pytest.mark.anyio, needs_broker]
HEADER = "id,kind,name_en,building,external_id\n"


@pytest.fixture
def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    with mosquitto(tmp_path, persistent=True) as running:
        yield running  # type: ignore[misc]


@pytest.fixture
async def center(tmp_path: Path, broker: Mosquitto) -> AsyncIterator[World]:
    follows = Broker(
        host="127.0.0.1",
        port=broker.port,
        username=None,
        password=None,
        topics=("xinghe/sensors/+/event", "zigbee2mqtt/#"),
    )
    async with world(tmp_path / "center", telemetry=follows) as running:
        devices = HEADER + "".join(f"bin-{i},bin_level,Bin {i},b1,\n" for i in range(50))
        devices += "leak-1,flood,Cellar,b1,0x00158d0001\n"
        answer = await running.http.post("/sensors/import", content=devices, headers={"Content-Type": "text/csv"})
        assert answer.json()["added"] == 51, answer.text
        await soon(lambda: running.center.telemetry is not None and running.center.telemetry.trouble is None)
        yield running


def word(state: str = "normal", **fields: Any) -> str:
    return json.dumps({"state": state, **fields})


async def device(center: World, device_id: str) -> dict[str, Any]:
    return dict((await center.http.get(f"/sensors/{device_id}")).json())


async def test_a_value_is_shown_and_kept_and_a_change_becomes_an_incident(center: World, broker: Mosquitto) -> None:
    topic = "xinghe/sensors/bin-1/event"
    await asyncio.to_thread(broker.publish, [(topic, word(value=40, unit="%", battery_pct=77, boot="b", seq=1))])

    async def shown() -> bool:
        return bool((await device(center, "bin-1"))["value"] == 40)

    await soon(shown)
    seen = await device(center, "bin-1")
    assert (seen["unit"], seen["battery_pct"], seen["state"], seen["lane"]) == ("%", 77, "normal", "telemetry")
    assert seen["health"]["state"] == "ok"
    assert (await center.http.get("/incidents")).json()["items"] == []
    history = (await center.http.get("/sensors/bin-1/history")).json()
    assert [(p["value"], p["state"]) for p in history["points"]] == [(40, "normal")]

    await asyncio.to_thread(broker.publish, [(topic, word("alarm", value=96, unit="%", boot="b", seq=2))])

    async def opened() -> Any:
        return (await center.http.get("/incidents")).json()["items"]

    (incident,) = await soon(opened)
    assert (incident["kind"], incident["source"]["id"]) == ("bin_overflow", "bin-1")
    await asyncio.to_thread(broker.publish, [(topic, word(value=2, unit="%", boot="b", seq=3))])

    async def cleared() -> bool:
        (now,) = await opened()
        return now["source_cleared_at"] is not None

    await soon(cleared)


async def test_another_systems_device_is_understood_by_its_external_id(center: World, broker: Mosquitto) -> None:
    leak = json.dumps({"water_leak": True, "battery": 60, "linkquality": 110})
    await asyncio.to_thread(broker.publish, [("zigbee2mqtt/0x00158d0001", leak), ("zigbee2mqtt/nobody", leak)])

    async def alarm() -> bool:
        return bool((await device(center, "leak-1"))["state"] == "alarm")

    await soon(alarm)

    async def aside() -> Any:
        return (await center.http.get("/sensors/set-aside")).json()["items"]

    (stranger,) = await soon(aside)
    assert 'external_id "nobody"' in stranger["because"]


async def test_every_acknowledged_message_is_handled_across_restarts_of_the_broker(
    center: World, broker: Mosquitto
) -> None:
    lane = center.center.telemetry
    assert lane is not None

    def some(first: int) -> list[tuple[str, str]]:
        return [
            (f"xinghe/sensors/bin-{i % 50}/event", word(value=i % 97, boot=f"b{first}", seq=i))
            for i in range(first, first + 2_000)
        ]

    before = lane.counters.handled
    await asyncio.to_thread(broker.publish, some(0))
    await soon(lambda: lane.counters.handled - before >= 2_000)
    await asyncio.to_thread(broker.stop)
    await soon(lambda: lane.trouble is not None)
    await asyncio.to_thread(broker.start)
    await asyncio.to_thread(broker.publish, some(2_000))
    await soon(lambda: lane.counters.handled - before >= 4_000)
    assert lane.trouble is None


async def test_what_comes_while_the_center_is_away_waits_at_the_broker(tmp_path: Path, broker: Mosquitto) -> None:
    follows = Broker(
        host="127.0.0.1", port=broker.port, username=None, password=None, topics=("xinghe/sensors/+/event",)
    )
    async with world(tmp_path / "center", telemetry=follows) as running:
        lane = running.center.telemetry
        assert lane is not None
        await soon(lambda: lane.trouble is None)
        known = (await running.http.get("/sensors", params={"kind": "manhole", "limit": 1})).json()["items"][0]
    topic = f"xinghe/sensors/{known['device_id']}/event"
    await asyncio.to_thread(broker.publish, [(topic, word("alarm", boot="b", seq=1))])
    async with world(tmp_path / "center", telemetry=follows) as running:

        async def alarm() -> bool:
            return bool((await device(running, known["device_id"]))["state"] == "alarm")

        await soon(alarm)
