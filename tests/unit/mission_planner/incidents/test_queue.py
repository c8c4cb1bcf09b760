"""The queue: gravest and soonest first, page by page, and from its index alone however many incidents are stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from mission_planner.bus import Work
from mission_planner.incidents import lifecycle
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.store import handling, queue
from patrol_core.errors import InvalidInput
from patrol_core.incident import Acknowledge, Close, IncidentCommand, MarkFalseAlarm, Resolve
from patrol_core.kind import IncidentKind
from tests.unit.mission_planner.incidents.clockwork import Clockwork

SMOKE, FAULT, WATER = IncidentKind.SMOKE, IncidentKind.ELEVATOR, IncidentKind.WATER_NO_USE


@pytest.fixture
def desk() -> Iterator[Clockwork]:
    clockwork = Clockwork()
    yield clockwork
    clockwork.close()


def alarm(desk: Clockwork, source: str, kind: IncidentKind) -> UUID:
    desk.passed_s += 1
    incident_id = desk.says(source, kind)
    assert incident_id is not None
    return incident_id


def decide(desk: Clockwork, incident_id: UUID, command: IncidentCommand) -> None:
    decided = DecideIncident(incident_id=incident_id, command=command)
    desk.run(lambda w: lifecycle.decide_incident(w, decided))


def pages(desk: Clockwork, limit: int) -> list[list[UUID]]:
    found: list[list[UUID]] = []
    after: str | None = None
    while True:
        page = desk.run(lambda w, after=after: queue.page(w.tx, limit=limit, after=after))
        found.append([row.incident_id for row in page.items])
        if (after := page.next) is None:
            return found


def test_the_gravest_comes_first_and_then_the_one_whose_promise_falls_due_first(desk: Clockwork) -> None:
    water, fault = alarm(desk, "w", WATER), alarm(desk, "f", FAULT)
    first, second, third = (alarm(desk, f"s{n}", SMOKE) for n in range(3))
    decide(desk, first, Acknowledge(by="li"))
    assert pages(desk, 10) == [[second, third, first, fault, water]], "who is waited for comes before who has it"


def test_pages_follow_each_other_without_a_gap_and_without_what_ended(desk: Clockwork) -> None:
    all_of_them = [alarm(desk, f"s{n}", SMOKE) for n in range(7)]
    decide(desk, all_of_them.pop(3), Close(by="li", note="好了"))
    assert pages(desk, 2) == [all_of_them[0:2], all_of_them[2:4], all_of_them[4:6]]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1_2026_y", "9_2026-03-02T08:00:00+00:00_018f0000-0000-7000-8000-000000000001"]
)
def test_a_cursor_that_is_none_is_refused_in_words(desk: Clockwork, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="after: expected `next` of the page before"):
        desk.run(lambda w: queue.page(w.tx, limit=2, after=cursor))


@pytest.mark.parametrize("paged", [False, True])
def test_a_page_comes_in_the_order_of_its_index_and_sorts_nothing(desk: Clockwork, paged: bool) -> None:
    alarm(desk, "s", SMOKE)
    alarm(desk, "t", SMOKE)
    cursor = desk.run(lambda w: queue.page(w.tx, limit=1, after=None)).next if paged else None

    def plan(w: Work) -> str:
        asked: list[tuple[str, object]] = []

        def note(_c: object, _cursor: object, statement: str, given: object, *_: object) -> None:
            asked.append((statement, given))

        event.listen(w.tx.conn, "before_cursor_execute", note)
        queue.page(w.tx, limit=50, after=cursor)
        event.remove(w.tx.conn, "before_cursor_execute", note)
        ((statement, given),) = asked
        rows = w.tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
        return "\n".join(str(row[-1]) for row in rows)

    said = desk.run(plan)
    assert "SEARCH incidents USING INDEX ix_incidents_queue" in said
    assert "SCAN incidents" not in said
    assert "TEMP B-TREE" not in said


def test_an_incident_counts_as_handled_from_its_opening_until_the_danger_was_over(desk: Clockwork) -> None:
    resolved, closed, false = (alarm(desk, f"s{n}", SMOKE) for n in range(3))
    desk.passed_s += 300
    decide(desk, resolved, Acknowledge(by="li"))
    decide(desk, resolved, Resolve(by="li", note="灭了"))
    desk.passed_s += 600
    for incident_id in (resolved, closed):
        decide(desk, incident_id, Close(by="li", note="好了"))
    decide(desk, false, MarkFalseAlarm(by="li", note="油烟"))
    since = desk.moment.calendar - timedelta(days=1)
    assert sorted(desk.run(lambda w: handling.since(w.tx, since)).handled_s) == [302, 901]
