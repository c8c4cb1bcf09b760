"""Who calls for a person is known at the door, by the topic alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mission_planner.incidents.ingest.urgency import CALLING, urgency_of
from mission_planner.incidents.registry.registry import Registry
from mission_planner.store.protocol import Urgency
from patrol_core.site import DeviceKind
from tests.helpers.registered import registered
from tests.unit.mission_planner.world import BUTTON, calling_site, tiny_site

EUI = "24e124454b086254"
DEVICES = (
    ("smoke-7", DeviceKind.SMOKE, "kitchen smoke"),
    ("sos-8", DeviceKind.SOS_BUTTON, "bedside/button"),
    ("band-1", DeviceKind.WRISTBAND, EUI),
    ("lift-1", DeviceKind.ELEVATOR, "lifts/1/state"),
)
SITE = replace(tiny_site(), devices=Registry([registered(i, kind, external_id=name) for i, kind, name in DEVICES]))


@pytest.mark.parametrize(
    ("topic", "urgency"),
    [
        ("tiny/sensors/sos-8/event", Urgency.CALL),
        ("tiny/sensors/smoke-7/event", Urgency.ALARM),
        ("zigbee2mqtt/bedside/button", Urgency.CALL),
        ("zigbee2mqtt/kitchen smoke", Urgency.ALARM),
        (f"application/1/device/{EUI.upper()}/event/up", Urgency.CALL),
        ("lifts/1/state", Urgency.CALL),
        ("tiny/sensors/nobody/event", Urgency.ALARM),
        ("tiny/else", Urgency.ALARM),
        ("frigate/events", Urgency.ALARM),
        ("v1/gateway/telemetry", Urgency.ALARM),
        ("", Urgency.ALARM),
    ],
)
def test_a_topic_says_whose_word_it_is(topic: str, urgency: Urgency) -> None:
    assert urgency_of(topic, SITE) is urgency


def test_a_site_without_a_register_knows_its_devices_too() -> None:
    assert urgency_of(f"tiny/sensors/{BUTTON}/event", calling_site()) is Urgency.CALL


def test_buttons_bands_lifts_and_listeners_call_and_detectors_do_not() -> None:
    assert {DeviceKind.SOS_BUTTON, DeviceKind.WRISTBAND, DeviceKind.ELEVATOR, DeviceKind.LISTENER} <= CALLING
    assert not CALLING & {DeviceKind.SMOKE, DeviceKind.GAS, DeviceKind.WATER_METER, DeviceKind.BIN_LEVEL}
