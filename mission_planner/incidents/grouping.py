"""What belongs together: hazard family × flat → floor → staircase → building, and outdoors by distance. Pure.

Distance alone is wrong in towers: the flat above is 3 m away and another family's home. Each decision is a sentence.
What is near depends on two words alone, not on how many came before: their order does not matter (`fusion.bridged`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from patrol_core.finding import Finding
from patrol_core.incident import Certainty, Incident, Locus
from patrol_core.kind import KINDS, KindPolicy, Reach
from patrol_core.site import Place, Site, Text
from patrol_core.source import Source, SourceKind

LOCI_KEPT = 64  # places an incident remembers: the first one and the newest of the others
CLEARER_M = 8.0  # a suspicion from afar may be so far off

SAME_SOURCE = Text(zh="同一来源", en="the same source")
SEEN_BETTER = Text(zh="同一来源走近后看清", en="the same source, seen from nearer")
SAME_FLAT = Text(zh="同一户", en="the same flat")
SAME_STAIRCASE = Text(zh="同一单元", en="the same staircase")
SAME_BUILDING = Text(zh="同一栋楼", en="the same building")


def locus_of(finding: Finding, site: Site) -> Locus:
    """Where a finding is from."""
    device = site.devices.get(finding.source.source_id) if finding.source.kind is SourceKind.DEVICE else None
    place = device.place if device else None
    return Locus(
        source=finding.source,
        kind=finding.kind,
        place=place if place is not None and place.building_id is not None else None,
        position_m=device.position_m if device else finding.position_m,
        at=finding.observed_at,
    )


def belongs(locus: Locus, incident: Incident, now: datetime) -> Text | None:
    """Why a finding at `locus` is about `incident`; None where it is not."""
    policy, source_id = KINDS[locus.kind], locus.source.source_id
    for there in incident.loci:
        if there.source.source_id == source_id and _same_source(locus, there):
            return SAME_SOURCE  # of another hazard only where people merged the two
    if KINDS[incident.kind].family is not policy.family:
        return None
    if _seen_better(locus, incident):
        return SEEN_BETTER
    if not _active_since(incident, now - timedelta(seconds=policy.window_s)):
        return None
    return next(filter(None, map(partial(_near, policy, locus), reversed(incident.loci))), None)  # newest first


def chosen(locus: Locus, candidates: Sequence[Incident], now: datetime) -> tuple[Incident, Text] | None:
    """The incident a finding joins, and why: the same source first, then the one that was active last."""
    joins = [(incident, why) for incident in candidates if (why := belongs(locus, incident, now)) is not None]
    if len(joins) == 1:
        return joins[0]
    return max(joins, key=lambda join: (join[1] is SAME_SOURCE, join[0].active_at)) if joins else None


def knows(incident: Incident, source: Source) -> bool:
    """Whether this source is one of its own, whatever it spoke of."""
    ids = [locus.source.source_id for locus in incident.loci]
    return source.source_id in ids and any(locus.source == source for locus in incident.loci)


def with_locus(loci: tuple[Locus, ...], locus: Locus) -> tuple[Locus, ...]:
    """The sources of an incident after one more word; each is there once, where it was, with its newest word."""
    source_id = locus.source.source_id
    for i, there in enumerate(loci):
        if there.source.source_id == source_id and there.kind is locus.kind and there.source == locus.source:
            came = locus if there.via is None else replace(locus, via=there.via)
            return (*loci[:i], came, *loci[i + 1 :])
    both = (*loci, locus)
    return both if len(both) <= LOCI_KEPT else (both[0], *both[-(LOCI_KEPT - 1) :])


def _active_since(incident: Incident, at: datetime) -> bool:
    """Whether `active_at` is no earlier; the newest words stand last."""
    if not incident.loci:
        return incident.opened_at >= at
    return any(locus.at >= at for locus in reversed(incident.loci))


def _same_source(here: Locus, there: Locus) -> bool:
    """A fixed sensor speaks of one place; what sees or walks about may speak of two, if it knows where."""
    if here.source != there.source or here.kind is not there.kind:
        return False
    return here.source.kind is SourceKind.DEVICE or here.position_m is None or there.position_m is None


def _seen_better(locus: Locus, incident: Incident) -> bool:
    """What a robot suspected from afar and now sees from near; its first guess of the place may have been far off."""
    if incident.certainty is not Certainty.SUSPECTED or locus.position_m is None:
        return False
    mine = [there for there in incident.loci if there.source == locus.source and there.kind is locus.kind]
    return any(t.position_m is not None and t.position_m.distance_m(locus.position_m) <= CLEARER_M for t in mine)


def _near(policy: KindPolicy, here: Locus, there: Locus) -> Text | None:
    if here.place is not None and there.place is not None:
        return _inside(policy.reach, here.place, there.place)
    if here.position_m is None or there.position_m is None:
        return None
    if policy.reach is Reach.SOURCE and here.kind is not there.kind:
        return None
    away_m = here.position_m.distance_m(there.position_m)
    if away_m > policy.reach_m:
        return None
    return Text(zh=f"相距 {away_m:.0f} 米", en=f"{away_m:.0f} m away")


def _inside(reach: Reach, here: Place, there: Place) -> Text | None:
    if here.building_id != there.building_id:
        return None
    same_staircase = here.unit == there.unit
    match reach:
        case Reach.SOURCE:
            return None
        case Reach.FLAT:
            same = same_staircase and here.floor == there.floor and here.flat == there.flat and here.flat is not None
            return SAME_FLAT if same else None
        case Reach.NEIGHBOURS:
            if not same_staircase or here.floor is None or there.floor is None:
                return None
            return _floors(here, there) if abs(here.floor - there.floor) <= 1 else None
        case Reach.STAIRCASE:
            return SAME_STAIRCASE if same_staircase else None
        case Reach.BUILDING:
            return SAME_BUILDING


def _floors(here: Place, there: Place) -> Text:
    if here.floor != there.floor:
        return Text(zh="相邻楼层", en="the next floor")
    return SAME_FLAT if here.flat is not None and here.flat == there.flat else Text(zh="同层邻户", en="the same floor")
