"""Incidents: the one table of states, walked in every cell, and the proof that closing asks for."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from patrol_core.errors import IllegalTransition, InvalidInput
from patrol_core.ids import uuid7
from patrol_core.incident import (
    TRANSITIONS,
    Acknowledge,
    Close,
    Incident,
    IncidentCommand,
    IncidentState,
    MarkFalseAlarm,
    Reopen,
    decide,
)
from patrol_core.kind import KINDS, IncidentKind, Priority

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
COMMANDS: tuple[type[IncidentCommand], ...] = (Acknowledge, Close, MarkFalseAlarm, Reopen)


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
        after = decide(before, command(by="li", note="已处理"), later)
        assert (after.state, after.changed_at, after.because) == (TRANSITIONS[state, command], later, "已处理")
        assert after.closed_at == (later if after.state.ended else None)
    else:
        with pytest.raises(IllegalTransition, match=f"{command.__name__}.*{state}"):
            decide(before, command(by="li", note="已处理"), later)


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


def test_who_reopens_it_has_it() -> None:
    closed = replace(incident(IncidentState.CLOSED), owner="li")
    assert decide(closed, Reopen(by="wang", note="又冒烟"), NOW).owner == "wang"


def test_every_kind_has_a_priority_and_a_name_in_both_languages() -> None:
    assert set(KINDS) == set(IncidentKind)
    assert all(policy.name.zh and policy.name.en for policy in KINDS.values())
