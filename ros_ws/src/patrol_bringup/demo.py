"""`ronda demo`: a center, a simulated community and its robots on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patrol_core.environment import port, speed
from patrol_core.supervisor import Child, Supervisor

_POLL_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """What the demo needs to know; everything else goes to the children through the environment."""

    site: str
    data: Path
    host: str
    http_port: int
    router_port: int
    robot_ids: tuple[str, ...]
    speed: float

    @property
    def url(self) -> str:
        """Where the console answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.http_port}"

    def robot_router_port(self, robot_id: str) -> int:
        """The port of a robot's own router: those after the center's, leaving it some room."""
        return self.router_port + 4 + self.robot_ids.index(robot_id)


def parts_of(settings: DemoSettings, environment: Mapping[str, str]) -> tuple[Child, ...]:
    """Center, robots and simulator, with the addresses each needs; each waits for what it needs by itself."""

    def part(name: str, *arguments: str, **own: str) -> Child:
        return Child(name=name, argv=(sys.executable, "-m", "patrol_bringup.cli", *arguments), environment=own)

    data = settings.data
    robot_routers = {r: f"tcp/127.0.0.1:{settings.robot_router_port(r)}" for r in settings.robot_ids}
    return (
        # the simulated sensors have no credentials
        part("center", "center", "--demo", RONDA_DATA=str(data / "center"), RONDA_MQTT_ANONYMOUS="loopback"),
        *(
            part(
                f"robot {robot_id}",
                *("robot", "--id", robot_id),
                RONDA_DATA=str(data / "robots" / robot_id),
                RONDA_CENTER_URL=settings.url,
                RONDA_CENTER_ROUTER=f"tcp/127.0.0.1:{settings.router_port}",
                RONDA_ROBOT_ROUTER_PORT=str(settings.robot_router_port(robot_id)),
                RONDA_LOUDSPEAKER="folder",  # what it says lies in its data folder, to be listened to
                RONDA_ROBOT_TOKEN_FILE=str(data / "center" / "enroll" / f"{robot_id}.token"),
            )
            for robot_id in settings.robot_ids
        ),
        part(
            "simulator",
            "sim",
            *(f"--robot-router={robot_id}={router}" for robot_id, router in robot_routers.items()),
            *(("--scenario", environment["RONDA_SCENARIO"]) if "RONDA_SCENARIO" in environment else ()),
            RONDA_DATA=str(data / "sim"),
        ),
    )


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda demo`."""
    parser = subparsers.add_parser("demo", help="center, simulated community and robots on this machine")
    parser.add_argument("--robots", default="r1,r2", help="robot ids of the site, comma-separated")
    parser.set_defaults(run=run)


def settings_from(environment: Mapping[str, str], robots: str) -> DemoSettings:
    """Settings from the environment.

    Raises:
        InvalidInput: a variable is not a number in its range; names it.
    """
    state_home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return DemoSettings(
        site=environment.get("RONDA_SITE", "xinghe"),
        data=Path(environment.get("RONDA_DATA") or Path(state_home) / "ronda"),
        host=environment.get("RONDA_HOST", "127.0.0.1"),
        http_port=port(environment, "RONDA_PORT", 8000),
        router_port=port(environment, "RONDA_ROUTER_PORT", 7447),
        robot_ids=tuple(filter(None, robots.split(","))),
        speed=speed(environment),
    )


def run(arguments: argparse.Namespace) -> int:
    """Start all, say when it is ready, restart what dies, stay until Ctrl-C."""
    settings = settings_from(os.environ, arguments.robots)
    return asyncio.run(
        _run(settings, Supervisor(parts_of(settings, os.environ), environment=os.environ, end_within_s=5.0))
    )


async def _run(settings: DemoSettings, supervisor: Supervisor) -> int:
    herald = asyncio.create_task(_say_when_ready(settings, time.monotonic()))
    try:
        return await supervisor.run()
    finally:
        herald.cancel()


async def _say_when_ready(settings: DemoSettings, began_s: float) -> None:
    while not await asyncio.to_thread(_ready, settings):  # noqa: ASYNC110 - it is another process that becomes ready
        await asyncio.sleep(_POLL_S)
    _say_ready(settings, time.monotonic() - began_s)


def _ready(settings: DemoSettings) -> bool:
    """Whether the center is ready and hears every robot."""
    try:
        with urllib.request.urlopen(f"{settings.url}/readyz", timeout=2):  # noqa: S310 - our own http URL
            pass
        with urllib.request.urlopen(f"{settings.url}/metrics", timeout=2) as answer:  # noqa: S310
            metrics = answer.read().decode()
    except (urllib.error.URLError, OSError):
        return False
    return f"ronda_robots_online {len(settings.robot_ids)}.0" in metrics


def _say_ready(settings: DemoSettings, took_s: float) -> None:
    password = (
        "the one in RONDA_ADMIN_PASSWORD"
        if "RONDA_ADMIN_PASSWORD" in os.environ
        else "printed above at the first start; forgotten? start once with RONDA_ADMIN_PASSWORD=…"
    )
    print(
        f"\n  Ronda 巡护 is ready ({took_s:.1f} s).\n\n"
        f"    console   {settings.url}\n"
        f"    login     admin, password: {password}\n"
        f"    stop      Ctrl-C\n",
        flush=True,
    )
