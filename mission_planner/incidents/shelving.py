"""People put a source that chatters aside for a while, and take it back; everything put aside is listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mission_planner.bus import Command, Work
from mission_planner.incidents import gate
from mission_planner.store import source_states
from mission_planner.store.events import Subject
from patrol_core.errors import Conflict
from patrol_core.kind import IncidentKind
from patrol_core.source import Source, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelve(Command[None]):
    """Do not open incidents of this kind from this fixed sensor until then."""

    device_id: str
    kind: IncidentKind
    until: datetime  # UTC site time
    by: str
    note: str

    @property
    def target(self) -> str:
        return f"sensor {self.device_id}"

    @property
    def detail(self) -> str:
        return f"{self.kind.value} until {self.until.isoformat()}: {self.note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshelve(Command[None]):
    """Listen to it again."""

    device_id: str
    kind: IncidentKind

    @property
    def target(self) -> str:
        return f"sensor {self.device_id}"

    @property
    def detail(self) -> str:
        return self.kind.value


def shelve(work: Work, command: Shelve) -> None:
    """Handler of Shelve; raises what `gate.shelve` raises, and NotFound for a device the site has not."""
    source = _source(work, command.device_id)
    state = source_states.find(work.tx, source, command.kind)
    shelved = gate.shelve(state, command.kind, until=command.until, by=command.by, note=command.note, now=work.now)
    source_states.put(work.tx, source, command.kind, shelved)
    work.changed(Subject.SENSOR, command.device_id)


def unshelve(work: Work, command: Unshelve) -> None:
    """Handler of Unshelve.

    Raises:
        NotFound: the site has no such device.
        Conflict: it is not shelved.
    """
    source = _source(work, command.device_id)
    state = gate.unshelved(source_states.find(work.tx, source, command.kind), work.now)
    if state.shelved_until is None:
        raise Conflict(
            f"{command.device_id} is not shelved for {command.kind.value}: there is nothing to take back",
            zh=f"{work.site.device(command.device_id).name.zh} 没有被搁置，无须恢复",
        )
    blank = replace(state, shelved_until=None, shelved_by=None, because=None, kept_back=0, raised_at=())
    source_states.put(work.tx, source, command.kind, blank)
    work.changed(Subject.SENSOR, command.device_id)


def _source(work: Work, device_id: str) -> Source:
    return Source(kind=SourceKind.DEVICE, source_id=work.site.device(device_id).device_id)
