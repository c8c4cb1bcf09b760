"""The second transaction: what each report becomes, and that none blocks the next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from mission_planner.bus import Work
from mission_planner.incidents import cursor
from mission_planner.incidents.cursor import (
    AT_LEAST,
    BATCH,
    Pace,
    TakeReports,
    decode_payload,
    encode_payload,
    take_reports,
)
from mission_planner.incidents.reception import OpenRipe, open_ripe
from mission_planner.store import devices, events, findings, inbox, incidents, missions, schema
from mission_planner.store.events import Subject
from mission_planner.store.inbox import Report, ReportKind, ReportState
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.errors import Unavailable
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import IncidentState, Verification
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.site import NO_WORDS, DeviceKind, Place, Site
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, DIGEST, now_of, work

pytestmark = pytest.mark.anyio
TOPIC = "tiny/sensors/smoke-1/event"


def mqtt(payload: dict[str, Any] | str, topic: str = TOPIC) -> Report:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return Report(report_id=uuid7().hex, kind=ReportKind.MQTT, topic=topic, body=body, received_at=AT)


def fallen(**changes: Any) -> Finding:
    usual: dict[str, Any] = {
        "finding_id": uuid7(),
        "source": Source(kind=SourceKind.ROBOT, source_id="r1"),
        "kind": IncidentKind.PERSON_FALLEN,
        "phase": Phase.RAISED,
        "position_m": Point2(50, 10),
        "observed_at": AT,
        "confidence": 0.8,
        "evidence": (DIGEST,),
    }
    return Finding(**{**usual, **changes})


def of_finding(finding: Finding) -> Report:
    return Report(
        report_id=str(finding.finding_id), kind=ReportKind.FINDING, topic="r1", body=to_json(finding), received_at=AT
    )


class Center:
    """The inbox and its cursor on a real store."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.now = AT
        self.robots: dict[str, Any] = {}
        self.works: list[Work] = []

    async def take(self, *reports: Report) -> int:
        def run(tx: Tx) -> int:
            inbox.keep(tx, reports)
            self.works.append(work(tx, self.site, now=self.now, **self.robots))
            return take_reports(self.works[-1], TakeReports())

        return await self.store.write(run)

    async def ripen(self, seconds: float) -> int:
        """The ticker's look, so long after the beginning."""
        self.now = AT + timedelta(seconds=seconds)
        return await self.store.write(lambda tx: open_ripe(work(tx, self.site, now=self.now), OpenRipe()))

    async def incidents(self) -> tuple[IncidentRow, ...]:
        page = await self.store.read(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=100, after=None))
        return tuple(reversed(page.items))

    async def states(self) -> list[ReportState]:
        query = select(schema.inbox.c.state).order_by(schema.inbox.c.seq)
        return await self.store.read(lambda tx: [ReportState(s) for s in tx.conn.scalars(query)])

    async def because(self) -> list[str]:
        query = select(schema.inbox.c.because).order_by(schema.inbox.c.seq)
        return await self.store.read(lambda tx: list(tx.conn.scalars(query)))


@pytest.fixture
def center(store: SqliteStore, site: Site) -> Center:
    return Center(store, site)


async def test_an_alarm_opens_an_incident_and_sends_the_nearest_robot_in_the_same_transaction(center: Center) -> None:
    assert await center.take(mqtt({"state": "alarm", "value": 0.3, "unit": "%/m"})) == 1
    (row,) = await center.incidents()
    assert (row.incident.kind, row.incident.state) == (IncidentKind.SMOKE, IncidentState.OPEN)
    assert row.incident.verification is Verification.SENT
    assert row.verify_robot_id == "r1"
    (mission,) = await center.store.read(missions.active)
    assert mission.mission.kind is MissionKind.VERIFY
    assert mission.mission.incident_id == row.incident.incident_id
    (order,) = center.works[0].orders
    assert (order.robot_id, order.epoch, order.mission_id) == ("r1", 1, mission.mission_id)
    assert {Subject.INCIDENT, Subject.FINDING, Subject.SENSOR, Subject.MISSION} == set(center.works[0].changed_subjects)


async def test_the_same_alarm_again_joins_and_a_clear_is_noted_but_closes_nothing(center: Center) -> None:
    await center.take(mqtt({"state": "alarm"}), mqtt({"state": "alarm", "value": 1.0}), mqtt({"state": "normal"}))
    (row,) = await center.incidents()
    assert row.incident.state is IncidentState.OPEN
    assert row.incident.source_cleared_at == AT
    assert len(row.incident.findings) == 3
    await center.take(mqtt({"state": "alarm"}))
    (row,) = await center.incidents()
    assert row.incident.source_cleared_at is None, "it rings again"


async def test_a_source_that_keeps_alarming_writes_few_lines(center: Center) -> None:
    await center.take(*(mqtt({"state": "alarm", "value": float(i)}) for i in range(50)))
    (row,) = await center.incidents()
    lines = await center.store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    assert [line.kind for line in lines] == ["opened", "sent", "joined"]
    assert await center.store.read(lambda tx: findings.count_of_incident(tx, row.incident.incident_id)) == 50
    center.now = AT + timedelta(seconds=61)
    await center.take(mqtt({"state": "alarm"}))
    lines = await center.store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    assert [line.kind for line in lines][-2:] == ["joined", "joined"]


async def test_a_normal_word_opens_nothing_and_is_kept_as_the_devices_last(center: Center) -> None:
    await center.take(mqtt({"state": "normal", "battery_pct": 77}))
    assert await center.incidents() == ()
    device = await center.store.read(lambda tx: devices.find(tx, "smoke-1"))
    assert device is not None
    assert (device.state, device.battery_pct) == ("normal", 77)


async def test_a_late_word_does_not_overwrite_a_newer_one(center: Center) -> None:
    older, newer = (AT - timedelta(minutes=5)).isoformat(), AT.isoformat()
    await center.take(mqtt({"state": "normal", "at": newer}), mqtt({"state": "normal", "value": 9, "at": older}))
    device = await center.store.read(lambda tx: devices.find(tx, "smoke-1"))
    assert device is not None
    assert device.last_seen_at == AT
    assert device.value is None


async def test_after_the_clock_was_set_back_devices_are_heard_again(center: Center) -> None:
    center.now = AT + timedelta(hours=9)
    await center.take(replace(mqtt({"state": "normal", "value": 1}), received_at=center.now))
    center.now = AT
    await center.take(mqtt({"state": "normal", "value": 2}))
    device = await center.store.read(lambda tx: devices.find(tx, "smoke-1"))
    assert device is not None
    assert device.value == 2


async def test_a_building_the_site_no_longer_has_hinders_nobody_from_looking(center: Center, site: Site) -> None:
    center.site = replace(site, buildings={})
    await center.take(mqtt({"state": "alarm"}))
    (row,) = await center.incidents()
    assert row.incident.verification is Verification.SENT


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


async def test_a_robots_finding_opens_an_incident_where_it_saw_it_with_its_picture(center: Center) -> None:
    await center.take(of_finding(fallen()))
    (row,) = await center.incidents()
    assert row.incident.position_m == Point2(50, 10)
    assert row.incident.evidence == (DIGEST,)
    assert row.incident.place is None


async def test_a_known_finding_changes_nothing(center: Center) -> None:
    finding = fallen()
    await center.take(of_finding(finding), replace(of_finding(finding), report_id="another way in"))
    (row,) = await center.incidents()
    assert row.incident.findings == (finding.finding_id,)
    assert await center.states() == [ReportState.DONE, ReportState.DONE]


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


async def test_a_look_that_brings_a_picture_is_seen_and_its_mission_done(center: Center) -> None:
    await center.take(mqtt({"state": "alarm"}))
    (mission,) = await center.store.read(missions.active)
    entry = LedgerEntry(
        report_id=uuid7(),
        mission_id=mission.mission_id,
        robot_id="r1",
        checkpoint_id="scene",
        outcome=Outcome.SEEN,
        because=NO_WORDS,
        at=AT,
        pose=None,
        photos=(DIGEST,),
    )
    report = Report(report_id="l", kind=ReportKind.LEDGER, topic="r1", body=to_json(entry), received_at=AT)
    await center.take(report, replace(report, report_id="again"))
    (row,) = await center.incidents()
    assert row.incident.verification is Verification.SEEN
    assert row.incident.evidence == (DIGEST,)
    done = await center.store.read(lambda tx: missions.get(tx, mission.mission_id))
    assert done.mission.state is MissionState.DONE
    lines = await center.store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    assert [line.kind for line in lines] == ["opened", "sent", "photo"]


async def test_two_alarms_at_once_get_two_robots(center: Center, site: Site) -> None:
    far = Place(building_id="b1", unit="1", floor=12, flat="1201")
    twin = replace(site.devices["smoke-1"], device_id="smoke-2", place=far)
    center.site = replace(site, devices={**site.devices, "smoke-2": twin})
    await center.take(mqtt({"state": "alarm"}), mqtt({"state": "alarm"}, "tiny/sensors/smoke-2/event"))
    rows = await center.incidents()
    assert {r.verify_robot_id for r in rows} == {"r1", "r2"}
    assert "一号不可用：正在查看另一处" in (rows[1].verification_because or rows[0].verification_because).zh  # type: ignore[union-attr]


async def test_with_no_robot_to_send_the_incident_waits_and_says_why(center: Center, site: Site) -> None:
    center.robots = {r: now_of(site, r, silence_s=99.0) for r in site.robots}
    await center.take(mqtt({"state": "alarm"}))
    (row,) = await center.incidents()
    assert row.incident.verification is Verification.WAITING
    assert row.verification_because is not None
    assert "失联" in row.verification_because.zh
    assert center.works[0].orders == []


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
        (100, 100, 0.01, 200),  # much faster than it may last: twice as many, no more at once
        (200, 200, 0.05, 160),
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
    good = [mqtt({"state": "alarm", "value": float(i)}) for i in range(20)]
    whole = cursor.take_new_finding

    def breaks(work: Work, finding: Finding, *more: Any) -> None:
        if finding.value == 13.0:
            raise RuntimeError("a fault in the code")
        whole(work, finding, *more)

    monkeypatch.setattr(cursor, "take_new_finding", breaks)
    monkeypatch.setattr(cursor, "take_finding", breaks)
    await center.take(*good)
    states = await center.states()
    assert states.count(ReportState.DONE) == 19
    assert states[13] is ReportState.ASIDE
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


def with_devices(center: Center, **kinds: DeviceKind) -> None:
    """More sensors, in the flat of the smoke detector."""
    twin = center.site.devices["smoke-1"]
    more = {name: replace(twin, device_id=name, kind=kind) for name, kind in kinds.items()}
    center.site = replace(center.site, devices={**center.site.devices, **more})


def of(device_id: str, state: str = "alarm", **more: Any) -> Report:
    return mqtt({"state": state, **more}, f"tiny/sensors/{device_id}/event")


async def test_a_second_sensor_of_the_same_fire_joins_says_why_and_calls_everybody_at_once(center: Center) -> None:
    with_devices(center, co=DeviceKind.CO)
    await center.take(mqtt({"state": "alarm"}), of("co"))
    (row,) = await center.incidents()
    assert [locus.source.source_id for locus in row.incident.loci] == ["smoke-1", "co"]
    lines = await center.store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    said = {line.kind: line.text.zh for line in lines}
    assert said["joined"].endswith("（归入本事件：同一户）")
    assert said["escalated"] == "第二个独立来源证实，立即提醒：值班员、网格员、负责人"


async def test_it_is_over_for_its_sources_only_when_all_of_them_are_normal(center: Center) -> None:
    with_devices(center, co=DeviceKind.CO)
    await center.take(mqtt({"state": "alarm"}), of("co"), of("co", "normal"))
    (row,) = await center.incidents()
    assert row.incident.source_cleared_at is None
    await center.take(of("smoke-1", "normal"))
    (row,) = await center.incidents()
    assert row.incident.source_cleared_at == AT


async def test_a_door_opens_an_incident_only_when_it_stays_open(center: Center) -> None:
    with_devices(center, door=DeviceKind.DOOR_MAGNET)
    await center.take(of("door"), of("door", "normal"))
    assert await center.ripen(60) == 0
    await center.take(of("door"))
    assert await center.incidents() == ()
    assert await center.ripen(120) == 1
    (row,) = await center.incidents()
    assert row.incident.kind is IncidentKind.DOOR
    assert len(row.incident.findings) == 1


async def test_a_condition_that_waits_outlives_the_process_in_the_store(center: Center) -> None:
    with_devices(center, door=DeviceKind.DOOR_MAGNET)
    await center.take(of("door"))
    again = Center(center.store, center.site)
    assert await again.ripen(31) == 1
    assert len(await again.incidents()) == 1
