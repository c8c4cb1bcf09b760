"""Cron becomes an RRULE that fires at the same minutes, or is refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission_planner.planning.cron import rrule_from_cron
from mission_planner.planning.schedule import expand
from patrol_core.errors import InvalidInput


@pytest.mark.parametrize(
    ("cron", "rrule"),
    [
        ("30 2 * * *", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0"),
        ("*/15 * * * *", "FREQ=HOURLY;BYMINUTE=0,15,30,45;BYSECOND=0"),
        ("* * * * *", "FREQ=MINUTELY;BYSECOND=0"),
        ("* 9 * * *", "FREQ=MINUTELY;BYHOUR=9;BYSECOND=0"),
        ("0 9-17/4 * * mon-fri", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,13,17;BYMINUTE=0;BYSECOND=0"),
        ("5 4 * * 7", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=4;BYMINUTE=5;BYSECOND=0"),
        ("0 0 1,15 JAN *", "FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1,15;BYHOUR=0;BYMINUTE=0;BYSECOND=0"),
        ("@daily", "FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0"),
        ("@weekly", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=0;BYMINUTE=0;BYSECOND=0"),
    ],
)
def test_ordinary_lines(cron: str, rrule: str) -> None:
    assert rrule_from_cron(cron) == rrule


@pytest.mark.parametrize(
    ("cron", "because"),
    [
        ("0 0 1 * 5", "cron then fires when either fits; one rule cannot say that: make two patrols"),
        ("@reboot", "expected one of @hourly, .*; came @reboot"),
        ("0 0 * *", "expected 5 fields: .*; came 4"),
        ("0 0 0 * * *", "came 6"),
        ("", "came 0"),
        ("60 * * * *", 'expected minute from 0 to 59; came "60"'),
        ("* 24 * * *", "expected hour from 0 to 23"),
        ("* * 0 * *", "expected day of month from 1 to 31"),
        ("* * * 13 *", "expected month from 1 to 12 or JAN to DEC"),
        ("* * * * FOO", "expected day of week from 0 to 7 or SUN to SAT"),
        ("* * L * *", "day of month"),
        ("* * * * 5#2", 'came "5#2"'),
        ("*/0 * * * *", "steps of 1 or more"),
        ("30-10 * * * *", "expected minute to ascend"),
        ("*-5 * * * *", "expected minute such as"),
        ("1,,2 * * * *", "expected minute such as"),
        ("-1 * * * *", "expected minute such as"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(cron: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because):
        rrule_from_cron(cron)


def field(low: int, high: int) -> st.SearchStrategy[str]:
    values = st.lists(st.integers(low, high), min_size=1, max_size=3, unique=True)
    return st.one_of(
        st.just("*"),
        values.map(lambda v: ",".join(map(str, sorted(v)))),
        st.integers(2, 20).map("*/{}".format),
        st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda p: f"{min(p)}-{max(p)}"),
    )


def fits(piece: str, value: int, low: int, high: int) -> bool:
    """Whether a value is in a field: another reading of cron, to compare with."""
    for item in piece.split(","):
        span, _, step = item.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        if int(first) <= value <= int(last or first) and (value - int(first)) % int(step or 1) == 0:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(
    field(0, 59),
    field(0, 23),
    st.tuples(field(1, 28), st.just("*")) | st.tuples(st.just("*"), field(0, 6)),
    field(1, 12),
)
def test_every_minute_that_cron_names_and_no_other(minute: str, hour: str, days: tuple[str, str], month: str) -> None:
    cron = f"{minute} {hour} {days[0]} {month} {days[1]}"
    after = datetime(2026, 2, 27, 22, 17, 30, tzinfo=UTC)
    start = datetime(2026, 1, 1, 0, 0, 13)  # noqa: DTZ001 - its seconds must not matter
    end = after + timedelta(days=4)  # into March
    try:
        found = [o.at for o in expand(rrule_from_cron(cron), start, "UTC", after, 1_000) if o.at <= end]
    except InvalidInput as never:
        assert "never fires" in str(never)
        found = []
    ranges = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
    pieces = cron.split()
    wanted = []
    moment = after.replace(second=0) + timedelta(minutes=1)
    while moment <= end and len(wanted) < 1_000:
        values = (moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
        if all(fits(p, v, *r) for p, v, r in zip(pieces, values, ranges, strict=True)):
            wanted.append(moment)
        moment += timedelta(minutes=1)
    assert found == wanted
