"""Eyes see somebody on the ground: one incident for one person, a robot that waits there, and who lets it go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from mission_planner.fleet.dispatch import LOOK, why_not
from mission_planner.fleet.ordering import SteerRobot, steer_robot
from mission_planner.incidents import attendance, lifecycle
from mission_planner.incidents.attendance import ReleaseRobot, release_robot
from mission_planner.incidents.fusion import Join, open_one_for
from mission_planner.incidents.grouping import SAME_SOURCE, SEEN_BETTER, locus_of
from mission_planner.store import incidents, missions, orders
from mission_planner.store.incidents import Entry, IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Conflict
from patrol_core.finding import Finding
from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty, Close, Reopen, Verification
from patrol_core.kind import IncidentKind, Priority
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity
from patrol_core.site import Site, Text
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.incidents.taking import Center, fallen, of_finding
from tests.unit.mission_planner.world import AT, DIGEST, now_of, work

pytestmark = pytest.mark.anyio
HERE = Point2(50, 10)
R2 = Source(kind=SourceKind.ROBOT, source_id="r2")
MAST = Source(kind=SourceKind.CAMERA, source_id="mast-1")


def confirmed(**changes: Any) -> Finding:
    return fallen(certainty=Certainty.CONFIRMED, model="blaze 0123", confidence=0.93, **changes)


def suspected(**changes: Any) -> Finding:
    return fallen(certainty=Certainty.SUSPECTED, model="blaze 0123", confidence=0.4, **changes)


class Scene(Center):
    """A center whose robots attend."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        super().__init__(store, site)
        self.says("r2")

    def says(self, robot_id: str, activity: Activity = Activity.IDLE, *, at: Point2 = HERE, because: str = "") -> None:
        pose = Pose2(x_m=at.x_m, y_m=at.y_m + 3)
        self.robots[robot_id] = now_of(self.site, robot_id, activity=activity, pose=pose, because=Text.same(because))

    async def settle(self, robot_id: str) -> None:
        def run(tx: Tx) -> None:
            state = self.robots[robot_id].state
            orders.take(tx, robot_id, state.order_epoch, AT)
            attendance.settle(work(tx, self.site, **self.robots), state)

        await self.store.write(run)

    async def release(self, incident_id: UUID, note: str = "") -> None:
        command = ReleaseRobot(incident_id=incident_id, by="admin", note=note)
        await self.store.write(lambda tx: release_robot(work(tx, self.site, **self.robots), command))

    async def dock(self, robot_id: str) -> None:
        command = SteerRobot(robot_id=robot_id, kind=OrderKind.DOCK, by="admin")
        await self.store.write(lambda tx: steer_robot(work(tx, self.site, **self.robots), command))

    async def decide(self, incident_id: UUID, command: Any) -> None:
        decision = lifecycle.DecideIncident(incident_id=incident_id, command=command)
        await self.store.write(lambda tx: lifecycle.decide_incident(work(tx, self.site, **self.robots), decision))

    async def orders(self, robot_id: str) -> list[Order]:
        return list(await self.store.read(lambda tx: orders.untaken(tx, robot_id)))

    async def lines(self, incident_id: UUID) -> list[Entry]:
        return list(await self.store.read(lambda tx: incidents.entries(tx, incident_id)))

    async def only(self) -> IncidentRow:
        (row,) = await self.incidents()
        return row


@pytest.fixture
def scene(store: SqliteStore, site: Site) -> Scene:
    return Scene(store, site)


async def attended(scene: Scene) -> IncidentRow:
    """r1 confirmed somebody and waits there."""
    scene.says("r1", Activity.ATTENDING)
    await scene.take(of_finding(confirmed()))
    return await scene.only()


async def test_a_confirmed_fall_is_an_incident_with_its_photo_and_nobody_else_is_sent(scene: Scene) -> None:
    row = await attended(scene)
    incident = row.incident
    assert (incident.kind, incident.priority, incident.certainty) == (
        IncidentKind.PERSON_FALLEN,
        Priority.LIFE,
        Certainty.CONFIRMED,
    )
    assert (incident.verification, incident.evidence, incident.position_m) == (Verification.SEEN, (DIGEST,), HERE)
    assert incident.waiting_robot_id == "r1"
    assert await scene.store.read(missions.active) == ()
    opened, waits = await scene.lines(incident.incident_id)
    assert opened.text.en == "One confirms: person fallen (confidence 93%, model blaze 0123)"
    assert opened.text.zh == "一号 确认：人员摔倒（把握 93%，模型 blaze 0123）"
    assert opened.picture == DIGEST
    assert (waits.kind, waits.text.zh) == ("waits", "一号 守在现场，等人来")


async def test_a_suspicion_is_grave_from_the_start_and_becomes_certain(scene: Scene) -> None:
    await scene.take(of_finding(suspected()))
    row = await scene.only()
    assert (row.incident.priority, row.incident.certainty) == (Priority.LIFE, Certainty.SUSPECTED)
    await scene.take(of_finding(confirmed(position_m=Point2(52, 10))))
    row = await scene.only()
    assert (row.incident.certainty, row.incident.position_m) == (Certainty.CONFIRMED, Point2(52, 10))
    await scene.take(of_finding(suspected()))
    assert (await scene.only()).incident.certainty is Certainty.CONFIRMED, "never less sure again"
    assert [e.kind for e in await scene.lines(row.incident.incident_id)][:2] == ["opened", "confirmed"]


async def test_what_two_robots_and_a_mast_see_at_one_place_is_one_incident(scene: Scene) -> None:
    await scene.take(of_finding(suspected(source=MAST)))
    await scene.take(of_finding(confirmed(position_m=Point2(51, 11))))
    await scene.take(of_finding(confirmed(source=R2, position_m=Point2(49, 9))))
    assert len(await scene.incidents()) == 1


async def test_one_robot_sees_two_people_at_two_places(scene: Scene) -> None:
    await scene.take(of_finding(confirmed()), of_finding(confirmed(position_m=Point2(60, 10))))
    assert len(await scene.incidents()) == 2


async def test_a_suspicion_of_a_fixed_camera_is_looked_at_until_a_robot_has_a_picture(scene: Scene) -> None:
    await scene.take(of_finding(suspected(source=MAST)))
    sent = await scene.only()
    assert (sent.incident.verification, sent.verify_robot_id) == (Verification.SENT, "r2")
    await scene.take(of_finding(confirmed()))
    assert (await scene.only()).incident.verification is Verification.SEEN
    assert [o.kind for o in await scene.orders("r2")] == [OrderKind.START, OrderKind.CANCEL]


async def test_a_robot_without_a_picture_is_followed_by_another(scene: Scene) -> None:
    scene.says("r1", Activity.ATTENDING)
    await scene.take(of_finding(confirmed(evidence=())))
    row = await scene.only()
    assert (row.incident.verification, row.verify_robot_id) == (Verification.SENT, "r2")


async def test_the_second_robot_is_released_at_once_and_told_why(scene: Scene) -> None:
    await attended(scene)
    scene.says("r2", Activity.ATTENDING)
    await scene.take(of_finding(confirmed(source=R2)))
    row = await scene.only()
    assert row.incident.waiting_robot_id == "r1"
    (order,) = await scene.orders("r2")
    assert (order.kind, order.because.zh) == (OrderKind.RELEASE, "一号 已守在那里")
    await scene.settle("r2")
    assert len(await scene.orders("r2")) == 1, "it is told once"


async def test_the_order_of_word_and_finding_does_not_matter(scene: Scene) -> None:
    scene.says("r1", Activity.TRAVELLING)
    await scene.take(of_finding(confirmed()))
    assert (await scene.only()).incident.waiting_robot_id is None
    scene.says("r1", Activity.ATTENDING)
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id == "r1"


async def test_closed_while_the_robot_still_comes_nearer_it_is_released_all_the_same(scene: Scene) -> None:
    scene.says("r1", Activity.APPROACHING)
    await scene.take(of_finding(confirmed()))
    row = await scene.only()
    assert row.incident.waiting_robot_id == "r1"
    await scene.decide(row.incident.incident_id, Close(by="admin", note="是人偶"))
    assert [o.kind for o in await scene.orders("r1")] == [OrderKind.RELEASE]


async def test_a_robot_that_attends_elsewhere_is_not_noted_at_an_older_incident_of_its_own(scene: Scene) -> None:
    row = await attended(scene)
    await scene.release(row.incident.incident_id)
    await scene.store.write(lambda tx: orders.take(tx, "r1", 99, AT))
    elsewhere = Point2(0, 90)
    scene.says("r1", Activity.ATTENDING, at=elsewhere)
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id is None, "what it saw there is still on the way"
    await scene.take(of_finding(confirmed(position_m=elsewhere)))
    old, new = await scene.incidents()
    assert (old.incident.waiting_robot_id, new.incident.waiting_robot_id) == (None, "r1")


async def test_a_robot_that_must_leave_is_no_longer_said_to_wait_and_says_why(scene: Scene) -> None:
    row = await attended(scene)
    scene.says("r1", Activity.HOLDING, because="急停已按下")
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id == "r1", "it still stands there"
    scene.says("r1", Activity.RETURNING, because="电量低于 10 %")
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id is None
    assert (await scene.lines(row.incident.incident_id))[-1].text.en == "One has left the place: 电量低于 10 %"


async def test_an_operator_releases_it_once_and_again_without_harm(scene: Scene) -> None:
    row = await attended(scene)
    await scene.release(row.incident.incident_id, "保安到了")
    (order,) = await scene.orders("r1")
    assert (order.kind, order.incident_id) == (OrderKind.RELEASE, row.incident.incident_id)
    assert order.because.zh == "admin 让它离开：保安到了"
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id is None, "it has not heard yet, and is not noted again"
    await scene.release(row.incident.incident_id)
    assert len(await scene.orders("r1")) == 1
    assert [e.kind for e in await scene.lines(row.incident.incident_id)] == ["opened", "waits", "released"]


async def test_where_nobody_waits_nobody_can_be_released(scene: Scene) -> None:
    await scene.take(of_finding(confirmed(source=MAST)))
    with pytest.raises(Conflict, match="no robot waits"):
        await scene.release((await scene.only()).incident.incident_id)


async def test_closing_releases_it_and_reopening_does_not_call_it_back(scene: Scene) -> None:
    row = await attended(scene)
    await scene.decide(row.incident.incident_id, Close(by="admin", note="已送医"))
    assert (await scene.only()).incident.waiting_robot_id is None
    (order,) = await scene.orders("r1")
    assert order.kind is OrderKind.RELEASE
    await scene.decide(row.incident.incident_id, Reopen(by="admin"))
    await scene.settle("r1")
    assert (await scene.only()).incident.waiting_robot_id is None
    assert len(await scene.orders("r1")) == 1


async def test_a_robot_that_waits_is_docked_only_after_it_was_released(scene: Scene) -> None:
    row = await attended(scene)
    with pytest.raises(Conflict, match="release it at that incident first"):
        await scene.dock("r1")
    await scene.release(row.incident.incident_id)
    await scene.store.write(lambda tx: orders.take(tx, "r1", 99, AT))
    await scene.dock("r1")
    assert [o.kind for o in await scene.orders("r1")] == [OrderKind.RELEASE, OrderKind.DOCK], "no incident knows of it"


async def test_a_robot_that_attends_is_sent_nowhere_else(site: Site) -> None:
    for activity in (Activity.APPROACHING, Activity.ATTENDING):
        because = why_not(now_of(site, "r1", activity=activity), LOOK)
        assert because is not None
        assert because.en == "is beside somebody it saw itself"


async def test_what_a_robot_suspected_from_afar_is_what_it_confirms_from_near(scene: Scene) -> None:
    await scene.take(of_finding(suspected()))
    row = await scene.only()
    better = confirmed(position_m=Point2(56, 10))
    other = replace(better, source=R2)
    assert open_one_for(better, locus_of(better, scene.site), [row], AT) == Join(row=row, why=SEEN_BETTER)
    assert open_one_for(other, locus_of(other, scene.site), [row], AT) is None, "another robot suspected nothing"
    assert open_one_for(
        confirmed(position_m=None), locus_of(confirmed(position_m=None), scene.site), [row], AT
    ) == Join(row=row, why=SAME_SOURCE)
