"""The incidents that have not ended, as the writer knows them: found by hazard and place without a question to disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from mission_planner.store.memory import Memory
from patrol_core.kind import KINDS, Family
from patrol_core.site import Place
from patrol_core.source import Source

FEW = 8  # an incident with more sources is looked at by everything of its hazard in its building

if TYPE_CHECKING:
    from mission_planner.store.incidents import IncidentRow

Key = tuple[object, ...]


@dataclass(slots=True)
class OpenIncidents:
    """Index of open incidents. Bounded by how many are open."""

    rows: dict[UUID, IncidentRow] = field(default_factory=dict)
    merged_into: set[UUID] = field(default_factory=set)  # by others of elsewhere or of another hazard
    _by_key: dict[Key, dict[UUID, None]] = field(default_factory=dict)
    _keys: dict[UUID, tuple[Key, ...]] = field(default_factory=dict)

    def put(self, row: IncidentRow, memory: Memory) -> None:
        """It is as `row` says from now on."""
        incident = row.incident
        before = self.rows.get(incident.incident_id)
        self._set(incident.incident_id, None if incident.state.ended else row)
        memory.changed(partial(self._set, incident.incident_id, before))
        target = self.rows.get(incident.merged_into) if incident.merged_into is not None else None
        if incident.merged_into is not None and (target is None or _where(target) != _where(row)):
            self.merged_into.add(incident.merged_into)  # never taken back: one too many only costs a look

    def near(self, family: Family, building_id: str, source: Source) -> tuple[IncidentRow, ...]:
        """Of one hazard: in a building, or of which this source spoke; oldest first."""
        return self._found((family, building_id), (family, source))

    def at_home(self, family: Family, place: Place, source: Source) -> tuple[IncidentRow, ...]:
        """Of one hazard: in a flat, or of which this source spoke, or large ones of its building; oldest first."""
        flat = (family, place.building_id, place.unit, place.floor, place.flat)
        return self._found(flat, (family, source), (family, place.building_id, "large"))

    @property
    def merging(self) -> bool:
        """Whether others were merged into one that is open."""
        return not self.rows.keys().isdisjoint(self.merged_into)

    def _found(self, *keys: Key) -> tuple[IncidentRow, ...]:
        ids: set[UUID] = set()
        for key in keys:
            ids.update(self._by_key.get(key, ()))
        return tuple(self.rows[i] for i in sorted(ids))

    def _set(self, incident_id: UUID, row: IncidentRow | None) -> None:
        keys = _keys_of(row) if row is not None else ()
        before = self._keys.get(incident_id, ())
        if keys != before:
            for key in before:
                there = self._by_key[key]
                there.pop(incident_id, None)
                if not there:
                    del self._by_key[key]
            for key in keys:
                self._by_key.setdefault(key, {})[incident_id] = None
        if row is None:
            self.rows.pop(incident_id, None)
            self._keys.pop(incident_id, None)
        else:
            self.rows[incident_id] = row
            self._keys[incident_id] = keys


def loaded(rows: Iterable[IncidentRow], merged_into: Iterable[UUID]) -> OpenIncidents:
    """The index over these."""
    found = OpenIncidents(merged_into=set(merged_into))
    for row in rows:
        found._set(row.incident.incident_id, row)
    return found


def _building(row: IncidentRow) -> str:
    return (row.incident.place.building_id if row.incident.place else None) or ""


def _where(row: IncidentRow) -> Key:
    """By what it is found without being looked for by its parts."""
    return KINDS[row.incident.kind].family, _building(row)


def _keys_of(row: IncidentRow) -> tuple[Key, ...]:
    incident = row.incident
    family = KINDS[incident.kind].family
    building_id = _building(row)
    keys: dict[Key, None] = {(family, building_id): None, (family, row.source): None}
    if len(incident.loci) > FEW:
        keys[family, building_id, "large"] = None
        return tuple(keys)
    for locus in incident.loci:
        keys[family, locus.source] = None
        if locus.place is not None:
            p = locus.place
            keys[family, p.building_id, p.unit, p.floor, p.flat] = None
    return tuple(keys)
