"""What belongs together: by hazard and by where people live, never by distance alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mission_planner.incidents import grouping
from mission_planner.incidents.grouping import LOCI_KEPT, SAME_SOURCE, belongs, chosen, with_locus
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty, Incident, IncidentState, Locus
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Place
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT

K = IncidentKind


def flat(number: str, *, unit: str = "1", building: str = "b1") -> Place:
    return Place(building_id=building, unit=unit, floor=int(number[:-2]), flat=number)


def sensor(kind: IncidentKind, place: Place | None, *, name: str = "", at_s: float = 0) -> Locus:
    where = f"{place.building_id}-{place.unit}-{place.flat}" if place else "outdoors"
    source = Source(kind=SourceKind.DEVICE, source_id=name or f"{kind.value}-{where}")
    return Locus(source=source, kind=kind, place=place, position_m=None, at=AT + timedelta(seconds=at_s))


def seen(x_m: float, *, by: str = "r1", kind: IncidentKind = K.PERSON_FALLEN) -> Locus:
    source = Source(kind=SourceKind.ROBOT, source_id=by)
    return Locus(source=source, kind=kind, place=None, position_m=Point2(x_m, 0), at=AT)


def incident(*loci: Locus, certainty: Certainty | None = None) -> Incident:
    return Incident(
        incident_id=uuid7(),
        kind=loci[0].kind,
        priority=KINDS[loci[0].kind].priority,
        state=IncidentState.OPEN,
        opened_at=loci[0].at,
        changed_at=loci[0].at,
        position_m=loci[0].position_m,
        place=loci[0].place,
        because="",
        loci=loci,
        certainty=certainty,
    )


@pytest.mark.parametrize(
    ("kind", "here", "there", "together"),
    [
        (K.SMOKE, flat("701"), flat("702"), "同层邻户"),
        (K.SMOKE, flat("801"), flat("701"), "相邻楼层"),
        (K.CO, flat("701"), flat("701"), "同一户"),
        (K.SMOKE, flat("901"), flat("701"), None),
        (K.SMOKE, flat("701", unit="2"), flat("701"), None),
        (K.SMOKE, flat("701", building="b2"), flat("701"), None),
        (K.GAS, flat("701"), flat("701"), None),  # another hazard than smoke
        (K.SOS, flat("701"), flat("701"), None),
        (K.POWER_CUT, flat("101"), flat("1801"), None),
    ],
)
def test_smoke_in_701_and_what_else_happens(
    kind: IncidentKind, here: Place, there: Place, together: str | None
) -> None:
    why = belongs(sensor(kind, here), incident(sensor(K.SMOKE, there)), AT)
    assert (why.zh if why else None) == together


def test_a_cry_for_help_is_never_another_households() -> None:
    one = incident(sensor(K.SOS, flat("701")))
    assert belongs(sensor(K.SOS, flat("702"), name="sos-702"), one, AT) is None
    assert belongs(sensor(K.WRISTBAND, flat("701")), one, AT) == grouping.SAME_FLAT


def test_a_fire_that_spreads_floor_by_floor_stays_one() -> None:
    fire = incident(sensor(K.SMOKE, flat("701")), sensor(K.SMOKE, flat("801")), sensor(K.SMOKE, flat("901")))
    assert belongs(sensor(K.SMOKE, flat("1001")), fire, AT) is not None


def test_what_was_long_ago_is_another_event_unless_the_same_sensor_says_so() -> None:
    fire = incident(sensor(K.SMOKE, flat("701")))
    later = AT + timedelta(seconds=KINDS[K.SMOKE].window_s + 1)
    assert belongs(sensor(K.SMOKE, flat("702")), fire, later) is None
    assert belongs(sensor(K.SMOKE, flat("701")), fire, later) == SAME_SOURCE


def test_two_people_on_the_ground_are_two_incidents_and_one_seen_by_two_robots_is_one() -> None:
    fallen = incident(seen(10))
    assert belongs(seen(30), fallen, AT) is None, "the same robot, another person"
    assert belongs(seen(12, by="r2"), fallen, AT) is not None


def test_a_robot_that_comes_nearer_corrects_its_own_first_guess() -> None:
    suspected = incident(seen(10), certainty=Certainty.SUSPECTED)
    assert belongs(seen(16), suspected, AT) == grouping.SEEN_BETTER
    assert belongs(seen(16, by="r2"), suspected, AT) is None


def test_the_same_source_wins_over_a_neighbour() -> None:
    mine, next_door = incident(sensor(K.SMOKE, flat("701"))), incident(sensor(K.SMOKE, flat("702"), at_s=50))
    join = chosen(sensor(K.SMOKE, flat("701")), [mine, next_door], AT + timedelta(seconds=60))
    assert join == (mine, SAME_SOURCE)


def test_an_incident_remembers_its_first_source_and_does_not_grow_for_ever() -> None:
    loci: tuple[Locus, ...] = ()
    for n in range(LOCI_KEPT + 20):
        loci = with_locus(loci, sensor(K.SMOKE, flat("701"), name=f"s{n}"))
    assert len(loci) == LOCI_KEPT
    assert loci[0].source.source_id == "s0"
    again = with_locus(loci, replace(loci[5], at=AT + timedelta(seconds=9)))
    assert len(again) == LOCI_KEPT
    assert again[5].at == AT + timedelta(seconds=9)
