"""How many reports are durable and not yet drawn into the store, and for how long: nobody's cry waits unseen. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

EXACT = 100  # entries that are kept apart, whenever they came
TOGETHER_S = 1.0  # beyond those, what comes within this is one entry
AT_MOST = 100_000  # entries, more than a day of them; from then on all that comes is one


@dataclass(slots=True)
class _Entry:
    upto: int  # the last row
    count: int  # reports
    came_s: float  # monotonic, the first of them


class Backlog:
    """Rows come in rising numbers, and go in that order; what came together goes together."""

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque()
        self._gone = 0  # the last row that went
        self._count = 0

    @property
    def count(self) -> int:
        """Reports that wait; of a long queue's oldest second perhaps some too many."""
        return self._count

    def waited_s(self, now_s: float) -> float:
        """How long the oldest has waited, at least; 0 where none waits."""
        return now_s - self._entries[0].came_s if self._entries else 0.0

    def came(self, upto: int, count: int, now_s: float) -> None:
        """So many reports are durable, in rows up to this one."""
        if upto <= self._gone or not count:
            return
        self._count += count
        last = self._entries[-1] if len(self._entries) >= EXACT else None
        if last is not None and (now_s - last.came_s < TOGETHER_S or len(self._entries) >= AT_MOST):
            last.upto, last.count = max(upto, last.upto), last.count + count
        else:
            self._entries.append(_Entry(upto, count, now_s))

    def went(self, upto: int) -> None:
        """Rows up to this one are in the store."""
        self._gone = max(self._gone, upto)
        while self._entries and self._entries[0].upto <= self._gone:
            self._count -= self._entries.popleft().count
