"""The second transaction: whatever is in a report, it is taken once and in order, and none blocks the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.incidents import cursor
from mission_planner.incidents.cursor import AT_LEAST, BATCH, LONGEST_S, Pace
from mission_planner.incidents.reports import decode_payload, encode_payload
from mission_planner.store import events, findings, inbox
from mission_planner.store.events import Subject
from mission_planner.store.inbox import Report, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.errors import Unavailable
from patrol_core.finding import Finding
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry, Outcome
from patrol_core.site import NO_WORDS, DeviceKind, Site
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.incidents.taking import TOPIC, Center, mqtt, with_devices
from tests.unit.mission_planner.world import AT

pytestmark = pytest.mark.anyio


@pytest.fixture
def center(store: SqliteStore, site: Site) -> Center:
    return Center(store, site)


async def test_nonsense_is_set_aside_with_the_reason_and_blocks_nobody(center: Center) -> None:
    await center.take(mqtt("\x00garbage"), mqtt({"state": "perhaps"}), mqtt({"state": "alarm"}))
    assert await center.states() == [ReportState.ASIDE, ReportState.ASIDE, ReportState.DONE]
    reasons = await center.because()
    assert all("expected" in r for r in reasons[:2])
    (row,) = await center.incidents()
    assert row.incident.kind is IncidentKind.SMOKE


async def test_nonsense_that_cries_alarm_opens_one_bare_incident_for_its_source(center: Center) -> None:
    stranger = "tiny/sensors/who/event"
    await center.take(mqtt("ALARM!!", stranger), mqtt({"state": "alarm"}, stranger), mqtt("FIRE", TOPIC))
    rows = await center.incidents()
    assert [(r.incident.kind, r.source.source_id) for r in rows] == [
        (IncidentKind.UNKNOWN, "who"),
        (IncidentKind.UNKNOWN, "smoke-1"),
    ]
    assert rows[1].incident.position_m is not None, "the device is known, so is its place"
    assert await center.states() == [ReportState.ASIDE] * 3


async def test_a_report_that_breaks_the_code_is_set_aside_and_the_next_goes_on(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cursor.take_finding

    def broken(work: Work, finding: Finding, reading: Any = None) -> None:
        real(work, finding, reading)
        if finding.value == 13:
            raise ZeroDivisionError("no luck")

    monkeypatch.setattr(cursor, "take_finding", broken)
    await center.take(mqtt({"state": "alarm", "value": 13}), mqtt({"state": "alarm", "value": 14}))
    assert await center.states() == [ReportState.ASIDE, ReportState.DONE]
    assert (await center.because())[0] == "ZeroDivisionError: no luck"
    rows = await center.incidents()
    assert [r.incident.kind for r in rows] == [IncidentKind.UNKNOWN, IncidentKind.SMOKE]
    kept = await center.store.read(lambda tx: findings.newest(tx, incident_id=None, limit=10, after=None))
    assert sorted(str(k.finding.value) for k in kept.items) == ["14.0", "None"], "the broken one left nothing behind"
    assert len(center.works[0].orders) == 1


async def test_a_full_disk_takes_nothing_and_the_whole_batch_comes_again(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from sqlalchemy.exc import OperationalError

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    await center.store.write(lambda tx: inbox.keep(tx, [mqtt({"state": "alarm"})]))
    with monkeypatch.context() as broken:
        broken.setattr(cursor, "take_finding", full)
        with pytest.raises(Unavailable, match="full"):
            await center.take()
    assert await center.states() == [ReportState.NEW]
    await center.take()
    assert await center.states() == [ReportState.DONE]


async def test_a_ledger_entry_of_a_mission_nobody_knows_is_set_aside_as_an_incident_of_its_robot(
    center: Center,
) -> None:
    entry = LedgerEntry(
        report_id=uuid7(),
        mission_id=uuid7(),
        robot_id="r1",
        checkpoint_id="vp-sw",
        outcome=Outcome.SEEN,
        because=NO_WORDS,
        at=AT,
        pose=None,
    )
    report = Report(report_id="l", kind=ReportKind.LEDGER, topic="r1", body=to_json(entry), received_at=AT)
    await center.take(report, replace(report, report_id="m", body="{"))
    assert await center.states() == [ReportState.ASIDE, ReportState.ASIDE]
    (row,) = await center.incidents()
    assert (row.incident.kind, row.source) == (
        IncidentKind.UNKNOWN,
        Source(kind=SourceKind.ROBOT, source_id="r1"),
    )


async def test_at_most_a_batch_is_taken_at_once_and_the_cursor_goes_on_from_there(center: Center) -> None:
    reports = [mqtt({"state": "normal", "value": float(i)}) for i in range(BATCH + 7)]
    taken = [await center.take(*reports)]
    while taken[-1]:
        taken.append(await center.take())
    assert max(taken) <= BATCH
    assert sum(taken) == BATCH + 7


@pytest.mark.parametrize(
    ("batch", "count", "seconds", "after"),
    [
        (100, 100, LONGEST_S / 4, 200),  # much faster than it may last: twice as many, no more at once
        (400, 400, 2 * LONGEST_S, 200),
        (200, 200, 5.0, AT_LEAST),  # a machine that stalls
        (BATCH, BATCH, 0.001, BATCH),
        (200, 7, 5.0, 200),  # not a full batch
    ],
)
def test_a_turn_takes_what_fits_into_its_time(batch: int, count: int, seconds: float, after: int) -> None:
    pace = Pace(batch=batch)
    pace.took(count, seconds)
    assert pace.batch == after


async def test_one_report_that_breaks_the_others_of_its_batch_is_set_aside_alone(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [mqtt({"state": ("alarm", "normal")[i % 2], "value": float(i)}) for i in range(20)]
    whole = cursor.take_new_finding

    def breaks(work: Work, finding: Finding, *more: Any) -> None:
        if finding.value == 12.0:
            raise RuntimeError("a fault in the code")
        whole(work, finding, *more)

    monkeypatch.setattr(cursor, "take_new_finding", breaks)
    monkeypatch.setattr(cursor, "take_finding", breaks)
    await center.take(*good)
    states = await center.states()
    assert states.count(ReportState.DONE) == 19
    assert states[12] is ReportState.ASIDE
    kinds = {row.incident.kind for row in await center.incidents()}
    assert kinds == {IncidentKind.SMOKE, IncidentKind.UNKNOWN}


async def test_reports_taken_together_do_what_they_do_one_by_one(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_devices(center, gas=DeviceKind.GAS, sos=DeviceKind.SOS_BUTTON, door=DeviceKind.DOOR_MAGNET)
    reports = [
        mqtt({"state": "normal" if n % 7 == 6 else "alarm", "value": float(n)}, f"tiny/sensors/{device}/event")
        for n, device in enumerate(["smoke-1", "gas", "sos", "door"] * 10)
    ]
    await center.take(*reports)
    together = [told(row) for row in await center.incidents()]
    store = SqliteStore(tmp_path / "alone.db", site_id="tiny")
    alone = Center(store, center.site)
    monkeypatch.setattr(cursor, "FEW", 1_000)
    while await alone.take(*reports):
        pass
    assert [told(row) for row in await alone.incidents()] == together
    store.close()


def told(row: IncidentRow) -> Any:
    """An incident but for its random ids."""
    i = row.incident
    loci = [(locus.source, locus.kind, locus.at, locus.cleared_at) for locus in i.loci]
    return i.kind, i.state, i.opened_at, len(i.findings), loci, [(w.text, w.log_odds) for w in i.weights]


async def test_events_are_in_the_log_in_the_order_of_the_changes(center: Center) -> None:
    await center.take(mqtt({"state": "alarm"}))
    log = await center.store.read(lambda tx: events.after(tx, 0, 100))
    assert [c.event_id for c in log] == sorted(c.event_id for c in log)
    assert {c.audience for c in log} == {"incident.view", "finding.view", "sensor.view", "mission.view"}
    assert all(UUID(c.subject_id) for c in log if c.subject is Subject.INCIDENT)


@pytest.mark.parametrize("payload", [b"{}", b"\xff\x00\xfe", b"", "报警".encode(), b"b64:aGk="])
def test_a_payload_comes_back_byte_for_byte(payload: bytes) -> None:
    assert decode_payload(encode_payload(payload)) == payload
