"""What a device and a gateway may publish and hear, with real clients: only what is their own."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator

import mqtt5
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from mission_planner.incidents.ingest.identity import Identity
from mission_planner.incidents.registry.credentials import DeviceIdentity, GatewayIdentity
from mission_planner.incidents.registry.registry import Registry
from patrol_core.site import DeviceKind
from tests.helpers.mqtt import MemorySink, Served, serving
from tests.helpers.registered import registered
from tests.helpers.waiting import eventually

needs_mosquitto = pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="mosquitto-clients is not installed")
MINE, THEIRS = "tiny/sensors/sos-1/event", "tiny/sensors/sos-2/event"


def _registry() -> Registry:
    return Registry(
        registered(device_id, DeviceKind.SOS_BUTTON, gateway=gateway)
        for device_id, gateway in (("sos-1", "gw-1"), ("sos-2", "gw-2"))
    )


async def _who(
    *, client_id: str, username: str | None, password: bytes | None, peer_is_loopback: bool
) -> Identity | None:
    return {
        "sos-1": DeviceIdentity("tiny", "sos-1"),
        "gateway:gw-1": GatewayIdentity("tiny", "gw-1", ("zigbee2mqtt/#",), _registry()),
    }.get(username or "")


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def served(sink: MemorySink) -> Iterator[Served]:
    with serving(sink, authenticate=_who) as served:
        yield served


def publish(served: Served, topic: str, *, user: str = "sos-1", version: str = "5") -> str:
    """What mosquitto_pub says: nothing where it was acknowledged."""
    done = subprocess.run(
        [
            "mosquitto_pub",
            "-p",
            str(served.port),
            "-V",
            version,
            "-u",
            user,
            "-P",
            "x",
            "-q",
            "1",
            "-t",
            topic,
            "-m",
            "!",
        ],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return done.stdout + done.stderr + ("" if done.returncode == 0 else f" rc {done.returncode}")


@needs_mosquitto
@pytest.mark.parametrize("version", ["311", "5"])
def test_a_device_publishes_on_its_own_topic(served: Served, sink: MemorySink, version: str) -> None:
    assert publish(served, MINE, version=version) == ""
    assert [m.topic for m in sink.kept] == [MINE]


@needs_mosquitto
def test_on_anothers_topic_mqtt_5_says_not_authorized_and_the_log_says_it_once(
    served: Served, sink: MemorySink, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert "authorized" in publish(served, THEIRS).lower()
    assert sink.kept == []
    assert served.listener.counters.not_allowed == 1
    assert len([r for r in caplog.records if "may not publish" in r.message]) == 1


def test_refused_once_a_client_of_mqtt_5_goes_on_with_what_is_its_own(served: Served, sink: MemorySink) -> None:
    answers: list[int] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set("sos-1", "x")
    client.on_publish = lambda _c, _d, _m, reason, _p: answers.append(reason.value)
    client.connect("127.0.0.1", served.port)
    client.loop_start()
    for topic in (THEIRS, THEIRS, MINE):
        client.publish(topic, "!", qos=1)
    eventually(lambda: len(answers) == 3)
    client.disconnect()
    client.loop_stop()
    assert sorted(answers) == [0, 0x87, 0x87]
    assert [m.topic for m in sink.kept] == [MINE]


def test_on_anothers_topic_mqtt_311_is_cut_off_because_it_knows_no_other_refusal(
    served: Served, sink: MemorySink
) -> None:
    lost: list[object] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
    client.username_pw_set("sos-1", "x")
    client.on_disconnect = lambda *_: lost.append(True)
    client.connect("127.0.0.1", served.port)
    client.loop_start()
    info = client.publish(THEIRS, "!", qos=1)
    eventually(lambda: lost)
    client.loop_stop()
    assert not info.is_published()
    assert sink.kept == []


@pytest.mark.parametrize(
    ("pattern", "granted"),
    [(MINE, True), ("tiny/sensors/sos-1/#", True), (THEIRS, False), ("tiny/sensors/+/event", False), ("#", False)],
)
def test_a_device_hears_only_its_own_topics(served: Served, pattern: str, granted: bool) -> None:
    codes: list[int] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set("sos-1", "x")
    client.on_connect = lambda c, *_: c.subscribe(pattern)
    client.on_subscribe = lambda _c, _d, _m, reasons, _p: codes.extend(r.value for r in reasons)
    client.connect("127.0.0.1", served.port)
    client.loop_start()
    eventually(lambda: codes)
    client.disconnect()
    client.loop_stop()
    assert codes == [0 if granted else int(mqtt5.SubAckReasonCode.NOT_AUTHORIZED)]


@needs_mosquitto
def test_a_gateway_speaks_for_the_devices_behind_it_and_on_the_topics_it_was_given(
    served: Served, sink: MemorySink
) -> None:
    for topic, allowed in (
        (MINE, True),
        ("zigbee2mqtt/kitchen/leak", True),
        (THEIRS, False),
        ("application/1/device/2/event/up", False),
    ):
        assert (publish(served, topic, user="gateway:gw-1") == "") is allowed, topic
    assert [m.topic for m in sink.kept] == [MINE, "zigbee2mqtt/kitchen/leak"]


def test_a_will_on_anothers_topic_is_no_way_around(served: Served) -> None:
    refused: list[str] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set("sos-1", "x")
    client.will_set(THEIRS, "!", qos=1)
    client.on_connect = lambda _c, _d, _f, reason, _p: refused.append(str(reason))
    client.connect("127.0.0.1", served.port)
    client.loop_start()
    eventually(lambda: refused)
    client.loop_stop()
    assert refused[0] == "Not authorized"


def test_when_a_credential_ends_so_do_its_connections(served: Served) -> None:
    lost: list[object] = []
    up: list[object] = []
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, reconnect_on_failure=False)
    client.username_pw_set("sos-1", "x")
    client.on_connect = lambda *_: up.append(True)
    client.on_disconnect = lambda *_: lost.append(True)
    client.connect("127.0.0.1", served.port)
    client.loop_start()
    eventually(lambda: up)
    served.loop.call_soon_threadsafe(served.listener.forget, "sos-1")
    eventually(lambda: lost)
    client.loop_stop()
