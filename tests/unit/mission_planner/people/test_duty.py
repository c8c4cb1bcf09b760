"""The duty roster: what is a possible shift, in the words of the site's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.people import accounts, duty
from mission_planner.people.duty import PutShift, RemoveShift
from mission_planner.people.roles import Role
from mission_planner.store import shifts
from patrol_core.errors import Conflict, InvalidInput, NotFound
from patrol_core.ids import uuid7
from tests.unit.mission_planner.incidents.clockwork import Clockwork

MORNING = datetime.fromisoformat("2026-03-02T08:00")  # on the wall of the site, UTC+8


@pytest.fixture
def roster() -> Iterator[Clockwork]:
    clockwork = Clockwork()

    def hire(w: Work) -> None:
        accounts.create(
            w.tx, username="li", display_name="李四", password_hash="x", roles=[Role.FIELD, Role.VIEWER], now=w.now
        )

    clockwork.run(hire)
    yield clockwork
    clockwork.close()


def put(roster: Clockwork, shift_id: UUID | None = None, **changes: Any) -> UUID:
    usual: dict[str, Any] = {
        "shift_id": shift_id or uuid7(),
        "username": "li",
        "role": Role.FIELD,
        "starts_at": MORNING,
        "ends_at": MORNING + timedelta(hours=8),
    }
    command = PutShift(**{**usual, **changes})
    return roster.run(lambda w: duty.put_shift(w, command)).shift_id


def present(roster: Clockwork, at: datetime) -> list[str]:
    return roster.run(lambda w: duty.names(duty.present(w.tx, at, duty.ON_DUTY_ROLES)))


def test_a_time_without_offset_is_the_clock_on_the_sites_wall(roster: Clockwork) -> None:
    put(roster)
    assert present(roster, datetime(2026, 3, 1, 23, 59, tzinfo=UTC)) == []
    assert present(roster, datetime(2026, 3, 2, 0, 0, tzinfo=UTC)) == ["李四"]
    assert present(roster, datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == [], "the end is not part of it"


def test_nobody_has_two_shifts_at_once_and_the_refusal_names_both(roster: Clockwork) -> None:
    first = put(roster)
    later = {"starts_at": MORNING + timedelta(hours=7), "ends_at": MORNING + timedelta(hours=9)}
    words = "came from 2026-03-02 15:00 to 2026-03-02 17:00 .*there is one from 2026-03-02 08:00 to 2026-03-02 16:00"
    with pytest.raises(Conflict, match=words):
        put(roster, **later)
    put(roster, first, **later)
    put(roster, starts_at=MORNING, ends_at=MORNING + timedelta(hours=7))


@pytest.mark.parametrize("hours", [-1, 0, 25])
def test_a_shift_ends_after_it_starts_and_within_a_day(roster: Clockwork, hours: int) -> None:
    with pytest.raises(InvalidInput, match="ends_at: expected an end after the start and within 24 h of it"):
        put(roster, ends_at=MORNING + timedelta(hours=hours))


def test_a_time_that_the_clocks_show_twice_or_never_needs_its_offset(roster: Clockwork) -> None:
    roster.site = replace(roster.site, timezone="Europe/Berlin")
    for hidden in map(datetime.fromisoformat, ("2026-03-29T02:30", "2026-10-25T02:30")):
        with pytest.raises(InvalidInput, match="starts_at: expected a time that the clocks of Europe/Berlin show once"):
            put(roster, starts_at=hidden, ends_at=hidden + timedelta(hours=8))
    end = datetime.fromisoformat("2026-03-29T09:00")
    put(roster, starts_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC), ends_at=end)


@pytest.mark.parametrize("given", ["0001-01-01T00:00", "9999-12-31T23:59+00:00"])
def test_a_time_at_the_end_of_calendars_is_refused_in_words(roster: Clockwork, given: str) -> None:
    with pytest.raises(InvalidInput, match="starts_at: expected a year from 2000 to 2100"):
        put(roster, starts_at=datetime.fromisoformat(given))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "wang"}, 'username: expected an account that may log in; came "wang"'),
        ({"role": Role.OPERATOR}, "role: expected a role of li that has duty: .'field'.; came operator"),
        ({"role": Role.VIEWER}, "role: expected a role of li that has duty"),
    ],
)
def test_only_somebody_of_that_role_is_on_duty_in_it(roster: Clockwork, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        put(roster, **changes)


def test_who_is_shut_out_is_not_on_duty(roster: Clockwork) -> None:
    put(roster)
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert present(roster, at) == ["李四"]
    roster.run(lambda w: accounts.set_disabled(w.tx, "li", True))
    assert present(roster, at) == []


def test_a_shift_that_is_taken_out_is_gone_and_a_second_time_is_refused(roster: Clockwork) -> None:
    shift_id = put(roster)
    roster.run(lambda w: duty.remove_shift(w, RemoveShift(shift_id=shift_id)))
    assert roster.run(lambda w: shifts.find(w.tx, shift_id)) is None
    with pytest.raises(NotFound):
        roster.run(lambda w: duty.remove_shift(w, RemoveShift(shift_id=shift_id)))
