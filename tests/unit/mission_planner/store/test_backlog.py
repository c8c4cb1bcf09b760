"""How many reports wait to be drawn in, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.checks import WAITED_LONG_S, reports_health
from mission_planner.incidents.inlet import Inlet
from mission_planner.store import backlog
from mission_planner.store.backlog import EXACT, Backlog
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Urgency
from mission_planner.store.sqlite import SqliteStore
from patrol_core.part import PartState
from tests.helpers.drawing import draw_all
from tests.unit.mission_planner.world import calling_site


def test_it_says_how_many_wait_and_how_long_the_oldest_has() -> None:
    waiting = Backlog()
    assert (waiting.count, waiting.waited_s(5.0)) == (0, 0.0)
    waiting.came(1, 3, 10.0)
    waiting.came(4, 2, 12.0)
    assert (waiting.count, waiting.waited_s(70.0)) == (5, 60.0)
    waiting.went(1)
    assert (waiting.count, waiting.waited_s(70.0)) == (2, 58.0)
    waiting.went(4)
    assert (waiting.count, waiting.waited_s(70.0)) == (0, 0.0)


def test_what_was_drawn_in_before_its_sender_heard_of_it_does_not_wait() -> None:
    waiting = Backlog()
    waiting.went(7)
    waiting.came(7, 1, 0.0)
    assert waiting.count == 0


def test_a_part_of_what_came_together_waits_until_all_of_it_went() -> None:
    waiting = Backlog()
    waiting.came(3, 250, 0.0)
    waiting.went(2)
    assert waiting.count == 250


def test_its_memory_is_bounded_and_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "AT_MOST", 200)
    waiting = Backlog()
    for row in range(1, 5_001):
        waiting.came(row, 2, float(row))
    assert (len(waiting._entries), waiting.count) == (200, 10_000)
    waiting.went(5_000)
    assert waiting.count == 0


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 3)), max_size=3 * EXACT), st.integers(0, 3 * EXACT))
def test_it_never_says_too_few(rows: list[tuple[int, float]], gone: int) -> None:
    waiting, now_s = Backlog(), 0.0
    for row, (count, pause_s) in enumerate(rows, start=1):
        now_s += pause_s
        waiting.came(row, count, now_s)
    waiting.went(gone)
    assert waiting.count >= sum(count for count, _ in rows[gone:])
    waiting.went(len(rows))
    assert waiting.count == 0


def waiting_in(store: SqliteStore) -> int:
    return sum(backlog.count for backlog in store.arrivals.backlogs.values())


@pytest.mark.anyio
async def test_what_the_process_before_left_waits_too_until_it_is_drawn_in(tmp_path: Path) -> None:
    site = calling_site()
    topics = [f"tiny/sensors/{device}/event" for device in site.devices]
    reports = [
        Report(report_id=f"r{n}", kind=ReportKind.MQTT, topic=topics[n % 2], body="{}", received_at=None)
        for n in range(230)
    ]
    before = SqliteStore(tmp_path / "center.db", site_id="tiny")
    await Inlet(before, site).keep_reports(reports[:3])
    assert waiting_in(before) == 3
    await draw_all(before)
    await Inlet(before, site).keep_reports(reports[3:])
    before.close()
    after = SqliteStore(tmp_path / "center.db", site_id="tiny")
    assert waiting_in(after) == 227
    began_s = after.arrivals.backlogs[Urgency.ALARM]._entries[0].came_s
    assert reports_health(after.arrivals, began_s + WAITED_LONG_S - 1).state is PartState.OK
    ill = reports_health(after.arrivals, began_s + 180)
    assert ill.state is PartState.DEGRADED
    assert ill.because is not None
    assert ill.because.zh.startswith("227 条报告已存妥但还没有处理，最早的已等 3 分钟")
    await draw_all(after)
    assert waiting_in(after) == 0
    after.close()
