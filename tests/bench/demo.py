"""`make bench-demo`: how soon the demo is ready, how soon an alarm reaches the operator, and what it all costs."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import psutil

from maps import load_site
from sim.rehearsal import Rehearsal
from sim.scenario import load_scenario
from tests.bench.report import ROOT, BenchReport, percentile
from tests.helpers.demo import RunningDemo, start_demo
from tests.helpers.waiting import eventually
from tests.scenario.lockstep import Community

ALARMS = 500
LOAD_OVER_S = 60.0


def main() -> None:
    """Measure everything and write build/bench/demo.json."""
    report = BenchReport("demo")
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        work = Path(folder)
        clone = _fresh_clone(work)
        with _made_demo(clone, work / "state") as (_, ready_s):
            report.add("ready_cold_s", ready_s, "s")
        with _made_demo(clone, work / "state") as (demo, ready_s):
            report.add("ready_warm_s", ready_s, "s")
            cpu_cores, rss_mb = _load(demo, LOAD_OVER_S)
            report.add("demo_cpu_cores", cpu_cores, "cores")
            report.add("demo_rss_mb", rss_mb, "MB")
            latencies_ms = _alarm_latencies_ms(demo, ALARMS)
            report.add("alarm_to_event_p50_ms", percentile(latencies_ms, 0.50), "ms")
            report.add("alarm_to_event_p99_ms", percentile(latencies_ms, 0.99), "ms")
    report.add("site_time_over_wall", _site_time_over_wall(), "x")
    report.add("render_fps", _render_fps(), "fps")
    print(f"written to {report.write()}")


def _fresh_clone(work: Path) -> Path:
    clone = work / "ronda"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    return clone


@contextmanager
def _made_demo(clone: Path, state: Path) -> Iterator[tuple[RunningDemo, float]]:
    """`make run` in the clone, and the seconds from the command to the line that says it is ready."""
    began_s = time.monotonic()
    demo = start_demo(state, command=["make", "--no-print-directory", "-C", str(clone), "run"])
    try:
        demo.wait_ready(within_s=1200)
        yield demo, time.monotonic() - began_s
    finally:
        for process in demo.processes():
            if "demo" in process.cmdline():
                process.send_signal(signal.SIGINT)
        demo.process.wait(timeout=20)


def _load(demo: RunningDemo, over_s: float) -> tuple[float, float]:
    """Mean cores and peak resident memory (proportional set size, shared pages counted once) while robots patrol."""
    eventually(
        lambda: demo.center.items("/missions", active="true"), within_s=60, every_s=0.5, what="a patrol under way"
    )
    processes = demo.processes()
    before_s, began_s = _cpu_s(processes), time.monotonic()
    peak_mb = 0.0
    while time.monotonic() - began_s < over_s:
        time.sleep(2)
        peak_mb = max(peak_mb, sum(p.memory_full_info().pss for p in processes) / 1e6)
    return (_cpu_s(processes) - before_s) / (time.monotonic() - began_s), peak_mb


def _cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in processes)


def _alarm_latencies_ms(demo: RunningDemo, count: int) -> list[float]:
    """Publish alarms one by one over real MQTT; milliseconds until each finding stands in the event stream."""
    devices = [d["device_id"] for d in demo.center.items("/sensors", kind="smoke", limit=50)]
    seen_s: dict[float, float] = {}
    connected = threading.Event()

    def listen() -> None:
        for name, data in demo.center.events():
            if name == "snapshot":
                connected.set()
            elif name == "finding" and data.get("value") is not None:
                seen_s.setdefault(data["value"], time.perf_counter())

    threading.Thread(target=listen, daemon=True).start()
    assert connected.wait(10), "the event stream said nothing within 10 s"
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="bench")
    client.connect("127.0.0.1", demo.mqtt_port)
    client.loop_start()
    latencies_ms = []
    for n in range(count):
        value, device = float(1_000 + n), devices[n % len(devices)]
        sent_s = time.perf_counter()
        payload = {"state": "alarm", "value": value, "boot": "bench", "seq": n}
        client.publish(f"xinghe/sensors/{device}/event", json.dumps(payload), qos=1)
        eventually(lambda v=value: v in seen_s, within_s=10, every_s=0.001, what=f"alarm {n} of {device} in the stream")
        latencies_ms.append((seen_s[value] - sent_s) * 1_000)
        time.sleep(0.02)
    client.loop_stop()
    client.disconnect()
    return latencies_ms


def _site_time_over_wall() -> float:
    """Half an hour of two robots on patrol in lockstep: world, executors, planner, and every photo rendered."""
    site = load_site("xinghe")
    with Community(site, scenario=load_scenario("demo", site), pictures=True) as community:
        community.patrol(sorted(site.viewpoints))
        community.forward(minutes=1)  # the renderer is up
        began_s = time.monotonic()
        community.forward(minutes=30)
        return 30 * 60 / (time.monotonic() - began_s)


def _render_fps() -> float:
    """640×480 pictures a second from the renderer process, one robot on its way, each picture waited for."""
    site = load_site("xinghe")
    with Rehearsal(site, seed=1) as rehearsal:
        rehearsal.goto("r1", site.viewpoint("vp-06").pose)
        rehearsal.photo("r1")
        began_s, count = time.monotonic(), 0
        while time.monotonic() - began_s < 10:
            rehearsal.tick()
            rehearsal.photo("r1")
            count += 1
        return count / (time.monotonic() - began_s)


if __name__ == "__main__":
    main()
