"""Retention by policy: how long each class is kept, and the round that removes what is older.

Never removed: an incident with its timeline, whatever belongs to one that is open, and every link of the chain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial

from mission_planner.incidents.evidence import BlobStore
from mission_planner.store import pruning
from mission_planner.store.protocol import Store
from patrol_core.errors import InvalidInput

log = logging.getLogger(__name__)

ROUNDS = 40  # transactions for each class in one run; what is left waits for the next
MAX_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days for which each class is kept; 0 keeps it for ever."""

    pictures_days: int = 30  # of no incident: what robots photograph on their rounds
    evidence_days: int = 1_095  # pictures of incidents, from their end
    reports_days: int = 14  # raw reports that were taken through
    findings_days: int = 365  # as they were understood; of incidents, from their end
    notices_days: int = 365  # who was told; of incidents, from their end
    events_days: int = 7  # what browsers follow
    audit_days: int = 1_095  # who did what

    def days(self, name: str) -> int:
        """Of a class of `pruning.CLASSES`."""
        days: int = getattr(self, f"{name}_days")
        return days


def retention_from(environment: Mapping[str, str]) -> Retention:
    """From RONDA_KEEP_<CLASS>_DAYS; raises InvalidInput naming the variable."""
    given = {}
    for field in fields(Retention):
        name = f"RONDA_KEEP_{field.name.upper()}"
        text = environment.get(name)
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and int(text) <= MAX_DAYS):
            raise InvalidInput(f"expected whole days from 0 (for ever) to {MAX_DAYS}; came {text!r:.40}", where=name)
        given[field.name] = int(text)
    return Retention(**given)


class Pruner:
    """Removes what is older than its policy."""

    def __init__(self, *, store: Store, blobs: BlobStore, policy: Retention) -> None:
        self._store = store
        self._blobs = blobs
        self._policy = policy

    async def run(self, now: datetime, wall: datetime | None = None) -> Mapping[str, int]:
        """One round; how many of each class were removed.

        Args:
            now: UTC site time.
            wall: UTC wall time, by which the audit record is dated.
        """
        removed: dict[str, int] = {}
        for kind in pruning.CLASSES:
            days = self._policy.days(kind.name)
            if not days:
                continue
            today = (wall or datetime.now(UTC)) if kind.name == "audit" else now
            before = today - timedelta(days=days)
            count = 0
            for _ in range(ROUNDS):
                keys = await self._store.read(partial(kind.find, before=before))
                if not keys:
                    break
                count += await self._store.write(partial(kind.remove, before=before, keys=keys, now=now))
            if count:
                log.info("%d of %s removed: older than %d days", count, kind.name, days)
                removed[kind.name] = count
        await self._remove_bytes()
        return removed

    async def _remove_bytes(self) -> None:
        """After the commit that says they are removed; what a crash left over is removed in the next round."""
        while digests := await self._store.read(pruning.without_use):
            for digest in digests:
                await asyncio.to_thread(self._blobs.remove, digest)
            await self._store.write(partial(pruning.bytes_gone, digests=digests))
