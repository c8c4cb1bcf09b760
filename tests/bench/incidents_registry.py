"""The registry and the telemetry lane with 400,000 devices: memory, import, messages per second, losses."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import psutil

DEVICES = 400_000
BUILDINGS = 20
Figures = Mapping[str, float]


def write_devices(path: Path, count: int = DEVICES, *, buildings: list[str]) -> None:
    """A file of bins: each with names in both languages, a flat, an external id, and a gateway."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "kind", "name_zh", "name_en", "building", "flat", "external_id", "gateway"])
        for i in range(count):
            building = buildings[i % len(buildings)]
            flat = f"{i % 18 + 1}{i % 4 + 1:02d}"
            rows.writerow(
                [
                    f"bin-{i:06d}",
                    "bin_level",
                    f"{flat} 门口垃圾桶",
                    f"Bin at {flat}",
                    building,
                    flat,
                    f"{i:016x}",
                    f"gw-{i % 200}",
                ]
            )


def registry_figures(count: int = DEVICES) -> Figures:
    """Import a file into an empty center's database, and load it from there in a process of its own."""
    from maps import load_site
    from mission_planner.incidents.registry.importing import Importer
    from mission_planner.incidents.registry.registry import seeded
    from mission_planner.incidents.registry.rows import Format
    from mission_planner.store.sqlite import SqliteStore

    site = load_site("xinghe")
    with tempfile.TemporaryDirectory() as folder:
        file, database = Path(folder) / "devices.csv", Path(folder) / "center.db"
        write_devices(file, count, buildings=sorted(site.buildings))
        store = SqliteStore(database, site_id=site.site_id)
        importer = Importer(store=store, site=site, registry=seeded(site.devices))
        began = time.monotonic()
        report = asyncio.run(importer.take(file, Format.CSV, dry_run=True, by="bench"))
        checked = time.monotonic()
        if report.problems_total or report.added != count:
            raise RuntimeError(f"expected {count} devices without errors; came {report}")
        asyncio.run(importer.take(file, Format.CSV, dry_run=False, by="bench"))
        kept = time.monotonic()
        store.close()
        loaded = subprocess.run(
            [sys.executable, "-m", "tests.bench.incidents_registry", "--load", str(database)],
            capture_output=True,
            text=True,
            check=True,
        )
    return {
        "import_check_s": checked - began,
        "import_s": kept - checked,
        **json.loads(loaded.stdout),
    }


def load(database: Path) -> Figures:
    """The registry out of a database: what it takes in memory, how long it takes, how long a look takes."""
    from maps import load_site
    from mission_planner.incidents.registry.loading import load_registry
    from mission_planner.incidents.registry.search import Wanted, find
    from mission_planner.store.sqlite import SqliteStore

    me = psutil.Process()
    site = load_site("xinghe")
    store = SqliteStore(database, site_id=site.site_id)
    before, began = me.memory_info().rss, time.monotonic()
    registry = asyncio.run(load_registry(site, store))
    took, after = time.monotonic() - began, me.memory_info().rss
    from dataclasses import replace

    whole = replace(site, devices=registry)
    began = time.monotonic()
    found = find(whole, Wanted(words=("399999",)), now=None, limit=100, after=None)
    searched = time.monotonic() - began
    began = time.monotonic()
    for i in range(100_000):
        registry.get(f"bin-{i:06d}")
    got = time.monotonic() - began
    store.close()
    return {
        "registry_devices": len(registry),
        "registry_mb": (after - before) / 2**20,
        "registry_rss_mb": after / 2**20,  # of the whole process
        "registry_load_s": took,
        "registry_get_us": got * 10,
        "registry_search_ms": searched * 1000,
        "registry_found": len(found),
    }


async def telemetry_figures(
    seconds: float = 60.0,
    rate: int = 20_000,
    count: int = DEVICES,
    beside: Callable[[int], Awaitable[object]] | None = None,
) -> Figures:
    """A real Mosquitto, a generator in a process of its own, and a whole center with 400,000 devices between.

    `beside` is done while the values come, with the port of the center's life lane.
    """
    from mission_planner.incidents.telemetry.broker import Broker
    from tests.helpers.mosquitto import mosquitto
    from tests.unit.mission_planner.world import world

    with tempfile.TemporaryDirectory() as name, mosquitto(Path(name)) as broker:
        folder = Path(name)
        follows = Broker(
            host="127.0.0.1", port=broker.port, username=None, password=None, topics=("xinghe/sensors/+/event",)
        )
        async with world(folder / "center", telemetry=follows) as running:
            file = folder / "devices.csv"
            write_devices(file, count, buildings=sorted(running.center.services.site.buildings))
            answer = await running.http.post(
                "/sensors/import", content=file.read_bytes(), headers={"Content-Type": "text/csv"}, timeout=900
            )
            if answer.status_code != 200 or answer.json()["errors_total"]:
                raise RuntimeError(answer.text[:500])
            lane = running.center.telemetry
            if lane is None:
                raise RuntimeError("expected a telemetry lane; came none")
            while lane.trouble is not None:
                await asyncio.sleep(0.1)
            generator = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.bench.incidents_registry", "--generate",
                *(str(broker.port), str(rate), str(seconds), str(count)),
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            cpu = psutil.Process()
            used = sum(cpu.cpu_times()[:2])
            meanwhile = asyncio.create_task(beside(running.center.mqtt_port)) if beside is not None else None
            out, _ = await generator.communicate()
            if meanwhile is not None:
                await meanwhile
            sent = json.loads(out)
            began = time.monotonic()
            while lane.counters.handled < sent["acknowledged"] and time.monotonic() - began < 120:
                await asyncio.sleep(0.05)
            drained = time.monotonic() - began
            spent = sum(cpu.cpu_times()[:2]) - used
            return {
                "telemetry_msgs_per_s": lane.counters.handled / (sent["seconds"] + drained),
                "telemetry_sent_per_s": sent["acknowledged"] / sent["seconds"],
                "telemetry_seconds": sent["seconds"],
                "telemetry_drained_s": drained,
                "telemetry_lost": sent["acknowledged"] - lane.counters.handled,
                "telemetry_center_cpu_pct": 100 * spent / (sent["seconds"] + drained),
                "telemetry_broker_waits": lane.subscriber.waits,
                "telemetry_values_kept": lane.counters.kept,
                "telemetry_values_thinned": lane.counters.thinned,
                "telemetry_values_refused_by_disk": lane.counters.lost,
                "telemetry_center_rss_mb": cpu.memory_info().rss / 2**20,
            }


def generate(port: int, rate: int, seconds: float, count: int) -> None:
    """Publish at QoS 1 with a window of 2,000, at a given rate; says how many the broker acknowledged."""
    import select
    import socket

    import mqtt5

    broker = socket.create_connection(("127.0.0.1", port))
    broker.sendall(mqtt5.ConnectPacket("generator", clean_start=True, keep_alive=0).write())
    broker.recv(4096)
    broker.setblocking(False)
    rng = random.Random(7)
    boot = f"{time.time_ns():x}"  # fresh at every run: what an older run sent is no message of this one
    begin, sent, acknowledged, waiting, heard = time.monotonic(), 0, 0, b"", b""
    wanted = int(rate * seconds)
    while acknowledged < wanted and time.monotonic() - begin < seconds * 3:
        due = min(wanted, int((time.monotonic() - begin) * rate) + 1)
        room = min(due - sent, 2_000 - (sent - acknowledged))
        if not waiting and room > 0:
            pieces = []
            for _ in range(min(room, 500)):
                topic = f"xinghe/sensors/bin-{rng.randrange(count):06d}/event".encode()
                body = b'{"state":"normal","value":%d,"unit":"%%","battery_pct":90,"boot":"%s","seq":%d}' % (
                    rng.randrange(90),
                    boot.encode(),
                    sent,
                )
                head = len(topic).to_bytes(2, "big") + topic + (sent % 60_000 + 1).to_bytes(2, "big") + b"\0"
                length = len(head) + len(body)
                first = b"\x32" + (bytes((length,)) if length < 128 else bytes((length & 0x7F | 0x80, length >> 7)))
                pieces.append(first + head + body)
                sent += 1
            waiting = b"".join(pieces)
        readable, writable, _ = select.select([broker], [broker] if waiting else [], [], 0.002)
        if writable:
            waiting = waiting[broker.send(waiting) :]
        if readable:
            heard += broker.recv(1 << 16)
            acknowledged, heard = _acknowledged(heard, acknowledged)
    took = time.monotonic() - begin
    print(json.dumps({"acknowledged": acknowledged, "sent": sent, "seconds": took}))


def _acknowledged(data: bytes, count: int) -> tuple[int, bytes]:
    """Count PUBACKs; what is left of the last one."""
    at = 0
    while len(data) - at >= 2 and len(data) - at >= 2 + data[at + 1]:
        refused = data[at + 1] > 2 and data[at + 4] >= 0x80
        count += data[at] == 0x40 and not refused
        at += 2 + data[at + 1]
    return count, data[at:]


def main() -> None:
    """Everything, one figure on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--load", type=Path)
    parser.add_argument("--generate", nargs=4)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--only", choices=("registry", "telemetry"))
    chosen = parser.parse_args()
    if chosen.load:
        print(json.dumps(load(chosen.load)))
        return
    if chosen.generate:
        port, rate, seconds, count = chosen.generate
        generate(int(port), int(rate), float(seconds), int(count))
        return
    figures: dict[str, float] = {}
    if chosen.only != "telemetry":
        figures |= registry_figures(chosen.devices)
    if chosen.only != "registry":
        figures |= asyncio.run(telemetry_figures(chosen.seconds, chosen.rate, chosen.devices))
    for name, value in figures.items():
        print(f"{name:36} {value:12,.1f}")


if __name__ == "__main__":
    main()
