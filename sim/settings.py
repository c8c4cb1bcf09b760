"""What the simulator is told from outside: environment and flags, checked once and by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from patrol_core.environment import port
from patrol_core.environment import speed as site_speed
from patrol_core.errors import InvalidInput

ENDPOINT = re.compile(r"(tcp|tls|quic)/.+:\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimSettings:
    """How to run, and whom to talk to."""

    site: str  # name or folder
    scenario: str  # name or YAML file
    seed: int | None  # None: the scenario's
    speed: float  # site time over real time
    robot_routers: Mapping[str, str]  # robot id → Zenoh endpoint of its router
    mqtt_host: str
    mqtt_port: int
    direct_drive: bool  # the wheels obey navigation without a robot's base in between
    truth: Path | None  # for tests only: where true poses and events are written


def settings_from(
    environment: Mapping[str, str],
    *,
    site: str | None = None,
    scenario: str | None = None,
    seed: int | None = None,
    speed: float | None = None,
    robot_routers: Sequence[str] = (),
    direct_drive: bool = False,
) -> SimSettings:
    """Flags win over the environment; robots without a router named are not connected to.

    Raises:
        InvalidInput: names the variable or flag, what was expected and what came.
    """
    truth = environment.get("RONDA_SIM_TRUTH")
    return SimSettings(
        site=site or environment.get("RONDA_SITE") or "xinghe",
        scenario=scenario or environment.get("RONDA_SCENARIO") or "demo",
        seed=seed,
        speed=site_speed(environment if speed is None else {"RONDA_SPEED": str(speed)}),
        robot_routers=dict(map(_robot_router, robot_routers)),
        mqtt_host=environment.get("RONDA_MQTT_HOST") or "127.0.0.1",
        mqtt_port=port(environment, "RONDA_MQTT_PORT", 1883),
        direct_drive=direct_drive,
        truth=Path(truth) if truth else None,
    )


def _robot_router(text: str) -> tuple[str, str]:
    robot_id, equals, endpoint = text.partition("=")
    if not robot_id or not equals or not ENDPOINT.fullmatch(endpoint):
        raise InvalidInput(
            f"expected <robot>=<endpoint> such as r1=tcp/127.0.0.1:7451; came {text!r}", where="--robot-router"
        )
    return robot_id, endpoint
