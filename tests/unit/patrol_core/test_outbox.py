"""The durable outbox: what was put is still there after kill -9, and is tried again until it is acknowledged."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from patrol_core.errors import OutboxFull
from patrol_core.ids import uuid7
from patrol_core.outbox import Outbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path)
    yield box
    box.close()


def ids(box: Outbox, now_s: float) -> list[UUID]:
    return [p.report_id for p in box.due(now_s)]


def test_a_report_is_due_at_once_and_gone_when_acknowledged(outbox: Outbox) -> None:
    report = uuid7()
    outbox.put(report, "ledger", '{"a":1}')
    (parcel,) = outbox.due(0.0)
    assert (parcel.report_id, parcel.kind, parcel.body, parcel.attempts) == (report, "ledger", '{"a":1}', 1)
    assert outbox.acknowledge(report)
    assert len(outbox) == 0
    assert outbox.due(1e9) == ()


def test_tries_come_after_1_2_4_8_and_then_every_10_seconds(outbox: Outbox) -> None:
    outbox.put(uuid7(), "ledger", "{}")
    tried, now_s = [], 0.0
    while now_s <= 46.0:
        if outbox.due(now_s):
            tried.append(now_s)
        now_s += 0.5
    assert tried == [0.0, 1.0, 3.0, 7.0, 15.0, 25.0, 35.0, 45.0]


def test_after_thousands_of_tries_the_next_is_still_ten_seconds_away(outbox: Outbox, path: Path) -> None:
    report = uuid7()
    outbox.put(report, "ledger", "{}")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE outbox SET attempts = 100000")
    assert ids(outbox, 0.0) == [report]
    assert ids(outbox, 9.9) == []
    assert ids(outbox, 10.0) == [report]


def test_a_known_id_is_ignored(outbox: Outbox) -> None:
    report = uuid7()
    outbox.put(report, "ledger", "first")
    outbox.put(report, "ledger", "second")
    assert [p.body for p in outbox.due(0.0)] == ["first"]


def test_a_known_id_is_ignored_at_the_bound_too(path: Path) -> None:
    box = Outbox(path, capacity=1)
    report = uuid7()
    box.put(report, "ledger", "first")
    box.put(report, "ledger", "first")
    box.close()


def test_urgent_reports_go_first_and_the_rest_in_the_order_they_were_made(outbox: Outbox) -> None:
    first, second, sos = uuid7(), uuid7(), uuid7()
    outbox.put(second, "ledger", "{}")
    outbox.put(first, "ledger", "{}")
    outbox.put(sos, "finding", "{}", urgent=True)
    assert ids(outbox, 0.0) == [sos, first, second]


def test_a_batch_is_bounded_and_the_rest_follows(outbox: Outbox) -> None:
    reports = [uuid7() for _ in range(5)]
    for report in reports:
        outbox.put(report, "ledger", "{}")
    assert [p.report_id for p in outbox.due(0.0, limit=2)] == reports[:2]
    assert [p.report_id for p in outbox.due(0.0, limit=9)] == reports[2:]


def test_at_the_bound_a_report_is_refused_aloud_and_an_urgent_one_still_has_room(path: Path) -> None:
    box = Outbox(path, capacity=2, reserve=1)
    for _ in range(2):
        box.put(uuid7(), "ledger", "{}")
    with pytest.raises(OutboxFull, match="fewer than 2 reports waiting; came 2"):
        box.put(uuid7(), "ledger", "{}")
    box.put(uuid7(), "finding", "{}", urgent=True)
    with pytest.raises(OutboxFull):
        box.put(uuid7(), "finding", "{}", urgent=True)
    assert len(box) == 3
    box.close()


def test_acknowledging_what_is_not_here_says_so(outbox: Outbox) -> None:
    assert not outbox.acknowledge(uuid7())


def test_after_a_restart_everything_is_tried_again_at_once(path: Path) -> None:
    box = Outbox(path)
    report = uuid7()
    box.put(report, "ledger", "{}")
    assert ids(box, 5_000.0) == [report]
    box.close()
    again = Outbox(path)
    assert ids(again, 0.0) == [report]
    again.close()


WRITER = """
import sys
from patrol_core.ids import uuid7
from patrol_core.outbox import Outbox

box = Outbox(sys.argv[1])
while True:
    report = uuid7()
    box.put(report, "ledger", "{}")
    print(report, flush=True)
"""


@pytest.mark.parametrize("kill_after", [1, 7, 40])
def test_what_put_returned_for_is_there_after_kill_9(path: Path, kill_after: int) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        put = [UUID(writer.stdout.readline().strip()) for _ in range(kill_after)]
        writer.send_signal(signal.SIGKILL)
        put += [UUID(line.strip()) for line in writer.stdout if line.endswith("\n")]
    box = Outbox(path)
    kept = {p.report_id for p in box.due(0.0, limit=1_000_000)}
    box.close()
    assert set(put) <= kept
    assert len(kept) <= len(put) + 1  # the one that was on disk, but not yet told
