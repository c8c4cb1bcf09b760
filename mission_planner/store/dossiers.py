"""What is kept about incidents beside their rows, read for many of them at once: one question for each table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, func, select

from mission_planner.incidents.sla import SlaClock
from mission_planner.people import accounts
from mission_planner.store import assignments, evidence, inbox, incidents, queue, schema
from mission_planner.store.assignments import Assignment
from mission_planner.store.body import from_body
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.findings import KeptFinding
from mission_planner.store.incidents import Entry, IncidentRow
from mission_planner.store.notices import Notice, notice_of
from mission_planner.store.protocol import Tx
from mission_planner.store.queue import QueueRow
from mission_planner.store.schema import findings, notices, sla_clocks, timeline
from patrol_core.finding import Finding
from patrol_core.site import Text

T = TypeVar("T")

LINES, FINDINGS = 200, 10  # the newest so many of each incident
AT_ONCE = 500  # incidents, or pictures, in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Of one incident; each list oldest first."""

    lines: Sequence[Entry] = ()  # the newest
    findings: Sequence[KeptFinding] = ()  # the newest
    findings_total: int = 0
    repeats: int = 0  # too soon to be news: counted, and no findings
    orders: Sequence[Assignment] = ()
    merged: Sequence[QueueRow] = ()
    clock: SlaClock | None = None  # None for an incident from before there were clocks
    notices: Sequence[Notice] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossiers:
    """Of several incidents, with the pictures and people that any of them names."""

    of: Mapping[UUID, Dossier] = field(default_factory=dict)
    pictures: Mapping[str, EvidenceRow] = field(default_factory=dict)  # by digest
    names: Mapping[str, str] = field(default_factory=dict)  # what people call an account


def several(tx: Tx, ids: Sequence[UUID]) -> tuple[IncidentRow, ...]:
    """These incidents, ended or not, in no order; those that are not there are left out."""
    return incidents.rows_of(tx, select(schema.incidents).where(schema.incidents.c.incident_id.in_(ids)))


def dossiers(tx: Tx, rows: Sequence[IncidentRow]) -> Dossiers:
    """Everything beside these rows."""
    found: dict[UUID, Dossier] = {}
    for first in range(0, len(rows), AT_ONCE):
        found |= _some(tx, [row.incident.incident_id for row in rows[first : first + AT_ONCE]])
    people = {row.incident.assignee for row in rows} | {o.username for d in found.values() for o in d.orders}
    known = {person for person in people if person is not None}
    shown = {digest for row in rows for digest in row.incident.evidence}
    for dossier in found.values():
        shown |= {line.picture for line in dossier.lines if line.picture}
        shown |= {digest for kept in dossier.findings for digest in kept.finding.evidence}
    return Dossiers(
        of=found,
        pictures=_pictures(tx, sorted(shown)),
        names=accounts.names(tx, known) if known else {},
    )


def _some(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Dossier]:
    lines = _newest(tx, timeline, timeline.c.id, ids, LINES, _entry)
    kept = _newest(tx, findings, findings.c.seq, ids, FINDINGS, _kept)
    counted = select(findings.c.incident_id, func.count()).where(findings.c.incident_id.in_(ids))
    counts = {row[0]: row[1] for row in tx.conn.execute(counted.group_by(findings.c.incident_id))}
    repeats = inbox.counted(tx, ids)
    orders = assignments.of_incidents(tx, ids)
    merged = queue.merged_into_each(tx, ids)
    clocks = {
        row.incident_id: from_body(SlaClock, row.body)
        for row in tx.conn.execute(
            select(sla_clocks.c.incident_id, sla_clocks.c.body).where(sla_clocks.c.incident_id.in_(ids))
        )
    }
    tellings = select(notices).where(notices.c.incident_id.in_(ids)).order_by(notices.c.seq)
    told = _grouped(tx.conn.execute(tellings), notice_of)
    return {
        i: Dossier(
            lines=lines.get(i, ()),
            findings=kept.get(i, ()),
            findings_total=counts.get(i, 0),
            repeats=repeats.get(i, 0),
            orders=orders.get(i, ()),
            merged=merged.get(i, ()),
            clock=clocks.get(i),
            notices=told.get(i, ()),
        )
        for i in ids
    }


def _newest(  # noqa: PLR0917 - a table and what is wanted of it
    tx: Tx, table: Table, order: Any, ids: Collection[UUID], limit: int, made: Callable[[Any], T]
) -> dict[UUID, list[T]]:
    """The newest `limit` rows of each incident, oldest of them first."""
    rank = func.row_number().over(partition_by=table.c.incident_id, order_by=order.desc()).label("rank")
    ranked = select(table, rank).where(table.c.incident_id.in_(ids)).subquery()
    rows = tx.conn.execute(select(ranked).where(ranked.c.rank <= limit).order_by(ranked.c[order.name]))
    return _grouped(rows, made)


def _grouped(rows: Any, made: Callable[[Any], T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = {}
    for row in rows:
        found.setdefault(row.incident_id, []).append(made(row))
    return found


def _pictures(tx: Tx, digests: Sequence[str]) -> dict[str, EvidenceRow]:
    found: dict[str, EvidenceRow] = {}
    for first in range(0, len(digests), AT_ONCE):
        found |= evidence.several(tx, digests[first : first + AT_ONCE])
    return found


def _entry(row: Any) -> Entry:
    return Entry(
        at=row.at, kind=row.kind, text=Text(zh=row.text["zh"], en=row.text["en"]), by=row.by, picture=row.picture
    )


def _kept(row: Any) -> KeptFinding:
    return KeptFinding(finding=from_body(Finding, row.body), incident_id=row.incident_id)
