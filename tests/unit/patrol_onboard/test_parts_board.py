"""What a robot's other processes say about themselves, and what their silence means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from patrol_core.part import PartReport, PartState
from patrol_core.site import Text
from patrol_onboard.parts_board import MOST, PartsBoard

AT = datetime(2026, 3, 2, tzinfo=UTC)
WELL = PartReport(name="vision", state=PartState.OK, because=Text(zh="", en=""), version="blaze 01", stamped_at=AT)


def board() -> PartsBoard:
    return PartsBoard(expected=("media", "vision"), since_s=100.0)


def test_a_part_that_never_spoke_is_not_running_since_the_robot_came_up() -> None:
    media, vision = board().reports(160.0, AT)
    assert (media.name, media.state) == ("media", PartState.UNAVAILABLE)
    assert vision.because == Text(zh="视觉识别没有运行", en="vision is not running")
    assert (AT - vision.stamped_at).total_seconds() == 60.0


def test_a_part_is_as_it_says_until_it_is_silent_for_three_seconds() -> None:
    parts = board()
    parts.heard(WELL, 160.0)
    assert parts.reports(163.0, AT)[1] == WELL
    silent = parts.reports(163.1, AT)[1]
    assert silent.state is PartState.UNAVAILABLE
    assert silent.because.en == "vision has fallen silent"
    assert silent.version == "blaze 01"
    parts.heard(WELL, 170.0)
    assert parts.reports(170.0, AT)[1] == WELL


def test_a_part_nobody_expected_is_told_as_well_up_to_a_bound() -> None:
    parts = board()
    for i in range(MOST + 5):
        parts.heard(replace(WELL, name=f"part-{i:02}"), 160.0)
    assert len(parts.reports(160.0, AT)) == MOST + 2


def test_a_robot_without_a_camera_expects_nothing() -> None:
    assert PartsBoard(expected=(), since_s=0.0).reports(60.0, AT) == ()
