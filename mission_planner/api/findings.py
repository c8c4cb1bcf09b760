"""Findings: what was noticed, before anyone judged it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from mission_planner.api import errors
from mission_planner.api.deps import Center, Limit, may
from mission_planner.api.views.common import Page, See
from mission_planner.api.views.findings import FindingView, finding_view
from mission_planner.people.roles import Action
from mission_planner.store import findings

router = APIRouter(prefix="/findings", tags=["findings"], responses=errors.ANSWERS)


@router.get("", dependencies=[may(Action.FINDING_VIEW)])
async def list_findings(
    center: Center, incident_id: UUID | None = None, limit: Limit = 50, after: int | None = None
) -> Page[FindingView]:
    """Findings, newest first."""

    def draw(see: See) -> Page[FindingView]:
        page = findings.newest(see.tx, incident_id=incident_id, limit=limit, after=after)
        return Page(items=[finding_view(see, kept) for kept in page.items], next=page.next)

    return await center.see(draw)


@router.get("/{finding_id}", dependencies=[may(Action.FINDING_VIEW)])
async def read_finding(finding_id: UUID, center: Center) -> FindingView:
    """One finding."""
    return await center.see(lambda see: finding_view(see, findings.get(see.tx, finding_id)))
