"""Long seeded runs: hours of patrols in lockstep, and a demo whose processes are killed again and again."""

from __future__ import annotations

import json
import os
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

import httpx
import paho.mqtt.client as mqtt
import psutil
import pytest

from maps import load_site
from patrol_core.mission import Outcome
from sim.scenario import Scenario
from tests.helpers.crash_ledger import taken_through
from tests.helpers.demo import RunningDemo, running_demo
from tests.helpers.waiting import eventually
from tests.scenario.lockstep import Community

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3_600)]

HOURS = 8
UNIT = "prove"  # of the alarms that are counted here
KILLS = int(os.environ.get("RONDA_PROVE_KILLS", "24"))  # a slice of them, where an hour is too long
KILL_SEED = int(os.environ.get("RONDA_PROVE_SEED", "20"))  # of the slice


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_working_day_of_patrols_among_residents_misses_no_viewpoint_and_hits_no_wall(seed):
    site = load_site("xinghe")
    story = Scenario(name="day", seed=seed, residents=30, events=(), battery_pct={})
    community = Community(site, scenario=story, seed=seed)
    rounds = 0
    for _ in range(HOURS * 2):
        if all(not community.executor(r).memory.unended() for r in site.robots):
            community.patrol(sorted(site.viewpoints))
            rounds += 1
        community.forward(minutes=30)
    ended = [e for e in community.ledger if e.outcome is not Outcome.SEEN]
    seen = [e for e in community.ledger if e.outcome is Outcome.SEEN]
    print(f"seed {seed}: {rounds} rounds, {len(seen)} seen, {len(ended)} not, {len(community.bumps)} touches")
    assert rounds >= 2
    assert len(seen) >= (rounds - 1) * len(site.viewpoints)
    assert len(ended) <= 0.01 * len(seen)
    assert {bump.into for bump in community.bumps} <= {"person", "robot"}
    assert all(e.pose.point.distance_m(site.viewpoint(e.checkpoint_id).pose.point) < 0.5 for e in seen)


@dataclass(slots=True)
class Alarms:
    """Publishes numbered alarms at QoS 1 and keeps those that were acknowledged."""

    port: int
    device_ids: list[str]
    _acknowledged_mids: set[int] = field(default_factory=set)  # the answer may come before `publish` returns
    _sent: dict[int, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="prove", clean_session=False)
        client.on_publish = lambda _c, _u, mid, _r, _p: self._acknowledged_mids.add(mid)
        client.reconnect_delay_set(min_delay=1, max_delay=1)
        client.connect_async("127.0.0.1", self.port)
        client.loop_start()
        number = 0
        while not self._stop.wait(0.05):
            if not client.is_connected():
                continue
            device = self.device_ids[number % len(self.device_ids)]
            words = {"state": "alarm", "value": float(number), "unit": UNIT, "boot": "prove", "seq": number}
            body = json.dumps(words)
            self._sent[client.publish(f"xinghe/sensors/{device}/event", body, qos=1).mid] = number
            number += 1
        client.loop_stop()

    @property
    def acknowledged(self) -> set[int]:
        """Numbers of the alarms that were."""
        return {self._sent[mid] for mid in self._acknowledged_mids.copy() if mid in self._sent}

    def stop(self) -> None:
        self._stop.set()


def test_no_acknowledged_alarm_and_no_ledger_entry_is_lost_however_often_a_process_is_killed(tmp_path):
    rng = random.Random(KILL_SEED)
    with running_demo(tmp_path, RONDA_SPEED="4") as demo:
        devices = [d["device_id"] for d in demo.center.items("/sensors", kind="water_meter", limit=20)]
        alarms = Alarms(demo.mqtt_port, devices)
        thread = threading.Thread(target=alarms.run, daemon=True)
        thread.start()
        known: dict[str, str] = {}
        for _ in range(KILLS):
            victim = rng.choice(["center", "robot-mission", "robot-base", "robot", "sim"])
            more = len(alarms.acknowledged) + 20
            eventually(lambda more=more: len(alarms.acknowledged) >= more, within_s=60, what="alarms acknowledged")
            kill_one(demo, victim, rng)
            eventually(lambda: all_well(demo), within_s=60, every_s=0.5, what=f"well again after {victim} was killed")
            grown = eventually(
                lambda: (now := ledger(demo)) and len(now) > len(known) and now,  # noqa: B023 - awaited here
                within_s=420,
                every_s=0.5,
                what="the ledger filling on",
            )
            assert known.items() <= grown.items(), f"the ledger lost or changed entries after {victim} was killed"
            known = grown
        alarms.stop()
        thread.join()
        eventually(lambda: not alarms.acknowledged - set(kept(demo)), within_s=60, what="every acknowledged alarm kept")
        assert not [number for number, times in kept(demo).items() if times > 1], "none of them twice"
        print(f"{KILLS} kills: {len(alarms.acknowledged)} alarms acknowledged, all kept; {len(known)} ledger entries")


def kill_one(demo: RunningDemo, command: str, rng: random.Random) -> None:
    found = [p for p in demo.processes() if command in words(p)]
    if found:
        rng.choice(found).kill()


def words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def all_well(demo: RunningDemo) -> bool:
    try:
        if demo.center.http.get(f"{demo.url}/readyz").status_code != 200:
            return False
        return all(r["link"] == "online" and r["pose"] for r in demo.center.items("/robots"))
    except httpx.TransportError:
        return False


def ledger(demo: RunningDemo) -> dict[str, str]:
    missions = [demo.center.get(f"/missions/{m['mission_id']}") for m in demo.center.items("/missions", limit=200)]
    return {
        f"{m['mission_id']}/{c['checkpoint_id']}": c["entry"]["at"]
        for m in missions
        for c in m["checkpoints"]
        if c["entry"]
    }


def kept(demo: RunningDemo) -> Counter[int]:
    """How often the center keeps each alarm: as a finding, or as one that was counted while many came at once."""
    bodies = taken_through(demo.data / "center" / "center.db")
    return Counter(int(body["value"]) for body in bodies if body.get("unit") == UNIT)
