"""What is wrong on the wire: malformed samples, strangers of the same name, tokens that cannot be read."""

from __future__ import annotations

import threading

import pytest
import zenoh
from std_msgs.msg import Bool, String
from std_srvs.srv import Trigger

from rclpy.qos import HistoryPolicy, QoSProfile
from rclpy.subscription import Subscription
from ros_interfaces import cdr
from ros_wire import attachment
from ros_wire.config import session_config
from ros_wire.graph import Graph
from ros_wire.names import Entity, Kind, NodeId
from ros_wire.session import SessionClosed, WireSession
from ros_wire.topics import WirePublisher
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros

GID = b"0123456789abcdef"


def raw_key(ros: Ros, topic: str, kind: type[String] | type[Trigger]) -> str:
    owner = NodeId(domain=ros.domain, session="ab", node=0, namespace="/", name="stranger")
    return Entity(
        kind=Kind.PUBLISHER, owner=owner, number=1, topic=topic, type_name=kind._TYPE_NAME_, type_hash=kind._TYPE_HASH_
    ).data_key


def test_malformed_samples_are_dropped_with_a_line_each_and_good_ones_still_come(
    ros: Ros, capfd: pytest.CaptureFixture[str]
) -> None:
    node = ros.node("listener")
    heard: list[str] = []
    node.create_subscription(String, "/talk", lambda m: heard.append(m.data), 10)
    ros.spin(node)
    key, note = raw_key(ros, "/talk", String), attachment.pack(1, 2, GID)
    good = bytes(cdr.serialize(String(data="good")))
    with zenoh.open(session_config()) as session:
        publisher = session.declare_publisher(key)
        eventually(lambda: publisher.matching_status.matching)
        for payload, attached in (
            (b"", note),
            (b"\0\1\0\0\xff", note),
            (good, None),
            (good, b"short"),
            (b"\xff" * 99, note),
        ):
            publisher.put(payload, attachment=attached)
        publisher.put(good, attachment=note)
        eventually(lambda: heard == ["good"])
    lines = [line for line in capfd.readouterr().err.splitlines() if "/talk: sample dropped" in line]
    assert len(lines) == 5


@pytest.mark.parametrize("raw", [False, True])
def test_a_deletion_which_ros_never_sends_is_no_sample(ros: Ros, raw: bool, capfd: pytest.CaptureFixture[str]) -> None:
    node = ros.node("listener")
    heard: list[object] = []
    node.create_subscription(String, "/talk", heard.append, 10, raw=raw)
    ros.spin(node)
    good = bytes(cdr.serialize(String(data="good")))
    with zenoh.open(session_config()) as session:
        publisher = session.declare_publisher(raw_key(ros, "/talk", String))
        eventually(lambda: publisher.matching_status.matching)
        publisher.delete(attachment=attachment.pack(1, 2, GID))
        publisher.put(good, attachment=attachment.pack(2, 2, GID))
        eventually(lambda: heard)
    assert heard == [good if raw else String(data="good")]
    assert "dropped" not in capfd.readouterr().err


def test_a_burst_is_taken_over_whole_in_order_and_beyond_the_depth_the_oldest_go(ros: Ros) -> None:
    node = ros.node("listener")
    shallow = node.create_subscription(String, "/talk", lambda message: None, 3)
    deep = node.create_subscription(String, "/talk", lambda message: None, 500)
    publisher = node.create_publisher(String, "/talk", QoSProfile(history=HistoryPolicy.KEEP_ALL))
    for number in range(400):
        publisher.publish(String(data=str(number)))

    def waiting(subscription: Subscription[String]) -> list[str]:
        taken = iter(lambda: subscription.take_message(String, False), None)
        return [message.data for message, _ in taken]

    for subscription, last in ((shallow, 3), (deep, 400)):
        wire = subscription._wire
        assert wire is not None
        eventually(lambda: wire.overflowed + len(wire._queue) == 400)  # noqa: B023
        assert waiting(subscription) == [str(number) for number in range(400 - last, 400)]


def test_a_subscription_that_ends_in_the_midst_of_traffic_ends_without_a_complaint(ros: Ros) -> None:
    node = ros.node("busy")
    publisher = node.create_publisher(String, "/talk", 10)
    ended = threading.Event()

    def flood() -> None:
        while not ended.is_set():
            publisher.publish(String(data="x"))

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        for _ in range(6):  # a thread that dies of it fails this test, by pytest's own watch
            subscription = node.create_subscription(
                String, "/talk", lambda message: None, QoSProfile(history=HistoryPolicy.KEEP_ALL)
            )
            eventually(subscription._pending)
            node.destroy_subscription(subscription)
    finally:
        ended.set()
        thread.join()


def test_malformed_requests_are_refused_at_once(ros: Ros, capfd: pytest.CaptureFixture[str]) -> None:
    node = ros.node("server")
    node.create_service(Trigger, "/go", lambda q, a: a)
    ros.spin(node)
    key = raw_key(ros, "/go", Trigger)
    with zenoh.open(session_config()) as session:
        querier = session.declare_querier(key, timeout=60)
        eventually(lambda: querier.matching_status.matching)
        for payload, attached in (
            (b"", attachment.pack(1, 2, GID)),
            (b"\0\1\0\0\0", None),
            (None, attachment.pack(1, 2, GID)),
        ):
            (reply,) = session.get(key, payload=payload, attachment=attached, timeout=60)
            assert reply.err is not None
            assert b"the request was malformed" in reply.err.payload.to_bytes()
    assert capfd.readouterr().err.count("/go: request dropped") == 3


def test_a_malformed_reply_ends_the_call_with_an_error(ros: Ros) -> None:
    node = ros.node("caller")
    client = node.create_client(Trigger, "/go")
    ros.spin(node)
    key = raw_key(ros, "/go", Trigger)
    with zenoh.open(session_config()) as session:
        session.declare_queryable(
            key, lambda query: query.reply(key, b"\xff", attachment=query.attachment), complete=True
        )

        def answer() -> str:
            future = client.call_async(Trigger.Request())
            eventually(future.done)
            return str(future.exception())

        eventually(lambda: "expected a CDR little endian header" in answer())


def test_another_hash_of_the_same_type_is_said_in_words_with_both(ros: Ros, capfd: pytest.CaptureFixture[str]) -> None:
    node = ros.node("listener")
    node.create_subscription(String, "/talk", lambda m: None, 10)
    owner = NodeId(domain=ros.domain, session="ab", node=0, namespace="/", name="stranger")
    stranger = Entity(
        kind=Kind.PUBLISHER,
        owner=owner,
        number=1,
        topic="/talk",
        type_name="std_msgs/msg/String",
        type_hash="RIHS01_00",
    )
    with zenoh.open(session_config()) as session:
        tokens = [session.liveliness().declare_token(stranger.token)]
        eventually(lambda: node.count_publishers("/talk") == 1)
        tokens.clear()
    said = capfd.readouterr().err
    assert (
        f"/talk: type std_msgs/msg/String differs: /listener has {String._TYPE_HASH_}, /stranger has RIHS01_00" in said
    )


def test_another_type_under_the_same_name_is_said_once(ros: Ros, capfd: pytest.CaptureFixture[str]) -> None:
    node = ros.node("both")
    subscription = node.create_subscription(String, "/talk", lambda m: None, 10)
    node.create_publisher(Bool, "/talk", 10)
    node.create_publisher(Bool, "/talk", 10)
    said = capfd.readouterr().err
    assert said.count("/talk: /both has it as std_msgs/msg/Bool, /both as std_msgs/msg/String") == 1
    assert subscription.get_publisher_count() == 0


def test_a_token_that_cannot_be_read_is_said_and_left_out(ros: Ros, capfd: pytest.CaptureFixture[str]) -> None:
    node = ros.node("watcher")
    with zenoh.open(session_config()) as session:
        token = session.liveliness().declare_token(f"@ros2_lv/{ros.domain}/ab/what/ever")
        said: list[str] = []
        eventually(lambda: said.append(capfd.readouterr().err) or "cannot be read" in "".join(said))
        token.undeclare()
    assert node.get_node_names() == ["watcher"]


def test_the_graph_tells_its_listeners_of_every_change_until_they_leave() -> None:
    told: list[int] = []
    graph = Graph(lambda line: None)
    owner = NodeId(domain=0, session="ab", node=0, namespace="/", name="n")
    entity = Entity(kind=Kind.NODE, owner=owner, number=0)

    def listener() -> None:
        told.append(len(graph.entities(Kind.NODE)))

    graph.add_listener(listener)
    graph.add(entity)
    graph.add_token(entity.token)
    graph.remove_token(entity.token)
    graph.remove_token(entity.token)
    assert told == [1, 0]
    graph.remove_listener(listener)
    graph.remove_listener(listener)
    graph.add(entity)
    assert told == [1, 0]


@pytest.mark.usefixtures("wired")
def test_nothing_is_sent_on_a_session_that_was_closed() -> None:
    session = WireSession(log=print)
    entity = session.endpoint(
        kind=Kind.PUBLISHER, owner=session.node_id("/", "n"), topic="/t", type_name="p/msg/T", type_hash="RIHS01_0",
        qos=Entity.__dataclass_fields__["qos"].default,
    )  # fmt: skip
    publisher = WirePublisher(session, entity)
    session.close()
    session.close()
    with pytest.raises(SessionClosed, match="/t: nothing was published"):
        publisher.publish(b"x")
    publisher.close()
