"""Incidents: the one table of states, walked in every cell, and the proof that closing asks for."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from patrol_core.errors import IllegalTransition, InvalidInput
from patrol_core.ids import uuid7
from patrol_core.incident import (
    TRANSITIONS,
    Acknowledge,
    Arrive,
    Close,
    Dispatch,
    Incident,
    IncidentCommand,
    IncidentState,
    Locus,
    MarkFalseAlarm,
    Merge,
    Reopen,
    Resolve,
    Verify,
    clear_since,
    decide,
    possible,
)
from patrol_core.kind import KINDS, IncidentKind, Priority
from patrol_core.source import Source, SourceKind

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
OTHER = uuid7()
COMMANDS: tuple[type[IncidentCommand], ...] = (
    Acknowledge,
    Verify,
    Dispatch,
    Arrive,
    Resolve,
    Close,
    MarkFalseAlarm,
    Merge,
    Reopen,
)
NEEDS: dict[type[IncidentCommand], dict[str, object]] = {Dispatch: {"to": "wang"}, Merge: {"into": OTHER}}
S = IncidentState


def incident(state: IncidentState = IncidentState.OPEN, *, evidence: tuple[str, ...] = ()) -> Incident:
    return Incident(
        incident_id=uuid7(),
        kind=IncidentKind.SMOKE,
        priority=Priority.LIFE,
        state=state,
        opened_at=NOW,
        changed_at=NOW,
        position_m=None,
        place=None,
        because="",
        evidence=evidence,
        closed_at=NOW if state.ended else None,
    )


@pytest.mark.parametrize(("state", "command"), [*itertools.product(IncidentState, COMMANDS)])
def test_every_pair_of_state_and_command_does_what_the_table_says_or_names_both(
    state: IncidentState, command: type[IncidentCommand]
) -> None:
    before, later = incident(state), NOW + timedelta(minutes=5)
    if (state, command) in TRANSITIONS:
        after = decide(before, command(by="li", note="已处理", **NEEDS.get(command, {})), later)
        assert (after.state, after.changed_at, after.because) == (TRANSITIONS[state, command], later, "已处理")
        assert after.closed_at == (later if after.state.ended else None)
    else:
        with pytest.raises(IllegalTransition, match=f"{command.__name__}.*{state}"):
            decide(before, command(by="li", note="已处理", **NEEDS.get(command, {})), later)


def test_every_command_there_is_stands_in_this_test() -> None:
    assert {c.__name__ for c in COMMANDS} == {c.__name__ for c in IncidentCommand.__subclasses__()}


def test_closing_needs_a_photo_or_a_note() -> None:
    with pytest.raises(InvalidInput, match="needs proof"):
        decide(incident(), Close(by="li", note="  "), NOW)
    assert decide(incident(evidence=("a" * 64,)), Close(by="li"), NOW).state is IncidentState.CLOSED


def test_a_false_alarm_needs_a_reason_even_with_a_photo() -> None:
    with pytest.raises(InvalidInput, match="note: expected a written reason"):
        decide(incident(evidence=("a" * 64,)), MarkFalseAlarm(by="li"), NOW)


def test_who_acknowledges_owns_it_and_closing_by_another_does_not_change_that() -> None:
    owned = decide(incident(), Acknowledge(by="li"), NOW)
    assert owned.owner == "li"
    assert decide(owned, Close(by="wang", note="现场正常"), NOW).owner == "li"


def test_who_closes_what_nobody_had_owns_it() -> None:
    assert decide(incident(), Close(by="wang", note="现场正常"), NOW).owner == "wang"


def through(*commands: IncidentCommand) -> Incident:
    """An incident after these, a minute apart."""
    after = incident()
    for minute, command in enumerate(commands, start=1):
        after = decide(after, command, NOW + timedelta(minutes=minute))
    return after


def test_reopened_nobody_has_it_as_at_the_beginning() -> None:
    sent = (Dispatch(by="li", to="wang"), Arrive(by="wang"), Resolve(by="wang", note="关阀"), Close(by="li"))
    reopened = through(*sent, Reopen(by="li", note="又冒烟"))
    assert reopened.state is S.OPEN
    assert (reopened.owner, reopened.assignee, reopened.resolved_at, reopened.closed_at) == (None,) * 4
    with pytest.raises(InvalidInput, match="needs proof"):
        decide(reopened, Close(by="li"), NOW)


def test_the_way_of_an_incident_that_somebody_is_sent_to() -> None:
    done = through(
        Acknowledge(by="li"), Dispatch(by="li", to="wang"), Arrive(by="wang"), Resolve(by="wang", note="关阀通风")
    )
    assert (done.owner, done.assignee, done.resolution) == ("li", "wang", "关阀通风")
    assert done.assigned_at == NOW + timedelta(minutes=2)
    assert done.arrived_at == NOW + timedelta(minutes=3)
    assert done.resolved_at == NOW + timedelta(minutes=4)
    assert decide(done, Close(by="li"), NOW).state is S.CLOSED, "what was done is written already"


def test_another_who_is_sent_has_not_arrived_though_the_first_had() -> None:
    again = through(Dispatch(by="li", to="wang"), Arrive(by="wang"), Dispatch(by="li", to="zhao"))
    assert (again.state, again.assignee, again.arrived_at) == (S.DISPATCHED, "zhao", None)


def test_who_goes_unasked_is_the_one_who_was_sent() -> None:
    there = through(Acknowledge(by="wang"), Arrive(by="wang"))
    assert (there.state, there.assignee) == (S.ON_SCENE, "wang")


def test_nothing_is_merged_into_itself() -> None:
    alone = incident()
    with pytest.raises(InvalidInput, match="into: expected another incident"):
        decide(alone, Merge(by="li", into=alone.incident_id), NOW)


def test_a_merged_one_names_what_it_is_part_of_until_it_is_reopened() -> None:
    merged = through(Merge(by="li", into=OTHER))
    assert merged.merged_into == OTHER
    assert decide(merged, Reopen(by="li"), NOW).merged_into is None


def test_what_may_be_done_is_what_the_table_has_a_row_for() -> None:
    assert possible(S.MERGED) == (Reopen,)
    assert set(possible(S.OPEN)) == {Acknowledge, Verify, Dispatch, Close, MarkFalseAlarm, Merge}
    assert all((state, command) in TRANSITIONS for state in S for command in possible(state))


def test_it_is_clear_when_every_fixed_sensor_says_so_and_never_by_a_robot() -> None:
    def at(source_id: str, cleared_at: datetime | None, kind: SourceKind = SourceKind.DEVICE) -> Locus:
        source = Source(kind=kind, source_id=source_id)
        return Locus(source=source, kind=IncidentKind.SMOKE, place=None, position_m=None, at=NOW, cleared_at=cleared_at)

    later = NOW + timedelta(minutes=1)
    assert clear_since([at("a", NOW), at("b", later), at("r1", None, SourceKind.ROBOT)]) == later
    assert clear_since([at("a", NOW), at("b", None)]) is None
    assert clear_since([at("r1", NOW, SourceKind.ROBOT)]) is None


def test_every_kind_has_a_priority_and_a_name_in_both_languages() -> None:
    assert set(KINDS) == set(IncidentKind)
    assert all(policy.name.zh and policy.name.en for policy in KINDS.values())
