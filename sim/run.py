"""Puts a running simulator together: world, graph, cameras, sensors; the only place that constructs them all."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from datetime import UTC, datetime

from maps import load_site
from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.ids import uuid7
from sim.camera import Cameras
from sim.inbox import Inbox
from sim.live import Live
from sim.mqtt_devices import SensorGateway
from sim.renderer import setup_of
from sim.scenario import load_scenario
from sim.settings import SimSettings
from sim.truth import TruthFile
from sim.world import World

log = logging.getLogger(__name__)


def run(settings: SimSettings, stopping: threading.Event) -> None:
    """Until `stopping`.

    Raises:
        InvalidInput, NotFound: site, scenario or settings are wrong; the text names what.
        Unavailable: the ROS graph cannot be opened, or its thread ended.
    """
    from sim.graph_node import Graph  # here, so that `ronda sim shot` needs no ROS

    site = load_site(settings.site)
    scenario = load_scenario(settings.scenario, site)
    world = World(site=site, scenario=scenario, started_at=datetime.now(UTC), seed=settings.seed)
    for robot_id in settings.robot_routers:
        if robot_id not in world.robots:
            raise InvalidInput(
                f"expected a ground robot of site {site.site_id!r} ({', '.join(world.robots)}); came {robot_id!r}",
                where="--robot-router",
            )
    inbox = Inbox()
    with ExitStack() as stack:
        graph = stack.enter_context(Graph(site, world, inbox, robot_routers=settings.robot_routers))
        cameras = Cameras(setup_of(site), on_frame=graph.picture)
        stack.callback(cameras.close)
        sensors = stack.enter_context(
            SensorGateway(site_id=site.site_id, host=settings.mqtt_host, port=settings.mqtt_port, boot=uuid7())
        )
        truth = stack.enter_context(TruthFile(settings.truth)) if settings.truth else None
        live = Live(
            world,
            inbox,
            graph,
            speed=settings.speed,
            on_report=sensors.send,
            want_picture=cameras.want,
            direct_drive=settings.direct_drive,
            truth=truth,
        )
        log.info(
            "site %s, scenario %s, robots %s, speed %g", site.site_id, scenario.name, ", ".join(world.robots),
            settings.speed,
        )  # fmt: skip
        live.run(stopping)
        if graph.died:
            raise Unavailable("the thread that serves ROS ended")
