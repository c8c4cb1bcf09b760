"""A center whose writer dies ends, tells everybody who waits, and acknowledges nothing more."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from mission_planner.store.protocol import Tx
from patrol_core.errors import Unavailable
from tests.unit.mission_planner.world import world

pytestmark = pytest.mark.anyio


class Panic(BaseException):
    """What a Rust extension raises: no `Exception`."""


def causes(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [c for e in group.exceptions for c in (causes(e) if isinstance(e, BaseExceptionGroup) else [e])]


async def test_the_process_ends_and_no_publisher_is_left_hanging(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()
    gone, acknowledged = threading.Event(), threading.Event()

    def panics(_tx: Tx) -> None:
        begun.set()
        go_on.wait(60)
        raise Panic("a codec's panic")

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="sensor")
    client.on_disconnect = lambda *_: gone.set()
    client.on_publish = lambda *_: acknowledged.set()
    with pytest.raises(BaseExceptionGroup) as died:
        async with world(tmp_path / "c") as center:
            client.connect("127.0.0.1", center.center.mqtt_port)
            client.loop_start()
            dead = center.center.services.store.submit(panics)
            await asyncio.to_thread(begun.wait, 10)
            client.publish("xinghe/sensors/smoke-b1-1-1102/event", '{"state": "alarm"}', qos=1)
            go_on.set()
            with pytest.raises(Unavailable):
                await asyncio.wrap_future(dead)
            await asyncio.sleep(30)  # the center's end cuts this short
    assert any(str(c) == "the store's writer died: Panic: a codec's panic" for c in causes(died.value))
    assert await asyncio.to_thread(gone.wait, 10), "the publisher hears that nobody is there"
    client.disconnect()
    client.loop_stop()
    assert not acknowledged.is_set()
