"""The composition root: the only place that puts the center's parts together, starts them and ends them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI

from maps import load_site
from maps.console_map import console_map_of
from mission_planner import crash
from mission_planner.after_commit import AfterCommit
from mission_planner.api.http import http_app
from mission_planner.api.services import Services
from mission_planner.api.stream import Stream
from mission_planner.bus import Bus
from mission_planner.checks import checks_of
from mission_planner.data_folder import DataFolder
from mission_planner.demo import SeedDemo
from mission_planner.fleet import progress
from mission_planner.fleet.courier import Courier
from mission_planner.fleet.intake import ReportIntake, StateIntake
from mission_planner.fleet.live import Fleet
from mission_planner.fleet.port import Ears, RobotPort
from mission_planner.fleet.scheduler import Scheduler
from mission_planner.handlers import HANDLERS, VITAL
from mission_planner.health import Health
from mission_planner.http_server import SHUTDOWN_S, HttpServer, bound
from mission_planner.incidents.evidence import BlobStore
from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.inlet import Inlet
from mission_planner.incidents.notify.channel import Channel
from mission_planner.incidents.notify.in_app import InApp
from mission_planner.incidents.notify.outbox import Outbox
from mission_planner.incidents.notify.webhook import Webhook
from mission_planner.incidents.registry.credentials import Doorkeeper
from mission_planner.incidents.registry.importing import Importer
from mission_planner.incidents.registry.loading import load_registry
from mission_planner.incidents.registry.watch import Watch
from mission_planner.incidents.retention import Pruner
from mission_planner.incidents.telemetry.history import History
from mission_planner.incidents.telemetry.lane import TelemetryLane, telemetry_lane
from mission_planner.metrics import Metrics, figures
from mission_planner.pauses import short_pauses
from mission_planner.people import robots as robot_tokens
from mission_planner.people.login import Login
from mission_planner.people.passwords import Passwords
from mission_planner.people.throttle import LoginThrottle
from mission_planner.settings import Settings
from mission_planner.site_time import SiteTime
from mission_planner.store import orders
from mission_planner.store import robots as last_words
from mission_planner.store.opening import open_store
from mission_planner.ticker import Ticker
from mission_planner.video.desk import VideoDesk
from patrol_core.errors import ClockUnknown, Unavailable
from patrol_core.site import Site

log = logging.getLogger(__name__)

MQTT_HOST = "127.0.0.1"  # sensors' gateways off this machine need certificates, which come later


def ros_link(site: Site, settings: Settings, clock: SiteTime) -> RobotPort:
    """The robots over ROS 2; imported only here, so that a center without ROS fails with a sentence."""
    try:
        from mission_planner.fleet.link import RosLink
    except ImportError as error:
        raise Unavailable(f"no rclpy here ({error}): source ROS 2, or run `make setup` for the embedded one") from None
    return RosLink(site, router_port=settings.router_port, follow_clock=clock.followed)


MakePort = Callable[[Site, Settings, SiteTime], RobotPort]


@dataclass(frozen=True, slots=True, kw_only=True)
class Center:
    """A center that runs."""

    settings: Settings
    services: Services
    app: FastAPI
    http_port: int
    mqtt_port: int
    telemetry: TelemetryLane | None
    made_up_password: str | None  # of the first account, to be told once


@asynccontextmanager
async def running(settings: Settings, make_port: MakePort = ros_link) -> AsyncIterator[Center]:  # noqa: PLR0915 - all parts, in order
    """A center that listens and works until the block ends, or until a part of it dies.

    Raises:
        PatrolError: a site file is wrong, a port is taken, a folder in use; says what to change.
        ExceptionGroup: a part died; the block was cancelled.
    """
    crash.check()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(DataFolder(settings.data))
        listening = stack.enter_context(bound(settings))
        drawn = load_site(settings.site)
        store = stack.enter_context(
            closing(
                open_store(
                    settings.store,
                    file=folder.database,
                    site_id=drawn.site_id,
                    reserve_bytes=settings.reserve_bytes,
                )
            )
        )
        registry = await load_registry(drawn, store)
        site = replace(drawn, devices=registry)
        clock = SiteTime(settings.speed)
        fleet = Fleet(site, clock, known=await store.read(last_words.all_last_words), speed=settings.speed)
        login = Login(
            store, passwords=Passwords(), throttle=LoginThrottle(clock.monotonic_s), wall=lambda: datetime.now(UTC)
        )
        made_up_password = await login.first_account(settings.admin_password)
        await store.write(lambda tx: robot_tokens.enroll(tx, [*site.robots, *site.cameras], folder.enroll), vital=True)

        stream = Stream(store=store, site=site, fleet=fleet, clock=clock)
        await stream.begin()
        port = make_port(site, settings, clock)
        courier = Courier(fleet, port.publish, await store.read(orders.untaken))
        after = AfterCommit(stream=stream, courier=courier)
        bus = Bus(store=store, site=site, fleet=fleet, clock=clock, handlers=HANDLERS, after_commit=after, vital=VITAL)
        scheduler = Scheduler(store=store, bus=bus, clock=clock)
        after.scheduler = scheduler
        inlet = Inlet(store, site)
        blobs = BlobStore(folder.evidence, refusal=lambda: store.refusal)
        history = History(folder.telemetry, registry, clock.now_or_none)
        stack.callback(history.close)
        watch = Watch(store=store, site=site, clock=clock, wake=inlet.wake, ready=lambda: history.restored)
        ticker = Ticker(
            bus=bus,
            store=store,
            fleet=fleet,
            courier=courier,
            scheduler=scheduler,
            blobs=blobs,
            pruner=Pruner(store=store, blobs=blobs, policy=settings.retention),
            clock=clock,
            watch=watch,
            tend_points=lambda: history.points.tend(clock.now()),
            follows_calendar=not clock.followed,
        )
        channels: list[Channel] = [InApp(store, stream.changed)]
        if settings.webhook:
            channels.append(Webhook(store, site, settings.webhook))
        outboxes = after.outboxes = [Outbox(store, channel) for channel in channels]
        reports = ReportIntake(store=store, clock=clock, acknowledge=port.acknowledge, wake_cursor=inlet.wake)
        states = StateIntake(fleet=fleet, clock=clock, moved=stream.moved)
        doorkeeper = Doorkeeper(store=store, registry=registry, site_id=site.site_id, anonymous=settings.mqtt_anonymous)
        mqtt = MqttListener(
            host=MQTT_HOST,
            port=settings.mqtt_port,
            sink=inlet.keep,
            authenticate=doorkeeper.admit,
            now=clock.now_or_none,
        )
        lane = telemetry_lane(settings, site, inlet, history.recorder, clock)
        video = VideoDesk(site=site, fleet=fleet, store=store, robots=port, ice_servers=settings.ice_servers)
        services = Services(
            settings=settings,
            site=site,
            site_map=console_map_of(drawn),
            clock=clock,
            store=store,
            bus=bus,
            fleet=fleet,
            login=login,
            blobs=blobs,
            stream=stream,
            health=Health(
                checks_of(
                    store=store,
                    blobs=blobs,
                    port=port,
                    mqtt=mqtt,
                    inlet=inlet,
                    ticker=ticker,
                    clock=clock,
                    fleet=fleet,
                    outboxes=outboxes,
                    lane=lane,
                    history=history,
                )
            ),
            metrics=Metrics(store=store, fleet=fleet, **figures(mqtt, stream, reports, courier, lane)),
            video=video,
            inlet=inlet,
            doorkeeper=doorkeeper,
            importer=Importer(store=store, site=site, registry=registry),
            history=history,
            disconnect_device=mqtt.forget,
            secure_cookie=False,
        )
        app = http_app(services)
        server = HttpServer(app)

        await mqtt.start()
        stack.push_async_callback(port.close)
        await port.start(
            Ears(
                state=states.state,
                finding=reports.finding,
                entry=reports.entry,
                speech=reports.speech,
                clock=clock.follow,
                not_understood=lambda topic, because: log.warning("%s: %s", topic, because),
            )
        )
        works: dict[str, Coroutine[Any, Any, None]] = {
            "store": store.watch(),
            "changes": stream.publish(),
            "hurried changes": stream.publish_hurried(),
            "poses": stream.publish_poses(),
            "inbox": inlet.run(bus),
            "robot reports": reports.run(),
            "robot states": states.run(bus),
            "robots": port.watch(),
            "ticker": ticker.run(),
            "history": history.run(),
            **({"broker": lane.subscriber.run(), "telemetry": lane.run()} if lane else {}),
            **{outbox.name: outbox.run() for outbox in outboxes},
            "video": video.run(),
            "first steps": _first_steps(bus, settings),
        }
        stack.enter_context(short_pauses())
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work, name=name) for name, work in works.items()]
            serving = [
                group.create_task(server.serve(sockets=[listening]), name="http"),
                group.create_task(mqtt.serve(), name="mqtt"),
            ]
            try:
                await server.until_started()
                yield Center(
                    settings=settings,
                    services=services,
                    app=app,
                    http_port=listening.getsockname()[1],
                    mqtt_port=mqtt.port,
                    telemetry=lane,
                    made_up_password=made_up_password,
                )
            finally:
                stream.close()
                server.should_exit = True
                await mqtt.stop()
                await asyncio.wait(serving, timeout=SHUTDOWN_S)
                for task in (*tasks, *serving):
                    task.cancel()


async def _first_steps(bus: Bus, settings: Settings) -> None:
    """What is done once, as soon as the time is known."""
    while True:
        with suppress(ClockUnknown):
            await bus.handle(progress.DropStrangers())
            if settings.demo:
                await bus.handle(SeedDemo())
            return
        await asyncio.sleep(0.1)
