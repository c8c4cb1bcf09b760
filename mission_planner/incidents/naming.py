"""What an incident is called: its kind and where it is."""

from __future__ import annotations

from mission_planner.incidents.sources import place_text, source_name
from mission_planner.store.incidents import IncidentRow
from patrol_core.kind import KINDS
from patrol_core.site import Site, Text


def named(site: Site, row: IncidentRow) -> Text:
    """Such as "烟感报警 1 栋 1 单元 201"; where it has no place, by who noticed it."""
    kind = KINDS[row.incident.kind].name
    where = place_text(site, row.incident.place) or source_name(site, row.source)
    return Text(zh=f"{kind.zh} {where.zh}", en=f"{kind.en}, {where.en}")
