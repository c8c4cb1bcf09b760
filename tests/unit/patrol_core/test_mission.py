"""Missions: the one table of states, walked in every cell, and the ledger."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from patrol_core.errors import IllegalTransition
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import (
    TRANSITIONS,
    Accepted,
    Cancelled,
    Checkpoint,
    LastCheckpointDone,
    LedgerEntry,
    Mission,
    MissionEvent,
    MissionKind,
    MissionState,
    Outcome,
    Preempted,
    Refused,
    Resumed,
    advance,
)
from patrol_core.site import NO_WORDS, Text

EVENTS: tuple[type[MissionEvent], ...] = (Accepted, Refused, Preempted, Resumed, LastCheckpointDone, Cancelled)


def mission(state: MissionState = MissionState.ASSIGNED) -> Mission:
    return Mission(
        mission_id=uuid7(),
        kind=MissionKind.PATROL,
        robot_id="r1",
        name=Text.same("早班"),
        checkpoints=tuple(
            Checkpoint(checkpoint_id=i, pose=Pose2(x_m=0, y_m=0), name=Text.same(i))
            for i in ("vp-01", "vp-02", "vp-03")
        ),
        state=state,
    )


def entry(of: Mission, checkpoint_id: str, outcome: Outcome = Outcome.SEEN) -> LedgerEntry:
    return LedgerEntry(
        report_id=uuid7(),
        mission_id=of.mission_id,
        robot_id="r1",
        checkpoint_id=checkpoint_id,
        outcome=outcome,
        because=NO_WORDS,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        pose=None,
    )


@pytest.mark.parametrize(("state", "event"), [*itertools.product(MissionState, EVENTS)])
def test_every_pair_of_state_and_event_does_what_the_table_says_or_names_both(
    state: MissionState, event: type[MissionEvent]
) -> None:
    before = mission(state)
    if (state, event) in TRANSITIONS:
        after = advance(before, event(because=Text.same("因为")))
        assert (after.state, after.because) == (TRANSITIONS[state, event], Text.same("因为"))
        assert replace(after, state=before.state, because=before.because) == before
    else:
        with pytest.raises(IllegalTransition, match=f"{event.__name__}.*{state}"):
            advance(before, event())


def test_every_event_there_is_stands_in_this_test() -> None:
    assert {e.__name__ for e in EVENTS} == {e.__name__ for e in MissionEvent.__subclasses__()}
    assert {event for _, event in TRANSITIONS} == set(EVENTS)


def test_an_ended_mission_stays_ended() -> None:
    assert {s for s, _ in TRANSITIONS}.isdisjoint({s for s in MissionState if s.ended})


def test_every_state_can_be_reached_and_every_unended_one_can_end() -> None:
    reached = {MissionState.ASSIGNED}
    for _ in MissionState:
        reached |= {to for (state, _), to in TRANSITIONS.items() if state in reached}
    assert reached == set(MissionState)
    for state in MissionState:
        ends = {state}
        for _ in MissionState:
            ends |= {to for (at, _), to in TRANSITIONS.items() if at in ends}
        assert any(s.ended for s in ends)


def test_the_next_checkpoint_is_the_first_without_an_entry() -> None:
    patrol = mission()
    assert patrol.next_checkpoint == patrol.checkpoints[0]
    patrol = patrol.with_entry(entry(patrol, "vp-02")).with_entry(entry(patrol, "vp-01"))
    assert patrol.next_checkpoint == patrol.checkpoints[2]
    assert patrol.with_entry(entry(patrol, "vp-03")).next_checkpoint is None


def test_a_checkpoint_visited_twice_keeps_its_first_entry() -> None:
    patrol = mission()
    first, second = entry(patrol, "vp-01"), entry(patrol, "vp-01", Outcome.SKIPPED)
    assert patrol.with_entry(first).with_entry(second).ledger["vp-01"] == first
