"""A flood of alarms: when it begins and ends, what is bundled meanwhile, and that life never is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents import escalation
from mission_planner.incidents.flood import Flood, alarmed, judged, told_with
from mission_planner.incidents.flood_watch import MindFlood, mind_flood
from mission_planner.incidents.reception import take_finding
from mission_planner.store import flood as kept
from mission_planner.store import incidents, notices
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import IncidentState
from patrol_core.kind import Family, IncidentKind
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, work

pytestmark = pytest.mark.anyio


def after_alarms(count, *, operators=1, every_s=1):
    flood = Flood(operators=operators)
    for n in range(count):
        flood = alarmed(flood, AT + timedelta(seconds=n * every_s))
    return flood


def test_ten_alarms_in_ten_minutes_are_no_flood_and_the_eleventh_makes_one():
    assert not after_alarms(10).active
    assert after_alarms(11).active


def test_two_operators_take_twice_as_many():
    assert not after_alarms(20, operators=2).active
    assert after_alarms(21, operators=2).active


def test_alarms_spread_over_an_hour_are_no_flood():
    assert not after_alarms(40, every_s=90).active


def test_it_ends_only_when_the_rate_has_fallen_below_half():
    flood = after_alarms(20, every_s=30)  # over 570 s
    still, _ = judged(flood, AT + timedelta(seconds=840), operators=1)
    assert still.active, "eleven, then some: fewer than the limit is not enough"
    over, _ = judged(flood, AT + timedelta(seconds=1_100), operators=1)
    assert not over.active


def test_the_first_of_a_hazard_and_building_is_told_and_the_others_with_it():
    flood, first, now = after_alarms(11), uuid7(), AT + timedelta(seconds=20)
    flood, alone = told_with(flood, family=Family.WATER, building_id="b1", incident_id=first, now=now)
    assert alone is None
    for _ in range(3):
        flood, head = told_with(flood, family=Family.WATER, building_id="b1", incident_id=uuid7(), now=now)
        assert head == first
    flood, elsewhere = told_with(flood, family=Family.WATER, building_id="b2", incident_id=uuid7(), now=now)
    assert elsewhere is None
    flood, due = judged(flood, now + timedelta(minutes=2), operators=1)
    assert [(b.head, b.untold) for b in due] == [(first, 3)]
    assert judged(flood, now + timedelta(minutes=3), operators=1)[1] == (), "what was told is not told again"


def test_what_was_kept_back_is_told_when_the_flood_ends():
    flood, first = after_alarms(11), uuid7()
    for incident_id in (first, uuid7()):
        flood, _ = told_with(flood, family=Family.ENTRY, building_id="b1", incident_id=incident_id, now=AT)
    over, due = judged(flood, AT + timedelta(minutes=30), operators=1)
    assert not over.active
    assert [b.untold for b in due] == [1]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_the_count_is_never_less_than_what_came_in_the_last_ten_minutes_less_a_slice(seconds):
    flood, times = Flood(), sorted(seconds)
    for s in times:
        flood = alarmed(flood, AT + timedelta(seconds=s))
    recent = sum(1 for s in times if times[-1] - s < 570)
    assert recent <= flood.recent(AT + timedelta(seconds=times[-1])) <= len(times)


def opened(w, number, kind):
    source = Source(kind=SourceKind.PERSON, source_id=f"p{number}")
    finding = Finding(
        finding_id=uuid7(),
        source=source,
        kind=kind,
        phase=Phase.RAISED,
        position_m=None,
        observed_at=w.now,
        confidence=1.0,
    )
    take_finding(w, finding)
    return incidents.open_of(w.tx, source, kind).incident.incident_id


async def test_in_a_flood_every_incident_opens_the_others_are_bundled_and_life_is_told_as_ever(store, site):
    def story(tx):
        w = work(tx, site)
        many = [opened(w, n, IncidentKind.SNAPSHOT_REPORT) for n in range(14)]
        cries = [opened(w, 100 + n, IncidentKind.SOS) for n in range(3)]
        assert kept.get(tx).active
        return [len(notices.of_incident(tx, i)) for i in many], [len(notices.of_incident(tx, i)) for i in cries]

    many, cries = await store.write(story)
    assert many == [1] * 11 + [0] * 3, "ten before it, the first of the bundle in it, and then none"
    assert cries == [1, 1, 1]

    def later(tx):
        w = work(tx, site, now=AT + timedelta(minutes=30))
        assert mind_flood(w, MindFlood()) is False
        open_ones = incidents.newest(tx, states=[IncidentState.OPEN], kinds=(), limit=50, after=None).items
        told = [len(notices.of_incident(tx, r.incident.incident_id)) for r in open_ones]
        return len(open_ones), sum(told)

    count, told = await store.write(later)
    assert count == 17
    assert told == 11 + 3 + 1, "what was kept back is told once, together"


async def test_in_a_flood_a_second_source_hastens_what_is_about_life_and_the_others_stay_with_their_bundle(store, site):
    def story(tx):
        w = work(tx, site)
        many = [opened(w, n, IncidentKind.SNAPSHOT_REPORT) for n in range(14)]
        cry = opened(w, 100, IncidentKind.SOS)
        before = kept.get(tx).bundled
        for incident_id in (many[-1], cry):
            escalation.hasten(w, incidents.get(tx, incident_id))
        told = [len(notices.of_incident(tx, incident_id)) for incident_id in (many[-1], cry)]
        return told, kept.get(tx).bundled - before

    assert await store.write(story) == ([0, 2], 1)


async def test_a_flood_survives_the_process(store, site):
    await store.write(lambda tx: kept.put(tx, after_alarms(12)))
    assert (await store.read(kept.get)).active
