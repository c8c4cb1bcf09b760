"""How long incidents took: figures of days that are over are remembered, and never after they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from mission_planner.bus import Work
from mission_planner.incidents import lifecycle
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.store import handling, incidents, queue
from mission_planner.store.handling import HandlingBook
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, Close, IncidentCommand, Reopen
from patrol_core.kind import IncidentKind
from tests.unit.mission_planner.incidents.clockwork import Clockwork

DAY_S = 86_400


@pytest.fixture
def desk() -> Iterator[Clockwork]:
    clockwork = Clockwork()
    yield clockwork
    clockwork.close()


def decide(desk: Clockwork, incident_id: UUID, command: IncidentCommand) -> None:
    decided = DecideIncident(incident_id=incident_id, command=command)
    desk.run(lambda w: lifecycle.decide_incident(w, decided))


def handled(desk: Clockwork, source: str, took_s: float) -> UUID:
    """One incident from its opening to its end."""
    incident_id = desk.says(source, IncidentKind.ELEVATOR)
    assert incident_id is not None
    decide(desk, incident_id, Acknowledge(by="li"))
    desk.passed_s += took_s
    decide(desk, incident_id, Close(by="li", note="修好了"))
    return incident_id


def today(desk: Clockwork) -> datetime:
    return desk.moment.calendar.replace(hour=0, minute=0, second=0, microsecond=0)


def lengths(desk: Clockwork, book: HandlingBook, days: int) -> list[float]:
    begin = desk.moment.calendar - timedelta(days=days)
    found = desk.run(lambda w: book.since(w.tx, begin, today(desk)))
    alone = desk.run(lambda w: handling.since(w.tx, begin))
    assert found.handled_s.tolist() == alone.handled_s.tolist(), "as if nothing were remembered"
    assert found.closed_at.tolist() == alone.closed_at.tolist() == sorted(alone.closed_at.tolist())
    assert found.kind.tolist() == alone.kind.tolist()
    return found.handled_s.tolist()


def test_days_that_are_over_are_remembered_and_today_is_read(desk: Clockwork) -> None:
    book = HandlingBook()
    for number in range(3):
        handled(desk, f"a{number}", 100 + number)
        desk.passed_s += DAY_S
    handled(desk, "b", 7)
    assert lengths(desk, book, 30) == [100, 101, 102, 7]
    handled(desk, "c", 8)
    assert lengths(desk, book, 30) == [100, 101, 102, 7, 8]
    assert lengths(desk, book, 2) == [102, 7, 8]
    desk.passed_s += DAY_S
    assert lengths(desk, book, 30) == [100, 101, 102, 7, 8], "yesterday is over, too"


def test_an_incident_that_was_opened_anew_is_no_longer_handled(desk: Clockwork) -> None:
    book = HandlingBook()
    first, _ = handled(desk, "a", 100), handled(desk, "b", 200)
    desk.passed_s += DAY_S
    assert lengths(desk, book, 30) == [100, 200]
    decide(desk, first, Reopen(by="li", note="又坏了"))
    assert lengths(desk, book, 30) == [200]


def test_of_days_that_are_over_only_their_number_and_sum_is_asked_again(desk: Clockwork) -> None:
    book = HandlingBook()
    handled(desk, "a", 100)
    desk.passed_s += DAY_S
    lengths(desk, book, 30)
    asked: list[object] = []

    def note(_c: object, _cursor: object, _statement: str, given: object, *_: object) -> None:
        asked.append(given)

    def again(w: object) -> None:
        event.listen(w.tx.conn, "before_cursor_execute", note)  # type: ignore[attr-defined]
        book.since(w.tx, desk.moment.calendar - timedelta(days=30), today(desk))  # type: ignore[attr-defined]
        event.remove(w.tx.conn, "before_cursor_execute", note)  # type: ignore[attr-defined]

    desk.run(again)
    counted, fresh = asked
    midnight = today(desk).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert midnight in counted, "up to today by count and sum"
    assert midnight in fresh, "rows only since then"


def handling_asked(w: Work) -> None:
    handling.since(w.tx, w.now - timedelta(days=7))


def merged_asked(w: Work) -> None:
    queue.merged_into_each(w.tx, [uuid7(), uuid7()])


def assignee_asked(w: Work) -> None:
    incidents.newest(w.tx, states=(), kinds=(), limit=10, after=None, assignee="li")


def waiting_asked(w: Work) -> None:
    incidents.waited_at(w.tx, "r1")


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (handling_asked, "COVERING INDEX ix_incidents_closed"),
        (merged_asked, "INDEX ix_incidents_merged"),
        (assignee_asked, "INDEX ix_incidents_assignee"),
        (waiting_asked, "INDEX ix_incidents_waiting"),
    ],
)
def test_what_few_incidents_have_is_found_by_an_index_of_those_few(
    desk: Clockwork, ask: Callable[[Work], None], index: str
) -> None:
    def plan(w: Work) -> str:
        asked: list[tuple[str, object]] = []

        def note(_c: object, _cursor: object, statement: str, given: object, *_: object) -> None:
            asked.append((statement, given))

        event.listen(w.tx.conn, "before_cursor_execute", note)
        ask(w)
        event.remove(w.tx.conn, "before_cursor_execute", note)
        ((statement, given),) = asked
        rows = w.tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
        return "\n".join(str(row[-1]) for row in rows)

    assert f"SEARCH incidents USING {index}" in desk.run(plan)
    (name,) = (word for word in index.split() if word.startswith("ix_"))
    made = desk.run(
        lambda w: w.tx.conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).scalar_one()
    )
    assert "WHERE" in made, "it holds only those few"
