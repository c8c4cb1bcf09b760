"""`ronda sim`: the simulated community; `ronda sim shot`: one picture of it."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path
from types import FrameType

from patrol_core.errors import InvalidInput
from sim.settings import settings_from


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda sim`."""
    parser = subparsers.add_parser("sim", help="the simulated community: robots, residents, sensors, cameras")
    parser.add_argument("--site", help="name or folder of the site (RONDA_SITE)")
    parser.add_argument("--scenario", help="name or YAML file of the scenario (RONDA_SCENARIO)")
    parser.add_argument("--seed", type=int, help="another seed than the scenario's")
    parser.set_defaults(run=_run)
    parser.add_argument("--speed", type=float, help="site time over real time, 0.1 to 100 (RONDA_SPEED)")
    parser.add_argument(
        "--robot-router",
        action="append",
        default=[],
        metavar="ROBOT=ENDPOINT",
        help="Zenoh router of a robot, such as r1=tcp/127.0.0.1:7451; once for each robot",
    )
    parser.add_argument(
        "--direct-drive", action="store_true", help="wheels obey navigation without a robot's base process"
    )
    shot = parser.add_subparsers(metavar="shot").add_parser("shot", help="render one picture and end")
    shot.add_argument("--pose", required=True, metavar="X,Y,HEADING", help="metres and radians in frame map")
    shot.add_argument("--height", type=float, help="of the camera in metres; a robot's where not given")
    shot.add_argument("--tilt", type=float, help="upward, radians; a robot's where not given")
    shot.add_argument("--at", type=float, default=0.0, metavar="SECONDS", help="of the scenario")
    shot.add_argument("--out", type=Path, required=True, help="PNG or JPEG file")
    shot.set_defaults(run=_shot)


def _run(arguments: argparse.Namespace) -> int:
    from sim.run import run

    settings = settings_from(
        os.environ,
        site=arguments.site,
        scenario=arguments.scenario,
        seed=arguments.seed,
        speed=arguments.speed,
        robot_routers=arguments.robot_router,
        direct_drive=arguments.direct_drive,
    )
    stopping = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    run(settings, stopping)
    return 0


def _shot(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from PIL import Image

    from maps import load_site
    from sim.renderer import Renderer, setup_of
    from sim.scenario import load_scenario
    from sim.view import CAMERA_TILT_RAD, CAMERA_UP_M
    from sim.world import World

    settings = settings_from(os.environ, site=arguments.site, scenario=arguments.scenario, seed=arguments.seed)
    x_m, y_m, heading_rad = _pose(arguments.pose)
    site = load_site(settings.site)
    world = World(
        site=site, scenario=load_scenario(settings.scenario, site), started_at=datetime.now(UTC), seed=settings.seed
    )
    while world.elapsed_s < arguments.at:
        world.step()
    renderer = Renderer(setup_of(site))
    try:
        picture = renderer.shoot(
            world.view(),
            x_m=x_m,
            y_m=y_m,
            z_m=CAMERA_UP_M if arguments.height is None else arguments.height,
            heading_rad=heading_rad,
            tilt_rad=CAMERA_TILT_RAD if arguments.tilt is None else arguments.tilt,
        )
    finally:
        renderer.close()
    try:
        Image.fromarray(picture).save(arguments.out)
    except (OSError, ValueError) as error:
        raise InvalidInput(f"expected a PNG or JPEG file that can be written; came {error}", where="--out") from None
    print(arguments.out)
    return 0


def _pose(text: str) -> tuple[float, float, float]:
    try:
        x_m, y_m, heading_rad = map(float, text.split(","))
    except ValueError:
        raise InvalidInput(f"expected x,y,heading; came {text!r}", where="--pose") from None
    return x_m, y_m, heading_rad
