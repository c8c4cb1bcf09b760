"""`ronda robot-perception`, which `ronda robot` starts, and `ronda camera` for one fixed camera of the site."""

from __future__ import annotations

import argparse
import os


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both."""
    robot = subparsers.add_parser("robot-perception", add_help=False)
    robot.add_argument("ros_arguments", nargs=argparse.REMAINDER)
    robot.set_defaults(run=run_perception)
    camera = subparsers.add_parser("camera", help="one fixed camera of the site: looks, and tells the center")
    camera.add_argument("--id", required=True, dest="camera_id", help="the camera's id in the site file")
    camera.add_argument(
        "--source", required=True, help="rtsp://…, http://…, /dev/videoN, a video file, or a folder of pictures"
    )
    camera.add_argument("--hfov-deg", type=float, default=70.0, help="horizontal angle of view (70)")
    camera.add_argument("--rate-hz", type=float, default=3.0, help="pictures looked at in a second (3)")
    camera.set_defaults(run=run_camera)


def run_perception(arguments: argparse.Namespace) -> int:
    """A robot's perception process."""
    from patrol_vision.vision_node import main

    given: list[str] = arguments.ros_arguments
    return main(given[1:] if given[:1] == ["--"] else given)


def run_camera(arguments: argparse.Namespace) -> int:
    """One fixed camera.

    Raises:
        PatrolError: it cannot start; the text says why.
    """
    from maps import load_site
    from patrol_vision.camera_node import run
    from patrol_vision.fixed_camera_process import CameraOptions
    from patrol_vision.settings import camera_settings_from

    settings = camera_settings_from(os.environ, arguments.camera_id)
    options = CameraOptions(
        camera_id=arguments.camera_id,
        source=arguments.source,
        hfov_deg=arguments.hfov_deg,
        rate_hz=arguments.rate_hz,
    )
    return run(load_site(settings.site), options, settings)
