"""The incidents that have not ended, as the writer knows them: found by hazard and place without a question to disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from mission_planner.store.memory import Memory
from patrol_core.incident import Locus
from patrol_core.kind import KINDS, Family, Reach
from patrol_core.site import Place
from patrol_core.source import Source

if TYPE_CHECKING:
    from mission_planner.store.incidents import IncidentRow

Key = tuple[object, ...]
OUTDOORS = ""  # building of what is in none


@dataclass(slots=True)
class OpenIncidents:
    """Index of open incidents. Bounded by how many are open."""

    rows: dict[UUID, IncidentRow] = field(default_factory=dict)
    merged_into: set[UUID] = field(default_factory=set)  # by others of elsewhere or of another hazard
    _by_key: dict[Key, dict[UUID, None]] = field(default_factory=dict)
    _keys: dict[UUID, set[Key]] = field(default_factory=dict)  # one too many only costs a look

    def put(self, row: IncidentRow, memory: Memory) -> None:
        """It is as `row` says from now on."""
        incident = row.incident
        before = self.rows.get(incident.incident_id)
        self._set(incident.incident_id, None if incident.state.ended else row)
        memory.changed(partial(self._set, incident.incident_id, before))
        if incident.merged_into is not None:
            target = self.rows.get(incident.merged_into)
            if target is None or _where(target) != _where(row):
                self.merged_into.add(incident.merged_into)  # never taken back: one too many only costs a look

    def near(self, family: Family, reach: Reach, place: Place | None, source: Source) -> tuple[IncidentRow, ...]:
        """Of one hazard: what can be about a place, or of which this source spoke; oldest first.

        Args:
            reach: how far around `place`; of what has no place, all outdoors.
        """
        keys = [(family, source), *(_around(family, reach, place) if place is not None else [(family, OUTDOORS)])]
        found = [ids for key in keys if (ids := self._by_key.get(key))]
        if len(found) == 1 and len(found[0]) == 1:
            return (self.rows[next(iter(found[0]))],)
        return tuple(self.rows[i] for i in sorted({i for ids in found for i in ids}))

    def in_building(self, family: Family, building_id: str) -> tuple[IncidentRow, ...]:
        """Of one hazard; oldest first."""
        return tuple(self.rows[i] for i in sorted(self._by_key.get((family, building_id), ())))

    @property
    def merging(self) -> bool:
        """Whether others were merged into one that is open."""
        return bool(self.merged_into) and not self.rows.keys().isdisjoint(self.merged_into)

    def _set(self, incident_id: UUID, row: IncidentRow | None) -> None:
        before = self.rows.get(incident_id)
        if row is None:
            self._unlink(incident_id)
            self.rows.pop(incident_id, None)
            return
        if before is None or _moved(row, before):
            self._unlink(incident_id)
            self._link(incident_id, [_where(row), (_where(row)[0], row.source)])
            came: Iterable[Locus] = row.incident.loci
        else:
            came = _new_among(row.incident.loci, before.incident.loci)
        for locus in came:
            self._link(incident_id, _keys_of(row, locus))
        self.rows[incident_id] = row

    def _link(self, incident_id: UUID, keys: Iterable[Key]) -> None:
        known = self._keys.setdefault(incident_id, set())
        for key in keys:
            if key not in known:
                known.add(key)
                self._by_key.setdefault(key, {})[incident_id] = None

    def _unlink(self, incident_id: UUID) -> None:
        for key in self._keys.pop(incident_id, ()):
            there = self._by_key[key]
            there.pop(incident_id, None)
            if not there:
                del self._by_key[key]


def loaded(rows: Iterable[IncidentRow], merged_into: Iterable[UUID]) -> OpenIncidents:
    """The index over these."""
    found = OpenIncidents(merged_into=set(merged_into))
    for row in rows:
        found._set(row.incident.incident_id, row)
    return found


def _new_among(loci: Sequence[Locus], before: Sequence[Locus]) -> Sequence[Locus]:
    """Those that came or changed; most often it is one that came last."""
    if loci is before:
        return ()
    if len(loci) > 1 and len(before) > 1 and loci[-2] is before[-1]:
        return loci[-1:]
    return [o for i, o in enumerate(loci) if i >= len(before) or o is not before[i]]


def _where(row: IncidentRow) -> Key:
    """By what it is found without being looked for by its parts."""
    place = row.incident.place
    return KINDS[row.incident.kind].family, (place.building_id if place else None) or OUTDOORS


def _moved(row: IncidentRow, before: IncidentRow) -> bool:
    now, then = row.incident, before.incident
    return not (now.kind is then.kind and now.place is then.place) and _where(row) != _where(before)


def _keys_of(row: IncidentRow, locus: Locus) -> Iterator[Key]:
    """By which one of its sources lets an incident be found."""
    family, building_id = _where(row)
    yield family, locus.source
    p = locus.place
    if p is None:
        yield family, building_id, "in the open"  # in its building by the first word, and seen by somebody who moves
        return
    yield family, p.building_id, p.unit, p.floor, p.flat
    if p.building_id == building_id:
        yield family, building_id, "staircase", p.unit
        yield family, building_id, "floor", p.unit, p.floor


def _around(family: Family, reach: Reach, place: Place) -> Iterator[Key]:
    """Where an incident of this hazard may be that is about a place inside a building."""
    p, building_id = place, place.building_id
    match reach:
        case Reach.SOURCE | Reach.FLAT:
            yield family, building_id, p.unit, p.floor, p.flat
            return
        case Reach.NEIGHBOURS:
            if p.floor is not None:
                for floor in (p.floor - 1, p.floor, p.floor + 1):
                    yield family, building_id, "floor", p.unit, floor
        case Reach.STAIRCASE:
            yield family, building_id, "staircase", p.unit
        case Reach.BUILDING:
            yield family, building_id
    yield family, building_id, "in the open"
