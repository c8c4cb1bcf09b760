"""What a person may want to merge: open incidents of one hazard nearby, wider than what joins by itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from patrol_core.incident import Incident, Locus
from patrol_core.site import Text

NEAR_M = 100.0  # across a yard

_SAME_SOURCE = Text(zh="同一来源", en="the same source")
_SAME_FLAT = Text(zh="同一户", en="the same flat")
_SAME_FLOOR = Text(zh="同一楼层", en="the same floor")
_SAME_STAIRCASE = Text(zh="同一单元", en="the same staircase")
_SAME_BUILDING = Text(zh="同一栋楼", en="the same building")


def likely(incident: Incident, others: Sequence[Incident]) -> tuple[tuple[UUID, Text], ...]:
    """The others that may be the same event, the likeliest first, each with why; `others` are of its hazard."""
    ranked: list[tuple[int, float, UUID, Text]] = []
    for other in others:
        if other.incident_id == incident.incident_id or other.state.ended:
            continue
        near = [found for here in incident.loci for there in other.loci if (found := _near(here, there)) is not None]
        if near:
            rank, away_m, why = min(near, key=lambda n: n[:2])
            ranked.append((rank, away_m, other.incident_id, why))
    return tuple((incident_id, why) for _, _, incident_id, why in sorted(ranked, key=lambda r: r[:3]))


def _near(here: Locus, there: Locus) -> tuple[int, float, Text] | None:
    """How near, the nearest kind of nearness first; None where it is far."""
    if here.source == there.source:
        return 0, 0.0, _SAME_SOURCE
    a, b = here.place, there.place
    if a is not None and b is not None and a.building_id is not None and a.building_id == b.building_id:
        if a.unit != b.unit:
            return 4, 0.0, _SAME_BUILDING
        if a.floor is None or a.floor != b.floor:  # without a unit nobody knows which staircase, or there is but one
            return (3, 0.0, _SAME_STAIRCASE) if a.unit is not None else (4, 0.0, _SAME_BUILDING)
        same_flat = a.flat is not None and a.flat == b.flat
        return (1, 0.0, _SAME_FLAT) if same_flat else (2, 0.0, _SAME_FLOOR)
    if here.position_m is None or there.position_m is None:
        return None
    away_m = here.position_m.distance_m(there.position_m)
    if away_m > NEAR_M:
        return None
    return 5, away_m, Text(zh=f"相距 {away_m:.0f} 米", en=f"{away_m:.0f} m away")
