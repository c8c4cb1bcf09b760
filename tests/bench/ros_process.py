"""One end of a link under measurement: the embedded ROS, raw Zenoh, or zenoh-ros2-sdk. Says what it found as JSON.

    python -m tests.bench.ros_process <ours|raw|sdk> <role> <router port> <kind> <count>

Each end sends on one topic and listens on another. `kind` is what is sent: text, number or image.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from array import array
from collections.abc import Callable
from typing import Any, Protocol

IMAGE_BYTES = 640 * 480 * 3
TEXT = "x" * 23  # 32 bytes on the wire: header, count, text, NUL
Heard = Callable[[int], object]
Send = Callable[[int], object]


class Side(Protocol):
    """One implementation of the wire; what passes is told by its number (0 for kinds that carry none)."""

    def sender(self, topic: str, kind: str) -> Send: ...
    def listen(self, topic: str, kind: str, heard: Heard) -> None: ...
    def run(self) -> None: ...


class Ours:
    """Nodes of the embedded rclpy, served by its single-threaded executor."""

    def __init__(self, port: int) -> None:
        import rclpy
        from rclpy.qos import HistoryPolicy, QoSProfile
        from rclpy.signals import SignalHandlerOptions

        _reach(port)
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        self._rclpy = rclpy
        self._qos = QoSProfile(history=HistoryPolicy.KEEP_ALL)
        self._node = rclpy.create_node("bench")

    def sender(self, topic: str, kind: str) -> Send:
        from sensor_msgs.msg import Image
        from std_msgs.msg import String, UInt64

        publisher = self._node.create_publisher(
            {"text": String, "number": UInt64, "image": Image}[kind], topic, self._qos
        )
        if kind == "number":
            return lambda number: publisher.publish(UInt64(data=number))
        if kind == "text":
            return lambda _: publisher.publish(String(data=TEXT))
        pixels = array("B", bytes(IMAGE_BYTES))
        return lambda number: publisher.publish(Image(height=480, width=640, step=number, encoding="rgb8", data=pixels))

    def listen(self, topic: str, kind: str, heard: Heard) -> None:
        from sensor_msgs.msg import Image
        from std_msgs.msg import String, UInt64

        make: dict[str, tuple[Any, Any]] = {
            "text": (String, lambda _: heard(0)),
            "number": (UInt64, lambda message: heard(message.data)),
            "image": (Image, lambda message: heard(message.step)),
        }
        self._node.create_subscription(make[kind][0], topic, make[kind][1], self._qos)

    def run(self) -> None:
        self._rclpy.spin(self._node)


class Raw:
    """Zenoh with the same settings, the same bytes and an attachment of the same size, and nothing on top."""

    def __init__(self, port: int) -> None:
        import zenoh

        from ros_wire.config import session_config

        _reach(port)
        self._zenoh = zenoh
        self._session = zenoh.open(session_config())
        self._kept: list[Any] = []

    def sender(self, topic: str, kind: str) -> Send:
        size = {"text": 28, "number": 12, "image": IMAGE_BYTES + 40}[kind]
        publisher = self._session.declare_publisher(
            topic.strip("/"), congestion_control=self._zenoh.CongestionControl.BLOCK
        )
        rest, note = bytes(size - 8), bytes(33)
        return lambda number: publisher.put(number.to_bytes(8, "little") + rest, attachment=note)

    def listen(self, topic: str, kind: str, heard: Heard) -> None:
        def on_sample(sample: Any) -> None:
            heard(int.from_bytes(sample.payload.to_bytes()[:8], "little"))

        callback = self._zenoh.handlers.Callback(on_sample, indirect=kind != "text")
        self._kept.append(self._session.declare_subscriber(topic.strip("/"), callback))

    def run(self) -> None:
        threading.Event().wait()


DEFINITIONS = {"text": ("std_msgs/msg/String", "string data"), "number": ("std_msgs/msg/UInt64", "uint64 data")}


class Sdk:
    """zenoh-ros2-sdk, an independent implementation of the same wire."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._kept: list[Any] = []

    def sender(self, topic: str, kind: str) -> Send:
        from zenoh_ros2_sdk import ROS2Publisher

        name, text = DEFINITIONS[kind]
        publisher = ROS2Publisher(topic=topic, msg_type=name, msg_definition=text, router_port=self._port)
        self._kept.append(publisher)
        if kind == "number":
            return lambda number: publisher.publish(data=number)
        return lambda _: publisher.publish(data=TEXT)

    def listen(self, topic: str, kind: str, heard: Heard) -> None:
        from zenoh_ros2_sdk import ROS2Subscriber

        def on_message(message: Any) -> None:
            heard(message.data if kind == "number" else 0)

        name, text = DEFINITIONS[kind]
        self._kept.append(
            ROS2Subscriber(topic=topic, msg_type=name, msg_definition=text, callback=on_message, router_port=self._port)
        )

    def run(self) -> None:
        threading.Event().wait()


def _reach(port: int) -> None:
    import os

    os.environ["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'


def echo(side: Side, kind: str) -> None:
    """Answer each message with one."""
    answer = side.sender("/pong", kind)
    side.listen("/ping", kind, answer)


def ping(side: Side, kind: str, count: int) -> None:
    """Round trips one after the other; their times in milliseconds. A tenth more run before, to warm up."""
    done, first = threading.Event(), threading.Event()
    times_s: list[float] = []
    sent_s = 0.0
    skipped = count // 10

    def heard(_: int) -> None:
        nonlocal sent_s
        first.set()
        now_s = time.perf_counter()
        times_s.append(now_s - sent_s)
        if len(times_s) >= count + skipped:
            done.set()
            return
        sent_s = time.perf_counter()
        send(0)

    side.listen("/pong", kind, heard)
    send = side.sender("/ping", kind)
    threading.Thread(target=side.run, daemon=True).start()
    time.sleep(1.0)  # both ends are up: a second ping on the way would spoil the figure
    while not first.is_set():
        sent_s = time.perf_counter()
        send(0)
        first.wait(5)
    _or_die(done)
    say(times_ms=[value * 1_000 for value in times_s[skipped:]])


ACK_EVERY = {"number": 500, "image": 2}
WINDOW = {"number": 4_000, "image": 8}


def count(side: Side, kind: str, total: int) -> None:
    """Count what comes, tell the other end now and then, and at the end say how long it took and what was missing."""
    acknowledge = side.sender("/ack", "number")
    every = ACK_EVERY[kind]
    last = missing = received = 0
    began_s = cpu_s = 0.0

    def heard(number: int) -> None:
        nonlocal last, missing, received, began_s, cpu_s
        if number == 0:  # the other end asks whether we are there
            acknowledge(0)
            return
        if not began_s:
            began_s, cpu_s = time.perf_counter(), time.process_time()
        missing += number - last - 1
        last, received = number, received + 1
        if number % every == 0:
            acknowledge(number)
        if number == total:
            say(
                received=received, missing=missing, seconds=time.perf_counter() - began_s,
                cpu_s=time.process_time() - cpu_s,
            )  # fmt: skip

    side.listen("/data", kind, heard)


def flood(side: Side, kind: str, total: int) -> None:
    """Send as fast as the other end acknowledges, never more than a window ahead."""
    acknowledged, there, room = 0, threading.Event(), threading.Condition()

    def heard(number: int) -> None:
        nonlocal acknowledged
        there.set()
        with room:
            acknowledged = number
            room.notify()

    side.listen("/ack", "number", heard)
    send = side.sender("/data", kind)
    threading.Thread(target=side.run, daemon=True).start()
    while not there.wait(0.2):
        send(0)
    window, cpu_s = WINDOW[kind], time.process_time()
    for number in range(1, total + 1):
        if number - acknowledged > window:
            with room:
                if not room.wait_for(lambda number=number: number - acknowledged <= window, 60):
                    raise SystemExit(f"no acknowledgement after {acknowledged} of {total}")
        send(number)
    with room:
        room.wait_for(lambda: acknowledged >= total - ACK_EVERY[kind], 60)
    say(cpu_s=time.process_time() - cpu_s)


def _or_die(done: threading.Event) -> None:
    if not done.wait(120):
        raise SystemExit("no answer for 120 s")


def say(**what: Any) -> None:
    """One line of JSON out."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(name: str, role: str, port: int, kind: str, total: int) -> None:
    """Play the role; those that answer run until they are stopped."""
    side: Side = {"ours": Ours, "raw": Raw, "sdk": Sdk}[name](port)
    match role:
        case "ping":
            ping(side, kind, total)
        case "flood":
            flood(side, kind, total)
        case "echo":
            echo(side, kind)
            side.run()
        case "count":
            count(side, kind, total)
            side.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
