"""When the newest line of a kind was written: as on disk, whether it is remembered, forgotten or taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mission_planner.store import incidents
from mission_planner.store.sqlite import SqliteStore
from patrol_core.ids import uuid7
from patrol_core.site import Text
from tests.unit.mission_planner.world import AT

WORDS = Text.same("words")


class TakenBack(Exception):
    """Nothing of it stays."""


@pytest.fixture
def store(tmp_path):
    opened = SqliteStore(tmp_path / "center.db", site_id="tiny")
    yield opened
    opened.close()


def add(incident_id, *, after_s, kind="joined"):
    at = AT + timedelta(seconds=after_s)
    return lambda tx: incidents.add_entry(tx, incident_id, at=at, kind=kind, text=WORDS)


def newest(store, incident_id, kind="joined"):
    return store.submit(lambda tx: incidents.last_entry_at(tx, incident_id, kind)).result(60)


def test_an_incident_that_opens_has_no_line_until_one_is_written(store):
    incident_id = uuid7()
    store.submit(lambda tx: incidents.begin_timeline(tx, incident_id)).result(60)
    assert newest(store, incident_id) is None
    store.submit(add(incident_id, after_s=1)).result(60)
    assert newest(store, incident_id) == AT + timedelta(seconds=1)
    assert newest(store, incident_id, "opened") is None


def test_a_line_that_was_taken_back_was_never_the_newest(store):
    incident_id = uuid7()
    store.submit(add(incident_id, after_s=1)).result(60)

    def breaks(tx):
        add(incident_id, after_s=2)(tx)
        raise TakenBack

    with pytest.raises(TakenBack):
        store.submit(breaks).result(60)
    assert newest(store, incident_id) == AT + timedelta(seconds=1)


def test_what_was_forgotten_is_read_again(store, monkeypatch):
    monkeypatch.setattr(incidents, "LINES_REMEMBERED", 3)
    ids = [uuid7() for _ in range(6)]
    for n, incident_id in enumerate(ids):
        store.submit(lambda tx, new=incident_id: incidents.begin_timeline(tx, new)).result(60)
        store.submit(add(incident_id, after_s=n)).result(60)
    assert [newest(store, i) for i in ids] == [AT + timedelta(seconds=n) for n in range(6)]
    assert [newest(store, i, "opened") for i in ids] == [None] * 6
