"""Five-field cron as input: turned into an RRULE, or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patrol_core.errors import InvalidInput

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_RRULE_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_SHORT: Mapping[str, str] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()  # the first one stands for `low`


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _DAYS),
)


def rrule_from_cron(text: str) -> str:
    """The RRULE that fires at the same local times. It has no INTERVAL, so it does not depend on its start.

    Raises:
        InvalidInput: names the field, what was expected and what came; or why RFC 5545 cannot say it in one rule.
    """
    pieces = _SHORT.get(text.strip().lower(), text).split()
    if pieces and pieces[0].startswith("@"):
        raise _wrong(f"expected one of {', '.join(_SHORT)}; came {pieces[0]:.40}")
    if len(pieces) != len(_FIELDS):
        raise _wrong(f"expected 5 fields: minute, hour, day of month, month, day of week; came {len(pieces)}")
    minutes, hours, days, months, weekdays = (
        _values(field, piece.upper()) for field, piece in zip(_FIELDS, pieces, strict=True)
    )
    if days is not None and weekdays is not None and not (pieces[2][0] == "*" or pieces[4][0] == "*"):
        raise _wrong(
            "day of month and day of week are both given, and cron then fires when either fits; "
            "one rule cannot say that: make two patrols"
        )
    parts = [_frequency(minutes, hours, days, weekdays)]
    parts += _part("BYMONTH", months)
    parts += _part("BYMONTHDAY", days)
    if weekdays is not None:
        parts.append("BYDAY=" + ",".join(_RRULE_DAYS[d] for d in sorted({d % 7 for d in weekdays})))
    parts += _part("BYHOUR", hours)
    parts += _part("BYMINUTE", minutes)
    return ";".join([*parts, "BYSECOND=0"])


def _frequency(
    minutes: Sequence[int] | None,
    hours: Sequence[int] | None,
    days: Sequence[int] | None,
    weekdays: Sequence[int] | None,
) -> str:
    if minutes is None:
        return "FREQ=MINUTELY"
    if hours is None:
        return "FREQ=HOURLY"
    return "FREQ=WEEKLY" if weekdays is not None and days is None else "FREQ=DAILY"


def _part(name: str, values: Sequence[int] | None) -> list[str]:
    return [] if values is None else [f"{name}={','.join(map(str, values))}"]


def _values(field: _Field, text: str) -> list[int] | None:
    """The values a field names, ascending; None for `*`."""
    if text == "*":
        return None
    found: set[int] = set()
    for item in text.split(","):
        match = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/(\d{1,4}))?", item, re.ASCII)
        if match is None or (match[1] == "*" and match[2] is not None):
            raise _wrong(f'expected {field.name} such as *, 5, 1-5, */10 or 1,15; came "{item:.40}"')
        step = int(match[3] or 1)
        if match[1] == "*":
            first, last = field.low, field.high - (field.names == _DAYS)
        else:
            first = _number(field, match[1])
            last = _number(field, match[2]) if match[2] else (field.high if match[3] else first)
        if step == 0 or last < first:
            raise _wrong(f'expected {field.name} to ascend in steps of 1 or more; came "{item:.40}"')
        found.update(range(first, last + 1, step))
    return sorted(found)


def _number(field: _Field, text: str) -> int:
    if text in field.names:
        return field.names.index(text) + field.low
    if text.isdecimal() and len(text) <= 4 and field.low <= int(text) <= field.high:
        return int(text)
    names = f" or {field.names[0]} to {field.names[-1]}" if field.names else ""
    raise _wrong(f'expected {field.name} from {field.low} to {field.high}{names}; came "{text:.40}"')


def _wrong(what: str) -> InvalidInput:
    return InvalidInput(what, where="cron")
