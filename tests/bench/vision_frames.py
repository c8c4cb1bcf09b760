"""How well single pictures are judged: frames of the reporting seeds, which nothing was tuned on, one after the other.

A frame with somebody down counts when a view that lies overlaps them; a frame without counts against the finder when
any view in it lies. Nothing votes over time here. Truth is used to score, never to look.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from patrol_vision.models import load_finder
from patrol_vision.pose import PersonFinder, PersonView, overlap
from sim.dataset import REPORTING, Frame, FrameKind, Mount, PersonTruth, frames
from tests.bench.report import BenchReport

LYING, WITHOUT, DRONE = 800, 1200, 100
NEAR_M = 4.0
LIES = 0.5
_SAME = 0.2  # overlap of a view's box with the truth's
_CHUNK = 100  # frames a worker takes at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One frame, scored."""

    seed: int
    kind: FrameKind
    away_m: float  # of who lies; nan where nobody does
    bearing_deg: float  # 0: seen from the feet or the head; 90: from the side; nan where nobody lies
    seen: bool  # a view overlaps who lies
    lies: bool  # and lies; in a frame without: any view lies


@dataclass(slots=True, kw_only=True)
class Tally:
    """Frames scored, and what looking at them cost."""

    scored: list[Scored] = field(default_factory=list)
    looked_s: float = 0.0  # of one core

    def recall(self, *, to_m: float, from_m: float = 0.0, bearings: range = range(91)) -> tuple[float, int]:
        """Share of those who lie that are called so, and of how many; nan of none."""
        chosen = [s for s in self.scored if from_m <= s.away_m < to_m and round(s.bearing_deg) in bearings]
        return (sum(s.lies for s in chosen) / len(chosen) if chosen else math.nan), len(chosen)

    def false_per_1000(self) -> tuple[float, int]:
        """Frames without anybody down that are called lying, of 1,000; and of how many."""
        chosen = [s for s in self.scored if s.kind is FrameKind.WITHOUT]
        return (1000 * sum(s.lies for s in chosen) / len(chosen) if chosen else math.nan), len(chosen)


def measure(report: BenchReport, *, model: str | None = None, folder: Path | None = None) -> Tally:
    """All frames, on every core; adds the figures."""
    tally = merged(
        [
            *_run(FrameKind.LYING, LYING, Mount.ROBOT, model, folder),
            *_run(FrameKind.WITHOUT, WITHOUT, Mount.ROBOT, model, folder),
        ]
    )
    report.add("detector_fps_per_core", len(tally.scored) / tally.looked_s, "fps")
    report.add("sim_lying_recall_4m", tally.recall(to_m=NEAR_M)[0], "share")
    report.add("sim_false_lying_per_1000", tally.false_per_1000()[0], "frames")
    for name, bearings in (("from_side", range(60, 91)), ("oblique", range(30, 60)), ("head_on", range(30))):
        for from_m, to_m in ((2, 4), (4, 6), (6, 8)):
            share, count = tally.recall(from_m=from_m, to_m=to_m, bearings=bearings)
            report.add(f"sim_lying_recall_{name}_{from_m}_to_{to_m}_m_of_{count}", share, "share")
    drone = merged(_run(FrameKind.LYING, DRONE, Mount.DRONE, model, folder))
    report.add("sim_lying_recall_drone_10m_up", drone.recall(to_m=math.inf)[0], "share")
    return tally


def merged(tallies: Iterable[Tally]) -> Tally:
    """One tally of many."""
    whole = Tally()
    for tally in tallies:
        whole.scored += tally.scored
        whole.looked_s += tally.looked_s
    return whole


def scored(pictures: Iterable[Frame], finder: PersonFinder) -> Tally:
    """Look at frames one by one."""
    tally = Tally()
    for frame in pictures:
        began_s = time.process_time()
        views = finder.people(frame.picture, horizon_px=horizon_px(frame), camera_up_m=frame.camera.z_m)
        tally.looked_s += time.process_time() - began_s
        tally.scored.append(score(frame, views))
    return tally


def score(frame: Frame, views: Sequence[PersonView]) -> Scored:
    """What a finder's answer to a frame is worth."""
    down = [person for person in frame.people if person.lies]
    if not down:
        lies = any(view.lying >= LIES for view in views)
        nan = math.nan
        return Scored(seed=frame.seed, kind=frame.kind, away_m=nan, bearing_deg=nan, seen=False, lies=lies)
    (person,) = down
    on_them = [view for view in views if overlap(view.box, _box(person)) >= _SAME]
    across = abs(math.sin(person.body_bearing_rad))
    return Scored(
        seed=frame.seed,
        kind=frame.kind,
        away_m=person.distance_m,
        bearing_deg=math.degrees(math.asin(min(1.0, across))),
        seen=bool(on_them),
        lies=any(view.lying >= LIES for view in on_them),
    )


def horizon_px(frame: Frame) -> float:
    """Row of the horizon, by the camera's geometry."""
    camera = frame.camera
    focal_px = camera.width_px / 2 / math.tan(camera.hfov_rad / 2)
    return camera.height_px / 2 + focal_px * math.tan(camera.tilt_rad)


def _box(person: PersonTruth) -> tuple[float, float, float, float]:
    left, top, right, bottom = person.box_px
    return float(left), float(top), float(right), float(bottom)


def _run(kind: FrameKind, count: int, mount: Mount, model: str | None, folder: Path | None) -> list[Tally]:
    seeds = REPORTING.seeds(count)
    chunks = [seeds[i : i + _CHUNK] for i in range(0, count, _CHUNK)]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(_chunk, chunks, *([value] * len(chunks) for value in (kind, mount, model, folder))))


def _chunk(seeds: range, kind: FrameKind, mount: Mount, model: str | None, folder: Path | None) -> Tally:
    return scored(frames(seeds, kind=kind, mount=mount), load_finder(model, folder=folder))
