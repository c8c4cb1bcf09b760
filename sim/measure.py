"""Figures about the simulator that anyone can measure again: how fast it goes, how fast it draws."""

from __future__ import annotations

import time
from itertools import cycle

from maps import load_site
from sim.dataset import TUNING, FrameKind, frames
from sim.rehearsal import Arrived, GaveUp, Rehearsal

_SITE = "xinghe"


def accelerated_site_time_over_wall(*, site_s: float = 1800.0) -> float:
    """Seconds of site time for each second of real time: the demo's site, two robots on patrol, in lockstep."""
    site = load_site(_SITE)
    rehearsal = Rehearsal(site, scenario="demo")
    viewpoints = list(site.viewpoints.values())
    ways = {"r1": cycle(viewpoints), "r2": cycle(viewpoints[::-1])}
    for robot_id, way in ways.items():
        rehearsal.goto(robot_id, next(way).pose)
    began_s = time.perf_counter()
    while rehearsal.world.elapsed_s < site_s:
        for event in rehearsal.tick():
            if isinstance(event, Arrived | GaveUp):
                rehearsal.goto(event.robot_id, next(ways[event.robot_id]).pose)
    return rehearsal.world.elapsed_s / (time.perf_counter() - began_s)


def render_frames_per_s(*, frames: int = 200) -> float:
    """Pictures of 640×480 a second from the renderer's process, two robots in turn, residents walking."""
    with Rehearsal(load_site(_SITE), scenario="demo") as rehearsal:
        for robot_id in ("r1", "r2"):
            rehearsal.photo(robot_id)  # the stage is built, textures are loaded
        began_s = time.perf_counter()
        for i in range(frames):
            rehearsal.tick()
            rehearsal.photo(("r1", "r2")[i % 2])
        return frames / (time.perf_counter() - began_s)


def dataset_frames_per_s(*, number: int = 60) -> float:
    """Frames with truth a second, both kinds in turn, once the stage of each is built."""
    took_s = 0.0
    for kind in FrameKind:
        made = frames(TUNING.seeds(number + 1), kind=kind)
        next(made)  # the stage is built
        began_s = time.perf_counter()
        for _ in made:
            pass
        took_s += time.perf_counter() - began_s
    return 2 * number / took_s
