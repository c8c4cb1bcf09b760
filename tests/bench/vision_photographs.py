"""What the finder makes of real people: as they stand in photographs, and with camera and street laid on their side.

    python -m tests.bench.vision_photographs --pictures <folder of photographs>

It keeps no picture. Somebody counts who is surely seen upright with shoulders, hips and ankles in the picture; turned
by a quarter, the same body in the same place must be called lying. Nobody's ground is known in a photograph.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from patrol_core.errors import Unavailable
from patrol_vision.models import load_finder
from patrol_vision.pose import Box, PersonFinder, PersonView, Picture, overlap
from tests.bench.report import BenchReport

LONGER_SIDE_PX = 640
SURE = 0.7  # score of somebody who counts
UPRIGHT_DEG = 20.0  # of the torso off the vertical
SAME_BODY = 0.4  # intersection over union
LIES = 0.5
QUARTERS = (1, 3)
_SHOULDERS, _HIPS, _ANKLES = slice(11, 13), slice(23, 25), slice(27, 29)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was seen of how many."""

    photographs: int = 0
    views: int = 0  # sure views in photographs as they are
    upright: int = 0  # of them, whole and upright
    upright_lying: int = 0
    turned_seen: int = 0
    turned_lying: int = 0


def main() -> None:
    """Measure, print and write build/bench/vision-photographs.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of photographs with people in them")
    tally = tally_of(photographs(parser.parse_args().pictures), load_finder())
    if not tally.turned_seen:
        raise Unavailable(f"expected whole upright people in the photographs; came {tally}")
    report = BenchReport("vision-photographs")
    report.add("photographs", tally.photographs, "pictures")
    report.add("photographs_upright_lying", tally.upright_lying / tally.upright, f"share of {tally.upright} views")
    report.add("photographs_turned_seen", tally.turned_seen / (2 * tally.upright), f"share of {2 * tally.upright}")
    report.add("photographs_turned_lying", tally.turned_lying / tally.turned_seen, f"share of {tally.turned_seen}")
    print(f"written to {report.write()}")


def tally_of(pictures: Iterator[Picture], finder: PersonFinder) -> Tally:
    """Look at each as it is, and turned by a quarter to either side."""
    tally = Tally()
    for picture in pictures:
        height, width = picture.shape[:2]
        views = [view for view in finder.people(picture, horizon_px=None) if view.score >= SURE]
        upright = [view for view in views if stands_whole(view, width, height)]
        tally.photographs += 1
        tally.views += len(views)
        tally.upright += len(upright)
        tally.upright_lying += sum(view.lying >= LIES for view in upright)
        for quarters in QUARTERS if upright else ():
            turned = finder.people(np.ascontiguousarray(np.rot90(picture, quarters)), horizon_px=None)
            for view in upright:
                there = same_body(turned, turned_box(view.box, quarters, width, height))
                tally.turned_seen += there is not None
                tally.turned_lying += there is not None and there.lying >= LIES
    return tally


def photographs(folder: Path) -> Iterator[Picture]:
    """Each photograph, as large as a camera's picture."""
    for path in sorted(folder.iterdir()):
        read = cv2.imread(str(path))
        if read is not None:
            scale = LONGER_SIDE_PX / max(read.shape[:2])
            small = cv2.resize(read, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            yield np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def stands_whole(view: PersonView, width: int, height: int) -> bool:
    """Whether shoulders, hips and ankles are in the picture, one above the other."""
    points = view.keypoints[:, :2].astype(np.float64)
    shoulders, hips, ankles = (points[part].mean(axis=0) for part in (_SHOULDERS, _HIPS, _ANKLES))
    inside = all(0 <= x < width and 0 <= y < height for x, y in (shoulders, hips, ankles))
    torso = hips - shoulders
    return inside and math.degrees(math.atan2(abs(torso[0]), torso[1])) <= UPRIGHT_DEG


def turned_box(box: Box, quarters: int, width: int, height: int) -> Box:
    """Where a box lies in a picture that was turned to the left so often; the picture's size was before."""
    for _ in range(quarters):
        left, top, right, bottom = box
        box = (top, width - right, bottom, width - left)
        width, height = height, width
    return box


def same_body(views: Sequence[PersonView], box: Box) -> PersonView | None:
    """The view whose box is nearest to this one's, if any is."""
    best = max(views, key=lambda view: overlap(view.box, box), default=None)
    return best if best is not None and overlap(best.box, box) >= SAME_BODY else None


if __name__ == "__main__":
    main()
