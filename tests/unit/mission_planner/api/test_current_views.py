"""What changed is told as it is now; in a flood many are read together."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import event

from mission_planner.api.views.common import See
from mission_planner.api.views.events import GoneView, current_view, current_views
from mission_planner.store.events import Subject, Thing
from mission_planner.store.protocol import Tx
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from tests.unit.mission_planner.incidents.clockwork import Clockwork

MOST_STATEMENTS = 16  # for incidents and tellings, however many


@pytest.fixture
def clockwork() -> Iterator[Clockwork]:
    made = Clockwork()
    yield made
    made.close()


def alarms(clockwork: Clockwork, count: int) -> list[UUID]:
    opened = [clockwork.says(f"s-{number}", IncidentKind.ELEVATOR) for number in range(count)]
    return [incident_id for incident_id in opened if incident_id is not None]


def wanted_of(clockwork: Clockwork, opened: list[UUID]) -> list[Thing]:
    told = clockwork.told
    assert told and opened
    things = [(Subject.INCIDENT, str(i)) for i in opened] + [(Subject.NOTICE, str(n.seq)) for n in told]
    return sorted(things, key=lambda thing: thing[1])  # as they come: mixed


def see(clockwork: Clockwork, tx: Tx) -> See:
    return See(tx=tx, site=clockwork.site, fleet={}, now=clockwork.moment.calendar)


def test_drawn_together_each_is_as_drawn_alone_and_in_its_place(clockwork: Clockwork) -> None:
    wanted = wanted_of(clockwork, alarms(clockwork, 4))
    gone = [(Subject.INCIDENT, str(uuid7())), (Subject.NOTICE, "999999"), (Subject.PATROL, str(uuid7()))]
    mixed = [*gone, *wanted]

    def both(tx: Tx) -> tuple[list[object], list[object]]:
        return list(current_views(see(clockwork, tx), mixed)), [current_view(see(clockwork, tx), *t) for t in mixed]

    together, alone = clockwork.run(lambda w: both(w.tx))
    assert together == alone
    assert [isinstance(view, GoneView) for view in together] == [True] * 3 + [False] * len(wanted)


def test_many_cost_no_more_statements_than_few(clockwork: Clockwork) -> None:
    wanted = wanted_of(clockwork, alarms(clockwork, 40))

    def count(tx: Tx) -> int:
        said: list[str] = []
        engine = tx.conn.engine
        event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        views = current_views(see(clockwork, tx), wanted)
        assert len(views) == len(wanted)
        return len(said)

    assert clockwork.run(lambda w: count(w.tx)) <= MOST_STATEMENTS
