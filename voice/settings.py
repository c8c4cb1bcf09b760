"""What the voice process is told from outside: the environment, checked once and by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patrol_core.environment import speed
from patrol_core.errors import InvalidInput

FOLDER, ALSA = "folder", "alsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSettings:
    """Settings of one robot's voice process."""

    data: Path  # of the robot
    device: str | None  # of ALSA; None: a simulated robot, which writes what it says into a folder
    speed: float  # site time over real time


def settings_from(environment: Mapping[str, str], robot_id: str) -> VoiceSettings:
    """The settings.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    state_home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    given = environment.get("RONDA_LOUDSPEAKER") or ALSA
    kind, _, device = given.partition(":")
    if kind not in (FOLDER, ALSA) or (kind == FOLDER and device):
        raise InvalidInput(
            f'expected "{ALSA}", "{ALSA}:<device>" or "{FOLDER}"; came {given!r:.60}', where="RONDA_LOUDSPEAKER"
        )
    return VoiceSettings(
        data=Path(environment.get("RONDA_DATA") or Path(state_home) / "ronda" / "robots" / robot_id),
        device=None if kind == FOLDER else device or "default",
        speed=speed(environment),
    )
