"""`make bench-ros`: the embedded ROS beside raw Zenoh and zenoh-ros2-sdk, each end in a process of its own."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rclpy
from ros_interfaces import cdr
from ros_wire.names import Kind
from ros_wire.router import Router
from tests.bench.report import BenchReport, percentile
from tests.helpers.ros_messages import definitions, message_class, random_message, readable_by_rosbags, same_bytes
from tests.helpers.waiting import eventually, free_port

SIDES = ("ours", "raw", "sdk")
ROUND_TRIPS = 4_000
SMALL_MESSAGES = 120_000
IMAGES = 600
RANDOM_MESSAGES = 10_000
NODES = 1_000
PATIENCE_S = 180.0
RUNS = 3  # the median of these is told: other work on the machine comes and goes


def main() -> None:
    """Measure everything and write build/bench/ros.json."""
    report = BenchReport("ros")
    port = free_port()
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        _round_trips(report, port)
        _small_messages(report, port)
        _images(report, port)
        report.add("import_ms", _import_ms(), "ms")
        _nodes(report, port)
    _random_messages(report)
    print(f"written to {report.write()}")


def _round_trips(report: BenchReport, port: int) -> None:
    p50: dict[str, list[float]] = {side: [] for side in SIDES}
    p99: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(RUNS):
        for side in SIDES:
            with _end(side, "echo", port, "text"), _end(side, "ping", port, "text", ROUND_TRIPS) as pinger:
                times_ms = _said(pinger)["times_ms"]
                p50[side].append(percentile(times_ms, 0.5))
                p99[side].append(percentile(times_ms, 0.99))
    median = {side: statistics.median(values) for side, values in p50.items()}
    report.add("rtt_p50_ms", median["ours"], "ms")
    report.add("rtt_p50_over_raw", median["ours"] / median["raw"], "x")
    report.add("rtt_p99_ms", statistics.median(p99["ours"]), "ms")
    report.add("rtt_p50_ms_raw", median["raw"], "ms")
    report.add("rtt_p99_ms_raw", statistics.median(p99["raw"]), "ms")
    report.add("rtt_p50_ms_sdk", median["sdk"], "ms")


def _small_messages(report: BenchReport, port: int) -> None:
    rate: dict[str, list[float]] = {side: [] for side in SIDES}
    cpu: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(RUNS):
        for side in SIDES:
            per_s, cpu_ms = _stream(side, port, "number", SMALL_MESSAGES)
            rate[side].append(per_s)
            cpu[side].append(cpu_ms)
    ours, sdk, raw = (statistics.median(rate[side]) for side in ("ours", "sdk", "raw"))
    report.add("small_msgs_per_s", ours, "1/s")
    report.add("small_msgs_per_s_sdk", sdk, "1/s")
    report.add("small_msgs_per_s_over_sdk", ours / sdk, "x")
    report.add("small_msgs_per_s_raw", raw, "1/s")
    report.add("cpu_ms_per_1000_msgs", statistics.median(cpu["ours"]), "ms")
    report.add("cpu_ms_per_1000_msgs_sdk", statistics.median(cpu["sdk"]), "ms")
    report.add("cpu_ms_per_1000_msgs_raw", statistics.median(cpu["raw"]), "ms")


def _images(report: BenchReport, port: int) -> None:
    rate = {
        side: statistics.median(_stream(side, port, "image", IMAGES)[0] for _ in range(RUNS))
        for side in ("ours", "raw")
    }
    report.add("image_msgs_per_s", rate["ours"], "1/s")
    report.add("image_msgs_over_raw", rate["ours"] / rate["raw"], "x")


def _stream(side: str, port: int, kind: str, total: int) -> tuple[float, float]:
    """Messages a second from one process to another, none missing; and CPU of both, in ms for 1,000."""
    with _end(side, "count", port, kind, total) as counter, _end(side, "flood", port, kind, total) as sender:
        found, sent = _said(counter), _said(sender)
    if found["missing"] and side != "sdk":  # the peer may lose some on a busy machine; its rate is told all the same
        raise SystemExit(f"{side}: of {total} messages {found['received']} came, {found['missing']} are missing")
    return (found["received"] - 1) / found["seconds"], 1e6 * (found["cpu_s"] + sent["cpu_s"]) / total


def _import_ms() -> float:
    """From nothing to a node's imports, in a fresh interpreter that already runs."""
    code = (
        "import time; a = time.perf_counter(); import rclpy, rclpy.node, rclpy.action; from std_msgs.msg import String;"
        "print((time.perf_counter() - a) * 1000)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(7)]
    return statistics.median(float(run.stdout) for run in runs)


def _nodes(report: BenchReport, port: int) -> None:
    with _graph(port, NODES, 0) as figures:
        report.add("nodes_per_process", figures["nodes"], "")
        report.add("rss_mb_per_node", figures["rss_mb"] / figures["nodes"], "MB")
        report.add("node_creation_ms", 1_000 * figures["seconds"] / figures["nodes"], "ms")
    with _graph(port, 10, 100):
        report.add("discovery_1000_endpoints_ms", statistics.median(_discovery_ms(port) for _ in range(RUNS)), "ms")


def _discovery_ms(port: int) -> float:
    """From `init` until a context knows 1,000 publishers that were there before."""
    os.environ["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'
    context = rclpy.Context()
    began_s = time.perf_counter()
    rclpy.init(context=context)
    try:
        names = [f"/topic_{node}_{n}" for node in range(10) for n in range(100)]
        graph = context.session.graph
        eventually(
            lambda: all(graph.count(Kind.PUBLISHER, name) for name in names), within_s=30, every_s=0.001,
            what="1,000 publishers",
        )  # fmt: skip
        return 1_000 * (time.perf_counter() - began_s)
    finally:
        context.shutdown()


def _random_messages(report: BenchReport) -> None:
    """Random messages of every interface: there and back, and the same bytes as rosbags writes."""
    rng = random.Random()
    seed = rng.randrange(1 << 32)
    rng.seed(seed)
    names = sorted(definitions())
    spent_s = 0.0
    for number in range(RANDOM_MESSAGES):
        name = names[number % len(names)]
        message = random_message(name, rng)
        began_s = time.perf_counter()
        raw = bytes(cdr.serialize(message))
        back = cdr.deserialize(raw, message_class(name))
        spent_s += time.perf_counter() - began_s
        if back != message or (readable_by_rosbags(name) and not same_bytes(name, raw)):
            raise SystemExit(f"{name}, seed {seed}, message {number}: the bytes differ: {raw.hex()}")
    report.add("random_messages_checked", RANDOM_MESSAGES, "")
    report.add("random_message_there_and_back_us", 1e6 * spent_s / RANDOM_MESSAGES, "us")


@contextmanager
def _end(side: str, role: str, port: int, kind: str, count: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.ros_process", side, role, str(port), kind, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _graph(port: int, nodes: int, endpoints: int) -> Iterator[dict[str, float]]:
    command = [sys.executable, "-m", "tests.bench.ros_graph_process", str(port), str(nodes), str(endpoints)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        try:
            yield _said(process)
        finally:
            process.kill()


def _said(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    guard = threading.Timer(PATIENCE_S, process.kill)
    guard.start()
    try:
        for line in process.stdout:
            if line.startswith("{"):
                said: dict[str, Any] = json.loads(line)
                return said
    finally:
        guard.cancel()
    raise SystemExit(f"{process.args} ended without a figure, or had none within {PATIENCE_S:g} s")


if __name__ == "__main__":
    main()
