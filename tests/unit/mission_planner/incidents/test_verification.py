"""Somebody goes to look; and when that one cannot, somebody else, or a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from mission_planner.bus import Work
from mission_planner.fleet.progress import TakeState, take_state
from mission_planner.incidents.cursor import take_finding
from mission_planner.incidents.lifecycle import DecideIncident, decide_incident
from mission_planner.incidents.verification import LookAfter, look_after
from mission_planner.store import incidents, missions
from mission_planner.store import tried as tried_robots
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.missions import MissionRow
from mission_planner.store.robots import LastWord
from mission_planner.store.sqlite import SqliteStore
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, Close, MarkFalseAlarm, Verification
from patrol_core.kind import IncidentKind
from patrol_core.mission import MissionState
from patrol_core.orders import OrderKind
from patrol_core.site import NO_WORDS, Site, Text
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, now_of, state, work

pytestmark = pytest.mark.anyio
T = TypeVar("T")
HERE = Point2(50, 10)


class Scene:
    """One alarm at one place."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.robots: dict[str, Any] = {}
        self.sent: list[Any] = []

    async def do(self, what: Callable[[Work], T]) -> T:
        works: list[Work] = []

        def run(tx: Any) -> T:
            works.append(work(tx, self.site, **self.robots))
            return what(works[-1])

        result = await self.store.write(run)
        self.sent.extend(works[-1].orders)
        return result

    async def alarm(self, position_m: Point2 | None = HERE) -> None:
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.CAMERA, source_id="cam-1"),
            kind=IncidentKind.PERSON_FALLEN,
            phase=Phase.RAISED,
            position_m=position_m,
            observed_at=AT,
            confidence=0.9,
        )
        await self.do(lambda w: take_finding(w, finding))

    async def says(self, robot_id: str, **changes: Any) -> None:
        command = TakeState(word=LastWord(state=state(robot_id, **changes), heard_at=AT), matters=True)
        await self.do(lambda w: take_state(w, command))

    async def tick(self) -> None:
        await self.do(lambda w: look_after(w, LookAfter()))

    @property
    async def row(self) -> IncidentRow:
        page = await self.store.read(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=9, after=None))
        (row,) = page.items
        return row

    @property
    async def active(self) -> tuple[MissionRow, ...]:
        return await self.store.read(missions.active)


@pytest.fixture
def scene(store: SqliteStore, site: Site) -> Scene:
    return Scene(store, site)


async def test_a_robot_that_fell_silent_before_it_took_the_order_is_replaced(scene: Scene) -> None:
    await scene.alarm()
    assert (await scene.row).verify_robot_id == "r1"
    scene.robots["r1"] = now_of(scene.site, "r1", silence_s=8.0)
    await scene.tick()
    row = await scene.row
    assert (row.verify_robot_id, row.incident.verification) == ("r2", Verification.SENT)
    assert row.verification_because is not None
    assert "一号不可用" in row.verification_because.zh
    kinds = [(o.robot_id, o.kind) for o in scene.sent]
    assert ("r1", OrderKind.CANCEL) in kinds, "so that it does not go too when it comes back"


async def test_a_robot_that_took_the_order_and_then_fell_silent_keeps_it(scene: Scene) -> None:
    await scene.alarm()
    (mission,) = await scene.active
    scene.robots["r1"] = now_of(scene.site, "r1", silence_s=8.0, order_epoch=mission.start_epoch)
    await scene.tick()
    assert (await scene.row).verify_robot_id == "r1"


async def test_a_refusal_sends_the_other_robot(scene: Scene) -> None:
    await scene.alarm()
    await scene.says("r1", order_epoch=1, refused=Text.same("电量 9 %，不能出发"))
    row = await scene.row
    assert row.verify_robot_id == "r2"
    tried = await scene.store.read(lambda tx: tried_robots.of_incident(tx, row.incident.incident_id))
    assert tried["r1"].zh == "电量 9 %，不能出发"


async def test_a_place_nobody_knows_cannot_be_looked_at_and_says_so(scene: Scene) -> None:
    await scene.alarm(position_m=None)
    row = await scene.row
    assert row.incident.verification is Verification.FAILED
    assert row.verification_because is not None
    assert row.verification_because.zh == "事件位置未知，无法派机器人"


async def test_a_place_no_lane_faces_cannot_be_looked_at_and_says_so(scene: Scene) -> None:
    await scene.alarm(position_m=Point2(9_000, 9_000))
    row = await scene.row
    assert row.incident.verification is Verification.FAILED
    assert row.verification_because is not None
    assert row.verification_because.zh == "路网上没有能看到该处的位置"


async def test_waiting_ends_when_a_robot_can_go_and_writes_nothing_meanwhile(scene: Scene) -> None:
    scene.robots = {r: now_of(scene.site, r, battery_pct=5.0) for r in scene.site.robots}
    await scene.alarm()
    before = await scene.row
    await scene.tick()
    assert await scene.row == before
    scene.robots = {}
    await scene.tick()
    assert (await scene.row).incident.verification is Verification.SENT


async def test_acknowledging_does_not_call_the_robot_off_but_ending_does(scene: Scene) -> None:
    await scene.alarm()
    row = await scene.row
    incident_id = row.incident.incident_id
    await scene.do(
        lambda w: decide_incident(w, DecideIncident(incident_id=incident_id, command=Acknowledge(by="admin")))
    )
    assert [o.kind for o in scene.sent] == [OrderKind.START]
    close = DecideIncident(incident_id=incident_id, command=Close(by="admin", note="已处理"))
    await scene.do(lambda w: decide_incident(w, close))
    assert [o.kind for o in scene.sent] == [OrderKind.START, OrderKind.CANCEL]
    assert scene.sent[-1].because == Text(zh="admin 结束了事件", en="incident ended by admin")
    assert (await scene.row).incident.verification is Verification.NOT_NEEDED
    await scene.tick()
    assert len(scene.sent) == 2


async def test_a_look_that_ends_after_the_incident_sends_nobody_else(scene: Scene) -> None:
    await scene.alarm()
    row = await scene.row
    false = DecideIncident(incident_id=row.incident.incident_id, command=MarkFalseAlarm(by="admin", note="有人弯腰"))
    await scene.do(lambda w: decide_incident(w, false))
    await scene.says("r1", order_epoch=2, refused=Text.same("机器人没有这个任务"))
    assert await scene.active == ()
    assert len(scene.sent) == 2


async def test_a_mission_done_before_its_entry_came_waits_for_the_entry(scene: Scene) -> None:
    from patrol_core.robot import MissionProgress

    await scene.alarm()
    (mission,) = await scene.active
    done = MissionProgress(
        mission_id=mission.mission_id,
        epoch=1,
        state=MissionState.DONE,
        because=NO_WORDS,
        done=1,
        total=1,
        next_checkpoint_id=None,
    )
    await scene.says("r1", order_epoch=1, missions=(done,))
    assert (await scene.row).incident.verification is Verification.SENT
    assert replace(mission).mission_id == (await scene.row).incident.verify_mission_id
