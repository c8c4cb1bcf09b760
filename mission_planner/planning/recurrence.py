"""One RRULE (RFC 5545, 3.3.10) on naive local times: read strictly, and expanded with bounded work.

python-dateutil expands it. What it leaves open is closed here: what it would accept in silence is refused with a
sentence, an old start is moved near the asked time, and a rule that never fires is found before it would search the
years up to 9999. Zones are not its business; see `schedule`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from patrol_core.errors import InvalidInput

HORIZON = timedelta(days=60 * 366)  # a rule that does not fire within it never fires; 29 February on a Monday is in
EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - naive local on purpose
MAX_COUNT = 1_000
MAX_TEXT = 500

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
_MAX_INTERVAL = {"MINUTELY": 527_040, "HOURLY": 8_784, "DAILY": 3_660, "WEEKLY": 520, "MONTHLY": 120, "YEARLY": 20}
_LENGTH = {"MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1)}
_LENGTH["WEEKLY"] = timedelta(weeks=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGES = {  # smallest and largest absolute value, and whether it may count from the end
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYSECOND": (0, 59, False),
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}
_DAY_FILTERS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_RANGES}
_NOT_WITH = {  # RFC 5545, the table in 3.3.10: what a frequency does not take
    "BYWEEKNO": ("MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"),
    "BYYEARDAY": ("MONTHLY", "WEEKLY", "DAILY"),
    "BYMONTHDAY": ("WEEKLY",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A checked rule and its start. The start itself counts only where it fits the rule."""

    starts_at: datetime  # naive, local
    parts: Mapping[str, str]  # upper case, without COUNT and UNTIL
    count: int | None
    until: datetime | None  # naive, local, itself included
    _text: str = field(repr=False)

    @property
    def frequency(self) -> str:
        return self.parts["FREQ"]

    def after(self, local: datetime) -> Iterator[datetime]:
        """Naive local times after `local`, ascending; ends with the rule, or at the horizon."""
        if local >= LATEST:
            return
        end = min(max(local, self.starts_at) + HORIZON, LATEST)
        if self.until is not None:
            end = min(end, self.until)
        if local >= end or self.starts_at > end:
            return
        try:
            for moment in takewhile(lambda m: m <= end, self._rule(local)):
                if moment > local:
                    yield moment
        except ValueError:  # dateutil noticed in the middle that the parts exclude each other
            return

    def check_fires(self) -> None:
        """Raises InvalidInput when the rule has no occurrence at all."""
        if self.until is not None and self.until < self.starts_at:
            raise self.never(f"UNTIL {self.until.isoformat()} lies before its start {self.starts_at.isoformat()}")
        if not self._has_days():
            raise self.never("no day of any year fits all its parts")
        days = _LENGTH.get(self.frequency, timedelta()) * self._interval / timedelta(days=1)
        if self.frequency != "WEEKLY" and days and days % 7 == 0 and "BYDAY" in self.parts:
            weekday = _WEEKDAYS[self.starts_at.weekday()]
            if weekday not in self.parts["BYDAY"].split(","):
                raise self.never(f"every {days:g} days from its start is always {weekday}, and BYDAY leaves that out")
        if next(self.after(self.starts_at - timedelta(seconds=1)), None) is None:
            raise self.never("its parts exclude each other")

    @property
    def _interval(self) -> int:
        return int(self.parts.get("INTERVAL", "1"))

    def never(self, because: str) -> InvalidInput:
        """The error for a rule without any occurrence."""
        return InvalidInput(f"this schedule never fires: {because} ({self._text})", where="rrule")

    def _has_days(self) -> bool:
        """Whether any day fits BYMONTH, BYMONTHDAY, BYYEARDAY and BYDAY together, asked a year at a time."""
        wanted = {name: self.parts[name] for name in _DAY_FILTERS if name in self.parts}
        if self.frequency in ("YEARLY", "MONTHLY") or not wanted.keys() - {"BYMONTH"}:
            return True  # dateutil searches these by the year or month itself
        first = datetime.combine(self.starts_at.replace(month=1, day=1), time())
        return next(iter(_expander({"FREQ": "YEARLY", **wanted}, first)), LATEST) - first <= HORIZON

    def _rule(self, local: datetime) -> rrule:
        if self.count is not None:
            return _expander({**self.parts, "COUNT": str(self.count)}, self.starts_at)
        parts = {**self._defaults(), **self.parts}
        return _expander(parts, self._start_near(local))

    def _defaults(self) -> dict[str, str]:
        """What RFC 5545 takes from the start, said aloud, so that the start may be moved."""
        if any(name in self.parts for name in ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY")):
            return {}
        if self.frequency == "MONTHLY":
            return {"BYMONTHDAY": str(self.starts_at.day)}
        if self.frequency == "YEARLY":
            return {"BYMONTH": str(self.starts_at.month), "BYMONTHDAY": str(self.starts_at.day)}
        return {}

    def _start_near(self, local: datetime) -> datetime:
        """A start some whole intervals later that gives the same times after `local`."""
        start, interval = self.starts_at, self._interval
        if local <= start:
            return start
        if self.frequency in _LENGTH:
            step = _LENGTH[self.frequency] * interval
            return start + max((local - start) // step - 1, 0) * step
        if self.frequency == "MONTHLY":
            months = (local.year - start.year) * 12 + local.month - start.month
            years, month = divmod(start.month - 1 + (months // interval - 1) * interval, 12)
            moved = start.replace(year=start.year + years, month=month + 1, day=1)
        else:
            years = ((local.year - start.year) // interval - 1) * interval
            moved = start.replace(year=start.year + years, month=1, day=1)
        return max(moved, start)


def parse(text: str, starts_at: datetime, zone: ZoneInfo) -> Recurrence:
    """A rule from its text.

    Args:
        starts_at: DTSTART, naive local.
        zone: for an UNTIL in UTC.

    Raises:
        InvalidInput: names the part, what was expected and what came.
    """
    if starts_at.tzinfo is not None:
        raise _wrong(f"expected a local time without UTC offset; came {starts_at.isoformat()}", where="starts_at")
    if not EARLIEST <= starts_at <= LATEST:
        raise _wrong(f"expected a start from 2000 to 2200; came {starts_at.isoformat()}", where="starts_at")
    parts = _split(text)
    frequency = parts.get("FREQ", "nothing")
    if frequency not in _FREQUENCIES:
        hint = "; the shortest interval is one minute" if frequency == "SECONDLY" else ""
        raise _wrong(f"expected FREQ to be one of {', '.join(_FREQUENCIES)}; came {frequency:.40}{hint}")
    _check_numbers(parts, frequency)
    _check_days(parts, frequency)
    for name, refusing in _NOT_WITH.items():
        if name in parts and frequency in refusing:
            raise _wrong(f"expected no {name} with FREQ={frequency}; it came")
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise _wrong("expected another BY part beside BYSETPOS; none came")
    if "BYSETPOS" in parts and frequency in ("HOURLY", "MINUTELY"):
        raise _wrong(f"expected no BYSETPOS with FREQ={frequency}; it came")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _wrong("expected COUNT or UNTIL; both came")
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    until = _until(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    recurrence = Recurrence(starts_at=starts_at, parts=parts, count=count, until=until, _text=text[:120])
    try:
        _expander(parts, starts_at)
    except ValueError:
        raise recurrence.never("its parts exclude each other") from None
    return recurrence


def _split(text: str) -> dict[str, str]:
    if len(text) > MAX_TEXT:
        raise _wrong(f"expected at most {MAX_TEXT} characters; came {len(text)}")
    body = text.strip().upper().removeprefix("RRULE:")
    parts: dict[str, str] = {}
    for piece in body.split(";"):
        name, equals, value = piece.partition("=")
        if not (name and equals and value):
            raise _wrong(f'expected parts such as FREQ=DAILY, joined by ";"; came "{piece:.40}" in "{text:.80}"')
        if name not in _KNOWN:
            raise _wrong(f"expected parts of RFC 5545 ({', '.join(sorted(_KNOWN))}); came {name:.40}")
        if name in parts:
            raise _wrong(f"expected {name} once; came twice")
        parts[name] = value
    return parts


def _check_numbers(parts: Mapping[str, str], frequency: str) -> None:
    for name, highest in (("INTERVAL", _MAX_INTERVAL[frequency]), ("COUNT", MAX_COUNT)):
        value = parts.get(name)
        if value is not None and not (_is_number(value) and 1 <= int(value) <= highest):
            raise _wrong(f"expected {name} from 1 to {highest} with FREQ={frequency}; came {value:.40}")
    for name, (low, high, from_end) in _RANGES.items():
        for value in parts.get(name, "").split(",") if name in parts else ():
            bare = value.removeprefix("-") if from_end else value
            if not (_is_number(bare) and low <= int(bare) <= high):
                negative = ", or negative from the end" if from_end else ""
                raise _wrong(f"expected {name} from {low} to {high}{negative}; came {value:.40}")
    if "," in parts.get("BYSECOND", ""):
        raise _wrong("expected at most one BYSECOND: the shortest interval is one minute; came several")


def _check_days(parts: Mapping[str, str], frequency: str) -> None:
    if parts.get("WKST", "MO") not in _WEEKDAYS:
        raise _wrong(f"expected WKST to be one of {', '.join(_WEEKDAYS)}; came {parts['WKST']:.40}")
    for value in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", value, re.ASCII)
        if match is None:
            raise _wrong(f"expected BYDAY such as MO or 2MO or -1FR; came {value:.40}")
        if match[1] is None:
            continue
        if frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts:
            raise _wrong(f"expected weekdays without a number here (FREQ={frequency}); came {value}")
        if not 1 <= abs(int(match[1])) <= (5 if frequency == "MONTHLY" else 53):
            raise _wrong(f"expected a weekday of the {frequency.lower()[:-2]} that exists; came {value}")


def _until(value: str, zone: ZoneInfo) -> datetime:
    match = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z)?)?", value, re.ASCII)
    try:
        if match is None:
            raise ValueError
        day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
        if match[2] is None:
            return datetime.combine(day, time(23, 59, 59))
        clock = time(int(match[2][:2]), int(match[2][2:4]), int(match[2][4:6]))
        if match[3] is None:
            return datetime.combine(day, clock)
        return datetime.combine(day, clock, UTC).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise _wrong(f"expected UNTIL such as 20261231 or 20261231T160000Z; came {value:.40}") from None


def _expander(parts: Mapping[str, str], starts_at: datetime) -> rrule:
    rule: Any = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=starts_at)
    return rule  # type: ignore[no-any-return]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,9}", text, re.ASCII) is not None


def _wrong(what: str, *, where: str = "rrule") -> InvalidInput:
    return InvalidInput(what, where=where)
