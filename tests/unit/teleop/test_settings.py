"""The media process reads its environment once, and names what is wrong."""

from __future__ import annotations

import pytest

from patrol_core.errors import InvalidInput
from teleop.settings import settings_from


def test_video_leaves_from_loopback_unless_told_otherwise() -> None:
    assert settings_from({}).host == "127.0.0.1"
    assert settings_from({"RONDA_MEDIA_HOST": "*"}).host == "*"
    assert settings_from({"RONDA_MEDIA_HOST": "192.0.2.7"}).host == "192.0.2.7"


def test_a_name_is_no_address() -> None:
    with pytest.raises(InvalidInput, match="RONDA_MEDIA_HOST: expected an address"):
        settings_from({"RONDA_MEDIA_HOST": "robot.example"})
