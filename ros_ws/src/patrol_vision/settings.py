"""What the eyes are told from outside: the environment, checked once and by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from patrol_core.environment import speed
from patrol_core.errors import InvalidInput, Unavailable

CAMERA_ID = "front"  # of a robot's one camera


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionSettings:
    """Of a robot's perception process."""

    speed: float  # site time over real time
    model: str | None  # model set; None takes the first that is there


def settings_from(environment: Mapping[str, str]) -> VisionSettings:
    """Raises InvalidInput naming the variable, what was expected and what came."""
    return VisionSettings(speed=speed(environment), model=environment.get("RONDA_VISION_MODEL") or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSettings:
    """Of one fixed camera's process."""

    site: str  # name or folder of the site
    data: Path
    center_url: str
    token_file: Path
    speed: float
    model: str | None


def camera_settings_from(environment: Mapping[str, str], camera_id: str) -> CameraSettings:
    """Raises InvalidInput naming the variable, what was expected and what came."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", camera_id):
        raise InvalidInput(f"expected lower-case letters, digits and dashes; came {camera_id!r}", where="--id")
    state_home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    data = Path(environment.get("RONDA_DATA") or Path(state_home) / "ronda" / "cameras" / camera_id)
    center_url = environment.get("RONDA_CENTER_URL") or "http://127.0.0.1:8000"
    if not re.match(r"https?://[^/]+", center_url):
        raise InvalidInput(
            f"expected http://host:port or https://host:port; came {center_url!r}", where="RONDA_CENTER_URL"
        )
    return CameraSettings(
        site=environment.get("RONDA_SITE") or "xinghe",
        data=data,
        center_url=center_url.rstrip("/"),
        token_file=Path(environment.get("RONDA_CAMERA_TOKEN_FILE") or data / "token"),
        speed=speed(environment),
        model=environment.get("RONDA_VISION_MODEL") or None,
    )


def token_from(path: Path) -> Callable[[], str]:
    """A reader of a token file; it raises Unavailable where there is none."""

    def read() -> str:
        try:
            return path.read_text().strip()
        except OSError as error:
            raise Unavailable(f"expected the camera's token in {path}; came {error.strerror}") from None

    return read
