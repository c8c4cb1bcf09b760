"""What a robot is told from outside: the environment, checked once and by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patrol_core.environment import port, speed
from patrol_core.errors import InvalidInput

ROUTER_PORTS_FROM = 7450  # r1 → 7451, r2 → 7452


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotSettings:
    """Where a robot keeps its things, and whom it talks to."""

    robot_id: str
    site: str  # name or folder of the site
    data: Path
    center_url: str
    center_router: str  # Zenoh endpoint
    router_port: int | None  # of the robot's own router; None where neither told nor to be guessed from the id
    token_file: Path
    speed: float  # site time over real time


def settings_from(environment: Mapping[str, str], robot_id: str) -> RobotSettings:
    """The settings of one robot.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", robot_id):
        raise InvalidInput(f"expected lower-case letters, digits and dashes; came {robot_id!r}", where="--id")
    state_home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    data = Path(environment.get("RONDA_DATA") or Path(state_home) / "ronda" / "robots" / robot_id)
    return RobotSettings(
        robot_id=robot_id,
        site=environment.get("RONDA_SITE") or "xinghe",
        data=data,
        center_url=_url(environment, "RONDA_CENTER_URL", "http://127.0.0.1:8000"),
        center_router=_endpoint(environment, "RONDA_CENTER_ROUTER", "tcp/127.0.0.1:7447"),
        router_port=_router_port(environment, robot_id),
        token_file=Path(environment.get("RONDA_ROBOT_TOKEN_FILE") or data / "token"),
        speed=speed(environment),
    )


def _router_port(environment: Mapping[str, str], robot_id: str) -> int | None:
    """As told; else from the number at the end of the id; None where it has none."""
    if environment.get("RONDA_ROBOT_ROUTER_PORT"):
        return port(environment, "RONDA_ROBOT_ROUTER_PORT", ROUTER_PORTS_FROM)
    number = re.search(r"(\d{1,3})$", robot_id)
    return ROUTER_PORTS_FROM + int(number[1]) if number else None


def _url(environment: Mapping[str, str], name: str, usual: str) -> str:
    text = environment.get(name) or usual
    if not re.match(r"https?://[^/]+", text):
        raise InvalidInput(f"expected http://host:port or https://host:port; came {text!r}", where=name)
    return text.rstrip("/")


def _endpoint(environment: Mapping[str, str], name: str, usual: str) -> str:
    text = environment.get(name) or usual
    if not re.fullmatch(r"(tcp|tls|quic)/.+:\d+", text):
        raise InvalidInput(f"expected a Zenoh endpoint such as {usual}; came {text!r}", where=name)
    return text
