"""The MQTT endpoint against real clients: mosquitto's, paho, and one that misbehaves."""

from __future__ import annotations

import logging
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import mqtt5
import paho.mqtt.client as paho
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from mission_planner.incidents.ingest.hub import Limits
from mission_planner.incidents.ingest.identity import Anybody
from mission_planner.incidents.ingest.intake import IntakeLimits
from mission_planner.incidents.ingest.message import anonymous_from_loopback
from patrol_core.errors import Unavailable
from tests.helpers.mqtt import MemorySink, RawClient, Served, serving
from tests.helpers.waiting import eventually

needs_mosquitto = pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="mosquitto-clients is not installed")
Reason = mqtt5.DisconnectReasonCode
CONNECT_V5 = mqtt5.ConnectPacket("raw", clean_start=True).write()
CONNECT_V311 = bytes.fromhex("100f00044d51545404020000") + b"\0\x03raw"


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def served(sink: MemorySink) -> Iterator[Served]:
    with serving(sink) as served:
        yield served


def mosquitto_pub(port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["mosquitto_pub", "-p", str(port), *arguments], capture_output=True, text=True, timeout=20, check=False
    )


# --- ordinary clients


@needs_mosquitto
@pytest.mark.parametrize("version", ["311", "5"])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_mosquitto_pub_delivers_in_both_versions_at_every_qos(
    served: Served, sink: MemorySink, version: str, qos: int
) -> None:
    done = mosquitto_pub(served.port, "-V", version, "-q", str(qos), "-i", "gw", "-t", "x/sensors/d/event", "-m", "é")
    assert done.returncode == 0, done.stderr
    message = eventually(lambda: sink.kept)[0]
    assert (message.topic, message.payload, message.qos) == ("x/sensors/d/event", "é".encode(), qos)
    assert message.client_id == "gw"


@needs_mosquitto
@pytest.mark.parametrize("version", ["311", "5"])
def test_a_thousand_lines_of_mosquitto_pub_arrive_once_and_in_order(
    served: Served, sink: MemorySink, version: str
) -> None:
    lines = "".join(f"{i}\n" for i in range(1_000))
    command = ["mosquitto_pub", "-p", str(served.port), "-V", version, "-q", "1", "-t", "t", "-l"]
    subprocess.run(command, input=lines, text=True, timeout=30, check=True)
    assert sink.payloads == [str(i).encode() for i in range(1_000)]


@needs_mosquitto
@pytest.mark.parametrize("version", ["311", "5"])
def test_mosquitto_sub_hears_what_its_filter_matches(served: Served, version: str) -> None:
    command = ["mosquitto_sub", "-p", str(served.port), "-V", version, "-t", "x/+/d1/#", "-C", "2", "-v"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as subscriber:
        eventually(lambda: served.listener._subscribers, what="the subscription is there")
        for topic in ("x/sensors/d1/event", "x/sensors/d2/event", "x/sensors/d1"):
            mosquitto_pub(served.port, "-t", topic, "-m", "m", "-q", "1")
        heard, _ = subscriber.communicate(timeout=60)
    assert heard.splitlines() == ["x/sensors/d1/event m", "x/sensors/d1 m"]


@pytest.mark.parametrize("protocol", [paho.MQTTv311, paho.MQTTv5])
def test_paho_publishes_and_waits_for_its_acknowledgements(served: Served, sink: MemorySink, protocol: int) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="paho", protocol=protocol)
    client.connect("127.0.0.1", served.port, keepalive=30)
    client.loop_start()
    try:
        sent = [client.publish("x/sensors/d/event", f"{i}", qos=1 + i % 2) for i in range(100)]
        for info in sent:
            info.wait_for_publish(10)
    finally:
        client.disconnect()
        client.loop_stop()
    assert sorted(sink.payloads, key=int) == [f"{i}".encode() for i in range(100)]


@pytest.mark.parametrize("protocol", [paho.MQTTv311, paho.MQTTv5])
def test_paho_is_told_when_its_password_is_wrong(protocol: int) -> None:
    async def only_gw1(
        *, client_id: str, username: str | None, password: bytes | None, peer_is_loopback: bool
    ) -> Anybody | None:
        return Anybody() if (username, password) == ("gw1", b"right") else None

    answers: list[str] = []
    with serving(authenticate=only_gw1) as served:
        for password in ("wrong", "right"):
            client = paho.Client(CallbackAPIVersion.VERSION2, protocol=protocol)
            client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(str(reason))
            client.username_pw_set("gw1", password)
            client.connect("127.0.0.1", served.port)
            wanted = len(answers) + 1
            deadline = time.monotonic() + 10
            while len(answers) < wanted and time.monotonic() < deadline:
                client.loop(0.1)
            client.disconnect()
    assert answers == ["Bad user name or password", "Success"]


@pytest.mark.anyio
async def test_nobody_is_nameless_from_another_machine() -> None:
    for here in (True, False):
        login = {"client_id": "x", "username": None, "password": None}
        assert await anonymous_from_loopback(**login, peer_is_loopback=here) == (Anybody() if here else None)


def test_a_client_without_id_is_given_one(served: Served) -> None:
    with RawClient(served.port) as client:
        assert client.connect("").assigned_client_id.startswith("auto-")


def test_a_v311_client_without_id_must_ask_for_a_clean_session(served: Served) -> None:
    with RawClient(served.port) as client:
        client.send_bytes(packet("100c 0004 4d515454 04 00 0000 0000"))
        assert client.read_bytes(4) == b"\x20\x02\x00\x02"
        assert client.closed()


def test_mqtt_31_is_refused_with_its_own_code(served: Served) -> None:
    with RawClient(served.port) as client:
        client.send_bytes(packet("1011 0006 4d5149736470 03 02 0000 0003 726177"))
        assert client.read_bytes(4) == b"\x20\x02\x00\x01"
        assert client.closed()


def test_connack_says_what_this_endpoint_does_not_do(served: Served) -> None:
    with RawClient(served.port) as client:
        answer = client.connect()
        assert answer.reason_code == mqtt5.ConnAckReasonCode.SUCCESS
        assert not (answer.retain_available or answer.shared_subscription_available or answer.session_present)
        assert answer.max_packet_size == Limits().packet_bytes


# --- acknowledgement follows the commit


def test_nothing_is_acknowledged_before_the_commit(served: Served, sink: MemorySink) -> None:
    sink.open.clear()
    with RawClient(served.port) as client:
        client.connect()
        client.publish(b"1", packet_id=7)
        eventually(lambda: sink.calls == 1)
        assert client.silent_for(0.2)
        sink.open.set()
        answer = client.read()
        assert isinstance(answer, mqtt5.PubAckPacket)
        assert answer.packet_id == 7


def test_messages_gather_while_a_commit_runs(served: Served, sink: MemorySink) -> None:
    sink.open.clear()
    with RawClient(served.port) as client:
        client.connect()
        client.publish(b"first")
        eventually(lambda: sink.calls == 1)
        for i in range(50):
            client.publish(b"%d" % i, packet_id=2 + i)
        eventually(lambda: served.listener.waiting_messages == 50)
        sink.open.set()
        assert [client.read().packet_id for _ in range(51)] == list(range(1, 52))
    assert [len(batch) for batch in sink.batches] == [1, 50]


def test_a_full_queue_stops_reading_and_loses_nothing(sink: MemorySink) -> None:
    limits = IntakeLimits(waiting_messages=20, batch_messages=5)
    with serving(sink, intake_limits=limits) as served:
        sink.open.clear()
        with RawClient(served.port) as client:
            client.connect()
            sender = threading.Thread(
                target=lambda: [client.publish(b"%d" % i + bytes(200), packet_id=i % 900 + 1) for i in range(800)]
            )
            sender.start()
            eventually(lambda: served.listener.waiting_messages == 20)
            assert client.silent_for(0.2)
            assert served.listener.waiting_messages == 20, "the bound holds"
            sink.open.set()
            for i in range(800):
                assert client.read().packet_id == i % 900 + 1
            sender.join()
    assert [p.rstrip(b"\0") for p in sink.payloads] == [b"%d" % i for i in range(800)]
    assert served.listener.counters.waits > 0


def test_the_queue_is_also_bounded_by_bytes(sink: MemorySink) -> None:
    with serving(sink, intake_limits=IntakeLimits(waiting_bytes=10_000)) as served:
        sink.open.clear()
        with RawClient(served.port) as client:
            client.connect()
            for i in range(40):
                client.publish(bytes(1_000), packet_id=i + 1)
            eventually(lambda: served.listener.counters.waits)
            assert served.listener.counters.received <= 20, "10 in the commit, 10 waiting"
            sink.open.set()
            assert [client.read().packet_id for _ in range(40)] == list(range(1, 41))


def test_a_failed_commit_closes_its_senders_without_acknowledgement_and_the_next_goes_through(
    served: Served, sink: MemorySink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.fails_with = OSError("No space left on device")
    with RawClient(served.port) as sender, RawClient(served.port) as bystander:
        sender.connect("sender")
        bystander.connect("bystander")
        sender.publish(b"sos", packet_id=3)
        answer = sender.read()
        assert isinstance(answer, mqtt5.DisconnectPacket), "not a PUBACK"
        assert sender.closed()
        assert "No space left" in (served.listener.trouble or "")
        assert "not acknowledged" in caplog.text
        sink.fails_with = None
        bystander.publish(b"other", packet_id=4)
        assert bystander.read().packet_id == 4
    with RawClient(served.port) as again:
        again.connect("sender")
        again.publish(b"sos", packet_id=3)
        assert again.read().packet_id == 3
    assert sink.payloads == [b"other", b"sos"]
    assert served.listener.trouble is None


def test_a_commit_that_hangs_leaves_nobody_hanging(sink: MemorySink) -> None:
    with serving(sink, intake_limits=IntakeLimits(sink_timeout_s=0.2)) as served:
        sink.open.clear()
        with RawClient(served.port) as client:
            client.connect()
            client.publish(b"1")
            assert isinstance(client.read(), mqtt5.DisconnectPacket)
            assert client.closed()
        sink.open.set()


class Panic(BaseException):
    """As Rust extensions raise: not an Exception."""


def test_a_dead_sink_ends_the_listener_and_every_connection(sink: MemorySink) -> None:
    sink.fails_with = Panic("writer thread panicked")
    served = Served(sink)
    with served, RawClient(served.port) as sender, RawClient(served.port) as idle:
        sender.connect("a")
        idle.connect("b")
        sender.publish(b"1")
        assert not any(isinstance(p, mqtt5.PubAckPacket) for p in iter(sender.read, None))
        assert idle.closed()
        eventually(lambda: served.ended)
    assert isinstance(served.error, ExceptionGroup)
    assert served.error.subgroup(Unavailable) is not None
    assert "writer thread panicked" in str(served.error.exceptions[0])


def test_at_the_end_what_is_queued_is_still_acknowledged(sink: MemorySink) -> None:
    with serving(sink) as served, RawClient(served.port) as client:
        client.connect()
        sink.open.clear()
        for i in range(10):
            client.publish(b"%d" % i, packet_id=i + 1)
        eventually(lambda: served.listener.counters.received == 10)
        threading.Timer(0.2, sink.open.set).start()
        served.stop()
        answers = list(iter(client.read, None))
    assert [a.packet_id for a in answers[:-1]] == list(range(1, 11))
    assert answers[-1].reason_code == Reason.SERVER_SHUTTING_DOWN


def test_a_qos_2_message_sent_twice_before_its_release_is_kept_once(served: Served, sink: MemorySink) -> None:
    sink.open.clear()
    with RawClient(served.port) as client:
        client.connect()
        client.publish(b"1", qos=2, packet_id=9)
        eventually(lambda: sink.calls == 1)
        client.publish(b"1", qos=2, packet_id=9)
        assert client.silent_for(0.2), "no PUBREC before the commit"
        sink.open.set()
        assert isinstance(client.read(), mqtt5.PubRecPacket)
        client.publish(b"1", qos=2, packet_id=9)
        assert isinstance(client.read(), mqtt5.PubRecPacket)
        client.send(mqtt5.PubRelPacket(9))
        assert isinstance(client.read(), mqtt5.PubCompPacket)
        client.publish(b"2", qos=2, packet_id=9)
        assert isinstance(client.read(), mqtt5.PubRecPacket)
    assert sink.payloads == [b"1", b"2"]


# --- ends of connections


def test_a_silent_client_is_ended_after_one_and_a_half_keep_alives_and_its_will_is_kept(
    served: Served, sink: MemorySink
) -> None:
    with RawClient(served.port) as client:
        client.connect(keep_alive=1, will=mqtt5.Will("x/gateways/g/state", payload=b"gone"))
        assert client.read().reason_code == Reason.KEEP_ALIVE_TIMEOUT
    assert eventually(lambda: sink.payloads) == [b"gone"]


def test_a_client_that_pings_stays(served: Served) -> None:
    with RawClient(served.port) as client:
        client.connect(keep_alive=1)
        for _ in range(4):
            assert client.silent_for(0.6)
            client.send(mqtt5.PingReqPacket())
            assert isinstance(client.read(), mqtt5.PingRespPacket)


def test_a_goodbye_leaves_no_will(served: Served, sink: MemorySink) -> None:
    with RawClient(served.port) as client:
        client.connect(will=mqtt5.Will("t", payload=b"gone"))
        client.send(mqtt5.DisconnectPacket())
        assert client.closed()
    with RawClient(served.port) as client:
        client.connect()
        client.publish(b"after")
        client.read()
    assert sink.payloads == [b"after"]


def test_the_same_client_id_takes_over(served: Served) -> None:
    with RawClient(served.port) as old, RawClient(served.port) as new:
        old.connect("gw")
        new.connect("gw")
        assert old.read().reason_code == Reason.SESSION_TAKEN_OVER
        assert old.closed()
        new.publish(b"1")
        assert isinstance(new.read(), mqtt5.PubAckPacket)
    eventually(lambda: served.listener.open_connections == 0)


def test_a_connection_that_never_logs_in_is_ended() -> None:
    with serving(limits=Limits(connect_within_s=0.2)) as served, RawClient(served.port) as client:
        assert client.closed()


def test_one_connection_too_many_is_refused_and_the_others_stay(caplog: pytest.LogCaptureFixture) -> None:
    with serving(limits=Limits(connections=2)) as served:
        with RawClient(served.port) as a, RawClient(served.port) as b, RawClient(served.port) as c:
            a.connect("a")
            b.connect("b")
            assert c.closed()
            a.publish(b"1")
            assert isinstance(a.read(), mqtt5.PubAckPacket)
        eventually(lambda: served.listener.open_connections == 0)
        with RawClient(served.port) as d:
            d.connect("d")
        assert served.listener.counters.refused_full == 1
        assert caplog.text.count("more are refused") == 1


def test_a_packet_above_the_cap_is_refused_before_it_has_come() -> None:
    with serving(limits=Limits(packet_bytes=1_000)) as served, RawClient(served.port) as client:
        client.connect()
        client.send_bytes(b"\x32\xff\xff\xff\x7f")
        assert client.read().reason_code == Reason.PACKET_TOO_LARGE


def test_more_unacknowledged_messages_than_told_end_the_connection(sink: MemorySink) -> None:
    with serving(sink, limits=Limits(unacknowledged=3)) as served, RawClient(served.port) as client:
        assert client.connect().receive_max == 3
        sink.open.clear()
        for i in range(4):
            client.publish(b"%d" % i, packet_id=i + 1)
        assert client.read().reason_code == Reason.RECEIVE_MAX_EXCEEDED
        sink.open.set()


def test_a_subscriber_that_does_not_read_misses_messages_and_they_are_counted(sink: MemorySink) -> None:
    with serving(sink, limits=Limits(unread_bytes=20_000)) as served:
        with RawClient(served.port) as lazy, RawClient(served.port) as client:
            lazy.connect("lazy")
            lazy.send(mqtt5.SubscribePacket(1, [mqtt5.TopicFilter("#")]))
            assert isinstance(lazy.read(), mqtt5.SubAckPacket)
            client.connect("client")
            sent = 0
            while not served.listener.counters.not_delivered and sent < 2_000:
                sent += 1
                client.publish(bytes(10_000), packet_id=1)
                assert isinstance(client.read(), mqtt5.PubAckPacket)
        assert served.listener.counters.not_delivered
        assert len(sink.kept) == sent, "the store missed nothing"


def test_subscriptions_are_answered_one_by_one(served: Served) -> None:
    answers = {"a/+/c": 0, "a/#": 0, "#/a": 0x8F, "a+": 0x8F, "": 0x8F, "$share/g/a": 0x9E, "b": 0}
    body = b"\0\5\0" + b"".join(len(f).to_bytes(2, "big") + f.encode() + b"\0" for f in answers)
    with RawClient(served.port) as client:
        client.connect()
        client.send_bytes(bytes([0x82, len(body)]) + body)
        assert [int(code) for code in client.read().reason_codes] == list(answers.values())
        client.send(mqtt5.UnsubscribePacket(6, ["a/#", "never"]))
        assert [int(c) for c in client.read().reason_codes] == [0, 17]


def test_a_taken_port_is_named_with_the_way_out(served: Served) -> None:
    with (
        pytest.raises(Unavailable, match=rf"cannot listen on 127\.0\.0\.1:{served.port}.*RONDA_MQTT_PORT"),
        serving(port=served.port),
    ):
        pass


# --- broken clients


def packet(text: str) -> bytes:
    """Bytes from hex; blanks part the fields."""
    return bytes.fromhex(text.replace(" ", ""))


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("another protocol", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("TLS", bytes.fromhex("16030100a5010000a1")),
        ("PUBLISH before CONNECT", bytes.fromhex("300300016168")),
        ("reserved bit in CONNECT", CONNECT_V5[:9] + b"\x03" + CONNECT_V5[10:]),
        ("will QoS without will", CONNECT_V5[:9] + b"\x0a" + CONNECT_V5[10:]),
        ("bytes after CONNECT's last field", bytes([0x10, CONNECT_V5[1] + 1]) + CONNECT_V5[2:] + b"x"),
        ("client id with invalid UTF-8", CONNECT_V5[:-3] + b"\xff\xfe\xfd"),
        ("client id with NUL", CONNECT_V5[:-3] + b"a\x00b"),
        ("v3.1.1 password without user", CONNECT_V311[:9] + b"\x42" + CONNECT_V311[10:]),
        ("CONNECT twice", CONNECT_V5 + CONNECT_V5),
        ("packet type 0", CONNECT_V5 + b"\x00\x00"),
        ("SUBACK from a client", CONNECT_V5 + packet("9004 0001 00 00")),
        ("AUTH", CONNECT_V5 + b"\xf0\x00"),
        ("length of five bytes", CONNECT_V5 + b"\x30\xff\xff\xff\xff\x01"),
        ("length in more bytes than needed", CONNECT_V5 + b"\xc0\x80\x00"),
        ("PINGREQ with flags", CONNECT_V5 + b"\xc1\x00"),
        ("PINGREQ with a body", CONNECT_V5 + b"\xc0\x01x"),
        ("QoS 3", CONNECT_V5 + packet("3607 0001 61 0001 00 68")),
        ("DUP at QoS 0", CONNECT_V5 + packet("3805 0001 61 00 68")),
        ("packet id 0", CONNECT_V5 + packet("3207 0001 61 0000 00 68")),
        ("empty topic", CONNECT_V5 + packet("3004 0000 00 68")),
        ("topic with a wildcard", CONNECT_V5 + packet("3005 0001 23 00 68")),
        ("topic with invalid UTF-8", CONNECT_V5 + packet("3005 0001 ff 00 68")),
        ("topic with NUL", CONNECT_V5 + packet("3005 0001 00 00 68")),
        ("topic with a surrogate", CONNECT_V5 + packet("3007 0003 eda080 00 68")),
        ("topic longer than the packet", CONNECT_V5 + packet("3003 00ff 61")),
        ("topic alias", CONNECT_V5 + packet("3208 0001 61 0001 03 230001")),
        ("unknown property", CONNECT_V5 + packet("3007 0001 61 02 7e00 68")),
        ("property twice", CONNECT_V5 + packet("3009 0001 61 04 0100 0100 68")),
        ("property with invalid UTF-8", CONNECT_V5 + packet("3009 0001 61 04 03 0001 ff 68")),
        ("properties longer than the packet", CONNECT_V5 + packet("3005 0001 61 7f 68")),
        ("empty SUBSCRIBE", CONNECT_V5 + packet("8203 0001 00")),
        ("SUBSCRIBE without its flags", CONNECT_V5 + packet("8007 0001 00 0001 61 00")),
        ("SUBSCRIBE with reserved bits", CONNECT_V5 + packet("8207 0001 00 0001 61 c0")),
        ("SUBSCRIBE at QoS 3", CONNECT_V5 + packet("8207 0001 00 0001 61 03")),
        ("SUBSCRIBE with an identifier", CONNECT_V5 + packet("8209 0001 02 0b05 0001 61 00")),
        ("empty UNSUBSCRIBE", CONNECT_V5 + packet("a203 0001 00")),
        ("PUBACK nobody waits for", CONNECT_V5 + packet("4002 0001")),
        ("DISCONNECT with an unknown reason", CONNECT_V5 + b"\xe0\x01\x77"),
        ("v3.1.1 DISCONNECT with a body", CONNECT_V311 + b"\xe0\x01\x00"),
        ("v3.1.1 PUBLISH without its id", CONNECT_V311 + packet("3203 0001 61")),
        ("v3.1.1 empty SUBSCRIBE", CONNECT_V311 + packet("8202 0001")),
        ("v3.1.1 SUBSCRIBE with MQTT 5's options", CONNECT_V311 + packet("8206 0001 0001 61 04")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_packet_ends_its_own_connection_with_one_line(  # noqa: PLR0917
    served: Served,
    sink: MemorySink,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    what: str,
    data: bytes,
) -> None:
    caplog.set_level(logging.WARNING)
    with RawClient(served.port) as good, RawClient(served.port) as bad:
        good.connect("good")
        bad.send_bytes(data)
        assert bad.closed()
        good.publish(b"still here")
        assert isinstance(good.read(), mqtt5.PubAckPacket)
    assert sink.payloads == [b"still here"]
    assert len(caplog.records) == 1, caplog.text
    assert "panicked" not in capfd.readouterr().err, "the codec never saw it"
    assert served.listener.counters.faults == 1


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Served]:
    with serving(MemorySink()) as served:
        yield served


def _mutations(packet: bytes) -> st.SearchStrategy[bytes]:
    """A valid packet with some bytes changed, cut or added."""
    places = st.integers(0, max(len(packet) - 1, 0))

    def change(edits: list[tuple[int, int, int]]) -> bytes:
        data = bytearray(packet)
        for kind, place, byte in edits:
            at = min(place, len(data))
            if kind == 0 and at < len(data):
                data[at] = byte
            elif kind == 1:
                data.insert(at, byte)
            elif kind == 2:
                del data[at : at + 1]
        return bytes(data)

    return st.lists(st.tuples(st.integers(0, 2), places, st.integers(0, 255)), max_size=6).map(change)


VALID = [
    CONNECT_V5,
    CONNECT_V311,
    mqtt5.ConnectPacket("f", username="u", password=b"p", will=mqtt5.Will("w", payload=b"x")).write(),
    mqtt5.PublishPacket("a/b", b"x", qos=mqtt5.QoS.AT_LEAST_ONCE, packet_id=3, user_properties=[("k", "v")]).write(),
    mqtt5.PublishPacket("a/b", b"x", qos=mqtt5.QoS.EXACTLY_ONCE, packet_id=4, content_type="t").write(),
    mqtt5.PubRelPacket(4).write(),
    mqtt5.SubscribePacket(1, [mqtt5.TopicFilter("a/#")]).write(),
    mqtt5.UnsubscribePacket(2, ["a/#"]).write(),
    mqtt5.PingReqPacket().write(),
    mqtt5.DisconnectPacket(reason_str="bye").write(),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.one_of(st.binary(max_size=80), st.sampled_from(VALID), st.sampled_from(VALID).flatmap(_mutations)),
        max_size=8,
    )
)
def test_no_bytes_kill_the_listener(fuzzed: Served, pieces: list[bytes]) -> None:
    with RawClient(fuzzed.port) as client:
        try:
            for piece in pieces:
                client.send_bytes(piece)
        except OSError:
            pass  # it was ended already
    with RawClient(fuzzed.port) as good:
        good.connect("good")
        good.publish(b"1", packet_id=77)
        assert good.read().packet_id == 77
    assert fuzzed.error is None


# --- kill -9

PROCESS = Path(__file__).parent / "mqtt_sink_process.py"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_kill_9_every_acknowledged_message_is_in_the_store(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    store = tmp_path / "inbox.db"
    acknowledged: set[str] = set()
    for round_ in range(2):
        _publish_until_killed(store, f"{seed}-{round_}", acknowledged, at_least=rng.randint(50, 1_500))
    with sqlite3.connect(store) as db:
        stored = [row[0].decode() for row in db.execute("SELECT payload FROM inbox")]
    db.close()
    assert not acknowledged - set(stored)
    assert len(stored) == len(set(stored)), "fresh ids: none can be there twice"


def _publish_until_killed(store: Path, name: str, acknowledged: set[str], *, at_least: int) -> None:
    before = len(acknowledged)
    process = subprocess.Popen(
        [sys.executable, str(PROCESS), str(store)], stdout=subprocess.PIPE, text=True, cwd=PROCESS.parents[2]
    )
    clients = []
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        clients = [_Publisher(port, f"{name}-{n}", acknowledged) for n in range(3)]
        eventually(lambda: len(acknowledged) - before >= at_least, within_s=60, what=f"{at_least} acknowledgements")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        process.stdout.close()
        for client in clients:
            client.stop()


class _Publisher:
    """Publishes ids that nobody used before, and notes which were acknowledged."""

    def __init__(self, port: int, name: str, acknowledged: set[str]) -> None:
        self._sent: dict[int, str] = {}
        self._newest = 0
        self._progress = threading.Event()
        self._going = True
        self._client = RawClient(port)
        self._client.connect(name)
        self._name, self._acknowledged = name, acknowledged
        self._threads = [threading.Thread(target=work) for work in (self._publish, self._listen)]
        for thread in self._threads:
            thread.start()

    def _publish(self) -> None:
        try:
            for count in range(1, 30_000):
                self._sent[count] = f"{self._name}-{count}"
                self._client.publish(self._sent[count].encode(), packet_id=count)
                while self._going and self._newest < count - 500:
                    self._progress.clear()
                    self._progress.wait(0.1)
                if not self._going:
                    return
        except OSError:
            pass  # killed

    def _listen(self) -> None:
        while (packet := self._client.read()) is not None:
            if isinstance(packet, mqtt5.PubAckPacket):
                self._newest = packet.packet_id
                self._acknowledged.add(self._sent[packet.packet_id])
                self._progress.set()
        self._going = False

    def stop(self) -> None:
        self._going = False
        for thread in self._threads:
            thread.join(20)
        self._client.socket.close()
