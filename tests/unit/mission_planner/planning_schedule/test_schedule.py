"""Schedules on the line of UTC: clock changes, leap days, missed runs, days without patrols."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission_planner.planning import phrases
from mission_planner.planning.schedule import (
    MOST_RECORDS,
    MOST_STARTED,
    DueRuns,
    Missed,
    Occurrence,
    Overlap,
    Schedule,
    Turn,
    due,
    expand,
    local_time,
    preview,
    turn,
    zone_of,
)
from patrol_core.errors import InvalidInput


def at(text: str) -> datetime:
    """A time; UTC when it ends in Z, naive local otherwise."""
    return datetime.fromisoformat(text)


def utc_times(occurrences: list[Occurrence]) -> list[str]:
    return [o.at.strftime("%m-%d %H:%MZ") for o in occurrences]


def local_times(occurrences: list[Occurrence]) -> list[str]:
    return [o.local.strftime("%m-%d %H:%M") for o in occurrences]


# --- clock changes


def test_half_past_two_every_day_in_berlin_when_the_clocks_go_forward() -> None:
    days = expand("FREQ=DAILY", at("2026-01-01T02:30"), "Europe/Berlin", at("2026-03-28T00:00Z"), 3)
    assert utc_times(days) == ["03-28 01:30Z", "03-29 01:30Z", "03-30 00:30Z"]
    assert local_times(days) == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    assert days[0].note is None
    assert days[1].note is not None
    assert days[1].note.en == "02:30 does not exist that day (clocks go forward); runs at 03:30"


def test_half_past_two_every_day_in_berlin_when_the_clocks_go_back() -> None:
    days = expand("FREQ=DAILY", at("2026-01-01T02:30"), "Europe/Berlin", at("2026-10-24T12:00Z"), 2)
    assert utc_times(days) == ["10-25 00:30Z", "10-26 01:30Z"], "the first of the two, and once only"
    assert days[0].note is not None
    assert "comes twice" in days[0].note.en


def test_it_is_found_again_from_within_both_changes() -> None:
    spring, autumn = at("2026-03-29T01:30Z"), at("2026-10-25T00:30Z")
    for moment in (spring, autumn):
        just_before = expand("FREQ=DAILY", at("2026-01-01T02:30"), "Europe/Berlin", moment - timedelta(seconds=1), 1)
        assert just_before[0].at == moment
        just_then = expand("FREQ=DAILY", at("2026-01-01T02:30"), "Europe/Berlin", moment, 1)
        assert just_then[0].at > moment + timedelta(hours=22)


def test_an_hourly_patrol_does_not_run_twice_at_once_in_spring_and_pauses_two_hours_in_autumn() -> None:
    spring = expand("FREQ=HOURLY", at("2026-01-01T00:00"), "Europe/Berlin", at("2026-03-28T23:30Z"), 4)
    assert local_times(spring) == ["03-29 01:00", "03-29 03:00", "03-29 04:00", "03-29 05:00"]
    assert [b.at - a.at for a, b in pairwise(spring)] == [timedelta(hours=1)] * 3
    autumn = expand("FREQ=HOURLY", at("2026-01-01T00:00"), "Europe/Berlin", at("2026-10-24T23:30Z"), 3)
    assert utc_times(autumn) == ["10-25 00:00Z", "10-25 02:00Z", "10-25 03:00Z"]


def test_shanghai_has_no_clock_changes() -> None:
    days = expand("FREQ=DAILY", at("2026-01-01T02:30"), "Asia/Shanghai", at("2026-03-28T00:00Z"), 300)
    assert all(o.note is None and o.local.strftime("%H:%M") == "02:30" for o in days)
    assert {b.at - a.at for a, b in pairwise(days)} == {timedelta(days=1)}


def test_a_zone_that_skipped_a_whole_day() -> None:
    days = expand("FREQ=DAILY", at("2011-12-01T12:00"), "Pacific/Apia", at("2011-12-29T00:00Z"), 3)
    assert local_times(days) == ["12-29 12:00", "12-31 12:00", "01-01 12:00"], "30 December never was"


def test_lord_howe_moves_by_half_an_hour() -> None:
    days = expand("FREQ=DAILY", at("2026-01-01T02:15"), "Australia/Lord_Howe", at("2026-10-03T00:00Z"), 2)
    assert local_times(days) == ["10-04 02:45", "10-05 02:15"]


# --- calendars


def test_the_29th_of_february_comes_every_fourth_year() -> None:
    days = expand("FREQ=YEARLY", at("2024-02-29T08:00"), "Asia/Shanghai", at("2024-03-01T00:00Z"), 2)
    assert local_times(days) == ["02-29 08:00"] * 2
    assert [o.local.year for o in days] == [2028, 2032]


def test_the_31st_comes_in_months_that_have_one() -> None:
    days = expand("FREQ=MONTHLY", at("2026-01-31T08:00"), "Asia/Shanghai", at("2026-01-31T12:00Z"), 3)
    assert [o.local.month for o in days] == [3, 5, 7]


def test_the_last_day_of_each_month() -> None:
    days = expand("FREQ=MONTHLY;BYMONTHDAY=-1", at("2026-01-01T08:00"), "Asia/Shanghai", at("2026-01-31T12:00Z"), 2)
    assert [(o.local.month, o.local.day) for o in days] == [(2, 28), (3, 31)]


def test_every_two_hours_counts_from_the_start_however_long_ago() -> None:
    found = expand("FREQ=HOURLY;INTERVAL=5", at("2001-01-01T01:00"), "UTC", at("2026-03-02T00:00Z"), 3)
    assert all((o.at - at("2001-01-01T01:00Z")) % timedelta(hours=5) == timedelta() for o in found)
    assert found[0].at - at("2026-03-02T00:00Z") <= timedelta(hours=5)


def test_count_counts_from_the_start() -> None:
    rule, start = "FREQ=DAILY;COUNT=3", at("2026-03-01T08:00")
    assert len(expand(rule, start, "UTC", at("2026-01-01T00:00Z"))) == 3
    assert len(expand(rule, start, "UTC", at("2026-03-02T08:00Z"))) == 1
    assert expand(rule, start, "UTC", at("2026-04-01T00:00Z")) == [], "over, and no error"


@pytest.mark.parametrize("until", ["20260303", "20260303T080000", "20260303T000000Z"])
def test_until_is_included_and_may_be_local_or_utc(until: str) -> None:
    days = expand(f"FREQ=DAILY;UNTIL={until}", at("2026-03-01T08:00"), "Asia/Shanghai", at("2026-01-01T00:00Z"))
    assert [o.local.day for o in days] == [1, 2, 3]


def test_lower_case_and_the_prefix_are_accepted() -> None:
    assert expand("rrule:freq=daily", at("2026-03-01T08:00"), "UTC", at("2026-03-01T00:00Z"), 1)


# --- wrong schedules


@pytest.mark.parametrize(
    ("rrule", "because"),
    [
        ("", 'expected parts such as FREQ=DAILY, joined by ";"; came ""'),
        ("daily", 'came "DAILY"'),
        ("FREQ=DAILY;", 'came ""'),
        ("INTERVAL=2", "expected FREQ to be one of YEARLY, .*; came nothing"),
        ("FREQ=FORTNIGHTLY", "came FORTNIGHTLY"),
        ("FREQ=SECONDLY", "came SECONDLY; the shortest interval is one minute"),
        ("FREQ=MINUTELY;BYSECOND=0,30", "at most one BYSECOND: the shortest interval is one minute"),
        ("FREQ=DAILY;INTERVAL=0", "expected INTERVAL from 1 to 3660 with FREQ=DAILY; came 0"),
        ("FREQ=DAILY;INTERVAL=-1", "came -1"),
        ("FREQ=DAILY;INTERVAL=1.5", r"came 1\.5"),
        ("FREQ=DAILY;COUNT=100000", "expected COUNT from 1 to 1000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "expected COUNT or UNTIL; both came"),
        ("FREQ=DAILY;UNTIL=tomorrow", "expected UNTIL such as 20261231 .*; came TOMORROW"),
        ("FREQ=DAILY;UNTIL=20260230", "came 20260230"),
        ("FREQ=DAILY;BYHOUR=24", "expected BYHOUR from 0 to 23; came 24"),
        ("FREQ=DAILY;BYHOUR=-1", "came -1"),
        ("FREQ=DAILY;BYMINUTE=", 'came "BYMINUTE="'),
        ("FREQ=DAILY;BYMONTHDAY=0", "from 1 to 31, or negative from the end; came 0"),
        ("FREQ=DAILY;BYDAY=XX", "expected BYDAY such as MO or 2MO or -1FR; came XX"),
        ("FREQ=WEEKLY;BYDAY=2MO", r"weekdays without a number here \(FREQ=WEEKLY\); came 2MO"),
        ("FREQ=MONTHLY;BYDAY=6MO", "weekday of the month that exists; came 6MO"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "expected no BYMONTHDAY with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYWEEKNO=1", "expected no BYWEEKNO with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "expected no BYYEARDAY with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "expected another BY part beside BYSETPOS"),
        ("FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=1", "expected no BYSETPOS with FREQ=HOURLY"),
        ("FREQ=DAILY;FREQ=WEEKLY", "expected FREQ once; came twice"),
        ("FREQ=DAILY;BYEASTER=0", "came BYEASTER"),
        ("FREQ=DAILY;WKST=XX", "expected WKST"),
        ("FREQ=DAILY;BYHOUR=٣", "expected BYHOUR"),
        ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", "expected parts"),
        ("FREQ=DAILY;" * 60, "expected at most 500 characters"),
    ],
)
def test_a_wrong_rule_says_what_was_expected_and_what_came(rrule: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because) as refused:
        expand(rrule, at("2026-03-01T08:00"), "UTC", at("2026-03-01T00:00Z"))
    assert refused.value.where == "rrule"


@pytest.mark.timeout(20)  # dateutil alone searches some of these for half a minute
@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=59;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;INTERVAL=168;BYDAY=TU",
        "FREQ=MINUTELY;INTERVAL=10080;BYDAY=TU",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
        "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=200",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;UNTIL=20200101",
    ],
)
def test_a_schedule_that_never_fires_is_found_soon(rrule: str) -> None:
    with pytest.raises(InvalidInput, match=f"this schedule never fires: .*{rrule}"):
        expand(rrule, at("2026-03-01T08:00"), "Asia/Shanghai", at("2026-03-01T00:00Z"))


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("Asia/Shangai", 'came "Asia/Shangai"; did you mean "Asia/Shanghai"'),
        ("", 'came ""'),
        ("../../etc/passwd", "expected an IANA time zone"),
        ("/etc/localtime", "expected an IANA time zone"),
        ("Asia", "expected an IANA time zone"),
        ("x\0y", "expected an IANA time zone"),
        ("x" * 5_000, "expected an IANA time zone"),
    ],
)
def test_an_unknown_zone_is_refused_with_a_hint(name: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because):
        zone_of(name)


def test_local_times_are_read_strictly() -> None:
    assert local_time("2026-03-02T08:00") == datetime(2026, 3, 2, 8)  # noqa: DTZ001
    for text in ("2026-03-02T08:00Z", "2026-03-02T08:00+08:00"):
        with pytest.raises(InvalidInput, match="without UTC offset"):
            local_time(text)
    with pytest.raises(InvalidInput, match='came "soon"'):
        local_time("soon")


def test_starts_beyond_the_calendar_are_refused() -> None:
    for start in ("1901-01-01T00:00", "2999-01-01T00:00"):
        with pytest.raises(InvalidInput, match="a start from 2000 to 2200"):
            expand("FREQ=DAILY", at(start), "UTC", at("2026-03-01T00:00Z"))


def test_asking_from_far_away_is_no_error() -> None:
    assert expand("FREQ=DAILY", at("2026-03-01T08:00"), "UTC", datetime.max.replace(tzinfo=UTC)) == []
    first = expand("FREQ=DAILY", at("2026-03-01T08:00"), "UTC", datetime.min.replace(tzinfo=UTC), 1)
    assert utc_times(first) == ["03-01 08:00Z"]


# --- properties

ZONES = ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
rules = st.one_of(
    st.builds("FREQ=MINUTELY;INTERVAL={}".format, st.integers(1, 3_000)),
    st.builds("FREQ=HOURLY;INTERVAL={};BYMINUTE={}".format, st.integers(1, 100), st.integers(0, 59)),
    st.builds("FREQ=DAILY;INTERVAL={};BYHOUR={},2".format, st.integers(1, 20), st.integers(0, 23)),
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 6), st.sampled_from(["MO", "SU,WE", "SA"])),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY={}".format, st.integers(1, 6), st.sampled_from(["1MO", "-1SU", "SA"])),
    st.builds("FREQ=MONTHLY;INTERVAL={}".format, st.integers(1, 6)),
    st.builds("FREQ=YEARLY;INTERVAL={}".format, st.integers(1, 6)),
)
starts = st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
moments = st.datetimes(datetime(2019, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(rules, starts, st.sampled_from(ZONES), moments)
def test_occurrences_ascend_are_unique_lie_ahead_and_are_what_the_clocks_show(
    rule: str, start: datetime, zone: str, after: datetime
) -> None:
    found = expand(rule, start, zone, after, 20)
    times = [o.at for o in found]
    assert times == sorted(set(times))
    assert all(t > after for t in times)
    assert all(o.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == o.local for o in found)


@settings(max_examples=150, deadline=None)
@given(rules, starts, st.sampled_from(ZONES), moments)
def test_going_on_from_any_occurrence_gives_the_rest(rule: str, start: datetime, zone: str, after: datetime) -> None:
    """So a moved start changes nothing, and a restarted center misses and doubles nothing."""
    found = expand(rule, start, zone, after, 12)
    for i, occurrence in enumerate(found):
        assert expand(rule, start, zone, occurrence.at, 12)[: len(found) - i - 1] == found[i + 1 :]


@settings(max_examples=60, deadline=None)
@given(rules, starts, st.sampled_from(ZONES))
def test_an_old_start_that_was_moved_gives_the_same_as_counting_from_it(rule: str, start: datetime, zone: str) -> None:
    counted = expand(f"{rule};COUNT=60", start, zone, at("2000-01-01T00:00Z"), 60)
    middle = len(counted) // 2
    free = expand(rule, start, zone, counted[middle].at, 60)
    assert free[: len(counted) - middle - 1] == counted[middle + 1 :]


# --- what is due


def schedule(rrule: str = "FREQ=HOURLY", missed: Missed = Missed.SKIP, **fields: object) -> Schedule:
    return Schedule(rrule=rrule, starts_at=at("2026-03-01T00:00"), timezone="UTC", missed=missed, **fields)  # type: ignore[arg-type]


def started(runs: DueRuns) -> list[str]:
    return [o.at.strftime("%d %H:%M") for o in runs.start]


def left_out(runs: DueRuns) -> list[tuple[str, str]]:
    return [(s.at.strftime("%d %H:%M"), s.because.en) for s in runs.skipped]


def test_a_run_is_due_once() -> None:
    s = schedule()
    assert started(due(s, at("2026-03-02T07:59Z"), at("2026-03-02T08:00Z"))) == ["02 08:00"]
    assert due(s, at("2026-03-02T08:00Z"), at("2026-03-02T08:01Z")) == DueRuns(start=(), skipped=())


def test_a_clock_that_was_set_back_gives_nothing() -> None:
    assert due(schedule(), at("2026-03-02T09:00Z"), at("2026-03-02T08:00Z")) == DueRuns(start=(), skipped=())


def test_skip_starts_none_of_the_missed_and_says_so() -> None:
    runs = due(schedule(), at("2026-03-02T04:30Z"), at("2026-03-02T08:01Z"))
    assert started(runs) == ["02 08:00"]
    assert left_out(runs) == [(f"02 0{h}:00", phrases.MISSED.en) for h in (5, 6, 7)]


def test_once_starts_the_newest_within_the_grace() -> None:
    runs = due(schedule(missed=Missed.ONCE), at("2026-03-02T04:30Z"), at("2026-03-02T07:50Z"))
    assert started(runs) == ["02 07:00"]
    assert left_out(runs) == [(f"02 0{h}:00", phrases.MISSED_SUPERSEDED.en) for h in (5, 6)]


def test_once_starts_nothing_after_the_grace() -> None:
    runs = due(schedule("FREQ=DAILY", Missed.ONCE), at("2026-03-01T12:00Z"), at("2026-03-02T01:01Z"))
    assert started(runs) == []
    assert left_out(runs) == [("02 00:00", "Missed by more than 60 min; not made up for")]


def test_once_starts_only_the_one_that_is_on_time_when_there_is_one() -> None:
    runs = due(schedule(missed=Missed.ONCE), at("2026-03-02T06:30Z"), at("2026-03-02T08:01Z"))
    assert started(runs) == ["02 08:00"]
    assert left_out(runs) == [("02 07:00", phrases.MISSED_SUPERSEDED.en)]


def test_all_starts_each_up_to_a_bound() -> None:
    few = due(schedule(missed=Missed.ALL), at("2026-03-02T04:30Z"), at("2026-03-02T08:01Z"))
    assert started(few) == ["02 05:00", "02 06:00", "02 07:00", "02 08:00"]
    many = due(schedule(missed=Missed.ALL), at("2026-03-02T00:30Z"), at("2026-03-04T00:01Z"))
    assert len(many.start) == MOST_STARTED
    assert started(many)[-1] == "04 00:00"
    assert len(many.skipped) == 48 - MOST_STARTED


def test_blackout_days_do_not_run_and_say_so() -> None:
    s = schedule("FREQ=DAILY;BYHOUR=8", Missed.ALL, blackout=frozenset({date(2026, 3, 3)}))
    runs = due(s, at("2026-03-02T00:00Z"), at("2026-03-04T08:00Z"))
    assert started(runs) == ["02 08:00", "04 08:00"]
    assert left_out(runs) == [("03 08:00", "2026-03-03 is a day without patrols")]
    notes = [o.note.en if o.note else None for o in preview(s, at("2026-03-02T00:00Z"), 3)]
    assert notes == [None, "2026-03-03 is a day without patrols", None]


def test_a_blackout_day_is_a_local_day() -> None:
    s = Schedule(
        rrule="FREQ=DAILY",
        starts_at=at("2026-03-01T06:00"),
        timezone="Asia/Shanghai",
        blackout=frozenset({date(2026, 3, 3)}),
    )
    assert left_out(due(s, at("2026-03-02T12:00Z"), at("2026-03-02T22:00Z"))) == [
        ("02 22:00", "2026-03-03 is a day without patrols")
    ]


def test_very_many_missed_runs_share_records_and_none_is_forgotten() -> None:
    runs = due(schedule("FREQ=MINUTELY"), at("2026-03-02T00:00Z"), at("2026-03-05T00:00Z"))
    assert len(runs.skipped) == MOST_RECORDS + 1
    assert sum(s.count or 0 for s in runs.skipped) + len(runs.start) == 3 * 24 * 60
    assert "runs were missed up to here" in runs.skipped[0].because.en


def test_a_very_long_absence_is_told_in_one_record() -> None:
    runs = due(schedule("FREQ=DAILY"), at("2026-03-01T12:00Z"), at("2027-03-01T12:00Z"))
    assert runs.skipped[0].count is None
    assert "The center was away from 2026-03-01 12:00Z" in runs.skipped[0].because.en
    assert len(runs.skipped) == 1 + 31


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(Missed)),
    st.lists(st.integers(1, 400), min_size=1, max_size=12),
    st.sampled_from(["FREQ=HOURLY", "FREQ=MINUTELY;INTERVAL=7", "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=30"]),
)
def test_however_often_one_asks_every_occurrence_is_started_or_skipped_once(
    missed: Missed, gaps_min: list[int], rrule: str
) -> None:
    begin = at("2026-03-28T18:00Z")
    s = Schedule(rrule=rrule, starts_at=at("2026-03-01T00:00"), timezone="Europe/Berlin", missed=missed)
    seen, now, settled = begin, begin, []
    for gap in gaps_min:
        now = seen + timedelta(minutes=gap)
        runs = due(s, seen, now)
        settled += [o.at for o in runs.start] + [k.at for k in runs.skipped for _ in range(k.count or 0)]
        seen = now
    wanted = [o.at for o in expand(rrule, s.starts_at, s.timezone, begin, 1_000) if o.at <= now]
    assert sorted(settled) == wanted


# --- overlap


@pytest.mark.parametrize(
    ("policy", "running", "waiting", "wanted"),
    [
        (Overlap.SKIP, False, False, Turn.START),
        (Overlap.SKIP, True, False, Turn.SKIP),
        (Overlap.QUEUE, False, False, Turn.START),
        (Overlap.QUEUE, True, False, Turn.WAIT),
        (Overlap.QUEUE, True, True, Turn.SKIP),
    ],
)
def test_a_due_run_beside_the_one_before(policy: Overlap, running: bool, waiting: bool, wanted: Turn) -> None:
    decided, because = turn(policy, running=running, waiting=waiting)
    assert decided is wanted
    assert (because is None) is (wanted is Turn.START)
