"""A file of devices into the registry: all of it is checked first, and nothing is kept when any row is wrong.

Then it is kept in small transactions, so that nobody's alarm waits behind it. A center that dies in between has kept
the first part of a file that was right as a whole; the same import again completes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mission_planner.incidents.registry import phrases
from mission_planner.incidents.registry.checking import Checker
from mission_planner.incidents.registry.entry import Entry
from mission_planner.incidents.registry.problems import Problem
from mission_planner.incidents.registry.registry import Registry
from mission_planner.incidents.registry.rows import Format, Row, read
from mission_planner.people import audit
from mission_planner.people.roles import Action
from mission_planner.store import registry as stored
from mission_planner.store.protocol import Store
from patrol_core.errors import Conflict, InvalidInput
from patrol_core.site import Site, Text

SHOWN_PROBLEMS = 100
SAMPLE = 10
CHUNK = 1_000  # devices in one transaction
MAX_DEVICES = 1_000_000


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import would do, or did."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)  # the first ones
    problems_total: int = 0
    sample: list[Entry] = field(default_factory=list)  # the first ones that change something


def check(path: Path, form: Format, site: Site, registry: Registry) -> Report:
    """Read the whole file and say what keeping it would do. Changes nothing; runs in a thread."""
    report = Report()
    for found in _entries(path, form, site, registry):
        report.rows += 1
        if not isinstance(found, Entry):
            report.problems_total += len(found)
            report.problems += found[: SHOWN_PROBLEMS - len(report.problems)]
            continue
        if registry.same(found):
            report.unchanged += 1
            continue
        if found.device.device_id in registry:
            report.changed += 1
        else:
            report.added += 1
        if len(report.sample) < SAMPLE:
            report.sample.append(found)
    if not report.rows:
        report.problems_total += 1
        report.problems.append(Problem(1, None, phrases.AT_LEAST_ONE, phrases.NONE))
    if len(registry) + report.added > MAX_DEVICES:
        report.problems_total += 1
        came = Text.same(str(len(registry) + report.added))
        report.problems.append(Problem(1, None, phrases.at_most_devices(MAX_DEVICES), came))
    return report


class Importer:
    """One import at a time."""

    def __init__(self, *, store: Store, site: Site, registry: Registry) -> None:
        self._store = store
        self._site = site
        self._registry = registry
        self._busy = asyncio.Lock()

    async def take(self, path: Path, form: Format, *, dry_run: bool, by: str) -> Report:
        """Check the file; keep it where nothing is wrong and this is no dry run.

        Raises:
            Conflict: another import runs.
            Unavailable: the store takes no writes now; what was kept so far stays.
        """
        if self._busy.locked():
            raise Conflict("another import runs: wait until it has ended", zh="另一次导入正在进行，请等它结束")
        async with self._busy:
            report = await asyncio.to_thread(check, path, form, self._site, self._registry)
            if dry_run or report.problems_total:
                return report
            chunks = _chunks(path, form, self._site, self._registry)
            while chunk := await asyncio.to_thread(next, chunks, None):
                await self._store.write(lambda tx, kept=chunk: stored.put(tx, kept))  # type: ignore[misc]
                self._registry.put(chunk)
            await asyncio.to_thread(self._registry.sorted_positions)
            detail = f"import: {report.added} added, {report.changed} changed, {report.unchanged} unchanged"
            await self._store.write(
                lambda tx: audit.record(
                    tx, now=datetime.now(UTC), who=by, action=Action.SENSOR_EDIT.value, target="registry", detail=detail
                )
            )
            return report


def _chunks(path: Path, form: Format, site: Site, registry: Registry) -> Iterator[Sequence[Entry]]:
    chunk: list[Entry] = []
    for found in _entries(path, form, site, registry):
        if not isinstance(found, Entry):
            raise InvalidInput(f"expected the file that was checked; came another: {found[0]}")
        if registry.same(found):
            continue
        chunk.append(found)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _entries(path: Path, form: Format, site: Site, registry: Registry) -> Iterator[Entry | list[Problem]]:
    checker = Checker(site, registry.by_external)
    with path.open(encoding="utf-8-sig", newline="") as text:
        for row in read(text, form):
            if not isinstance(row, Row):
                yield [row]
                continue
            entry, wrong = checker.entry(row)
            if entry is None:
                yield wrong
            else:
                yield entry
