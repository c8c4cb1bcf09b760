"""When a patrol is due: RRULE and IANA zone to moments in UTC, and what is done about moments that were missed.

Policy for local times (RFC 5545, 3.3.5): one that the clocks skip is moved forward by what they skip; one that comes
twice counts the first time. Two that fall together are one. So an hourly patrol has one pause of two hours in autumn.

Policy for missed runs: a run is on time until `on_time` after it was due. What came due earlier, while the center was
down or busy, is missed, and the patrol says what then: `skip` starts none of the missed; `once` starts the newest due
one if it is at most `grace` late; `all` starts each, at most `MOST_STARTED` of them, the newest. Nothing is left out in
silence: every occurrence is either started or skipped with its reason, the older of very many in one record.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mission_planner import wording
from mission_planner.planning import phrases, recurrence
from mission_planner.planning.recurrence import Recurrence
from patrol_core.errors import InvalidInput
from patrol_core.site import Text

MOST_EXPANDED = 1_000
MOST_STARTED = 24
MOST_RECORDS = 100  # skipped runs with a record of their own; older ones share one
LOOK_BACK = timedelta(days=31)  # the center was away for longer: runs before that are not counted one by one
_LONGEST_GAP = timedelta(days=2)  # no zone ever skipped more (Samoa, 2011: one day)
_FIRST = datetime(1999, 1, 1, tzinfo=UTC)


class Missed(StrEnum):
    """What is done about runs that could not start in time."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class Overlap(StrEnum):
    """What is done when a run is due and the one before it has not ended."""

    SKIP = "skip"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One moment of a schedule."""

    at: datetime  # UTC
    local: datetime  # naive, what the site's clocks show then
    note: Text | None = None  # why it is not at the time the rule names, or does not run


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a patrol runs."""

    rrule: str
    starts_at: datetime  # naive, local; DTSTART
    timezone: str  # IANA
    missed: Missed = Missed.SKIP
    blackout: frozenset[date] = frozenset()  # local days without runs
    on_time: timedelta = timedelta(minutes=2)
    grace: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Occurrences that do not run."""

    at: datetime  # UTC; of the newest of them
    because: Text
    count: int | None = 1  # None: not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRuns:
    """What became due. Both ascend."""

    start: tuple[Occurrence, ...]
    skipped: tuple[Skipped, ...]


class Turn(StrEnum):
    """What a due run does."""

    START = "start"
    WAIT = "wait"
    SKIP = "skip"


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        InvalidInput: there is none; says which name is near.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name[:64], sorted(available_timezones()), n=1, cutoff=0.6)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InvalidInput(
            f'expected an IANA time zone such as Asia/Shanghai; came "{name:.64}"{hint}', where="timezone"
        ) from None


def local_time(text: str) -> datetime:
    """A naive local time from ISO 8601 without offset.

    Raises:
        InvalidInput: it is none, or carries an offset.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f'expected a local time such as 2026-03-02T08:00; came "{text:.40}"', where="starts_at"
        ) from None
    if moment.tzinfo is not None:
        raise InvalidInput(
            f'expected a local time without UTC offset (the patrol names its zone); came "{text:.40}"',
            where="starts_at",
        )
    return moment


def check(rrule: str, starts_at_local: datetime, timezone: str) -> None:
    """Raises InvalidInput when the schedule is wrong, or never fires."""
    _checked(rrule, starts_at_local, timezone)


def expand(
    rrule: str, starts_at_local: datetime, timezone: str, after_utc: datetime, limit: int = 10
) -> list[Occurrence]:
    """The next moments after `after_utc` (itself left out), ascending; fewer where the rule ends.

    Raises:
        InvalidInput: the schedule is wrong, or never fires.
    """
    found: list[Occurrence] = []
    for occurrence in _after(rrule, starts_at_local, timezone, after_utc):
        if len(found) >= min(limit, MOST_EXPANDED):
            break
        found.append(occurrence)
    return found


def preview(schedule: Schedule, after_utc: datetime, limit: int = 10) -> list[Occurrence]:
    """As `expand`; blackout days carry a note.

    Raises:
        InvalidInput: as `expand`.
    """
    occurrences = expand(schedule.rrule, schedule.starts_at, schedule.timezone, after_utc, limit)
    return [
        Occurrence(at=o.at, local=o.local, note=phrases.blackout(o.local.date())) if _is_blackout(schedule, o) else o
        for o in occurrences
    ]


def due(schedule: Schedule, last_seen_utc: datetime, now_utc: datetime) -> DueRuns:
    """What is to be done about every occurrence after `last_seen_utc` up to `now_utc`.

    Call it with the `now_utc` of the call before as `last_seen_utc`. A clock that was set back gives nothing.

    Raises:
        InvalidInput: as `expand`.
    """
    since = max(last_seen_utc, now_utc - LOOK_BACK)
    skipped: list[Skipped] = []
    if since > last_seen_utc:
        skipped.append(Skipped(at=since, because=phrases.away(last_seen_utc, since), count=None))
    runnable: list[Occurrence] = []
    for occurrence in _after(schedule.rrule, schedule.starts_at, schedule.timezone, since):
        if occurrence.at > now_utc:
            break
        if _is_blackout(schedule, occurrence):
            skipped.append(Skipped(at=occurrence.at, because=phrases.blackout(occurrence.local.date())))
        else:
            runnable.append(occurrence)
    start, left_out = _by_policy(schedule, runnable, now_utc)
    skipped += left_out
    return DueRuns(start=tuple(start), skipped=_few(sorted(skipped, key=lambda s: s.at)))


def turn(policy: Overlap, *, running: bool, waiting: bool) -> tuple[Turn, Text | None]:
    """What a due run does beside the one before it, and why if it does not start. At most one waits.

    Args:
        running: a run of this patrol has not ended.
        waiting: another one already waits for it.
    """
    if not running:
        return Turn.START, None
    if policy is Overlap.SKIP:
        return Turn.SKIP, phrases.STILL_RUNNING
    if waiting:
        return Turn.SKIP, phrases.ONE_WAITS
    return Turn.WAIT, phrases.WAITS_FOR_LAST


def _by_policy(
    schedule: Schedule, runnable: Sequence[Occurrence], now_utc: datetime
) -> tuple[Sequence[Occurrence], list[Skipped]]:
    on_time = [o for o in runnable if now_utc - o.at <= schedule.on_time]
    late = [o for o in runnable if now_utc - o.at > schedule.on_time]
    match schedule.missed:
        case Missed.SKIP:
            return on_time, [Skipped(at=o.at, because=phrases.MISSED) for o in late]
        case Missed.ALL:
            start, over = runnable[-MOST_STARTED:], runnable[:-MOST_STARTED]
            return start, [Skipped(at=o.at, because=phrases.too_many(MOST_STARTED)) for o in over]
        case Missed.ONCE:
            if on_time:
                return on_time, [Skipped(at=o.at, because=phrases.MISSED_SUPERSEDED) for o in late]
            in_grace = [o for o in late[-1:] if now_utc - o.at <= schedule.grace]
            out = late[: len(late) - len(in_grace)]
            because = phrases.MISSED_SUPERSEDED if in_grace else phrases.too_late(schedule.grace)
            return in_grace, [Skipped(at=o.at, because=because) for o in out]


def _few(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """The newest records as they are, the older ones as one."""
    over, kept = skipped[:-MOST_RECORDS], skipped[-MOST_RECORDS:]
    if not over:
        return tuple(kept)
    uncounted = any(s.count is None for s in over)
    count = sum(s.count or 0 for s in over)
    newest = over[-1]
    because = wording.joined([newest.because, phrases.more_missed(count)])
    return (Skipped(at=newest.at, because=because, count=None if uncounted else count), *kept)


def _after(rrule: str, starts_at: datetime, timezone: str, after_utc: datetime) -> Iterator[Occurrence]:
    rule, zone = _checked(rrule, starts_at, timezone), zone_of(timezone)
    last = max(after_utc, _FIRST)
    for nominal in rule.after(last.astimezone(zone).replace(tzinfo=None, fold=0) - _margin(zone, last)):
        occurrence = _placed(nominal, zone)
        if occurrence.at > last:
            last = occurrence.at
            yield occurrence


def _margin(zone: ZoneInfo, at: datetime) -> timedelta:
    """How far behind the local time a rule's time may lie and still be ahead: moved out of a gap just passed."""
    offsets = {(at - _LONGEST_GAP * i / 4).astimezone(zone).utcoffset() for i in range(5)}
    return _LONGEST_GAP if len(offsets) > 1 else timedelta()


def _placed(nominal: datetime, zone: ZoneInfo) -> Occurrence:
    """A local time of the rule on the line of UTC. With fold 0, a time in a gap takes the offset before the gap."""
    at = nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)
    local = at.astimezone(zone).replace(tzinfo=None, fold=0)
    if local != nominal:
        return Occurrence(at=at, local=local, note=phrases.skipped_by_clocks(nominal, local))
    if nominal.replace(tzinfo=zone, fold=1).utcoffset() != nominal.replace(tzinfo=zone, fold=0).utcoffset():
        return Occurrence(at=at, local=local, note=phrases.comes_twice(local))
    return Occurrence(at=at, local=local)


@lru_cache(maxsize=1_024)
def _checked(rrule: str, starts_at: datetime, timezone: str) -> Recurrence:
    rule = recurrence.parse(rrule, starts_at, zone_of(timezone))
    rule.check_fires()
    return rule


def _is_blackout(schedule: Schedule, occurrence: Occurrence) -> bool:
    return occurrence.local.date() in schedule.blackout
