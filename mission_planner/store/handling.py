"""How long incidents took, by when they were closed: in columns, and remembered for the days that are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, String, func, select, type_coerce

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import incidents
from patrol_core.kind import IncidentKind

MOST = 100_000  # the newest count; more than that in three months is no community

_KINDS = tuple(IncidentKind)
_NUMBERS = {kind.value: number for number, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Incidents that are over, one for each row, in the order in which they were closed."""

    closed_at: NDArray[np.bytes_]  # UTC site time, as it stands in the table: it sorts
    kind: NDArray[np.uint8]
    handled_s: NDArray[np.float64]  # site seconds from the opening until the danger was over

    def between(self, begin: datetime | None, end: datetime | None) -> Handled:
        """Those closed from `begin` until before `end`; None: from the first, to the last."""
        first = self._at(begin) if begin is not None else 0
        last = self._at(end) if end is not None else len(self.closed_at)
        return self._of(slice(first, last))

    def by_kind(self) -> Sequence[tuple[IncidentKind, NDArray[np.float64]]]:
        """The lengths of each kind that there is."""
        return [(_KINDS[number], self.handled_s[self.kind == number]) for number in np.unique(self.kind)]

    def and_then(self, later: Handled) -> Handled:
        """These, and those that were closed after them."""
        return Handled(
            closed_at=np.concatenate([self.closed_at, later.closed_at]),
            kind=np.concatenate([self.kind, later.kind]),
            handled_s=np.concatenate([self.handled_s, later.handled_s]),
        )

    def newest(self, most: int) -> Handled:
        """The last `most`."""
        return self._of(slice(max(0, len(self.closed_at) - most), None))

    def _of(self, rows: slice) -> Handled:
        return Handled(closed_at=self.closed_at[rows], kind=self.kind[rows], handled_s=self.handled_s[rows])

    def _at(self, moment: datetime) -> int:
        return int(np.searchsorted(self.closed_at, _text(moment).encode()))


class HandlingBook:
    """Remembers what was closed on days that are over, at most `MOST` rows of 37 bytes; any thread may ask.

    Before each use the database is asked for their number and sum: one that was opened anew is missing there.
    """

    def __init__(self) -> None:
        self._kept: tuple[datetime, Handled] | None = None  # complete since that moment

    def since(self, tx: Tx, begin: datetime, today: datetime) -> Handled:
        """What was closed since `begin`; `today` is when the site's day began."""
        if begin >= today:
            return since(tx, begin)
        kept = self._kept
        if kept is not None and kept[0] <= begin:
            over = kept[1].between(begin, today)
            if _still(tx, over, begin, today):
                return over.and_then(since(tx, today)).newest(MOST)
        found = since(tx, begin)
        if len(found.handled_s) < MOST:
            self._kept = (begin, found.between(None, today))
        return found


def since(tx: Tx, begin: datetime) -> Handled:
    """What was closed since, at most the newest `MOST`; false alarms and merged ones were not handled."""
    c = incidents.c
    text = type_coerce(c.closed_at, String)
    query = select(text, c.kind, c.handled_s).where(*_closed(tx), c.closed_at >= begin)
    rows = tx.conn.execute(query.order_by(c.closed_at.desc()).limit(MOST)).all()
    closed, kinds, lengths = zip(*rows, strict=True) if rows else ((), (), ())
    return Handled(
        closed_at=np.array(closed, dtype="S27")[::-1],
        kind=np.array([_NUMBERS[kind] for kind in kinds], dtype=np.uint8)[::-1],
        handled_s=np.array(lengths, dtype=np.float64)[::-1],
    )


def _still(tx: Tx, over: Handled, begin: datetime, end: datetime) -> bool:
    """Whether the database has these, and no others."""
    c = incidents.c
    query = select(func.count(), func.sum(c.handled_s))
    count, total = tx.conn.execute(query.where(*_closed(tx), c.closed_at >= begin, c.closed_at < end)).one()
    return count == len(over.handled_s) and bool(np.isclose(total or 0.0, over.handled_s.sum(), rtol=1e-12, atol=1e-3))


def _closed(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    return (incidents.c.site_id == tx.site_id, incidents.c.handled_s.is_not(None))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
