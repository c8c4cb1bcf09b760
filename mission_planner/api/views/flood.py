"""The flood of alarms and what is explained, as the console shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import See, Text, View, words
from mission_planner.incidents.notify import phrases
from mission_planner.incidents.sources import source_name
from mission_planner.store import findings, flood
from patrol_core.source import Source, SourceKind

SHOWN = 500


class FloodView(View):
    """ISA-18.2: more than ten alarms for each operator in ten minutes."""

    active: bool
    since: datetime | None
    alarms_in_10_min: int
    limit: int = Field(description="so many are no flood yet")
    operators: int = Field(description="on duty; nobody counts as one")
    bundled: int = Field(description="tellings, none about life, that went out together with others since it began")
    text: Text


class InhibitedView(View):
    """One sensor whose words an open incident explains."""

    device: str
    device_name: Text
    incident_id: UUID
    since: datetime = Field(description="its first word that was explained")
    count: int


def flood_view(see: See) -> FloodView:
    """As it is now."""
    kept = flood.get(see.tx)
    recent = kept.recent(see.now) if see.now is not None else 0
    return FloodView(
        active=kept.active,
        since=kept.since,
        alarms_in_10_min=recent,
        limit=kept.limit,
        operators=kept.operators,
        bundled=kept.bundled,
        text=words(phrases.flood(recent, kept.limit, kept.bundled) if kept.active else phrases.NO_FLOOD),
    )


def inhibited_views(see: See) -> list[InhibitedView]:
    """What is explained now."""
    return [
        InhibitedView(
            device=row.source_id,
            device_name=words(source_name(see.site, Source(kind=SourceKind.DEVICE, source_id=row.source_id))),
            incident_id=row.incident_id,
            since=row.since,
            count=row.count,
        )
        for row in findings.explained(see.tx, SHOWN)
    ]
