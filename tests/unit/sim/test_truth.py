"""The truth file has where robots were, ten lines a metre, and what happened; nothing writes it unless told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from sim.ground_robot import Twist
from sim.scenario import QUIET, Alarm, TimedEvent
from sim.truth import TruthFile
from sim.world import World
from tests.unit.sim.block import START


def test_it_holds_every_robot_s_way_and_the_events(site, tmp_path):
    alarm = TimedEvent(at_s=2.0, what=Alarm(device_id="smoke-b1", value=0.2))
    world = World(site=site, scenario=replace(QUIET, events=(alarm,)), started_at=START)
    path = tmp_path / "deep" / "truth.jsonl"
    with TruthFile(path) as truth:
        for _ in range(100):
            world.command("r1", Twist(speed_mps=-0.3))
            truth.note(world, world.step())
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    mine = [line for line in lines if line.get("robot_id") == "r1"]
    assert len(mine) == 25
    assert mine[-1]["x_m"] > mine[0]["x_m"]
    assert datetime.fromisoformat(mine[-1]["at"]) > datetime.fromisoformat(mine[0]["at"])
    assert {"Alarm"} == {line["event"] for line in lines if "event" in line}
