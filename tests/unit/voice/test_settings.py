"""What the voice process is told from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_core.errors import InvalidInput
from voice.settings import settings_from


def test_a_robot_has_a_sound_card_unless_told_otherwise(tmp_path: Path) -> None:
    assert settings_from({"RONDA_DATA": str(tmp_path)}, "r1").device == "default"
    assert settings_from({"RONDA_LOUDSPEAKER": "alsa:plughw:1,0"}, "r1").device == "plughw:1,0"
    simulated = settings_from({"RONDA_LOUDSPEAKER": "folder", "RONDA_DATA": str(tmp_path), "RONDA_SPEED": "4"}, "r1")
    assert (simulated.device, simulated.data, simulated.speed) == (None, tmp_path, 4.0)


@pytest.mark.parametrize("wrong", ["horn", "folder:/tmp", ":default"])
def test_a_loudspeaker_nobody_knows_is_named(wrong: str) -> None:
    with pytest.raises(InvalidInput, match="RONDA_LOUDSPEAKER"):
        settings_from({"RONDA_LOUDSPEAKER": wrong}, "r1")
