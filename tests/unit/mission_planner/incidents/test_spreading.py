"""Neighbouring homes are one incident; whoever took it hears of each home that joins."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mission_planner.incidents import lifecycle
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.incidents.reception import take_finding
from mission_planner.incidents.spreading import SPREAD
from mission_planner.store import incidents, notices
from mission_planner.store.notices import NoticeAction
from mission_planner.store.sqlite import SqliteStore
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge
from patrol_core.kind import IncidentKind
from patrol_core.source import Source, SourceKind
from sim.corpus_site import Estate, Home, estate_site
from tests.unit.mission_planner.world import AT, work

SITE = estate_site(Estate(towers=1, staircases=1, floors=9, flats=4))
BURNT_FOOD = Home(tower=1, staircase=1, floor=5, flat=1)
ABOVE = Home(tower=1, staircase=1, floor=6, flat=3)
BESIDE = Home(tower=1, staircase=1, floor=5, flat=3)
FAR_ABOVE = Home(tower=1, staircase=1, floor=8, flat=3)
TRIGGER = NoticeAction.TRIGGER


class Staircase:
    """Its alarms, one by one, and who was told what of the first one's incident."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.seconds = 0.0

    def rings(self, home: Home, what: str = "smoke1", kind: IncidentKind = IncidentKind.SMOKE) -> None:
        now = AT + timedelta(seconds=self.seconds)
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.DEVICE, source_id=home.sensor(what)),
            kind=kind,
            phase=Phase.RAISED,
            position_m=None,
            observed_at=now,
            confidence=0.9,
        )
        self.store.submit(lambda tx: take_finding(work(tx, SITE, now=now), finding)).result(60)

    def is_taken(self) -> None:
        now = AT + timedelta(seconds=self.seconds)
        command = DecideIncident(incident_id=self.first, command=Acknowledge(by="li"))
        self.store.submit(lambda tx: lifecycle.decide_incident(work(tx, SITE, now=now), command)).result(60)

    @property
    def first(self):
        page = self.store.submit(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=9, after=None)).result(60)
        return page.items[-1].incident.incident_id

    @property
    def told(self) -> list[NoticeAction]:
        first = self.first
        return [n.action for n in self.store.submit(lambda tx: notices.of_incident(tx, first)).result(60)]

    @property
    def lines(self) -> list[str]:
        first = self.first
        entries = self.store.submit(lambda tx: incidents.entries(tx, first)).result(60)
        return [entry.text.en for entry in entries if entry.kind == SPREAD]


@pytest.fixture
def staircase(tmp_path: Path):
    store = SqliteStore(tmp_path / "center.db", site_id=SITE.site_id)
    there = Staircase(store)
    there.rings(BURNT_FOOD)
    there.seconds = 40
    there.is_taken()
    there.seconds = 600
    yield there
    store.close()


@pytest.mark.parametrize("home", [ABOVE, BESIDE])
def test_the_neighbours_alarm_is_told_to_whoever_took_the_first(staircase, home):
    before = staircase.told
    staircase.rings(home)
    assert staircase.told == [*before, TRIGGER]
    assert staircase.lines == ["Another home reports it; told: operators"]


def test_another_room_of_a_home_that_is_known_is_told_to_nobody(staircase):
    before = staircase.told
    staircase.rings(BURNT_FOOD, "smoke2")
    staircase.rings(BURNT_FOOD, "co1", IncidentKind.CO)
    assert staircase.told == before


def test_homes_that_follow_within_a_minute_are_told_with_the_first_of_them(staircase):
    before = staircase.told
    staircase.rings(BESIDE)
    staircase.seconds += 30
    staircase.rings(ABOVE)
    assert staircase.told == [*before, TRIGGER]
    staircase.seconds += 60
    staircase.rings(Home(tower=1, staircase=1, floor=6, flat=1))
    assert staircase.told == [*before, TRIGGER, TRIGGER]


def test_two_floors_away_it_is_an_incident_of_its_own(staircase):
    before = staircase.told
    staircase.rings(FAR_ABOVE)
    assert staircase.told == before


def test_what_nobody_has_yet_climbs_its_own_ladder_instead(tmp_path):
    store = SqliteStore(tmp_path / "center.db", site_id=SITE.site_id)
    there = Staircase(store)
    there.rings(BURNT_FOOD)
    there.rings(BESIDE)
    assert there.told == [TRIGGER, TRIGGER]  # the second source hastens it
    assert there.lines == []
    store.close()
