"""Findings as they were understood, and the incident each went into."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from mission_planner.incidents.chain import LinkKind, finding_content
from mission_planner.store import chain
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import findings
from mission_planner.store.sql import Page, insert_new, page_of
from patrol_core.codec import from_json, to_json
from patrol_core.errors import NotFound
from patrol_core.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """A finding and where it went."""

    finding: Finding
    incident_id: UUID | None  # None where it opened or joined nothing


def put(tx: Tx, finding: Finding, incident_id: UUID | None) -> bool:
    """Keep a finding, and a link for it in the chain of evidence; False when its id was known."""
    body = to_json(finding)
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
    if not insert_new(tx, findings, row):
        return False
    subject, about = str(finding.finding_id), str(incident_id or "")
    chain.append(tx, LinkKind.FINDING, subject, finding_content(finding_id=subject, body=body), about=about)
    return True


def known(tx: Tx, finding_id: UUID) -> bool:
    """Whether a finding of this id is kept."""
    return tx.conn.scalar(select(findings.c.kind).where(findings.c.finding_id == finding_id)) is not None


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


def _kept(row: object) -> KeptFinding:
    return KeptFinding(finding=from_json(Finding, row.body), incident_id=row.incident_id)  # type: ignore[attr-defined]
