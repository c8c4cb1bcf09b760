"""The processes of one robot and its own Zenoh router between them."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence

from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.supervisor import Child, Supervisor
from patrol_onboard.settings import RobotSettings

log = logging.getLogger(__name__)


NEEDED = {"base": 15.0, "mission": 15.0}  # a robot is none without; seconds of silence until one counts as hung
SEEING = {"perception": 30.0, "media": 30.0}  # of robots with a camera; they yield to the others in all things
SEEING_NICE = 10
SPEAKING = {"voice": 30.0}  # may be missing: a robot without a loudspeaker drives on


def children_of(parameters: Mapping[str, str | float], *, command: Callable[[str], Sequence[str]]) -> tuple[Child, ...]:
    """The robot's processes; `command` gives the command line that starts one by its subcommand."""
    arguments = ["--ros-args"]
    for name, value in parameters.items():
        arguments += ["-p", f"{name}:='{value}'" if isinstance(value, str) else f"{name}:={value:.6f}"]
    needed = [
        Child(name=name, argv=(*command(f"robot-{name}"), *arguments), silent_s=silent_s)
        for name, silent_s in NEEDED.items()
    ]
    seeing = [
        Child(
            name=name,
            argv=(*command(f"robot-{name}"), *arguments),
            silent_s=silent_s,
            needed=False,
            nice=SEEING_NICE,
        )
        for name, silent_s in SEEING.items()
        if parameters.get("camera_ids")
    ]
    speaking = [
        Child(name=name, argv=(*command(f"robot-{name}"), *arguments), silent_s=silent_s, needed=False)
        for name, silent_s in SPEAKING.items()
    ]
    return (*needed, *speaking, *seeing)


def router_override(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """The environment of the children: their sessions connect to the robot's own router."""
    earlier = environment.get("ZENOH_CONFIG_OVERRIDE", "")
    ours = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'
    return {**environment, "ZENOH_CONFIG_OVERRIDE": f"{earlier};{ours}" if earlier else ours}


def supervise(
    settings: RobotSettings, parameters: Mapping[str, str | float], *, command: Callable[[str], Sequence[str]]
) -> int:
    """Run the robot until it is told to end; the exit code.

    Raises:
        InvalidInput: no port is known for the robot's router.
        Unavailable: there is no embedded router here, or its port is taken.
    """
    port = settings.router_port
    if port is None:
        raise InvalidInput("expected a port for this robot's own router; came none", where="RONDA_ROBOT_ROUTER_PORT")
    try:
        from ros_wire.router import Router, RouterError
    except ImportError:
        raise Unavailable(
            "expected the embedded ROS 2 with its router; came a machine without it: where ROS 2 is installed, start "
            "`ros2 run rmw_zenoh_cpp rmw_zenohd` and `ros2 launch patrol_bringup robot.launch.py` instead"
        ) from None
    try:
        router = Router(listen=[f"tcp/127.0.0.1:{port}"], connect=[settings.center_router])
    except RouterError as error:
        raise Unavailable(
            f"RONDA_ROBOT_ROUTER_PORT: expected port {port} to be free for the router of robot "
            f'"{settings.robot_id}"; {error}'
        ) from None
    with router:
        log.info("robot %s: router on port %d, center %s", settings.robot_id, port, settings.center_router)
        children = children_of(parameters, command=command)
        return asyncio.run(Supervisor(children, environment=router_override(os.environ, port)).run())
