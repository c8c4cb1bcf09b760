"""Whether the calendar was set, judged by a clock nobody can set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mission_planner.incidents.calendar_jump import Anchor, anchor_now, jump

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def moment(boottime_s: float, calendar: datetime, boot_id: str = "b1") -> Anchor:
    return Anchor(boot_id=boot_id, boottime_s=boottime_s, calendar=calendar)


@pytest.mark.parametrize("days", [-30, -1, 1, 30])
def test_a_calendar_that_was_set_is_noticed_however_long_ago(days: int) -> None:
    later = AT + timedelta(hours=5, days=days)
    assert jump(moment(100, AT), moment(100 + 5 * 3600, later)) == timedelta(days=days)


def test_time_that_only_passes_is_no_jump_nor_is_what_ntp_corrects() -> None:
    assert jump(moment(100, AT), moment(160, AT + timedelta(seconds=61.5))) == timedelta(0)


def test_after_a_start_of_the_machine_only_the_calendar_knows() -> None:
    assert jump(moment(9000, AT), moment(10, AT + timedelta(days=3), "b2")) == timedelta(0)
    assert jump(moment(100, AT, ""), moment(110, AT + timedelta(days=3), "")) == timedelta(0)


def test_two_real_moments_agree() -> None:
    assert jump(anchor_now(), anchor_now()) == timedelta(0)
