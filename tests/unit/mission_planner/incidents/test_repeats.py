"""What a sensor says again too soon, or in a mass, is counted; no first word, end or new beginning ever is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from mission_planner.incidents import cursor, lifecycle
from mission_planner.incidents.cursor import AT_LEAST
from mission_planner.incidents.drawing import TakeArrivals, report_from, take_arrivals
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.store import devices, inbox, incidents
from mission_planner.store.dossiers import dossiers
from mission_planner.store.inbox import ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Arrival, Urgency
from mission_planner.store.sqlite import SqliteStore
from patrol_core.incident import Acknowledge, IncidentState, Resolve
from sim.corpus_site import Estate, Home, estate_site
from tests.unit.mission_planner.world import AT, work

SITE = estate_site(Estate(towers=2, staircases=1, floors=9, flats=4))
HERE = Home(tower=1, staircase=1, floor=5, flat=1).sensor("smoke1")
THERE = Home(tower=2, staircase=1, floor=8, flat=2).sensor("smoke1")
MASS = 3 * AT_LEAST  # three times as many as are taken at once


class Storm:
    """What arrives, second by second, and what becomes of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.seconds = 0.0
        self.store = SqliteStore(folder / "center.db", site_id=SITE.site_id)

    def says(self, sensor: str, state: str = "alarm", value: float | None = None) -> Arrival:
        self.number += 1
        body = json.dumps({"state": state, "value": value, "boot": "b", "seq": self.number})
        now = AT + timedelta(seconds=self.seconds)
        return Arrival("mqtt", None, f"{SITE.site_id}/sensors/{sensor}/event", body, now)

    def comes(self, *arrivals: Arrival) -> None:
        """All at once, and is taken through."""
        keeper = self.store.arrivals
        keeper.submit(lambda tx: keeper._put({Urgency.ALARM: arrivals}, tx)).result(60)
        now = AT + timedelta(seconds=self.seconds)
        while True:
            done = self.store.submit(
                lambda tx: take_arrivals(work(tx, SITE, now=now), TakeArrivals(arrivals=keeper))
            ).result(60)
            keeper.forget(done.upto)
            if not done.drawn and not done.taken:
                return

    def begins_again(self) -> None:
        """As after a crash: the writer remembers nothing."""
        self.store.close()
        self.store = SqliteStore(self.folder / "center.db", site_id=SITE.site_id)

    @property
    def incidents(self) -> Sequence[IncidentRow]:
        page = self.store.submit(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=9, after=None)).result(60)
        return tuple(reversed(page.items))

    @property
    def first(self) -> IncidentRow:
        return self.incidents[0]

    @property
    def words(self) -> tuple[int, int]:
        """Of the first incident: findings, and repeats that were counted."""
        first = self.first
        its = self.store.submit(lambda tx: dossiers(tx, [first])).result(60).of[first.incident.incident_id]
        return its.findings_total, its.repeats

    def value(self, sensor: str) -> float | None:
        """The last one that is kept of a sensor."""
        row = self.store.submit(lambda tx: devices.find(tx, sensor)).result(60)
        return row.value if row is not None else None

    @property
    def states(self) -> dict[ReportState, int]:
        counts = self.store.submit(inbox.counts).result(60)
        return {state: n for state, n in counts.items() if n}


@pytest.fixture
def storm(tmp_path, monkeypatch):
    monkeypatch.setattr(cursor, "BATCH", AT_LEAST)  # however fast the machine is
    storm = Storm(tmp_path)
    yield storm
    storm.store.close()


def test_repeats_among_a_mass_of_alarms_are_counted_into_the_incident_that_knows_them(storm):
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    assert len(storm.incidents) == 1
    assert storm.words == (1, MASS - 1)
    assert storm.states == {ReportState.DONE: 1, ReportState.COUNTED: MASS - 1}


def test_a_first_word_among_them_opens_its_incident(storm):
    storm.comes(*(storm.says(HERE) for _ in range(MASS)), storm.says(THERE), *(storm.says(HERE) for _ in range(9)))
    assert [row.source.source_id for row in storm.incidents] == [HERE, THERE]


def test_while_there_are_few_only_what_comes_within_its_kinds_debounce_is_a_repeat(storm):
    for storm.seconds in (0, 9, 11, 20, 22):
        storm.comes(storm.says(HERE, value=storm.seconds))
    assert storm.words == (3, 2)
    assert storm.value(HERE) == 22


def test_the_value_of_a_repeat_is_shown_at_once(storm):
    storm.comes(storm.says(HERE, value=1))
    storm.seconds = 1
    storm.comes(storm.says(HERE, value=7))
    assert storm.words == (1, 1)
    assert storm.value(HERE) == 7


def test_that_it_is_normal_and_that_it_rings_again_is_never_counted(storm):
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    before, _ = storm.words
    storm.comes(storm.says(HERE, "normal"), *(storm.says(THERE) for _ in range(MASS)))
    assert storm.first.incident.source_cleared_at is not None
    storm.comes(*(storm.says(THERE) for _ in range(MASS)), storm.says(HERE))
    assert storm.first.incident.source_cleared_at is None
    assert storm.words[0] == before + 2


def test_once_in_five_minutes_each_source_is_heard_in_full(storm):
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    storm.seconds = 299
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    assert storm.words == (1, 2 * MASS - 1)
    storm.seconds = 301
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    assert storm.words == (2, 3 * MASS - 2)


def test_an_alarm_after_the_danger_was_over_opens_it_again(storm):
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    incident_id = storm.first.incident.incident_id
    for command in (Acknowledge(by="li"), Resolve(by="li", note="burnt food")):
        told = DecideIncident(incident_id=incident_id, command=command)
        storm.store.submit(lambda tx, told=told: lifecycle.decide_incident(work(tx, SITE, now=AT), told)).result(60)
    assert storm.first.incident.state is IncidentState.RESOLVED
    storm.comes(storm.says(HERE, "normal"))
    storm.comes(*(storm.says(HERE) for _ in range(MASS)))
    assert storm.first.incident.state is IncidentState.OPEN


def test_what_is_sent_again_is_neither_counted_nor_taken_twice(storm):
    mass = [storm.says(HERE) for _ in range(MASS)]
    storm.comes(*mass)
    before = storm.words
    storm.comes(*mass, *mass)
    assert storm.words == before


def test_after_a_restart_the_first_word_is_taken_through_once_more_and_nothing_is_counted_twice(storm):
    mass = [storm.says(HERE) for _ in range(MASS)]
    storm.comes(*mass)
    storm.begins_again()
    storm.comes(*mass, *(storm.says(HERE) for _ in range(MASS)))
    assert storm.words == (2, 2 * MASS - 2)


def test_a_report_that_breaks_the_mass_is_set_aside_and_the_others_wait_for_nobody(storm):
    broken = Arrival(ReportKind.FINDING.value, "broken", "r1", "{", AT)
    storm.comes(*(storm.says(HERE) for _ in range(MASS)), broken, storm.says(THERE))
    assert storm.states[ReportState.ASIDE] == 1
    assert sum(storm.states.values()) == MASS + 2
    assert {HERE, THERE} <= {row.source.source_id for row in storm.incidents}
    assert report_from(broken).report_id == "broken"
