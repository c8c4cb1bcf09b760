"""What a robot's word does to a mission: always by way of the state table, or nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from mission_planner.fleet.missions import follow, next_epoch, reached, refused, to_resend, with_entry
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import TRANSITIONS, Checkpoint, LedgerEntry, Mission, MissionKind, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import MissionProgress
from patrol_core.site import NO_WORDS, Text
from tests.unit.mission_planner.world import AT, state

MISSION = Mission(
    mission_id=uuid7(),
    kind=MissionKind.PATROL,
    robot_id="r1",
    name=Text.same("夜巡"),
    checkpoints=tuple(Checkpoint(checkpoint_id=c, pose=Pose2(x_m=0, y_m=0), name=Text.same(c)) for c in ("a", "b")),
)


def told(mission_state: MissionState, because: str = "") -> MissionProgress:
    return MissionProgress(
        mission_id=MISSION.mission_id,
        epoch=1,
        state=mission_state,
        because=Text.same(because),
        done=0,
        total=2,
        next_checkpoint_id="a",
    )


def entry(checkpoint_id: str, outcome: Outcome = Outcome.SEEN) -> LedgerEntry:
    return LedgerEntry(
        report_id=uuid7(),
        mission_id=MISSION.mission_id,
        robot_id="r1",
        checkpoint_id=checkpoint_id,
        outcome=outcome,
        because=NO_WORDS,
        at=AT,
        pose=None,
    )


def order(epoch: int) -> Order:
    return Order(order_id=uuid7(), robot_id="r1", epoch=epoch, issued_at=AT, kind=OrderKind.DOCK, because=NO_WORDS)


def reachable(start: MissionState) -> set[MissionState]:
    found = {start}
    while True:
        more = {after for (before, _), after in TRANSITIONS.items() if before in found} - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize(("before", "word"), [*product(MissionState, MissionState)])
def test_a_word_is_followed_exactly_where_the_table_leads(before: MissionState, word: MissionState) -> None:
    after = follow(replace(MISSION, state=before), told(word, "因为"))
    assert after.state is (word if word in reachable(before) else before)


def test_a_robot_that_did_everything_between_two_words_is_believed() -> None:
    assert follow(MISSION, told(MissionState.DONE)).state is MissionState.DONE


def test_the_reason_is_the_robots_newest() -> None:
    paused = follow(MISSION, told(MissionState.PAUSED, "电量低"))
    assert (paused.state, paused.because.zh) == (MissionState.PAUSED, "电量低")
    assert follow(paused, told(MissionState.PAUSED, "先去查看")).because.zh == "先去查看"


def test_the_same_word_again_changes_nothing() -> None:
    underway = follow(MISSION, told(MissionState.UNDERWAY))
    assert follow(underway, told(MissionState.UNDERWAY)) is underway


def test_an_ended_mission_stays_ended_whatever_an_older_word_says() -> None:
    done = reached(MISSION, MissionState.DONE, "")
    assert follow(done, told(MissionState.UNDERWAY)).state is MissionState.DONE


def test_the_last_entry_ends_the_mission_even_if_the_robot_has_not_said_so() -> None:
    one = with_entry(MISSION, entry("b"))
    assert one.state is MissionState.ASSIGNED
    both = with_entry(one, entry("a", Outcome.SKIPPED))
    assert both.state is MissionState.DONE


def test_a_checkpoint_visited_twice_keeps_its_first_entry() -> None:
    first = entry("a")
    twice = with_entry(with_entry(MISSION, first), entry("a", Outcome.SKIPPED))
    assert twice.ledger["a"] is first


def test_a_refusal_counts_for_the_order_it_is_about_only() -> None:
    assert refused(state(order_epoch=3, refused=Text.same("电量低")), 3) == Text.same("电量低")
    assert refused(state(order_epoch=4, refused=Text.same("电量低")), 3) is None
    assert refused(state(order_epoch=3), 3) is None


def test_orders_are_resent_in_rising_epoch_until_taken() -> None:
    orders = [order(3), order(1), order(2)]
    assert [o.epoch for o in to_resend(orders, None)] == [1, 2, 3]
    assert [o.epoch for o in to_resend(orders, state(order_epoch=2))] == [3]
    assert to_resend(orders, state(order_epoch=9)) == ()


def test_an_epoch_is_above_what_was_given_and_above_what_the_robot_took() -> None:
    assert next_epoch(0, None) == 1
    assert next_epoch(4, state(order_epoch=2)) == 5
    assert next_epoch(0, state(order_epoch=57)) == 58, "a center that lost its data must not be ignored"
