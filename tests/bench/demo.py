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
from dataclasses import dataclass
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
            for part, load in measured(demo, LOAD_OVER_S).items():
                report.add(f"{part}_cpu_cores", load.cpu_cores, "cores")
                report.add(f"{part}_rss_mb", load.rss_mb, "MB")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What some processes cost."""

    cpu_cores: float  # mean
    rss_mb: float  # peak of proportional set size: shared pages are counted once


def measured(demo: RunningDemo, over_s: float) -> dict[str, Load]:
    """The load while robots patrol: of the whole (`demo`), and of each part, both robots together."""
    eventually(
        lambda: demo.center.items("/missions", active="true"), within_s=60, every_s=0.5, what="a patrol under way"
    )
    eventually(lambda: _seeing(demo) == len(demo.center.items("/robots")), within_s=120, every_s=0.5, what="all see")
    processes: dict[str, list[psutil.Process]] = {"demo": demo.processes()}
    for process in processes["demo"]:
        processes.setdefault(_part_of(process), []).append(process)
    before = {part: _cpu_s(several) for part, several in processes.items()}
    began_s = time.monotonic()
    peak_mb = dict.fromkeys(processes, 0.0)
    while time.monotonic() - began_s < over_s:
        time.sleep(2)
        for part, several in processes.items():
            peak_mb[part] = max(peak_mb[part], sum(p.memory_full_info().pss for p in several) / 1e6)
    took_s = time.monotonic() - began_s
    return {
        part: Load(cpu_cores=(_cpu_s(several) - before[part]) / took_s, rss_mb=peak_mb[part])
        for part, several in processes.items()
    }


def _seeing(demo: RunningDemo) -> int:
    """How many robots have eyes that look, fast enough or not."""
    parts = [p for r in demo.center.items("/robots") for p in r["parts"] if p["name"] == "vision"]
    return sum(p["state"] != "unavailable" for p in parts)


def _part_of(process: psutil.Process) -> str:
    """`robot-perception` → `robot_perception`; a process without a subcommand of its own counts to its parent."""
    words = process.cmdline()
    if "patrol_bringup.cli" in words:
        return words[words.index("patrol_bringup.cli") + 1].replace("-", "_").replace("demo", "demo_supervisor")
    parent = process.parent()
    return _part_of(parent) if parent is not None else "other"


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
