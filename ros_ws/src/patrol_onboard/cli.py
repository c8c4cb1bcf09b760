"""`ronda robot`: one robot of a site, and the processes it is made of."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

MODULE = "patrol_bringup.cli"  # the `ronda` command; its children are started by the same Python


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda robot`, and the two processes that it starts, which nobody starts by hand."""
    robot = subparsers.add_parser("robot", help="one robot of the site: its router and its processes")
    robot.add_argument("--id", required=True, dest="robot_id", help="the robot's id in the site file, such as r1")
    robot.set_defaults(run=run_robot)
    for name, run in (("robot-base", run_base), ("robot-mission", run_mission)):
        part = subparsers.add_parser(name, add_help=False)
        part.add_argument("ros_arguments", nargs=argparse.REMAINDER)
        part.set_defaults(run=run)


def run_robot(arguments: argparse.Namespace) -> int:
    """Supervise the robot until it is told to end.

    Raises:
        PatrolError: it cannot start; the text says why.
    """
    from maps import load_site
    from patrol_onboard.claim import Claim
    from patrol_onboard.robot_parameters import robot_parameters
    from patrol_onboard.settings import settings_from
    from patrol_onboard.supervisor import supervise

    settings = settings_from(os.environ, arguments.robot_id)
    site = load_site(settings.site)
    parameters = robot_parameters(site, settings.robot_id)
    with Claim(site=site.site_id, robot_id=settings.robot_id, center_router=settings.center_router, data=settings.data):
        return supervise(settings, parameters, command=_command)


def run_base(arguments: argparse.Namespace) -> int:
    """The base process."""
    from patrol_onboard.base_node import main

    return main(_ros(arguments))


def run_mission(arguments: argparse.Namespace) -> int:
    """The mission process."""
    from patrol_onboard.mission_node import main

    return main(_ros(arguments))


def _command(name: str) -> Sequence[str]:
    return (sys.executable, "-m", MODULE, name, "--")  # what follows is ROS's, and argparse leaves it alone


def _ros(arguments: argparse.Namespace) -> list[str]:
    given: list[str] = arguments.ros_arguments
    return given[1:] if given[:1] == ["--"] else given
