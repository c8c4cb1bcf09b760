"""A store on which state machines try things: copied from a file that is migrated once, and opened again at will."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from mission_planner.bus import Work
from mission_planner.incidents.calendar_jump import Anchor
from mission_planner.incidents.reception import take_finding
from mission_planner.store import findings, notices
from mission_planner.store.notices import Notice
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, tiny_site, work

T = TypeVar("T")


@cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="clockwork-")) / "center.db"
    SqliteStore(path, site_id="tiny").close()
    return path


class Clockwork:
    """A real store, and time as the machine says: the calendar may be set, the time since the boot only passes."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="clockwork-")
        self._path = Path(self._folder.name) / "center.db"
        shutil.copy(_template(), self._path)
        self.site = tiny_site()
        self.passed_s = 0.0
        self.set_by = timedelta(0)
        self.transactions = 0
        self.store = self._open()

    @property
    def moment(self) -> Anchor:
        """Now, on both clocks."""
        return Anchor(
            boot_id="b1",
            boottime_s=1000.0 + self.passed_s,
            calendar=AT + timedelta(seconds=self.passed_s) + self.set_by,
        )

    @property
    def told(self) -> tuple[Notice, ...]:
        """Everything that was told, in order."""
        return self.run(lambda w: notices.after(w.tx, seq=0, limit=100_000, kinds=frozenset(IncidentKind)))[0]

    def run(self, handle: Callable[[Work], T]) -> T:
        """One transaction."""

        def write(tx: Tx) -> T:
            self.transactions += 1
            moment = self.moment
            surroundings = work(tx, self.site, now=moment.calendar)
            surroundings.moment = moment
            return handle(surroundings)

        return self.store.submit(write).result(60)

    def says(self, source_id: str, kind: IncidentKind, phase: Phase = Phase.RAISED) -> UUID | None:
        """A sensor without a place says something; the incident it went into."""
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.DEVICE, source_id=source_id),
            kind=kind,
            phase=phase,
            position_m=None,
            observed_at=self.moment.calendar,
            confidence=1.0,
        )

        def take(surroundings: Work) -> UUID | None:
            take_finding(surroundings, finding)
            if not findings.known(surroundings.tx, finding.finding_id):
                return None
            return findings.get(surroundings.tx, finding.finding_id).incident_id

        return self.run(take)

    def restart(self) -> None:
        """The center ends and starts anew on the same file."""
        self.store.close()
        self.store = self._open()

    def close(self) -> None:
        """Nothing is left behind."""
        self.store.close()
        self._folder.cleanup()

    def _open(self) -> SqliteStore:
        return SqliteStore(self._path, site_id="tiny")
