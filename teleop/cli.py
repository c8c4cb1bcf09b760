"""`ronda robot-media`: the live video of one robot; `ronda robot` starts it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Sequence

log = logging.getLogger(__name__)


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda robot-media`."""
    parser = subparsers.add_parser("robot-media", help="live video of one robot (`ronda robot` starts it)")
    parser.add_argument("--id", dest="robot_id", help="the robot's id in the site file, such as r1")
    parser.add_argument("ros_arguments", nargs=argparse.REMAINDER, help="-- --ros-args …")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The media process; its exit code.

    Raises:
        PatrolError: it cannot start; the text says why.
    """
    given: list[str] = arguments.ros_arguments
    ros = given[1:] if given[:1] == ["--"] else given
    if arguments.robot_id:
        ros = [*(ros or ["--ros-args"]), *_who(arguments.robot_id)]
    return _serve(ros)


def _who(robot_id: str) -> list[str]:
    from maps import load_site

    site = load_site(os.environ.get("RONDA_SITE") or "xinghe")
    site.robot(robot_id)  # NotFound where the site has none
    return ["-p", f"site_id:='{site.site_id}'", "-p", f"robot_id:='{robot_id}'"]


def _serve(ros_arguments: Sequence[str]) -> int:
    from patrol_wire.spinning_node import spinning
    from teleop.media_node import media_node
    from teleop.media_process import MediaProcess, missing_library
    from teleop.settings import settings_from

    for chatty in ("aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    settings = settings_from(os.environ)
    with media_node(ros_arguments) as node, spinning(node):
        asyncio.run(MediaProcess(node, settings, missing=missing_library()).run())
    return 0
