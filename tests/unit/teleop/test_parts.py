"""What is said of media and camera: never fine by silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrol_core.part import PartState
from teleop.parts import CameraSigns, camera_report, media_missing, media_report
from tests.unit.teleop.cameras import BEGAN

FINE = CameraSigns(watched=True, published=True, silent_s=0.1, unusable=None, pictures=12, replaced=0)


@pytest.mark.parametrize(
    ("signs", "state", "words"),
    [
        (FINE, PartState.OK, ""),
        (replace(FINE, silent_s=1.9), PartState.OK, ""),
        (replace(FINE, silent_s=2.1), PartState.UNAVAILABLE, "the camera gives no pictures"),
        (replace(FINE, unusable="bayer"), PartState.UNAVAILABLE, "cannot be used: bayer"),
        (replace(FINE, watched=False, silent_s=0), PartState.OK, ""),
        (replace(FINE, watched=False, silent_s=0, published=False), PartState.UNAVAILABLE, "no camera publishes"),
    ],
)
def test_the_camera(signs: CameraSigns, state: PartState, words: str) -> None:
    report = camera_report(signs, at=BEGAN)
    assert (report.name, report.state, report.stamped_at) == ("camera", state, BEGAN)
    assert words in report.because.en
    assert bool(report.because.zh) is bool(words)


def test_an_encoder_that_does_not_keep_up_is_degraded() -> None:
    assert media_report(FINE, version="v", at=BEGAN).state is PartState.OK
    report = media_report(replace(FINE, replaced=4), version="v", at=BEGAN)
    assert report.state is PartState.DEGRADED
    assert "4 of 12" in report.because.en


def test_a_missing_library_is_named() -> None:
    report = media_missing("aiortc", at=BEGAN)
    assert (report.name, report.state) == ("media", PartState.UNAVAILABLE)
    assert "aiortc is not installed" in report.because.en
