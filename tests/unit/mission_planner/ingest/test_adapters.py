"""Other systems' messages, as they really send them, and what each means to us."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mission_planner.incidents.ingest.adapter import NotUnderstood, Understood, message_id, understand
from mission_planner.incidents.registry.registry import Registry
from patrol_core.finding import Phase
from patrol_core.geometry import Pose2
from patrol_core.kind import IncidentKind
from patrol_core.site import DeviceKind, FixedCamera, Site, Text
from tests.helpers.registered import registered
from tests.unit.mission_planner.world import tiny_site

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EUI = "24e124454b086254"
DEVICES = (
    ("smoke-7", DeviceKind.SMOKE, "0x00158d0002f2a1b7"),
    ("leak-1", DeviceKind.FLOOD, "cellar/leak"),
    ("door-1", DeviceKind.DOOR_MAGNET, EUI),
    ("sos-9", DeviceKind.SOS_BUTTON, "bedside button"),
    ("meter-1", DeviceKind.WATER_METER, "a84041ffff181234"),
    ("gas-1", DeviceKind.GAS, "esphome/kitchen/gas/state"),
    ("lift-cam", DeviceKind.EBIKE_CAMERA, "lift_3"),
    ("boiler-co", DeviceKind.CO, "Boiler room CO"),
)


def site() -> Site:
    entries = [registered(device_id, kind, external_id=external_id) for device_id, kind, external_id in DEVICES]
    gate = FixedCamera(
        camera_id="gate", name=Text(zh="门", en="Gate"), pose=Pose2(x_m=5, y_m=6), height_m=4, tilt_rad=0.4
    )
    return replace(tiny_site(), devices=Registry(entries), cameras={"gate": gate})


def told(topic: str, payload: Any) -> Understood:
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    meaning = understand(topic, said, site=site(), received_at=NOW)
    assert isinstance(meaning, Understood), meaning
    return meaning


def refused(topic: str, payload: Any) -> NotUnderstood:
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    meaning = understand(topic, said, site=site(), received_at=NOW)
    assert isinstance(meaning, NotUnderstood), meaning
    return meaning


def facts(meaning: Understood) -> list[tuple[str, IncidentKind, Phase]]:
    return [(f.source.source_id, f.kind, f.phase) for f in meaning.findings]


# --- Zigbee2MQTT


def test_a_zigbee_smoke_detector_is_found_by_its_address_and_brings_its_battery() -> None:
    payload = {
        "battery": 97,
        "battery_low": False,
        "linkquality": 131,
        "smoke": True,
        "smoke_density": 2.1,
        "test": False,
        "last_seen": "2026-03-02T07:59:58+00:00",
    }
    meaning = told("zigbee2mqtt/0x00158d0002f2a1b7", payload)
    assert facts(meaning) == [("smoke-7", IncidentKind.SMOKE, Phase.RAISED)]
    assert meaning.reading is not None
    assert (meaning.reading.battery_pct, meaning.reading.value) == (97, 2.1)
    assert meaning.findings[0].observed_at == datetime(2026, 3, 2, 7, 59, 58, tzinfo=UTC)
    assert facts(told("zigbee2mqtt/0x00158d0002f2a1b7", {**payload, "smoke": False})) == [
        ("smoke-7", IncidentKind.SMOKE, Phase.CLEARED)
    ]


def test_a_friendly_name_may_have_levels_and_a_button_has_actions() -> None:
    assert facts(told("zigbee2mqtt/cellar/leak", {"water_leak": True, "battery": 100})) == [
        ("leak-1", IncidentKind.FLOOD, Phase.RAISED)
    ]
    assert facts(told("zigbee2mqtt/bedside button", {"action": "single", "linkquality": 90})) == [
        ("sos-9", IncidentKind.SOS, Phase.RAISED)
    ]


def test_what_the_bridge_says_of_itself_and_of_availability_means_nothing() -> None:
    for topic in ("zigbee2mqtt/bridge/state", "zigbee2mqtt/cellar/leak/availability", "zigbee2mqtt/cellar/leak/set"):
        assert told(topic, {"state": "online"}) == Understood(findings=(), reading=None)


def test_a_tampered_detector_is_a_fault_and_stays_what_it_was() -> None:
    meaning = told("zigbee2mqtt/cellar/leak", {"tamper": True, "battery": 55})
    assert facts(meaning) == [("leak-1", IncidentKind.DEVICE_FAULT, Phase.RAISED)]
    assert meaning.reading is not None
    assert meaning.reading.state is None


def test_a_device_that_only_says_that_its_battery_is_low_is_low() -> None:
    meaning = told("zigbee2mqtt/cellar/leak", {"water_leak": False, "battery_low": True})
    assert meaning.reading is not None
    assert meaning.reading.battery_pct == 15


def test_an_unregistered_device_is_named_with_what_to_import_and_its_cry_counts() -> None:
    meaning = refused("zigbee2mqtt/hallway", {"smoke": True})
    assert 'external_id "hallway"' in meaning.because
    assert meaning.claims_alarm
    assert not refused("zigbee2mqtt/hallway", {"smoke": False, "battery": 3}).claims_alarm


# --- ChirpStack


def uplink(event: str = "up", eui: str = EUI, **fields: Any) -> tuple[str, dict[str, Any]]:
    app = "1d4f2f9b-0f8e-4d7d-9a9c-2f0e6f6d1a11"
    payload = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-03-02T07:59:59.123456789+00:00",
        "deviceInfo": {
            "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
            "tenantName": "ChirpStack",
            "applicationId": app,
            "applicationName": "doors",
            "deviceProfileName": "WS301",
            "deviceName": "Door 1",
            "devEui": eui,
            "tags": {},
        },
        "devAddr": "00189440",
        "fCnt": 4,
        "fPort": 85,
        **fields,
    }
    return f"application/{app}/device/{eui}/event/{event}", payload


def test_a_lorawan_door_magnet_is_read_through_its_codecs_object() -> None:
    topic, payload = uplink(data="AXVkAwABBAAA", object={"battery": 92.0, "magnet_status": "open", "tamper_status": 0})
    meaning = told(topic, payload)
    assert facts(meaning) == [("door-1", IncidentKind.DOOR, Phase.RAISED)]
    assert meaning.reading is not None
    assert meaning.reading.battery_pct == 92
    assert meaning.findings[0].observed_at.second == 59
    payload["object"]["magnet_status"] = "closed"
    assert facts(told(topic, payload)) == [("door-1", IncidentKind.DOOR, Phase.CLEARED)]


def test_a_lorawan_water_meter_brings_its_total_and_no_finding() -> None:
    meaning = told(*uplink(eui="a84041ffff181234", object={"water": 123.456, "battery": 71}))
    assert meaning.findings == ()
    assert meaning.reading is not None
    assert (meaning.reading.value, meaning.reading.unit, meaning.reading.state) == (123.456, "m3", None)


def test_without_a_codec_it_says_what_to_set() -> None:
    assert "codec" in refused(*uplink(data="AXVkAwABBAAA")).because


def test_a_status_event_brings_the_battery_unless_it_hangs_on_the_mains() -> None:
    topic, payload = uplink(
        "status", margin=7, externalPowerSource=False, batteryLevelUnavailable=False, batteryLevel=9.8
    )
    meaning = told(topic, payload)
    assert meaning.reading is not None
    assert meaning.reading.battery_pct == 9.8
    payload["externalPowerSource"] = True
    again = told(topic, payload)
    assert again.reading is not None
    assert again.reading.battery_pct is None


def test_an_uplink_that_came_twice_is_the_same_message() -> None:
    topic, payload = uplink(object={"magnet_status": "open"})
    first, again = (json.dumps({**payload, "rxInfo": [{"gatewayId": g}]}).encode() for g in ("a", "b"))
    assert message_id(topic, first) == message_id(topic, again) is not None


# --- Frigate


def seen(kind: str = "new", **after: Any) -> dict[str, Any]:
    then = {
        "id": "1772438390.123456-mxklsc",
        "camera": "gate",
        "frame_time": NOW.timestamp() - 2,
        "label": "car",
        "sub_label": None,
        "top_score": 0.84,
        "score": 0.79,
        "false_positive": False,
        "start_time": NOW.timestamp() - 9,
        "end_time": None,
        "box": [424, 500, 536, 712],
        "current_zones": ["fire_lane_north"],
        "entered_zones": ["fire_lane_north"],
        **after,
    }
    return {"type": kind, "before": then, "after": then}


def test_a_car_in_a_zone_named_fire_lane_blocks_it_and_its_updates_are_the_same_finding() -> None:
    first, update = told("frigate/events", seen()), told("frigate/events", seen("update", top_score=0.9))
    assert facts(first) == [("gate", IncidentKind.FIRE_LANE_BLOCKED, Phase.RAISED)]
    assert first.findings[0].confidence == 0.84
    assert first.findings[0].finding_id == update.findings[0].finding_id
    assert facts(told("frigate/events", seen("end", end_time=NOW.timestamp() - 1))) == [
        ("gate", IncidentKind.FIRE_LANE_BLOCKED, Phase.CLEARED)
    ]


def test_a_bicycle_is_news_to_an_e_bike_camera_and_to_no_other() -> None:
    in_lift = seen(camera="lift_3", label="bicycle", current_zones=[])
    assert facts(told("frigate/events", in_lift)) == [("lift-cam", IncidentKind.EBIKE_IN_ELEVATOR, Phase.RAISED)]
    assert told("frigate/events", seen(label="bicycle", current_zones=[])).findings == ()


def test_a_false_positive_and_a_passer_by_are_nothing() -> None:
    assert told("frigate/events", seen(false_positive=True)).findings == ()
    assert told("frigate/events", seen(label="person", current_zones=["lawn"])).findings == ()
    assert told("frigate/available", b"online").findings == ()


def test_a_camera_nobody_registered_is_named() -> None:
    assert '"nowhere"' in refused("frigate/events", seen(camera="nowhere")).because


# --- ThingsBoard


def alarm(**fields: Any) -> dict[str, Any]:
    at = int(NOW.timestamp() * 1000) - 1_000
    return {
        "id": {"entityType": "ALARM", "id": "bfb13620-7737-400b-9c89-d569a0835de6"},
        "createdTime": at,
        "type": "CO too high",
        "originator": {"entityType": "DEVICE", "id": "b3e86d40-78f5-11f0-8e01-57f51829cedc"},
        "originatorName": "Boiler room CO",
        "severity": "CRITICAL",
        "acknowledged": False,
        "cleared": False,
        "status": "ACTIVE_UNACK",
        "startTs": at,
        "endTs": at,
        "ackTs": 0,
        "clearTs": 0,
        "details": {},
        **fields,
    }


def test_a_thingsboard_alarm_begins_and_ends_with_its_status() -> None:
    assert facts(told("thingsboard/alarms", alarm())) == [("boiler-co", IncidentKind.CO, Phase.RAISED)]
    over = alarm(status="CLEARED_UNACK", cleared=True, clearTs=int(NOW.timestamp() * 1000))
    assert facts(told("thingsboard/alarms/boiler", over)) == [("boiler-co", IncidentKind.CO, Phase.CLEARED)]


def test_its_low_battery_alarm_is_a_fault_of_the_device() -> None:
    assert facts(told("thingsboard/alarms", alarm(type="Low Battery"))) == [
        ("boiler-co", IncidentKind.DEVICE_FAULT, Phase.RAISED)
    ]


def test_an_unknown_originator_of_an_active_alarm_may_be_a_cry_for_help() -> None:
    assert refused("thingsboard/alarms", alarm(originatorName="?")).claims_alarm
    assert not refused("thingsboard/alarms", alarm(originatorName="?", status="CLEARED_ACK")).claims_alarm


# --- Home Assistant


def test_a_state_topic_that_is_registered_is_understood_by_its_word() -> None:
    topic = "esphome/kitchen/gas/state"
    assert facts(told(topic, b"ON")) == [("gas-1", IncidentKind.GAS, Phase.RAISED)]
    assert facts(told(topic, b"OFF")) == [("gas-1", IncidentKind.GAS, Phase.CLEARED)]
    meaning = told(topic, b"3.5")
    assert meaning.reading is not None
    assert (meaning.findings, meaning.reading.value, meaning.reading.unit) == ((), 3.5, "%LEL")
    assert "expected ON, OFF" in refused(topic, b"unavailable").because


def test_a_discovery_message_of_an_unregistered_entity_says_what_to_import() -> None:
    config = {
        "~": "esphome/hall",
        "name": "Smoke",
        "dev_cla": "smoke",
        "stat_t": "~/smoke/state",
        "uniq_id": "hall-smoke",
        "dev": {"ids": "a4cf12", "mf": "Espressif"},
    }
    meaning = refused("homeassistant/binary_sensor/hall/smoke/config", config)
    assert 'external_id "esphome/hall/smoke/state"' in meaning.because
    assert not meaning.claims_alarm
    known = {**config, "~": "esphome/kitchen", "stat_t": "~/gas/state"}
    assert told("homeassistant/binary_sensor/kitchen/gas/config", known).findings == ()
    assert told("homeassistant/binary_sensor/kitchen/gas/config", b"").findings == ()


# --- all of them


@pytest.mark.parametrize(
    "topic",
    [
        "zigbee2mqtt/x",
        uplink()[0],
        "frigate/events",
        "thingsboard/alarms",
        "esphome/kitchen/gas/state",
        "homeassistant/binary_sensor/x/config",
    ],
)
@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"after": 3, "device": 7}', b"[" * 2_000]
)
def test_no_payload_whatever_breaks_an_adapter(topic: str, payload: bytes) -> None:
    understand(topic, payload, site=site(), received_at=NOW)
    message_id(topic, payload)
