"""Incidents and their timelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, or_, select, update

from mission_planner.incidents import sla
from mission_planner.incidents.chain import LinkKind, stamp, timeline_content
from mission_planner.store import chain
from mission_planner.store.body import body_of, from_body
from mission_planner.store.brief import brief_of
from mission_planner.store.open_incidents import OUTDOORS, OpenIncidents, loaded
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import findings, incidents, timeline
from mission_planner.store.sql import Page, page_of, upsert
from patrol_core.codec import build, plain
from patrol_core.errors import NotFound
from patrol_core.ids import id_text
from patrol_core.incident import Incident, IncidentState, Verification
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Text
from patrol_core.source import Source, SourceKind

_LINES, _OPEN = "timeline.newest", "incidents.open"
_LAST = "timeline.last"
_NONE_BUT_THESE = ""  # in place of a kind of line: all that the incident has are remembered
LINES_REMEMBERED = 20_000  # of as many incidents and kinds of lines; of an older one it is asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """An incident with what the center knows about it beyond the core type."""

    incident: Incident
    source: Source
    verification_because: Text | None = None
    verify_robot_id: str | None = None
    due_at: datetime | None = None  # its next promise, as its clock says; None before it is kept for the first time


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an incident's timeline."""

    at: datetime  # UTC site time
    kind: str
    text: Text
    by: str | None  # account; None for the system
    picture: str | None  # SHA-256 hex


def get(tx: Tx, incident_id: UUID) -> IncidentRow:
    """Raises NotFound."""
    found = find(tx, incident_id)
    if found is None:
        raise NotFound("incident", incident_id)
    return found


def find(tx: Tx, incident_id: UUID) -> IncidentRow | None:
    """The incident, or None."""
    known: OpenIncidents | None = tx.memory.known(_OPEN)
    if known is not None and (open_one := known.rows.get(incident_id)) is not None:
        return open_one
    row = tx.conn.execute(select(incidents).where(incidents.c.incident_id == incident_id)).one_or_none()
    return _row(row) if row is not None else None


def put(tx: Tx, row: IncidentRow) -> None:
    """Insert or overwrite."""
    if row.due_at is None:
        incident = row.incident
        row = replace(row, due_at=sla.started(incident.priority, incident.opened_at).due_at)
    open_index(tx).put(row, tx.memory)
    if tx.gathering is not None:
        tx.gathering.upsert_later(incidents, (row.incident.incident_id,), partial(_columns, tx.site_id, row))
    else:
        upsert(tx, incidents, _columns(tx.site_id, row))


def _columns(site_id: str, row: IncidentRow) -> dict[str, Any]:
    incident = row.incident
    return {
        "incident_id": incident.incident_id,
        "site_id": site_id,
        "kind": incident.kind.value,
        "priority": incident.priority.value,
        "state": incident.state.value,
        "source_kind": row.source.kind.value,
        "source_id": row.source.source_id,
        "verification": incident.verification.value,
        "verification_because": plain(row.verification_because),
        "verify_robot_id": row.verify_robot_id,
        "opened_at": incident.opened_at,
        "changed_at": incident.changed_at,
        "body": body_of(incident),
        "family": KINDS[incident.kind].family.value,
        "building_id": (incident.place.building_id if incident.place else None) or OUTDOORS,
        "certainty": incident.certainty.value if incident.certainty else None,
        "waiting_robot_id": incident.waiting_robot_id,
        "ended": incident.state.ended,
        "assignee": incident.assignee,
        "merged_into": incident.merged_into,
        "closed_at": incident.closed_at,
        "handled_s": _handled_s(incident),
        "brief": msgspec.to_builtins(brief_of(incident)),
        "due_at": row.due_at,
    }


def set_due(tx: Tx, incident_id: UUID, due_at: datetime) -> None:
    """Its next promise moved; nothing else of it changed."""
    known = open_index(tx).rows.get(incident_id)
    tx.conn.execute(update(incidents).where(incidents.c.incident_id == incident_id).values(due_at=due_at))
    if known is not None:
        open_index(tx).put(replace(known, due_at=due_at), tx.memory)


def _handled_s(incident: Incident) -> float | None:
    """Site seconds from the opening until the danger was over; only of what was real."""
    if incident.state is not IncidentState.CLOSED or incident.closed_at is None:
        return None
    return ((incident.resolved_at or incident.closed_at) - incident.opened_at).total_seconds()


def open_of(tx: Tx, source: Source, kind: IncidentKind) -> IncidentRow | None:
    """The newest incident of this source and kind that has not ended."""
    row = tx.conn.execute(
        select(incidents)
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.source_kind == source.kind.value,
            incidents.c.source_id == source.source_id,
            incidents.c.kind == kind.value,
            incidents.c.state.in_(_not_ended()),
        )
        .order_by(incidents.c.incident_id.desc())
        .limit(1)
    ).one_or_none()
    return _row(row) if row is not None else None


def open_index(tx: Tx) -> OpenIncidents:
    """Those that have not ended, in the writer's memory: not for readers."""
    return tx.memory.of(_OPEN, partial(_load_open, tx))


def _load_open(tx: Tx) -> OpenIncidents:
    ours = incidents.c.site_id == tx.site_id
    rows = rows_of(tx, select(incidents).where(ours, incidents.c.ended.is_(False)).order_by(incidents.c.incident_id))
    target = incidents.alias()
    elsewhere = or_(incidents.c.building_id != target.c.building_id, incidents.c.family != target.c.family)
    merged = (
        select(incidents.c.merged_into)
        .join(target, target.c.incident_id == incidents.c.merged_into)
        .where(ours, incidents.c.state == IncidentState.MERGED.value, elsewhere)
        .distinct()
    )
    return loaded(rows, tx.conn.scalars(merged))


def open_of_family(tx: Tx, row: IncidentRow, limit: int = 200) -> tuple[IncidentRow, ...]:
    """Other open incidents of its hazard, anywhere on the site; the newest."""
    query = select(incidents).where(
        incidents.c.site_id == tx.site_id,
        incidents.c.ended.is_(False),
        incidents.c.family == KINDS[row.incident.kind].family.value,
        incidents.c.incident_id != row.incident.incident_id,
    )
    return rows_of(tx, query.order_by(incidents.c.incident_id.desc()).limit(limit))


def open_found_by(tx: Tx, source: Source) -> tuple[IncidentRow, ...]:
    """Incidents that have not ended, of which this source said how sure it is; oldest first."""
    found = select(findings.c.incident_id).where(
        findings.c.source_kind == source.kind.value,
        findings.c.source_id == source.source_id,
        findings.c.certainty.is_not(None),
    )
    return rows_of(
        tx,
        select(incidents)
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.state.in_(_not_ended()),
            incidents.c.incident_id.in_(found),
        )
        .order_by(incidents.c.incident_id),
    )


def waited_at(tx: Tx, robot_id: str) -> tuple[IncidentRow, ...]:
    """Incidents at which this robot waits."""
    return rows_of(
        tx,
        select(incidents).where(incidents.c.site_id == tx.site_id, incidents.c.waiting_robot_id == robot_id),
    )


def without_a_look(tx: Tx, limit: int = 50) -> tuple[IncidentRow, ...]:
    """Incidents nobody has seen yet though somebody should: the gravest first, then the oldest."""
    return rows_of(
        tx,
        select(incidents)
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.state.in_(_not_ended()),
            incidents.c.verification.in_([Verification.WAITING.value, Verification.SENT.value]),
        )
        .order_by(incidents.c.priority, incidents.c.incident_id)
        .limit(limit),
    )


def newest(
    tx: Tx,
    *,
    states: Sequence[IncidentState],
    kinds: Sequence[IncidentKind],
    limit: int,
    after: UUID | None,
    assignee: str | None = None,
) -> Page[IncidentRow]:
    """Incidents, newest first; an empty filter lets everything through.

    Each state is asked for by itself: its newest stand in the index, and a million older ones are not touched.
    """
    query = select(incidents).where(incidents.c.site_id == tx.site_id)
    if kinds:
        query = query.where(incidents.c.kind.in_([k.value for k in kinds]))
    if assignee is not None:
        query = query.where(incidents.c.assignee == assignee)
    if after is not None:
        query = query.where(incidents.c.incident_id < after)
    query = query.order_by(incidents.c.incident_id.desc()).limit(limit + 1)
    parts = [query.where(incidents.c.state == s.value) for s in dict.fromkeys(states)] or [query]
    found = sorted((row for part in parts for row in tx.conn.execute(part)), key=lambda r: r.incident_id, reverse=True)
    return page_of([_row(r) for r in found[: limit + 1]], limit, lambda r: r.incident.incident_id)


def open_count(tx: Tx) -> int:
    """How many have not ended."""
    query = select(func.count()).where(incidents.c.site_id == tx.site_id, incidents.c.state.in_(_not_ended()))
    return tx.conn.scalar(query) or 0


def add_entry(
    tx: Tx,
    incident_id: UUID,
    *,
    at: datetime,
    kind: str,
    text: Text,
    by: str | None = None,
    picture: str | None = None,
) -> None:
    """Write a line under the others, and a link for it into the chain of evidence."""
    words = {"zh": text.zh, "en": text.en}
    number = tx.memory.of(_LINES, lambda: tx.conn.scalar(select(func.max(timeline.c.id))) or 0) + 1
    tx.memory.keep(_LINES, number)
    row = {
        "id": number,
        "incident_id": incident_id,
        "at": at,
        "kind": kind,
        "text": words,
        "by": by,
        "picture": picture,
    }
    _note_line(tx, incident_id, kind, at)
    if tx.gathering is not None:
        tx.gathering.append(timeline, row)
    else:
        tx.conn.execute(insert(timeline), row)
    about = id_text(incident_id)
    content = timeline_content(incident_id=about, at=stamp(at), kind=kind, text=words, by=by, picture=picture)
    chain.append(tx, LinkKind.TIMELINE, str(number), content, about=about)


def begin_timeline(tx: Tx, incident_id: UUID) -> None:
    """It opens, and has no line yet: what kinds of lines it has need not be read from now on."""
    _note_line(tx, incident_id, _NONE_BUT_THESE, None)


def _note_line(tx: Tx, incident_id: UUID, kind: str, at: datetime | None) -> None:
    """Remember when the newest line of a kind was written, of the incidents that were asked for last."""
    lines: dict[tuple[UUID, str], datetime | None] = tx.memory.of(_LAST, dict)
    key = (incident_id, kind)
    if key in lines:
        tx.memory.changed(partial(lines.__setitem__, key, lines[key]))
    else:
        tx.memory.changed(partial(lines.pop, key, None))
    if len(lines) >= LINES_REMEMBERED:
        del lines[next(iter(lines))]
    lines[key] = at


def last_entry_at(tx: Tx, incident_id: UUID, kind: str) -> datetime | None:
    """When the newest line of this kind was written."""
    lines: dict[tuple[UUID, str], datetime | None] = tx.memory.of(_LAST, dict)
    if (incident_id, kind) in lines:
        return lines[incident_id, kind]
    if (incident_id, _NONE_BUT_THESE) in lines:  # it goes before they do
        return None
    query = select(func.max(timeline.c.at)).where(timeline.c.incident_id == incident_id, timeline.c.kind == kind)
    at: datetime | None = tx.conn.scalar(query)
    _note_line(tx, incident_id, kind, at)
    return at


def entries(tx: Tx, incident_id: UUID, limit: int = 200) -> tuple[Entry, ...]:
    """The newest lines, oldest of them first."""
    rows = tx.conn.execute(
        select(timeline).where(timeline.c.incident_id == incident_id).order_by(timeline.c.id.desc()).limit(limit)
    ).all()
    return tuple(
        Entry(at=r.at, kind=r.kind, text=build(Text, r.text), by=r.by, picture=r.picture) for r in reversed(rows)
    )


def _not_ended() -> list[str]:
    return [s.value for s in IncidentState if not s.ended]


def rows_of(tx: Tx, query: Any) -> tuple[IncidentRow, ...]:
    """The incidents that a question for whole rows finds."""
    return tuple(_row(r) for r in tx.conn.execute(query))


def _row(row: Any) -> IncidentRow:
    return IncidentRow(
        incident=from_body(Incident, row.body),
        source=Source(kind=SourceKind(row.source_kind), source_id=row.source_id),
        verification_because=build(Text, row.verification_because) if row.verification_because else None,
        verify_robot_id=row.verify_robot_id,
        due_at=row.due_at,
    )
