"""What the data channel says: each picture's age, and the boxes with the RTP time of the picture they belong to."""

from __future__ import annotations

import json
import math
from datetime import timedelta

from teleop.overlay import MAX_BOXES, Seen, SeenBox, SentPictures, seen_message, stamp_message
from tests.unit.teleop.cameras import BEGAN


def box(distance_m: float | None = 3.04) -> SeenBox:
    return SeenBox(
        track_id="t1",
        kind="person",
        verdict="suspected",
        score=0.51234,
        box=(0.1, 0.2, 0.3, 0.4),
        distance_m=distance_m,
    )


def seen(*boxes: SeenBox) -> Seen:
    return Seen(stamped_at=BEGAN, camera_id="front", model="poses 1a2b", boxes=boxes)


def test_boxes_as_the_console_reads_them() -> None:
    assert json.loads(seen_message(seen(box()), 4_000_000_000)) == {
        "type": "detections",
        "stamp": "2026-03-02T08:00:00.000000+00:00",
        "rtp": 4_000_000_000,
        "camera": "front",
        "model": "poses 1a2b",
        "boxes": [
            {
                "id": "t1",
                "kind": "person",
                "verdict": "suspected",
                "score": 0.512,
                "box": [0.1, 0.2, 0.3, 0.4],
                "distance_m": 3.0,
            }
        ],
    }


def test_nothing_seen_is_an_empty_list_and_an_unknown_distance_is_null() -> None:
    assert json.loads(seen_message(seen(), None))["boxes"] == []
    assert json.loads(seen_message(seen(box(math.nan)), None))["boxes"][0]["distance_m"] is None


def test_a_crowd_is_cut_to_what_one_message_may_hold() -> None:
    text = seen_message(seen(*[box()] * 500), None)
    assert len(json.loads(text)["boxes"]) == MAX_BOXES
    assert len(text) < 16_000


def test_the_age_of_a_picture() -> None:
    assert json.loads(stamp_message(BEGAN, 7, age_ms=12)) == {
        "type": "stamp",
        "rtp": 7,
        "stamp": "2026-03-02T08:00:00.000000+00:00",
        "age_ms": 12,
    }


def test_only_the_newest_pictures_are_remembered() -> None:
    sent = SentPictures(remembered=3)
    moments = [BEGAN + timedelta(seconds=n) for n in range(5)]
    for n, moment in enumerate(moments):
        sent.note(moment, n)
    assert [sent.rtp_of(moment) for moment in moments] == [None, None, 2, 3, 4]
    assert sent.newest == moments[-1]
