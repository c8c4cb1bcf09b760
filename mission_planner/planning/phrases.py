"""Why an occurrence of a schedule did not start: the sentences of planning, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from patrol_core.site import Text

STILL_RUNNING = Text(zh="上一次巡逻尚未结束，按策略跳过", en="The run before has not ended; skipped by policy")
WAITS_FOR_LAST = Text(zh="等待上一次巡逻结束", en="Waits for the run before to end")
ONE_WAITS = Text(zh="已有一次在等待上一次巡逻结束", en="Another run already waits for the one before")
MISSED = Text(zh="到点时中心未能执行，按策略跳过", en="The center could not start it in time; skipped by policy")
MISSED_SUPERSEDED = Text(zh="错过，只补最近一次", en="Missed; only the newest one is made up for")
NEVER_AGAIN = Text(zh="日程已经结束，不会再有下一次", en="The schedule has ended; there is no next run")


def more_missed(count: int) -> Text:
    """Many occurrences in one record."""
    return Text(zh=f"连同此前共错过 {count} 次", en=f"{count} runs were missed up to here")


def blackout(day: date) -> Text:
    """Nobody patrols that day."""
    return Text(zh=f"{day.isoformat()} 是停巡日", en=f"{day.isoformat()} is a day without patrols")


def skipped_by_clocks(nominal: datetime, local: datetime) -> Text:
    """The clocks go forward over it."""
    return Text(
        zh=f"当天没有 {nominal:%H:%M}（时钟拨快），改在 {local:%H:%M}",
        en=f"{nominal:%H:%M} does not exist that day (clocks go forward); runs at {local:%H:%M}",
    )


def comes_twice(local: datetime) -> Text:
    """The clocks go back over it."""
    return Text(
        zh=f"当天有两次 {local:%H:%M}（时钟拨慢），只在第一次执行",
        en=f"{local:%H:%M} comes twice that day (clocks go back); runs the first time only",
    )


def too_late(grace: timedelta) -> Text:
    """Missed for longer than the schedule makes up for."""
    minutes = int(grace.total_seconds() // 60)
    return Text(zh=f"错过已超过 {minutes} 分钟，不再补", en=f"Missed by more than {minutes} min; not made up for")


def too_many(most: int) -> Text:
    """More missed than are made up for at once."""
    return Text(zh=f"错过太多，只补最近 {most} 次", en=f"Too many missed; only the newest {most} are made up for")


def away(since: datetime, until: datetime) -> Text:
    """The center did not run for long."""
    first, last = f"{since:%Y-%m-%d %H:%M}Z", f"{until:%Y-%m-%d %H:%M}Z"
    return Text(
        zh=f"中心从 {first} 到 {last} 未运行，其间的巡逻均未执行",
        en=f"The center was away from {first} to {last}; no run of that time took place",
    )
