"""The sensors' gateway over a real listener: what was said arrives, also what was said while nobody listened."""

from __future__ import annotations

import json
import logging
import socket
import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest

from patrol_core.site import DeviceKind
from sim.devices import DeviceReport
from sim.mqtt_devices import SensorGateway
from tests.helpers.mqtt import MemorySink, Served
from tests.helpers.waiting import eventually, free_port

AT = datetime(2026, 3, 2, 8, 30, 15, 250000, tzinfo=UTC)
BOOT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def report(seq, *, alarm=False, device_id="smoke-b1"):
    return DeviceReport(
        device_id=device_id,
        kind=DeviceKind.SMOKE,
        alarm=alarm,
        value=0.31 if alarm else 0.01,
        unit="%/m",
        battery_pct=88,
        seq=seq,
    )


def gateway(port):
    return SensorGateway(site_id="block", host="127.0.0.1", port=port, boot=BOOT)


def test_an_alarm_arrives_on_its_topic_with_all_it_says():
    sink = MemorySink()
    with Served(sink, host="127.0.0.1", port=0) as served, gateway(served.port) as sensors:
        sensors.send(report(17, alarm=True), AT)
        eventually(lambda: sink.kept)
        eventually(lambda: sensors.waiting == 0)
    (message,) = sink.kept
    assert message.topic == "block/sensors/smoke-b1/event"
    assert json.loads(message.payload) == {
        "state": "alarm",
        "kind": "smoke",
        "value": 0.31,
        "unit": "%/m",
        "battery_pct": 88,
        "at": "2026-03-02T08:30:15.250000Z",
        "boot": str(BOOT),
        "seq": 17,
    }


def test_what_is_not_known_is_left_out():
    sink = MemorySink()
    unknown = DeviceReport(
        device_id="sos", kind=DeviceKind.SOS_BUTTON, alarm=True, value=None, unit=None, battery_pct=None, seq=1
    )
    with Served(sink, host="127.0.0.1", port=0) as served, gateway(served.port) as sensors:
        sensors.send(unknown, AT)
        eventually(lambda: sink.kept)
    assert set(json.loads(sink.kept[0].payload)) == {"state", "kind", "at", "boot", "seq"}


def test_reports_wait_for_a_listener_that_is_not_there_yet_and_keep_their_order(caplog):
    port = free_port()
    sink = MemorySink()
    with caplog.at_level(logging.WARNING), gateway(port) as sensors:
        for seq in range(1, 101):
            sensors.send(report(seq), AT)
        eventually(lambda: "no MQTT listener" in caplog.text)
        with Served(sink, host="127.0.0.1", port=port):
            eventually(lambda: len(sink.kept) >= 100, within_s=60)
            eventually(lambda: sensors.waiting == 0)
    assert [json.loads(p)["seq"] for p in sink.payloads] == list(range(1, 101))


def test_a_listener_that_restarts_misses_nothing():
    port = free_port()
    first, second = MemorySink(), MemorySink()
    with gateway(port) as sensors:
        with Served(first, host="127.0.0.1", port=port):
            sensors.send(report(1), AT)
            eventually(lambda: first.kept)
        sensors.send(report(2, alarm=True), AT)
        with Served(second, host="127.0.0.1", port=port):
            eventually(lambda: second.kept, within_s=60)
            eventually(lambda: sensors.waiting == 0)
    assert json.loads(second.payloads[-1])["seq"] == 2


def test_when_too_many_wait_quiet_ones_go_before_alarms(caplog):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, not listening
        sensors = gateway(nobody.getsockname()[1])
        sensors.send(report(1, alarm=True), AT)
        for seq in range(2, 2_502):
            sensors.send(report(seq), AT)
        assert sensors.waiting == 2_000
        assert sensors.dropped == 501
        assert sensors._waiting[0].alarm, "expected the alarm to be kept"
    assert "dropped" in caplog.text


@pytest.fixture(autouse=True)
def logs(caplog):
    caplog.set_level(logging.INFO)


def test_sending_and_being_acknowledged_at_the_same_moment_never_block_each_other():
    sink = MemorySink()
    switch_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads meet as often as they can
    try:
        with Served(sink, host="127.0.0.1", port=0) as served, gateway(served.port) as sensors:
            for seq in range(3_000):
                sensors.send(report(seq), AT)
                if sensors.waiting > 5:
                    eventually(lambda: sensors.waiting < 3, every_s=0.0)
            eventually(lambda: sensors.waiting == 0)
    finally:
        sys.setswitchinterval(switch_s)
    assert [json.loads(message.payload)["seq"] for message in sink.kept] == list(range(3_000))
