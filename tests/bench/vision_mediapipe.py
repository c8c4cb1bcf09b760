"""Our BlazePose chain against mediapipe's own graph on the same pictures: landmarks, presence, verdict.

    python -m tests.bench.vision_mediapipe --python <interpreter with mediapipe==0.10.21> [--pictures <folder>]

It installs nothing and keeps no picture: rendered ones are made here, photographs are whatever lies in the folder, cut,
turned and scaled. Both chains look at the whole picture once, for one body.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from patrol_core.errors import Unavailable
from patrol_vision.blazepose_detector import Detector, Square
from patrol_vision.blazepose_landmarks import Landmarks
from patrol_vision.lying import by_rule, torso_deg
from patrol_vision.models import BLAZEPOSE, models_folder, verified
from patrol_vision.pose import Picture
from patrol_vision.tiles import pixels_of
from sim.dataset import FrameKind, SeedRange, frames
from tests.bench.report import BenchReport

RENDERED = SeedRange(first=500_000, count=1_000)  # neither tuned on nor reported
FRAMES_OF_A_KIND, CUTS = 100, 400  # of all photographs together
LEAST_DETECTION, LEAST_PRESENCE = 0.5, 0.5  # of mediapipe's own graph
LEAST_VISIBILITY = 0.5  # of a landmark that is compared; one outside the picture is a guess, and is not
WITHIN = 0.05  # of the torso's length
_PEER = Path(__file__).with_name("mediapipe_process.py")
_SHOULDERS, _HIPS = slice(11, 13), slice(23, 25)

Points = npt.NDArray[np.float64]  # (33, 3): x px, y px, visibility


class Ours:
    """One body of a whole picture, as mediapipe's graph looks for it."""

    def __init__(self) -> None:
        contents = [verified(models_folder(), BLAZEPOSE, file) for file in BLAZEPOSE.files]
        self._detector, self._landmarks = Detector(contents[0]), Landmarks(contents[1])

    def points(self, picture: Picture) -> Points | None:
        """Its landmarks, or None."""
        height, width = picture.shape[:2]
        side = float(max(width, height))
        whole = Square(left_px=(width - side) / 2, top_px=(height - side) / 2, side_px=side)
        rois = self._detector.rois(pixels_of(picture, whole), whole, least_score=LEAST_DETECTION)
        if not rois:
            return None
        body = self._landmarks.body(picture, rois[0])
        return body.keypoints.astype(np.float64) if body.presence >= LEAST_PRESENCE else None


def main() -> None:
    """Measure, print and write build/bench/vision-mediapipe.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that can import mediapipe")
    parser.add_argument("--pictures", type=Path, help="a folder of photographs with people in them")
    arguments = parser.parse_args()
    report = BenchReport("vision-mediapipe")
    compare(report, "rendered", list(rendered()), arguments.python)
    if arguments.pictures:
        compare(report, "photographs", list(photographs(arguments.pictures)), arguments.python)
    print(f"written to {report.write()}")


def compare(report: BenchReport, name: str, pictures: list[Picture], python: str) -> None:
    """Add what the two chains agree on."""
    ours = Ours()
    mine = [ours.points(picture) for picture in pictures]
    theirs = list(mediapipes(pictures, python))
    found = list(zip(mine, theirs, pictures, strict=True))
    both = [(a, b) for a, b, _ in found if a is not None and b is not None]
    if not both:
        raise Unavailable(f"{name}: neither chain finds anybody in {len(pictures)} pictures")
    of_each = [offsets(a, b, picture) for a, b, picture in found if a is not None and b is not None]
    off = np.concatenate(of_each)
    report.add(f"mediapipe_{name}_pictures", len(pictures), "pictures")
    same_presence = sum((a is None) == (b is None) for a, b in zip(mine, theirs, strict=True))
    report.add(f"mediapipe_{name}_same_presence", same_presence / len(pictures), "share of pictures")
    report.add(f"mediapipe_{name}_bodies_of_both", len(both), "pictures")
    report.add(f"mediapipe_{name}_offset_median", median(off.tolist()), "torso lengths")
    report.add(f"mediapipe_{name}_within_5_pct", float(np.mean(off <= WITHIN)), "share of landmarks")
    of_bodies = [median(offsets.tolist()) for offsets in of_each if offsets.size]
    report.add(
        f"mediapipe_{name}_bodies_within_5_pct", float(np.mean(np.array(of_bodies) <= WITHIN)), "share, by median"
    )
    same = sum(lies(a) == lies(b) for a, b in both)
    report.add(f"mediapipe_{name}_same_verdict", same / len(both), f"share of {len(both)}")
    report.add(f"mediapipe_{name}_lying", sum(lies(b) for _, b in both), "pictures, as mediapipe's landmarks say")


def offsets(mine: Points, theirs: Points, picture: Picture) -> Points:
    """How far apart the landmarks are that mediapipe sees in the picture, over the length of its torso."""
    torso = float(np.linalg.norm(theirs[_SHOULDERS, :2].mean(axis=0) - theirs[_HIPS, :2].mean(axis=0)))
    height, width = picture.shape[:2]
    inside = (theirs[:, :2] >= 0).all(axis=1) & (theirs[:, 0] < width) & (theirs[:, 1] < height)
    seen = (theirs[:, 2] > LEAST_VISIBILITY) & inside
    return np.asarray(np.linalg.norm(mine[seen, :2] - theirs[seen, :2], axis=1) / max(1.0, torso))


def lies(points: Points) -> bool:
    """The rule that every set of landmarks can be asked."""
    width, height = np.ptp(points[:, :2], axis=0)
    places = points[:, :2].astype(np.float32)
    deg = torso_deg(places[_SHOULDERS].mean(axis=0), places[_HIPS].mean(axis=0))
    return by_rule(deg, float(width / max(1.0, height))) >= 0.5


def mediapipes(pictures: Iterable[Picture], python: str) -> Iterator[Points | None]:
    """What mediapipe's own graph finds; raises Unavailable where that interpreter has none."""
    if subprocess.run([python, "-c", "import mediapipe"], capture_output=True, check=False).returncode:
        raise Unavailable(f"expected an interpreter with mediapipe==0.10.21 (--python); {python} cannot import it")
    with tempfile.TemporaryDirectory() as folder:
        names = []
        sizes = []
        for i, picture in enumerate(pictures):
            names.append(f"{folder}/{i}.png")
            sizes.append((picture.shape[1], picture.shape[0], 1.0))
            cv2.imwrite(names[-1], cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        done = subprocess.run(
            [python, str(_PEER)], input="\n".join(names), capture_output=True, text=True, check=True, timeout=3600
        )
    for line, size in zip(done.stdout.splitlines(), sizes, strict=True):
        points = json.loads(line)
        yield None if points is None else np.array(points) * size


def rendered() -> Iterator[Picture]:
    """Squares round people of every posture, of any size, as a tile of the finder shows them."""
    pick = random.Random("mediapipe rendered")
    for kind in (FrameKind.LYING, FrameKind.WITHOUT):
        for frame in frames(RENDERED.seeds(FRAMES_OF_A_KIND), kind=kind):
            if not frame.people:
                continue
            person = next((p for p in frame.people if p.lies), frame.people[0])
            left, top, right, bottom = person.box_px
            side = round(max(96, pick.uniform(1.3, 2.0) * max(right - left, bottom - top)))
            x, y = (left + right - side) // 2, (top + bottom - side) // 2
            yield np.ascontiguousarray(frame.picture[max(0, y) : y + side, max(0, x) : x + side])


def photographs(folder: Path) -> Iterator[Picture]:
    """Each photograph of a folder, whole and cut, turned by quarters and scaled."""
    paths = sorted(folder.iterdir())
    for path in paths:
        read = cv2.imread(str(path))
        if read is None:
            continue
        photo = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
        pick = random.Random(path.name)
        height, width = photo.shape[:2]
        for i in range(math.ceil(CUTS / len(paths))):
            share = 1.0 if i == 0 else pick.uniform(0.5, 1.0)
            left, top = (round(pick.uniform(0, 1 - share) * length) for length in (width, height))
            part = photo[top : top + round(share * height), left : left + round(share * width)]
            scale = pick.uniform(240.0, 720.0) / max(part.shape[:2])
            part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            yield np.ascontiguousarray(np.rot90(part, pick.choice((0, 0, 1, 3)) if i else 0), dtype=np.uint8)


if __name__ == "__main__":
    main()
