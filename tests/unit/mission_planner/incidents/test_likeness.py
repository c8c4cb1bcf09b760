"""What is offered for merging: the nearest first, each with why, and nothing that is far or has ended."""

from __future__ import annotations

from uuid import UUID

import pytest

from mission_planner.incidents.likeness import NEAR_M, likely
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import Incident, IncidentState, Locus
from patrol_core.kind import IncidentKind, Priority
from patrol_core.site import Place
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT

FLAT = Place(building_id="b1", unit="1", floor=7, flat="0702")


def locus(source: str, place: Place | None = None, at: tuple[float, float] | None = None) -> Locus:
    position_m = Point2(*at) if at is not None else None
    device = Source(kind=SourceKind.DEVICE, source_id=source)
    return Locus(source=device, kind=IncidentKind.SMOKE, place=place, position_m=position_m, at=AT)


def incident(*loci: Locus, state: IncidentState = IncidentState.OPEN) -> Incident:
    return Incident(
        incident_id=uuid7(),
        kind=IncidentKind.SMOKE,
        priority=Priority.LIFE,
        state=state,
        opened_at=AT,
        changed_at=AT,
        position_m=None,
        place=None,
        because="",
        loci=loci,
    )


def offered(here: Incident, *others: Incident) -> list[tuple[UUID, str]]:
    return [(incident_id, why.en) for incident_id, why in likely(here, others)]


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (Place(building_id="b1", unit="1", floor=7, flat="0702"), "the same flat"),
        (Place(building_id="b1", unit="1", floor=7, flat="0701"), "the same floor"),
        (Place(building_id="b1", unit="1", floor=7), "the same floor"),
        (Place(building_id="b1", unit="1", floor=2, flat="0202"), "the same staircase"),
        (Place(building_id="b1", unit="1"), "the same staircase"),
        (Place(building_id="b1", unit="2", floor=7, flat="0702"), "the same building"),
        (Place(building_id="b1"), "the same building"),
    ],
)
def test_the_reason_names_the_smallest_place_they_share(there: Place, why: str) -> None:
    other = incident(locus("s-2", there))
    assert offered(incident(locus("s-1", FLAT)), other) == [(other.incident_id, why)]


@pytest.mark.parametrize("place", [Place(building_id="b1"), Place(building_id="b1", floor=7)])
def test_where_nobody_knows_the_staircase_it_is_not_claimed_to_be_the_same(place: Place) -> None:
    other = incident(locus("s-2", Place(building_id="b1")))
    assert offered(incident(locus("s-1", place)), other) == [(other.incident_id, "the same building")]


def test_a_building_without_staircases_still_has_floors() -> None:
    floor = Place(building_id="b1", floor=2)
    other = incident(locus("s-2", floor))
    assert offered(incident(locus("s-1", floor)), other) == [(other.incident_id, "the same floor")]


def test_outdoors_the_distance_says_it_and_what_is_far_is_not_offered() -> None:
    here = incident(locus("s-1", at=(0, 0)))
    near, edge, far = (incident(locus(f"s-{x}", at=(x, 0))) for x in (30, NEAR_M, NEAR_M + 1))
    assert offered(here, far, edge, near) == [(near.incident_id, "30 m away"), (edge.incident_id, "100 m away")]


def test_another_building_is_near_only_by_distance() -> None:
    here = incident(locus("s-1", FLAT, at=(0, 0)))
    beside = incident(locus("s-2", Place(building_id="b2", unit="1", floor=7), at=(40, 0)))
    nowhere = incident(locus("s-3", Place(building_id="b2", unit="1", floor=7)))
    assert offered(here, nowhere, beside) == [(beside.incident_id, "40 m away")]


def test_the_same_source_comes_first_wherever_it_is() -> None:
    here = incident(locus("camera-1"), locus("s-1", FLAT))
    flat, same = incident(locus("s-2", FLAT)), incident(locus("camera-1"))
    assert offered(here, flat, same) == [(same.incident_id, "the same source"), (flat.incident_id, "the same flat")]


def test_of_many_sources_the_nearest_pair_counts() -> None:
    here = incident(locus("s-1", at=(0, 0)), locus("s-2", FLAT))
    other = incident(locus("s-3", at=(90, 0)), locus("s-4", Place(building_id="b1", unit="1", floor=6)))
    assert offered(here, other) == [(other.incident_id, "the same staircase")]


def test_neither_itself_nor_what_has_ended_is_offered() -> None:
    here = incident(locus("s-1", FLAT))
    ended = [incident(locus("s-2", FLAT), state=state) for state in IncidentState if state.ended]
    assert offered(here, here, *ended) == []


def test_alike_ones_come_in_the_order_they_began() -> None:
    older, newer = incident(locus("s-2", FLAT)), incident(locus("s-3", FLAT))
    assert [i for i, _ in offered(incident(locus("s-1", FLAT)), newer, older)] == [
        older.incident_id,
        newer.incident_id,
    ]
