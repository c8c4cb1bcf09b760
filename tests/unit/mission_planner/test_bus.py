"""Commands: one transaction each, audited, and their effects follow the commit whatever the caller does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from mission_planner.bus import Act, Bus, Command, Work
from mission_planner.fleet.live import Fleet
from mission_planner.site_time import SiteTime
from mission_planner.store import events, schema
from mission_planner.store.events import Subject
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import ClockUnknown, Conflict
from patrol_core.ids import uuid7
from patrol_core.orders import Order, OrderKind
from patrol_core.site import NO_WORDS, Site
from tests.unit.mission_planner.world import soon

pytestmark = pytest.mark.anyio
ACT = Act(who="admin", action="robot.order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Poke(Command[str]):
    robot_id: str = "r1"
    fails: bool = False

    @property
    def target(self) -> str:
        return f"robot {self.robot_id}"


def poke(work: Work, command: Poke) -> str:
    work.changed(Subject.ROBOT, command.robot_id)
    work.send(
        Order(
            order_id=uuid7(),
            robot_id=command.robot_id,
            epoch=1,
            issued_at=work.now,
            kind=OrderKind.DOCK,
            because=NO_WORDS,
        )
    )
    if command.fails:
        raise Conflict("no")
    return "done"


class Rig:
    def __init__(self, store: SqliteStore, site: Site, speed: float = 1.0) -> None:
        clock = SiteTime(speed)
        self.store = store
        self.performed: list[Work] = []
        self.bus = Bus(
            store=store,
            site=site,
            fleet=Fleet(site, clock, known={}),
            clock=clock,
            handlers={Poke: poke},
            after_commit=self.performed.append,
        )

    async def audit(self) -> list[tuple[str, str, str]]:
        query = select(schema.audit.c.who, schema.audit.c.action, schema.audit.c.target)
        return await self.store.read(lambda tx: [tuple(row) for row in tx.conn.execute(query)])


@pytest.fixture
def rig(store: SqliteStore, site: Site) -> Rig:
    return Rig(store, site)


async def test_a_command_answers_and_its_orders_and_events_follow(rig: Rig) -> None:
    assert await rig.bus.handle(Poke(), act=ACT) == "done"
    (work,) = rig.performed
    assert [o.robot_id for o in work.orders] == ["r1"]
    (change,) = await rig.store.read(lambda tx: events.after(tx, 0, 10))
    assert (change.subject, change.subject_id, change.audience) == (Subject.ROBOT, "r1", "robot.view")
    assert await rig.audit() == [("admin", "robot.order", "robot r1")]


async def test_what_a_person_does_is_told_before_what_waits_and_what_is_done_by_itself_is_not(rig: Rig) -> None:
    await rig.bus.handle(Poke(), act=ACT)
    await rig.bus.handle(Poke(robot_id="r2"))
    assert [list(work.hurried) for work in rig.performed] == [[(Subject.ROBOT, "r1")], []]


async def test_a_command_that_fails_leaves_nothing_behind(rig: Rig) -> None:
    with pytest.raises(Conflict):
        await rig.bus.handle(Poke(fails=True), act=ACT)
    assert rig.performed == []
    assert await rig.audit() == []
    assert await rig.store.read(lambda tx: events.after(tx, 0, 10)) == ()


async def test_a_caller_that_goes_away_does_not_keep_the_order_from_the_robot(rig: Rig) -> None:
    calling = asyncio.ensure_future(rig.bus.handle(Poke(), act=ACT))
    await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await soon(lambda: rig.performed)


async def test_before_the_simulator_said_its_time_a_command_is_refused_with_a_sentence(
    store: SqliteStore, site: Site
) -> None:
    with pytest.raises(ClockUnknown, match="/clock"):
        await Rig(store, site, speed=10.0).bus.handle(Poke())
