"""Somebody sets the machine's calendar by a month while an alarm waits: no telling comes early, and none is skipped."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.crash_ledger import CenterProcess, Ledger
from tests.helpers.waiting import eventually

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
FOUND = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
RUNGS_S = {1: 15.0, 2: 60.0}  # of the ladder of life
SLACK_S = 1.0  # the alarm was opened a little before its acknowledgement came back


def rungs(database):
    with closing(sqlite3.connect(database)) as db:
        return {n for (n,) in db.execute("SELECT number FROM notices WHERE action = 'trigger'")}


@pytest.mark.skipif(not FOUND, reason="needs Debian's faketime, which is not installed here")
@pytest.mark.parametrize(("first", "then"), [("+30d", "-30d"), ("-30d", "+30d")])
def test_a_calendar_set_by_a_month_and_back_moves_no_telling(tmp_path, first, then):
    calendar = tmp_path / "calendar"
    calendar.write_text("+0\n")
    more = {
        "LD_PRELOAD": str(FOUND[0]),
        "FAKETIME_TIMESTAMP_FILE": str(calendar),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    center, ledger = CenterProcess(tmp_path / "center", more), Ledger(["sos-button-b1-1-1102"])
    center.start()
    try:
        assert center.wait_listening()
        assert ledger.publish_until(center.mqtt_port, threading.Event(), most=1) == 1
        acknowledged_s = time.monotonic()
        eventually(lambda: 0 in rungs(center.database), within_s=60, what="told at the opening")
        for setting, rung in ((first, 1), (then, 2)):
            calendar.write_text(f"{setting}\n")
            eventually(lambda rung=rung: rung in rungs(center.database), within_s=180, what=f"rung {rung}")
            assert time.monotonic() - acknowledged_s >= RUNGS_S[rung] - SLACK_S, f"rung {rung} came early"
            assert rungs(center.database) == set(range(rung + 1)), "none is skipped, none comes with another"
    finally:
        center.kill()
