"""`ronda ros bag …`"""

from __future__ import annotations

import queue
import threading
import time
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.topic_or_service_is_hidden import topic_or_service_is_hidden
from ros_cli import session
from ros_cli.bag_file import BagWriter, Recorded, Topic, read_messages, read_topics
from ros_cli.errors import CommandError
from ros_cli.kinds import kind_of
from ros_cli.topics import absolute, say

_WAITING = 10_000  # messages between their arrival and the file; beyond, new ones are left out and counted
_MATCH_S = 5.0


class Recorder:
    """Listens to topics, to new ones as they appear, and hands what comes to the file's thread."""

    def __init__(self, node: Node, writer: BagWriter, wanted: set[str]) -> None:
        """`wanted` is empty for all."""
        self.left_out = 0
        self._node = node
        self._writer = writer
        self._wanted = wanted
        self._strange: set[str] = set()
        self._queue: queue.Queue[Recorded | None] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._write, name="bag")
        self._thread.start()

    def look(self) -> None:
        """Listen to every wanted topic that is known by now."""
        for name, types in self._node.get_topic_names_and_types():
            wanted = name in self._wanted or not (self._wanted or topic_or_service_is_hidden(name))
            if name in self._writer.topics or name in self._strange or not wanted:
                continue
            try:
                if len(types) > 1:
                    raise CommandError(f"known under several types: {', '.join(types)}")
                kind = kind_of(types[0], "msg")
            except CommandError as error:
                self._strange.add(name)
                say(f"{name} is not recorded: {error}")
                continue
            self._listen(name, types[0], kind)

    def close(self) -> None:
        """Write what still waits."""
        self._queue.put(None)
        self._thread.join()

    def _listen(self, name: str, type_name: str, kind: Any) -> None:
        offers = [end.qos_profile for end in self._node.get_publishers_info_by_topic(name)]
        latched = any(qos.durability == DurabilityPolicy.TRANSIENT_LOCAL for qos in offers)
        qos = QoSProfile(
            depth=1_000, durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
        )
        with self._lock:
            topic = Topic(name=name, type_name=type_name, type_hash=kind._TYPE_HASH_, qos=_qos_text(offers))
            self._writer.add_topic(topic, kind)

        def on_message(data: bytes, info: Any) -> None:
            now_ns = time.time_ns()
            try:
                self._queue.put_nowait(
                    Recorded(topic=name, data=data, received_ns=now_ns, published_ns=info["source_timestamp"] or now_ns)
                )
            except queue.Full:
                self.left_out += 1

        self._node.create_subscription(kind, name, on_message, qos, raw=True)
        say(f"recording {name} [{type_name}]")

    def _write(self) -> None:
        while (item := self._queue.get()) is not None:
            with self._lock:
                self._writer.add(item)


def record(chosen: Namespace) -> None:
    """Record topics until stopped, or for `--duration`."""
    if bool(chosen.topics) == chosen.all:
        raise CommandError("name the topics to record, or -a for all of them")
    folder = Path(chosen.output or f"rosbag2_{datetime.now(UTC).astimezone():%Y_%m_%d-%H_%M_%S}")
    with session.node(chosen.router) as node, BagWriter(folder) as writer:
        recorder = Recorder(node, writer, {absolute(name) for name in chosen.topics})
        until_s = time.monotonic() + (chosen.duration or float("inf"))
        try:
            while (left_s := until_s - time.monotonic()) > 0:
                recorder.look()
                session.news(node, min(left_s, 1.0))
        except KeyboardInterrupt:
            pass  # how a recording usually ends
        finally:
            recorder.close()
        say(f"{writer.messages} messages in {folder}")
        if recorder.left_out:
            raise CommandError(f"{recorder.left_out} messages came faster than they could be written and are missing")


def play(chosen: Namespace) -> None:
    """Publish a bag's messages again, at the pace at which they came, or `--rate` times as fast."""
    path = Path(chosen.bag)
    topics = {name: topic for name, topic in read_topics(path).items() if not chosen.topics or name in chosen.topics}
    if not topics:
        raise CommandError(f"{path} holds none of {', '.join(chosen.topics)}" if chosen.topics else f"{path} is empty")
    with session.node(chosen.router) as node:
        publishers = {name: _publisher(node, topic) for name, topic in topics.items()}
        session.settle(node)
        listened = [publisher for name, publisher in publishers.items() if node.count_subscribers(name)]
        session.until(node, lambda: all(publisher.get_subscription_count() for publisher in listened), _MATCH_S)
        pause, first_ns, count = threading.Event(), None, 0
        pause.wait(chosen.delay)
        began_s = time.monotonic()
        for message in read_messages(path):
            if message.topic not in publishers:
                continue
            first_ns = message.received_ns if first_ns is None else first_ns
            due_s = began_s + (message.received_ns - first_ns) / 1e9 / chosen.rate
            pause.wait(max(0.0, due_s - time.monotonic()))
            publishers[message.topic].publish(message.data)
            count += 1
        pause.wait(0.2)  # what was sent last leaves before the session ends
        say(f"{count} messages of {len(publishers)} topics")


def info(chosen: Namespace) -> None:
    """What a bag holds."""
    path = Path(chosen.bag)
    topics = read_topics(path)
    stamps = [message.received_ns for message in read_messages(path)]
    span_s = (max(stamps) - min(stamps)) / 1e9 if stamps else 0.0
    say(f"Duration: {span_s:.3f}s\nMessages: {len(stamps)}")
    if stamps:
        say(f"Start: {datetime.fromtimestamp(min(stamps) / 1e9, UTC).isoformat()}")
    for topic in sorted(topics.values(), key=lambda topic: topic.name):
        say(f"  {topic.name} [{topic.type_name}]: {topic.messages}")


def _publisher(node: Node, topic: Topic) -> Any:
    kind = kind_of(topic.type_name, "msg")
    if topic.type_hash and topic.type_hash != kind._TYPE_HASH_:
        both = f"the bag has {topic.type_hash}, this installation {kind._TYPE_HASH_}"
        raise CommandError(f"{topic.name}: type {topic.type_name} differs: {both}")
    offers = yaml.safe_load(topic.qos) if topic.qos else []
    latched = any(offer.get("durability") in (1, "transient_local") for offer in offers or [])
    depth = max([int(offer.get("depth", 1)) for offer in offers or []], default=10) or 10
    durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
    return node.create_publisher(kind, topic.name, QoSProfile(depth=depth, durability=durability))


def _qos_text(offers: list[QoSProfile]) -> str:
    """The publishers' profiles as rosbag2 writes them."""
    forever = {"sec": 9223372036, "nsec": 854775807}
    return yaml.safe_dump(
        [
            {
                "history": "keep_last",
                "depth": int(qos.depth),
                "reliability": "best_effort" if qos.reliability == ReliabilityPolicy.BEST_EFFORT else "reliable",
                "durability": "transient_local" if qos.durability == DurabilityPolicy.TRANSIENT_LOCAL else "volatile",
                "deadline": forever,
                "lifespan": forever,
                "liveliness": "automatic",
                "liveliness_lease_duration": forever,
                "avoid_ros_namespace_conventions": False,
            }
            for qos in offers
        ],
        sort_keys=False,
    )
