"""Which open incidents a word may be about: near its place, or spoken of by its source. For the writer."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from mission_planner.store.incidents import IncidentRow, open_index, rows_of
from mission_planner.store.open_incidents import OUTDOORS
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import incidents
from patrol_core.incident import IncidentState
from patrol_core.kind import Family, Reach
from patrol_core.site import Place
from patrol_core.source import Source


def open_near(tx: Tx, family: Family, reach: Reach, place: Place | None, source: Source) -> tuple[IncidentRow, ...]:
    """Incidents of one hazard that have not ended: what can be about a place (None: outdoors), or of this source.

    Oldest first.
    """
    return open_index(tx).near(family, reach, place, source)


def open_in_building(tx: Tx, family: Family, building_id: str | None) -> tuple[IncidentRow, ...]:
    """As `open_near`, all of a building."""
    return open_index(tx).in_building(family, building_id or OUTDOORS)


def open_for_merged(tx: Tx, family: Family, building_id: str | None, source: Source) -> tuple[IncidentRow, ...]:
    """Open incidents into which others were merged, as `open_near` would have found those; oldest first."""
    if not open_index(tx).merging:
        return ()
    here = or_(
        incidents.c.building_id == (building_id or OUTDOORS),
        and_(incidents.c.source_kind == source.kind.value, incidents.c.source_id == source.source_id),
    )
    up = (
        select(incidents.c.merged_into.label("incident_id"))
        .where(
            incidents.c.site_id == tx.site_id,
            incidents.c.family == family.value,
            incidents.c.state == IncidentState.MERGED.value,
            here,
        )
        .cte(recursive=True)
    )
    further = select(incidents.c.merged_into).join(up, incidents.c.incident_id == up.c.incident_id)
    up = up.union(further.where(incidents.c.merged_into.is_not(None)))
    found = select(incidents).join(up, incidents.c.incident_id == up.c.incident_id)
    return rows_of(tx, found.where(incidents.c.ended.is_(False)).order_by(incidents.c.incident_id))
