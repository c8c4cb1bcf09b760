"""What sensors and robots say, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mission_planner.store import devices, findings, incidents, missions
from mission_planner.store.events import Subject
from mission_planner.store.inbox import Report, ReportKind, ReportState
from mission_planner.store.sqlite import SqliteStore
from patrol_core.codec import to_json
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import IncidentState, Verification
from patrol_core.kind import IncidentKind
from patrol_core.mission import LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.site import NO_WORDS, DeviceKind, Place, Site
from tests.unit.mission_planner.incidents.taking import Center, fallen, mqtt, of_finding, with_devices
from tests.unit.mission_planner.world import AT, DIGEST, now_of

pytestmark = pytest.mark.anyio


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


async def test_only_who_calls_for_a_person_is_told_of_before_others(center: Center) -> None:
    with_devices(center, button=DeviceKind.SOS_BUTTON)
    await center.take(mqtt({"state": "alarm"}))
    assert not center.works[-1].hurried
    await center.take(mqtt({"state": "alarm"}, "tiny/sensors/button/event"))
    assert [subject for subject, _ in center.works[-1].hurried] == [Subject.FINDING, Subject.INCIDENT]


async def test_the_same_alarm_again_joins_and_a_clear_is_noted_but_closes_nothing(center: Center) -> None:
    await center.take(mqtt({"state": "alarm"}))
    center.now = AT + timedelta(seconds=11)
    await center.take(mqtt({"state": "alarm", "value": 1.0}), mqtt({"state": "normal"}))
    (row,) = await center.incidents()
    assert row.incident.state is IncidentState.OPEN
    assert row.incident.source_cleared_at == center.now
    assert len(row.incident.findings) == 3
    await center.take(mqtt({"state": "alarm"}))
    (row,) = await center.incidents()
    assert row.incident.source_cleared_at is None, "it rings again"


async def test_a_source_that_keeps_alarming_writes_few_lines(center: Center) -> None:
    for i in range(6):
        center.now = AT + timedelta(seconds=11 * i)
        await center.take(mqtt({"state": "alarm", "value": float(i)}))
    (row,) = await center.incidents()
    lines = await center.store.read(lambda tx: incidents.entries(tx, row.incident.incident_id))
    assert [line.kind for line in lines] == ["opened", "sent", "joined"]
    assert await center.store.read(lambda tx: findings.count_of_incident(tx, row.incident.incident_id)) == 6
    center.now = AT + timedelta(seconds=11 + 61)
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
