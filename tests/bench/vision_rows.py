"""`python -m tests.bench.vision_rows`: what the finder would judge in tuning frames, and the truth about it.

It looks at each frame as the finder does and keeps features and patch of each body for `vision_fit`. The reporting
seeds are never touched here.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from patrol_vision.blazepose import BlazePose, box_of
from patrol_vision.blazepose_landmarks import Body
from patrol_vision.lying_features import features, names
from patrol_vision.lying_patch import patch
from patrol_vision.models import load_finder
from patrol_vision.pose import overlap
from sim.dataset import TUNING, Frame, FrameKind, frames
from tests.bench.report import ROOT
from tests.bench.vision_frames import horizon_px

ROWS = ROOT / "build" / "bench" / "lying_rows.npz"
BLOCK, LYING = 200, 120  # seeds that share a painted world; so many of them with somebody down, all of them without


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One body of one frame."""

    seed: int
    without: bool  # nobody lies in the frame
    away_m: float  # of who lies; 0 where nobody does
    bearing_deg: float  # of who lies: 0 head-on, 90 from the side
    presence: float
    overlap: float  # with the truth's box of whoever it overlaps best
    lies: bool  # and that one lies
    numbers: npt.NDArray[np.float64]
    patch: npt.NDArray[np.uint8]


def main() -> None:
    """Look and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=12)
    parser.add_argument("--to", type=Path, default=ROWS)
    arguments = parser.parse_args()
    finder = load_finder("blazepose")
    assert isinstance(finder, BlazePose)
    rows: list[Row] = []
    for block in range(arguments.blocks):
        seeds = TUNING.seeds(BLOCK * (block + 1))[BLOCK * block :]
        for kind, chosen in ((FrameKind.LYING, seeds[:LYING]), (FrameKind.WITHOUT, seeds)):
            for frame in frames(chosen, kind=kind):
                rows += rows_of(frame, finder)
        print(f"block {block}: {len(rows)} bodies", flush=True)
    write(rows, arguments.to)


def rows_of(frame: Frame, finder: BlazePose) -> list[Row]:
    """What the finder would judge in a frame, and the truth about it."""
    return [
        row_of(frame, first, second) for first, second in finder.bodies(frame.picture, horizon_px=horizon_px(frame))
    ]


def row_of(frame: Frame, first: Body, second: Body) -> Row:
    """One body, and the truth about it."""
    box = box_of(second, frame.picture)
    shared = [overlap(box, tuple(map(float, person.box_px))) for person in frame.people]
    best = int(np.argmax(shared)) if shared else -1
    down = next((person for person in frame.people if person.lies), None)
    across = abs(math.sin(down.body_bearing_rad)) if down else 0.0
    return Row(
        seed=frame.seed,
        without=frame.kind is FrameKind.WITHOUT,
        away_m=down.distance_m if down else 0.0,
        bearing_deg=math.degrees(math.asin(min(1.0, across))),
        presence=(first.presence + second.presence) / 2,
        overlap=shared[best] if shared else 0.0,
        lies=bool(shared) and frame.people[best].lies,
        numbers=features(first, second, horizon_px=horizon_px(frame), camera_up_m=frame.camera.z_m),
        patch=patch(frame.picture, box),
    )


def write(rows: Iterable[Row], path: Path) -> None:
    """One array for each field, and the names of the numbers."""
    kept = list(rows)
    columns = {name: np.array([getattr(row, name) for row in kept]) for name in Row.__slots__}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, names=np.array(names()), **columns)
    print(f"written to {path}")


if __name__ == "__main__":
    main()
