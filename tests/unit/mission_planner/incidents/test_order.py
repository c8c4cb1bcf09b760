"""Duplicates and any order of arrival, within the lateness bound, give the same incidents: on the real way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mission_planner.bus import Work
from mission_planner.fleet.standing import Standing
from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.ingest.adapter import message_id
from mission_planner.incidents.reception import OpenRipe, open_ripe
from mission_planner.incidents.reports import encode_payload
from mission_planner.planning.distances import Distances
from mission_planner.store import inbox, schema
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.sqlite import SqliteStore
from patrol_core.ids import uuid7
from sim.corpus import LATE_S
from sim.corpus_site import Estate, Home, estate_site
from tests.unit.mission_planner.world import AT

SITE = estate_site(Estate(towers=2, staircases=2, floors=9, flats=3))
LANES, STANDING = Distances(SITE.lanes), Standing(SITE)


@dataclass(frozen=True)
class Said:
    device_id: str
    second: int
    number: int

    @property
    def report(self) -> Report:
        topic = f"{SITE.site_id}/sensors/{self.device_id}/event"
        at = (AT + timedelta(seconds=self.second)).isoformat()
        body = json.dumps({"state": "alarm", "at": at, "boot": "b", "seq": self.number}).encode()
        return Report(
            report_id=message_id(topic, body),
            kind=ReportKind.MQTT,
            topic=topic,
            body=encode_payload(body),
            received_at=AT + timedelta(seconds=LATE_S),
        )


places = st.builds(
    Home,
    tower=st.integers(1, 2),
    staircase=st.integers(1, 2),
    floor=st.integers(1, 9),
    flat=st.integers(1, 3),
)
things = st.sampled_from(["smoke1", "smoke2", "co1", "gas1", "sos1", "band1", "leak1"])


@st.composite
def arrivals(draw):
    """What was said within the bound, and two orders in which it may arrive, some of it twice."""
    sensors = draw(st.lists(st.tuples(places, things), min_size=2, max_size=9))
    said = [
        Said(home.sensor(what), draw(st.integers(0, int(LATE_S))), number)
        for number, (home, what) in enumerate(sensors)
    ]
    again = draw(st.lists(st.sampled_from(said), max_size=5))
    return draw(st.permutations(said)), draw(st.permutations(said + again))


class TakenBack(Exception):
    """The example is over: nothing of it stays."""


def groups_of(store, messages, *, at_once):
    """Which sensors' words went into one incident, when they arrive in this order."""
    found = set()

    def live(tx):
        def now(after_s=0.0):
            moment = AT + timedelta(seconds=LATE_S + after_s)
            return Work(tx=tx, site=SITE, now=moment, fleet={}, distances=LANES, standing=STANDING, new_id=uuid7)

        for first in range(0, len(messages), at_once):
            inbox.keep(tx, [m.report for m in messages[first : first + at_once]])
            while take_reports(now(), TakeReports()):
                pass
        open_ripe(now(60), OpenRipe())
        into = dict(tx.conn.execute(select(schema.incidents.c.incident_id, schema.incidents.c.merged_into)).all())
        groups = {}
        for incident_id, source_id in tx.conn.execute(
            select(schema.findings.c.incident_id, schema.findings.c.source_id)
        ):
            whole = incident_id
            while into[whole] is not None:
                whole = into[whole]
            groups.setdefault(whole, set()).add(source_id)
        found.update(frozenset(g) for g in groups.values())
        raise TakenBack

    with pytest.raises(TakenBack):
        store.submit(live).result(60)
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("order") / "center.db", site_id=SITE.site_id)
    yield store
    store.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=arrivals())
def test_duplicates_and_any_order_give_the_same_incidents(kept, orders):
    first, second = orders
    assert groups_of(kept, first, at_once=1) == groups_of(kept, second, at_once=10)


def test_two_fires_become_one_when_the_floor_between_them_rings(kept):
    low, between, high = (
        Said(Home(tower=1, staircase=1, floor=floor, flat=1).sensor("smoke1"), floor, floor) for floor in (2, 3, 4)
    )
    assert len(groups_of(kept, [low, high], at_once=1)) == 2
    assert len(groups_of(kept, [low, high, between], at_once=1)) == 1
