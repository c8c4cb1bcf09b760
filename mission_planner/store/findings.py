"""Findings as they were understood, and the incident each went into."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from mission_planner.incidents.chain import LinkKind, finding_content
from mission_planner.store import chain
from mission_planner.store.body import body_of, from_body
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import findings, incidents
from mission_planner.store.sql import Page, insert_new, page_of
from patrol_core.errors import NotFound
from patrol_core.finding import Finding
from patrol_core.ids import id_text
from patrol_core.incident import IncidentState
from patrol_core.kind import Family, IncidentKind

_AT_ONCE = 500  # ids in one question


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """A finding and where it went."""

    finding: Finding
    incident_id: UUID | None  # None where it opened or joined nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A sensor whose words an incident of another kind explains."""

    source_id: str
    incident_id: UUID
    since: datetime  # UTC, its first such word
    count: int


def put(tx: Tx, finding: Finding, incident_id: UUID | None) -> bool:
    """Keep a finding, and a link for it in the chain of evidence; False when its id was known."""
    body = body_of(finding)
    row = {
        "finding_id": finding.finding_id,
        "site_id": tx.site_id,
        "kind": finding.kind.value,
        "phase": finding.phase.value,
        "source_kind": finding.source.kind.value,
        "source_id": finding.source.source_id,
        "observed_at": finding.observed_at,
        "incident_id": incident_id,
        "body": body,
        "certainty": finding.certainty.value if finding.certainty else None,
        "model": finding.model,
    }
    if tx.gathering is not None:
        tx.gathering.append(findings, row)  # whoever gathers has looked for it
    elif not insert_new(tx, findings, row):
        return False
    subject, about = id_text(finding.finding_id), id_text(incident_id) if incident_id else ""
    chain.append(tx, LinkKind.FINDING, subject, finding_content(finding_id=subject, body=body), about=about)
    return True


def known(tx: Tx, finding_id: UUID) -> bool:
    """Whether a finding of this id is kept."""
    return tx.conn.scalar(select(findings.c.kind).where(findings.c.finding_id == finding_id)) is not None


def known_of(tx: Tx, finding_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these that are kept."""
    ids, found = list(finding_ids), set[UUID]()
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        found.update(tx.conn.scalars(select(findings.c.finding_id).where(findings.c.finding_id.in_(some))))
    return frozenset(found)


def get(tx: Tx, finding_id: UUID) -> KeptFinding:
    """Raises NotFound."""
    row = tx.conn.execute(select(findings).where(findings.c.finding_id == finding_id)).one_or_none()
    if row is None:
        raise NotFound("finding", finding_id)
    return _kept(row)


def of_incident(tx: Tx, incident_id: UUID, limit: int = 50) -> tuple[KeptFinding, ...]:
    """The newest findings of an incident, oldest of them first."""
    rows = tx.conn.execute(
        select(findings).where(findings.c.incident_id == incident_id).order_by(findings.c.seq.desc()).limit(limit)
    ).all()
    return tuple(_kept(r) for r in reversed(rows))


def count_of_incident(tx: Tx, incident_id: UUID) -> int:
    """How many findings an incident has."""
    return tx.conn.scalar(select(func.count()).where(findings.c.incident_id == incident_id)) or 0


def newest(tx: Tx, *, incident_id: UUID | None, limit: int, after: int | None) -> Page[KeptFinding]:
    """Findings, newest first."""
    query = select(findings).where(findings.c.site_id == tx.site_id)
    if incident_id is not None:
        query = query.where(findings.c.incident_id == incident_id)
    if after is not None:
        query = query.where(findings.c.seq < after)
    rows = tx.conn.execute(query.order_by(findings.c.seq.desc()).limit(limit + 1)).all()
    page = page_of(rows, limit, lambda r: r.seq)
    return Page(items=tuple(_kept(r) for r in page.items), next=page.next)


def explained(tx: Tx, limit: int) -> tuple[Explained, ...]:
    """Sensors whose words open incidents of another kind explain, the newest incidents first."""
    begun, count = func.min(findings.c.observed_at), func.count()
    rows = tx.conn.execute(
        select(findings.c.source_id, findings.c.incident_id, begun.label("since"), count.label("words"))
        .join(incidents, incidents.c.incident_id == findings.c.incident_id)
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.family == Family.POWER.value,
            incidents.c.state.in_([s.value for s in IncidentState if not s.ended]),
            findings.c.kind == IncidentKind.DEVICE_FAULT.value,
        )
        .group_by(findings.c.source_id, findings.c.incident_id)
        .order_by(findings.c.incident_id.desc(), findings.c.source_id)
        .limit(limit)
    )
    return tuple(
        Explained(source_id=r.source_id, incident_id=r.incident_id, since=r.since, count=r.words) for r in rows
    )


def _kept(row: object) -> KeptFinding:
    return KeptFinding(finding=from_body(Finding, row.body), incident_id=row.incident_id)  # type: ignore[attr-defined]
