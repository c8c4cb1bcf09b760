"""Group commit without sockets: what is acknowledged, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from mission_planner.incidents.ingest.intake import Intake, IntakeLimits, Waiting
from mission_planner.incidents.ingest.message import RawMessage
from patrol_core.errors import Unavailable

pytestmark = pytest.mark.anyio
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Desk:
    """A sink and the callbacks of an intake, and what they were told."""

    def __init__(self, limits: IntakeLimits | None = None) -> None:
        self.batches: list[list[bytes]] = []
        self.kept: list[str] = []
        self.lost: list[str] = []
        self.space = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails_with: BaseException | None = None
        self.intake: Intake[str] = Intake(
            self.sink,
            on_kept=lambda batch: self.kept.extend(w.sender for w in batch),
            on_lost=lambda batch, _because: self.lost.extend(w.sender for w in batch),
            on_space=self.on_space,
            limits=limits,
        )

    async def sink(self, batch: Sequence[RawMessage]) -> None:
        await self.gate.wait()
        if self.fails_with is not None:
            raise self.fails_with
        self.batches.append([m.payload for m in batch])

    def on_space(self) -> None:
        self.space += 1

    def add(self, *payloads: bytes) -> None:
        for payload in payloads:
            message = RawMessage(
                topic="t", payload=payload, qos=1, retain=False, client_id="c", username=None, received_at=AT
            )
            self.intake.add(Waiting(message, payload.decode()))


async def settled(desk: Desk) -> None:
    async with asyncio.timeout(5):
        await desk.intake.drained()


async def test_what_came_during_a_commit_is_the_next_batch() -> None:
    desk = Desk()
    desk.gate.clear()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(desk.intake.run())
        desk.add(b"1")
        while desk.intake.waiting:
            await asyncio.sleep(0)
        desk.add(b"2", b"3")
        assert desk.kept == []
        desk.gate.set()
        await settled(desk)
        running.cancel()
    assert desk.batches == [[b"1"], [b"2", b"3"]]
    assert desk.kept == ["1", "2", "3"]


async def test_a_batch_is_never_larger_than_its_bound() -> None:
    desk = Desk(IntakeLimits(batch_messages=2))
    desk.add(b"1", b"2", b"3", b"4", b"5")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(desk.intake.run())
        await settled(desk)
        running.cancel()
    assert [len(b) for b in desk.batches] == [2, 2, 1]
    assert desk.space == 3, "each batch that left made room"


async def test_full_by_count_and_by_bytes() -> None:
    by_count = Desk(IntakeLimits(waiting_messages=2))
    by_count.add(b"1")
    assert not by_count.intake.full
    by_count.add(b"2")
    assert by_count.intake.full
    by_bytes = Desk(IntakeLimits(waiting_bytes=100))
    by_bytes.add(bytes(98).replace(b"\0", b"x"))
    assert not by_bytes.intake.full
    by_bytes.add(b"y")
    assert by_bytes.intake.full


async def test_a_failed_commit_is_lost_as_a_whole_and_the_next_one_clears_the_trouble() -> None:
    desk = Desk()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(desk.intake.run())
        desk.fails_with = OSError("disk full")
        desk.add(b"1", b"2")
        await settled(desk)
        assert (desk.lost, desk.kept) == (["1", "2"], [])
        assert desk.intake.trouble == "the store did not commit: OSError: disk full"
        desk.fails_with = None
        desk.add(b"3")
        await settled(desk)
        running.cancel()
    assert (desk.kept, desk.intake.trouble) == (["3"], None)


async def test_a_commit_that_takes_too_long_is_lost() -> None:
    desk = Desk(IntakeLimits(sink_timeout_s=0.05))
    desk.gate.clear()
    desk.add(b"1")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(desk.intake.run())
        await settled(desk)
        running.cancel()
    assert desk.lost == ["1"]
    assert "within 0.05 s" in (desk.intake.trouble or "")


async def test_a_sink_that_dies_ends_the_intake_with_its_reason() -> None:
    class Panic(BaseException):
        pass

    desk = Desk()
    desk.fails_with = Panic("oh")
    desk.add(b"1")
    with pytest.raises(Unavailable, match="the store died: Panic: oh"):
        await desk.intake.run()
    assert desk.lost == ["1"]
