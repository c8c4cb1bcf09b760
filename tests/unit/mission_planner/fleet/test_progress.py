"""What robots say about their missions: taken, followed, forgotten, refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.fleet.courier import Courier
from mission_planner.fleet.live import Fleet
from mission_planner.fleet.ordering import SteerMission, assign, steer_mission
from mission_planner.fleet.progress import TakeState, take_entry, take_state
from mission_planner.store import missions, orders
from mission_planner.store.missions import MissionRow
from mission_planner.store.robots import LastWord, all_last_words
from mission_planner.store.sqlite import SqliteStore
from patrol_core.clock import ManualClock
from patrol_core.errors import Conflict, NotFound
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import MissionProgress
from patrol_core.site import NO_WORDS, Site, Text
from tests.unit.mission_planner.world import AT, now_of, state, text, work

pytestmark = pytest.mark.anyio
T = TypeVar("T")
CHECKPOINTS = tuple(Checkpoint(checkpoint_id=c, pose=Pose2(x_m=0, y_m=0), name=Text.same(c)) for c in ("a", "b", "c"))


class Desk:
    """A mission of r1, and what is done about it."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.mission_id = uuid7()
        self.sent: list[Order] = []
        self.robots: dict[str, Any] = {}

    async def do(self, what: Callable[[Work], T]) -> T:
        works: list[Work] = []

        def run(tx: Any) -> T:
            works.append(work(tx, self.site, **self.robots))
            return what(works[-1])

        result = await self.store.write(run)
        self.sent.extend(works[-1].orders)
        return result

    async def order(self) -> None:
        row = await self.do(
            lambda w: assign(
                w,
                robot_id="r1",
                kind=MissionKind.PATROL,
                name=Text.same("夜巡"),
                checkpoints=CHECKPOINTS,
                because=text("x"),
            )
        )
        self.mission_id = row.mission_id

    async def says(self, mission_state: MissionState | None = None, because: str = "", **changes: Any) -> None:
        """The robot's word: it holds the mission in this state, or does not name it."""
        told = (
            MissionProgress(
                mission_id=self.mission_id,
                epoch=1,
                state=mission_state,
                because=Text.same(because),
                done=0,
                total=3,
                next_checkpoint_id="a",
            ),
        )
        word = state("r1", **{"order_epoch": 1, "missions": told if mission_state else (), **changes})
        self.robots["r1"] = now_of(self.site, "r1", order_epoch=word.order_epoch)
        command = TakeState(word=LastWord(state=word, heard_at=AT), matters=True)
        await self.do(lambda w: take_state(w, command))

    async def enters(self, checkpoint_id: str, **changes: Any) -> None:
        entry = LedgerEntry(
            report_id=uuid7(),
            mission_id=self.mission_id,
            robot_id="r1",
            checkpoint_id=checkpoint_id,
            outcome=Outcome.SEEN,
            because=NO_WORDS,
            at=AT,
            pose=None,
        )
        await self.do(lambda w: take_entry(w, replace(entry, **changes)))

    async def steers(self, kind: OrderKind) -> None:
        command = SteerMission(mission_id=self.mission_id, kind=kind, by="admin", note="雨大")
        await self.do(lambda w: steer_mission(w, command))

    @property
    async def row(self) -> MissionRow:
        return await self.store.read(lambda tx: missions.get(tx, self.mission_id))

    @property
    async def untaken(self) -> list[int]:
        return [o.epoch for o in await self.store.read(orders.untaken)]


@pytest.fixture
async def desk(store: SqliteStore, site: Site) -> Desk:
    desk = Desk(store, site)
    await desk.order()
    return desk


async def test_acceptance_is_the_robots_next_word(desk: Desk) -> None:
    assert (await desk.row).mission.state is MissionState.ASSIGNED
    assert await desk.untaken == [1]
    await desk.says(MissionState.UNDERWAY)
    row = await desk.row
    assert row.mission.state is MissionState.UNDERWAY
    assert row.started_at == AT
    assert await desk.untaken == []


async def test_the_last_word_is_kept_for_the_next_start(desk: Desk) -> None:
    await desk.says(MissionState.UNDERWAY)
    words = await desk.store.read(all_last_words)
    assert words["r1"].state.order_epoch == 1


async def test_a_refusal_ends_the_mission_with_the_robots_reason(desk: Desk) -> None:
    await desk.says(None, refused=Text.same("电量 9 %，不能出发"))
    row = await desk.row
    assert (row.mission.state, row.mission.because.zh) == (MissionState.REFUSED, "电量 9 %，不能出发")
    assert row.ended_at == AT


async def test_a_robot_that_lost_its_memory_is_given_what_is_left(desk: Desk) -> None:
    await desk.says(MissionState.UNDERWAY)
    await desk.enters("a")
    await desk.says(None)
    again = desk.sent[-1]
    assert (again.kind, again.epoch, again.mission_id) == (OrderKind.START, 2, desk.mission_id)
    assert [c.checkpoint_id for c in again.checkpoints] == ["b", "c"]
    await desk.says(None)
    assert desk.sent[-1].epoch == 2, "not again before it has taken that one"
    await desk.says(MissionState.UNDERWAY, order_epoch=2)
    assert (await desk.row).mission.state is MissionState.UNDERWAY


async def test_a_center_that_lost_its_data_numbers_above_what_the_robot_took(desk: Desk) -> None:
    desk.robots["r1"] = now_of(desk.site, "r1", order_epoch=57)
    await desk.order()
    assert desk.sent[-1].epoch == 58


async def test_cancelling_waits_for_the_robots_word(desk: Desk) -> None:
    await desk.says(MissionState.UNDERWAY)
    await desk.steers(OrderKind.CANCEL)
    row = await desk.row
    assert (row.mission.state, row.mission.because.zh) == (MissionState.UNDERWAY, "已下令取消，等待机器人确认")
    assert desk.sent[-1].because.zh == "admin 取消：雨大"
    await desk.says(MissionState.CANCELLED, "按指令取消", order_epoch=2)
    assert (await desk.row).mission.state is MissionState.CANCELLED


async def test_cancelling_a_mission_the_robot_does_not_have_cancels_it_and_orders_nothing_again(desk: Desk) -> None:
    await desk.steers(OrderKind.CANCEL)
    await desk.says(None, order_epoch=2, refused=Text.same("机器人没有这个任务"))
    assert (await desk.row).mission.state is MissionState.CANCELLED
    assert [o.kind for o in desk.sent] == [OrderKind.START, OrderKind.CANCEL]


@pytest.mark.parametrize(
    ("mission_state", "kind"),
    [
        (MissionState.UNDERWAY, OrderKind.RESUME),
        (MissionState.PAUSED, OrderKind.PAUSE),
        (MissionState.DONE, OrderKind.CANCEL),
    ],
)
async def test_an_order_that_means_nothing_now_is_refused(
    desk: Desk, mission_state: MissionState, kind: OrderKind
) -> None:
    await desk.says(mission_state)
    with pytest.raises(Conflict, match=mission_state.value):
        await desk.steers(kind)


async def test_entries_that_come_after_the_end_still_fill_the_ledger(desk: Desk) -> None:
    await desk.says(MissionState.DONE)
    await desk.enters("b")
    row = await desk.row
    assert row.mission.state is MissionState.DONE
    assert set(row.mission.ledger) == {"b"}


async def test_a_second_entry_of_a_checkpoint_is_no_error_and_the_first_counts(desk: Desk) -> None:
    await desk.enters("a", because="first")
    await desk.enters("a", because="second", outcome=Outcome.SKIPPED)
    assert (await desk.row).mission.ledger["a"].because.zh == "first"


async def test_an_entry_of_a_strange_checkpoint_or_mission_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound, match="zz"):
        await desk.enters("zz")
    with pytest.raises(NotFound, match="mission"):
        await desk.enters("a", mission_id=UUID(int=7))


async def test_the_courier_sends_again_until_the_robot_has_taken_it(site: Site) -> None:
    clock = ManualClock()
    fleet = Fleet(site, clock, known={})
    sent: list[int] = []
    before = Order(order_id=uuid7(), robot_id="r1", epoch=3, issued_at=AT, kind=OrderKind.DOCK, because=NO_WORDS)
    courier = Courier(fleet, lambda order: sent.append(order.epoch), untaken=[before])
    courier.send(replace(before, epoch=4))
    assert sent == [4]
    courier.resend()
    assert sent == [4, 3, 4]
    fleet.hear(state("r1", order_epoch=3), at=AT)
    courier.resend()
    assert sent == [4, 3, 4, 4]
    clock.forward(seconds=3)
    fleet.hear(state("r1", order_epoch=4), at=AT)
    courier.resend()
    assert len(sent) == 4
    assert len(courier) == 0
