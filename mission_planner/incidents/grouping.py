"""What belongs together: hazard family × flat → floor → staircase → building, and outdoors by distance. Pure.

Distance alone is wrong in towers: the flat above is 3 m away and another family's home. Each decision is a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from patrol_core.finding import Finding
from patrol_core.incident import Certainty, Incident, Locus
from patrol_core.kind import KINDS, KindPolicy, Reach
from patrol_core.site import Place, Site, Text
from patrol_core.source import SourceKind

LOCI_KEPT = 64  # places an incident remembers: the first one and the newest of the others
CLEARER_M = 8.0  # a suspicion from afar may be so far off
FLOORS_EACH, FLOORS_MOST = 3, 4  # for each so many floors it has reached it reaches one further, up to so many
STORM = 4  # so many open incidents of one family in one building are taken as one event from there

SAME_SOURCE = Text(zh="同一来源", en="the same source")
SEEN_BETTER = Text(zh="同一来源走近后看清", en="the same source, seen from nearer")
SAME_FLAT = Text(zh="同一户", en="the same flat")
SAME_STAIRCASE = Text(zh="同一单元", en="the same staircase")
SAME_BUILDING = Text(zh="同一栋楼", en="the same building")
STORM_TEXT = Text(zh=f"本楼同类事件已有 {STORM} 起，视为同一事件", en=f"{STORM} of its kind in the building: one event")


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
    policy = KINDS[locus.kind]
    if any(_same_source(locus, there) for there in incident.loci):
        return SAME_SOURCE  # of another hazard only where people merged the two
    if KINDS[incident.kind].family is not policy.family:
        return None
    if _seen_better(locus, incident):
        return SEEN_BETTER
    if now - incident.active_at > timedelta(seconds=policy.window_s):
        return None
    floors = _floors_reached(locus, incident)
    return next((why for there in incident.loci if (why := _near(policy, locus, there, floors)) is not None), None)


def chosen(locus: Locus, candidates: Sequence[Incident], now: datetime) -> tuple[Incident, Text] | None:
    """The incident a finding joins, and why: the same source first, then the one that was active last."""
    joins = [(incident, why) for incident in candidates if (why := belongs(locus, incident, now)) is not None]
    if len(joins) == 1:
        return joins[0]
    if joins:
        return max(joins, key=lambda join: (join[1] is SAME_SOURCE, join[0].active_at))
    return _storm(locus, candidates, now)


def with_locus(loci: tuple[Locus, ...], locus: Locus) -> tuple[Locus, ...]:
    """The sources of an incident after one more word; each is there once, where it was, with its newest word."""
    for i, there in enumerate(loci):
        if there.source == locus.source and there.kind is locus.kind:
            return (*loci[:i], replace(locus, via=there.via), *loci[i + 1 :])
    both = (*loci, locus)
    return both if len(both) <= LOCI_KEPT else (both[0], *both[-(LOCI_KEPT - 1) :])


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


def _floors_reached(locus: Locus, incident: Incident) -> int:
    """How many floors on it may be the same event: what has run through several floors skips one, as smoke does."""
    if locus.place is None or len(incident.loci) < FLOORS_EACH:
        return 1
    home = (locus.place.building_id, locus.place.unit)
    hit = {t.place.floor for t in incident.loci if t.place is not None and (t.place.building_id, t.place.unit) == home}
    return min(FLOORS_MOST, 1 + len(hit - {None}) // FLOORS_EACH)


def _near(policy: KindPolicy, here: Locus, there: Locus, floors: int) -> Text | None:
    if here.place is not None and there.place is not None:
        return _inside(policy.reach, here.place, there.place, floors)
    if here.position_m is None or there.position_m is None:
        return None
    if policy.reach is Reach.SOURCE and here.kind is not there.kind:
        return None
    away_m = here.position_m.distance_m(there.position_m)
    if away_m > policy.reach_m:
        return None
    return Text(zh=f"相距 {away_m:.0f} 米", en=f"{away_m:.0f} m away")


def _inside(reach: Reach, here: Place, there: Place, floors: int) -> Text | None:
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
            return _floors(here, there) if abs(here.floor - there.floor) <= floors else None
        case Reach.STAIRCASE:
            return SAME_STAIRCASE if same_staircase else None
        case Reach.BUILDING:
            return SAME_BUILDING


def _floors(here: Place, there: Place) -> Text:
    if here.floor is not None and there.floor is not None and (apart := abs(here.floor - there.floor)):
        if apart == 1:
            return Text(zh="相邻楼层", en="the next floor")
        return Text(zh=f"已蔓延多层，相隔 {apart} 层", en=f"{apart} floors on from what runs through several")
    return SAME_FLAT if here.flat is not None and here.flat == there.flat else Text(zh="同层邻户", en="the same floor")


def _storm(locus: Locus, candidates: Sequence[Incident], now: datetime) -> tuple[Incident, Text] | None:
    """Many of a spreading kind in one building are one event; people's cries are never lumped together."""
    policy = KINDS[locus.kind]
    if policy.reach in (Reach.SOURCE, Reach.FLAT) or locus.place is None:
        return None
    window = timedelta(seconds=policy.window_s)
    around = [
        incident
        for incident in candidates
        if KINDS[incident.kind].family is policy.family
        and now - incident.active_at <= window
        and any(t.place is not None and t.place.building_id == locus.place.building_id for t in incident.loci)
    ]
    return (max(around, key=lambda i: i.active_at), STORM_TEXT) if len(around) >= STORM else None
