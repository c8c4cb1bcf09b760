"""mediapipe's own graph over pictures, under an interpreter that has it: file names in, one line of JSON each out.

It imports nothing of Ronda: mediapipe wants other versions of what Ronda stands on.
"""

from __future__ import annotations

import json
import sys

import cv2
import mediapipe


def main() -> None:
    """For each picture: [[x, y, visibility] × 33] as shares of the picture, or null."""
    pose = mediapipe.solutions.pose.Pose(static_image_mode=True, model_complexity=1, min_detection_confidence=0.5)
    for line in sys.stdin:
        picture = cv2.cvtColor(cv2.imread(line.strip()), cv2.COLOR_BGR2RGB)
        found = pose.process(picture).pose_landmarks
        points = None if found is None else [[p.x, p.y, p.visibility] for p in found.landmark]
        print(json.dumps(points), flush=True)


if __name__ == "__main__":
    main()
