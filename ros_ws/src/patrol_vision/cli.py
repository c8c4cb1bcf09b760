"""`ronda robot-perception`, which `ronda robot` starts, and `ronda camera` for one fixed camera of the site."""

from __future__ import annotations

import argparse


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both."""
    robot = subparsers.add_parser("robot-perception", add_help=False)
    robot.add_argument("ros_arguments", nargs=argparse.REMAINDER)
    robot.set_defaults(run=run_perception)


def run_perception(arguments: argparse.Namespace) -> int:
    """A robot's perception process."""
    from patrol_vision.vision_node import main

    given: list[str] = arguments.ros_arguments
    return main(given[1:] if given[:1] == ["--"] else given)
