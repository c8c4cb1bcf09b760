"""Patrols come due: each occurrence starts, waits, or has a record that says why it did not happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mission_planner.fleet.patrols import PatrolDraft, SavePatrol, save_patrol
from mission_planner.fleet.progress import take_entry
from mission_planner.fleet.runs import RunPatrol, run_patrol
from mission_planner.fleet.scheduling import FULL_TEAM, NO_ROBOT, SettlePatrol, next_due, settle_patrol
from mission_planner.planning.schedule import Missed, Overlap
from mission_planner.store import missions, patrols
from mission_planner.store.patrols import Patrol, Run, RunState
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.errors import Conflict
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.site import NO_WORDS, Site, Text
from tests.unit.mission_planner.world import AT, now_of, work

pytestmark = pytest.mark.anyio
FIRST = AT + timedelta(minutes=5)


class Planner:
    """One patrol every ten minutes, and a clock that a test moves."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.robots: dict[str, Any] = {}
        self.patrol_id = uuid7()

    async def make(self, **changes: Any) -> None:
        usual: dict[str, Any] = {
            "name": "夜巡",
            "robot_ids": (),
            "viewpoint_ids": tuple(self.site.viewpoints),
            "rrule": "FREQ=MINUTELY;INTERVAL=10",
            "starts_at": "2026-03-02T16:05:00",
            "timezone": "Asia/Shanghai",
            "enabled": True,
            "missed": Missed.SKIP,
            "overlap": Overlap.SKIP,
            "robots_wanted": 2,
        }
        draft = PatrolDraft(**{**usual, **changes})
        self.patrol_id = await self.store.write(
            lambda tx: save_patrol(work(tx, self.site, now=AT, **self.robots), SavePatrol(draft=draft))
        )

    async def at(self, now: datetime) -> None:
        """The scheduler looks."""
        command = SettlePatrol(patrol_id=self.patrol_id)
        await self.store.write(lambda tx: settle_patrol(work(tx, self.site, now=now, **self.robots), command))

    async def patrol(self) -> Patrol:
        return await self.store.read(lambda tx: patrols.get(tx, self.patrol_id))

    async def runs(self) -> list[Run]:
        page = await self.store.read(lambda tx: patrols.runs_of(tx, self.patrol_id, limit=100, after=None))
        return list(reversed(page.items))

    async def finish(self, now: datetime, outcome: Outcome = Outcome.SEEN) -> None:
        """Every robot visits everything."""

        def run(tx: Tx) -> None:
            for row in missions.active(tx):
                for checkpoint in row.mission.checkpoints:
                    take_entry(
                        work(tx, self.site, now=now, **self.robots),
                        LedgerEntry(
                            report_id=uuid7(),
                            mission_id=row.mission_id,
                            robot_id=row.mission.robot_id,
                            checkpoint_id=checkpoint.checkpoint_id,
                            outcome=outcome,
                            because=NO_WORDS,
                            at=now,
                            pose=None,
                        ),
                    )

        await self.store.write(run)

    def lose(self, *robot_ids: str) -> None:
        self.robots = {r: now_of(self.site, r, silence_s=30.0) for r in robot_ids}


@pytest.fixture
def planner(store: SqliteStore, site: Site) -> Planner:
    return Planner(store, site)


async def test_nothing_happens_before_it_is_due_and_then_both_robots_share_the_viewpoints(planner: Planner) -> None:
    await planner.make()
    assert next_due(await planner.patrol(), AT) == FIRST
    await planner.at(FIRST - timedelta(seconds=1))
    assert await planner.runs() == []
    await planner.at(FIRST)
    (run,) = await planner.runs()
    assert (run.state, run.due_at, run.because) == (RunState.STARTED, FIRST, None)
    rows = await planner.store.read(missions.active)
    assert {r.mission.robot_id for r in rows} == {"r1", "r2"}
    assert sorted(c.checkpoint_id for r in rows for c in r.mission.checkpoints) == sorted(planner.site.viewpoints)
    assert all(r.mission.kind is MissionKind.PATROL and r.run_id == run.run_id for r in rows)
    assert next_due(await planner.patrol(), FIRST) == FIRST + timedelta(minutes=10)


async def test_an_occurrence_happens_once_however_often_one_looks(planner: Planner) -> None:
    await planner.make()
    for seconds in (0, 0, 1, 5):
        await planner.at(FIRST + timedelta(seconds=seconds))
    assert len(await planner.runs()) == 1


async def test_the_run_is_done_with_its_last_mission(planner: Planner) -> None:
    await planner.make()
    await planner.at(FIRST)
    await planner.finish(FIRST + timedelta(minutes=3))
    (run,) = await planner.runs()
    assert run.state is RunState.DONE


async def test_while_one_runs_the_next_is_skipped_with_its_reason(planner: Planner) -> None:
    await planner.make()
    await planner.at(FIRST)
    await planner.at(FIRST + timedelta(minutes=10))
    states = [(r.state, r.because.zh if r.because else "") for r in await planner.runs()]
    assert states == [(RunState.STARTED, ""), (RunState.SKIPPED, "上一次巡逻尚未结束，按策略跳过")]


async def test_with_the_queue_policy_one_waits_and_starts_when_the_one_before_ends(planner: Planner) -> None:
    await planner.make(overlap=Overlap.QUEUE, missed=Missed.ALL)
    await planner.at(FIRST)
    await planner.at(FIRST + timedelta(minutes=10))
    waiting = await planner.patrol()
    assert waiting.queued_due_at == FIRST + timedelta(minutes=10)
    assert waiting.because is not None
    await planner.at(FIRST + timedelta(minutes=20))
    assert [r.state for r in await planner.runs()] == [RunState.STARTED, RunState.SKIPPED], "only one waits"
    await planner.finish(FIRST + timedelta(minutes=22))
    await planner.at(FIRST + timedelta(minutes=22))
    runs = await planner.runs()
    assert [r.state for r in runs] == [RunState.DONE, RunState.SKIPPED, RunState.STARTED]
    assert runs[2].due_at == FIRST + timedelta(minutes=10)
    assert (await planner.patrol()).queued_due_at is None


async def test_it_waits_a_little_for_the_whole_team_and_then_goes_with_who_is_there(planner: Planner) -> None:
    await planner.make()
    planner.lose("r2")
    await planner.at(FIRST)
    assert await planner.runs() == []
    waiting = await planner.patrol()
    assert waiting.because is not None
    assert "二号不可用：失联" in waiting.because.zh
    await planner.at(FIRST + FULL_TEAM)
    (run,) = await planner.runs()
    assert run.state is RunState.STARTED
    assert run.because is not None
    assert run.because.zh == "需要 2 台，实际 1 台；二号不可用：失联"


async def test_a_robot_that_comes_in_time_is_waited_for(planner: Planner) -> None:
    await planner.make()
    planner.lose("r1", "r2")
    await planner.at(FIRST)
    planner.robots = {}
    await planner.at(FIRST + timedelta(seconds=7))
    (run,) = await planner.runs()
    assert (run.state, run.because) == (RunState.STARTED, None)


async def test_without_any_robot_the_run_fails_with_each_ones_reason(planner: Planner) -> None:
    await planner.make()
    planner.lose("r1", "r2")
    await planner.at(FIRST)
    await planner.at(FIRST + NO_ROBOT)
    assert await planner.runs() == []
    await planner.at(FIRST + NO_ROBOT + timedelta(seconds=1))
    (run,) = await planner.runs()
    assert run.state is RunState.FAILED
    assert run.because is not None
    assert run.because.zh == "暂无可派的机器人；一号不可用：失联；二号不可用：失联"


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        (Missed.SKIP, [RunState.SKIPPED, RunState.SKIPPED, RunState.SKIPPED]),
        (Missed.ONCE, [RunState.SKIPPED, RunState.SKIPPED, RunState.STARTED]),
    ],
)
async def test_after_the_center_was_away_the_policy_decides_and_every_run_has_a_record(
    planner: Planner, missed: Missed, expected: list[RunState]
) -> None:
    await planner.make(missed=missed)
    await planner.at(FIRST + timedelta(minutes=25))
    runs = sorted(await planner.runs(), key=lambda r: r.due_at)
    assert [r.state for r in runs] == expected
    assert [r.due_at for r in runs] == [FIRST + timedelta(minutes=10 * i) for i in range(3)]
    assert all(r.because is not None for r in runs if r.state is RunState.SKIPPED)


async def test_a_robot_on_another_patrol_is_not_taken_away_from_it(planner: Planner) -> None:
    await planner.make(robot_ids=("r1",), robots_wanted=1)
    await planner.at(FIRST)
    first = planner.patrol_id
    await planner.make(name="另一条", robot_ids=("r1",), robots_wanted=1)
    command = RunPatrol(patrol_id=planner.patrol_id, by="admin")
    with pytest.raises(Conflict, match="is on a patrol"):
        await planner.store.write(lambda tx: run_patrol(work(tx, planner.site, now=FIRST), command))
    assert first != planner.patrol_id


async def test_started_by_hand_twice_the_second_is_refused_with_a_sentence(planner: Planner) -> None:
    await planner.make()
    command = RunPatrol(patrol_id=planner.patrol_id, by="admin")
    await planner.store.write(lambda tx: run_patrol(work(tx, planner.site, now=AT), command))
    with pytest.raises(Conflict, match="has not ended"):
        await planner.store.write(lambda tx: run_patrol(work(tx, planner.site, now=AT), command))
    (run,) = await planner.runs()
    assert run.by == "admin"


async def test_a_viewpoint_the_site_no_longer_has_is_left_out_and_named(planner: Planner, site: Site) -> None:
    await planner.make(robots_wanted=1)
    planner.site = replace(site, viewpoints={k: v for k, v in site.viewpoints.items() if k != "vp-ne"})
    await planner.at(FIRST)
    (run,) = await planner.runs()
    assert run.because is not None
    assert run.because.zh == "园区已没有检查点：vp-ne"
    planner.site = replace(site, viewpoints={})
    await planner.finish(FIRST + timedelta(minutes=1))
    await planner.at(FIRST + timedelta(minutes=10))
    assert (await planner.runs())[-1].state is RunState.FAILED


async def test_a_disabled_patrol_does_nothing_and_says_nothing_about_the_time_it_was_off(planner: Planner) -> None:
    await planner.make(enabled=False)
    await planner.at(FIRST + timedelta(hours=1))
    assert await planner.runs() == []
    assert next_due(await planner.patrol(), FIRST) is None


async def test_a_run_whose_mission_was_refused_has_failed_with_the_robots_reason(planner: Planner) -> None:
    from mission_planner.fleet.progress import TakeState, take_state
    from mission_planner.store.robots import LastWord
    from tests.unit.mission_planner.world import state

    await planner.make(robot_ids=("r1",), robots_wanted=1)
    await planner.at(FIRST)
    word = LastWord(state=state("r1", order_epoch=1, refused=Text.same("电量 19 %，不能出发")), heard_at=FIRST)
    command = TakeState(word=word, matters=True)
    await planner.store.write(lambda tx: take_state(work(tx, planner.site, now=FIRST), command))
    (run,) = await planner.runs()
    assert run.state is RunState.FAILED
    assert run.because is not None
    assert run.because.zh == "一号：任务被拒绝（电量 19 %，不能出发）"
    assert (await planner.store.read(missions.active)) == ()


async def test_the_nearer_robot_is_taken_when_one_is_enough(planner: Planner) -> None:
    await planner.make(viewpoint_ids=("vp-ne",), robots_wanted=1)
    planner.robots = {"r1": now_of(planner.site, "r1", pose=Pose2(x_m=1, y_m=1))}
    await planner.at(FIRST)
    (row,) = await planner.store.read(missions.active)
    assert row.mission.robot_id == "r2"
    assert row.mission.state is MissionState.ASSIGNED


async def test_after_a_simulator_that_ran_ahead_was_started_again_patrols_go_on_from_there(planner: Planner) -> None:
    await planner.make()
    await planner.at(FIRST + timedelta(hours=9))
    records = len(await planner.runs())
    assert next_due(await planner.patrol(), AT) == AT, "at once, to notice"
    await planner.at(AT)
    assert len(await planner.runs()) == records
    assert next_due(await planner.patrol(), AT) == FIRST


async def test_a_robot_the_site_no_longer_has_ends_its_mission_and_run(planner: Planner, site: Site) -> None:
    from mission_planner.fleet.progress import DropStrangers, drop_strangers

    await planner.make(robot_ids=("r2",), robots_wanted=1)
    await planner.at(FIRST)
    planner.site = replace(site, robots={"r1": site.robots["r1"]})
    await planner.store.write(lambda tx: drop_strangers(work(tx, planner.site, now=FIRST), DropStrangers()))
    (run,) = await planner.runs()
    assert run.state is RunState.FAILED
    assert run.because is not None
    assert "r2" in run.because.zh
