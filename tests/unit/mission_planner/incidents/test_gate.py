"""Dwell and shelving keep alarms few; nothing about life is ever held back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mission_planner.incidents.gate import (
    CHATTER_RAISES,
    SHELVED_FOR,
    Passage,
    SourceState,
    gate,
    ripened,
    shelve,
    unshelved,
)
from patrol_core.errors import InvalidInput
from patrol_core.finding import Phase
from patrol_core.kind import KINDS, IncidentKind
from tests.unit.mission_planner.incidents.test_weighing import word
from tests.unit.mission_planner.world import AT

LIFE = [kind for kind, policy in KINDS.items() if policy.life]
DOOR = IncidentKind.DOOR


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize("kind", LIFE)
def test_a_life_kind_passes_at_once_however_often_it_cries(kind: IncidentKind) -> None:
    state = SourceState()
    for n in range(50):
        state, passage = gate(state, word(kind=kind), AT + s(n))
        assert passage is Passage.OPEN


def test_a_door_must_stay_open_before_anybody_is_bothered() -> None:
    first = word(kind=DOOR)
    state, passage = gate(SourceState(), first, AT)
    assert passage is Passage.HELD
    assert state.due_at == AT + s(KINDS[DOOR].dwell_s)
    state, finding = ripened(state)
    assert finding == first
    assert state.pending is None


def test_a_door_that_closes_in_time_bothers_nobody() -> None:
    state, _ = gate(SourceState(), word(kind=DOOR), AT)
    state, passage = gate(state, word(kind=DOOR, phase=Phase.CLEARED), AT + s(10))
    assert passage is Passage.NOTHING
    assert state.due_at is None


def test_a_second_word_does_not_move_the_deadline_of_the_first() -> None:
    state, _ = gate(SourceState(), word(kind=DOOR), AT)
    again, passage = gate(state, word(kind=DOOR), AT + s(20))
    assert passage is Passage.HELD
    assert again.due_at == state.due_at


def test_what_chatters_is_shelved_counted_and_comes_back_by_itself() -> None:
    state = SourceState()
    for n in range(CHATTER_RAISES + 3):
        state, passage = gate(state, word(kind=IncidentKind.MANHOLE), AT + s(n))
    assert passage is Passage.SHELVED
    assert state.kept_back == 4
    assert state.because is not None
    assert "搁置" in state.because.zh
    late = AT + SHELVED_FOR + s(60)
    state, passage = gate(state, word(kind=IncidentKind.BIN_OVERFLOW), late)
    assert passage is Passage.OPEN


def test_a_person_may_shelve_for_a_while_with_a_reason_but_never_what_is_about_life() -> None:
    until = AT + s(3600)
    state = shelve(SourceState(), DOOR, until=until, by="li", note="门禁检修", now=AT)
    assert gate(state, word(kind=DOOR), AT + s(10))[1] is Passage.SHELVED
    assert unshelved(state, until).shelved_until is None
    with pytest.raises(InvalidInput, match="never shelved"):
        shelve(SourceState(), IncidentKind.SMOKE, until=until, by="li", note="检修", now=AT)
    with pytest.raises(InvalidInput, match="reason"):
        shelve(SourceState(), DOOR, until=until, by="li", note=" ", now=AT)
    with pytest.raises(InvalidInput, match="7 days"):
        shelve(SourceState(), DOOR, until=AT + s(30 * 86_400), by="li", note="检修", now=AT)
