"""A tiny community, robots that do as a test says, and a whole center around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher

from mission_planner.app import Center, running
from mission_planner.bus import Work
from mission_planner.fleet.live import RobotNow
from mission_planner.fleet.port import Ears
from mission_planner.fleet.standing import Standing
from mission_planner.people.passwords import Passwords
from mission_planner.planning.distances import Distances
from mission_planner.settings import Settings
from mission_planner.site_time import SiteTime
from mission_planner.store.protocol import Tx
from mission_planner.video.port import VideoAnswer, VideoOffer
from patrol_core.finding import Finding, Phase
from patrol_core.geometry import GeoOrigin, Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.lanes import Lane, LaneGraph
from patrol_core.mission import LedgerEntry, MissionState, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity, Link, MissionProgress, RobotState
from patrol_core.site import (
    NO_WORDS,
    Building,
    Device,
    DeviceKind,
    Dock,
    Place,
    RobotKind,
    Site,
    SiteRobot,
    Text,
    Unit,
    Viewpoint,
)
from patrol_core.source import Source, SourceKind

T = TypeVar("T")
PASSWORD = "patrol-at-dawn"
BUTTON = "sos-1"
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DIGEST = "ab" * 32


def text(name: str) -> Text:
    return Text(zh=name, en=name)


def tiny_site() -> Site:
    """A square of lanes, 100 m a side, around one tower; a dock at two corners, a viewpoint at each."""
    corners = {"sw": Point2(0, 0), "se": Point2(100, 0), "ne": Point2(100, 100), "nw": Point2(0, 100)}
    lanes = []
    for a, b in (("sw", "se"), ("se", "ne"), ("ne", "nw"), ("nw", "sw")):
        lanes.append(Lane(lane_id=f"{a}-{b}", start=a, end=b, line=(corners[a], corners[b])))
        lanes.append(Lane(lane_id=f"{b}-{a}", start=b, end=a, line=(corners[b], corners[a])))
    tower = (Point2(30, 30), Point2(70, 30), Point2(70, 70), Point2(30, 70))
    return Site(
        site_id="tiny",
        name=text("tiny"),
        timezone="Asia/Shanghai",
        origin=GeoOrigin(lat_deg=31.2, lon_deg=121.4),
        buildings={
            "b1": Building(
                building_id="b1",
                name=Text(zh="1 栋", en="Building 1"),
                footprint=tower,
                floors=18,
                floor_height_m=3.0,
                units=(Unit(unit="1", flats_per_floor=2, entrance_m=Point2(50, 30)),),
            )
        },
        zones=(),
        lanes=LaneGraph(nodes=corners, lanes=tuple(lanes)),
        viewpoints={
            f"vp-{name}": Viewpoint(viewpoint_id=f"vp-{name}", name=text(f"点{name}"), pose=Pose2(x_m=p.x_m, y_m=p.y_m))
            for name, p in corners.items()
        },
        docks={
            "d1": Dock(dock_id="d1", name=text("d1"), pose=Pose2(x_m=0, y_m=0)),
            "d2": Dock(dock_id="d2", name=text("d2"), pose=Pose2(x_m=100, y_m=100)),
        },
        devices={
            "smoke-1": Device(
                device_id="smoke-1",
                kind=DeviceKind.SMOKE,
                name=Text(zh="烟感", en="Smoke detector"),
                position_m=Point2(50, 35),
                height_m=3.0,
                place=Place(building_id="b1", unit="1", floor=2, flat="201"),
            )
        },
        cameras={},
        spots={},
        robots={
            "r1": SiteRobot(robot_id="r1", name=Text(zh="一号", en="One"), kind=RobotKind.GROUND, dock_id="d1"),
            "r2": SiteRobot(robot_id="r2", name=Text(zh="二号", en="Two"), kind=RobotKind.GROUND, dock_id="d2"),
        },
    )


def calling_site() -> Site:
    """The tiny site with a button for help in the flat."""
    site = tiny_site()
    button = replace(site.devices["smoke-1"], device_id=BUTTON, kind=DeviceKind.SOS_BUTTON)
    return replace(site, devices={**site.devices, BUTTON: button})


def state(robot_id: str = "r1", **changes: Any) -> RobotState:
    """A healthy robot's word."""
    usual: dict[str, Any] = {
        "robot_id": robot_id,
        "boot_id": uuid7(),
        "sequence": 1,
        "stamped_at": AT,
        "pose": Pose2(x_m=0, y_m=0),
        "speed_mps": 0.0,
        "battery_pct": 90.0,
        "charging": False,
        "activity": Activity.IDLE,
        "because": NO_WORDS,
        "order_epoch": 0,
        "refused": NO_WORDS,
    }
    return RobotState(**{**usual, **changes})


def now_of(site: Site, robot_id: str, *, silence_s: float | None = 0.2, **changes: Any) -> RobotNow:
    """A robot as the fleet tells it."""
    link = Link.NEVER if silence_s is None else Link.LOST if silence_s > 5 else Link.ONLINE
    return RobotNow(
        robot=site.robots[robot_id],
        link=link,
        silence_s=silence_s,
        last_seen_at=AT if silence_s is not None else None,
        state=state(robot_id, **changes) if silence_s is not None else None,
    )


def work(tx: Tx, site: Site, *, now: datetime = AT, **robots: RobotNow) -> Work:
    """A handler's surroundings; robots that are not given are online in their docks."""
    corners = {"r1": Pose2(x_m=0, y_m=0), "r2": Pose2(x_m=100, y_m=100)}
    fleet = {r: now_of(site, r, pose=corners[r]) for r in site.robots} | robots
    return Work(
        tx=tx, site=site, now=now, fleet=fleet, distances=Distances(site.lanes), standing=Standing(site), new_id=uuid7
    )


@dataclass
class RobotInMemory:
    """Takes orders and says what a test tells it to, as the onboard executor would."""

    robot_id: str
    port: RobotsInMemory
    pose: Pose2
    boot_id: UUID = field(default_factory=uuid7)
    sequence: int = 0
    order_epoch: int = 0
    refused: Text = NO_WORDS
    battery_pct: float = 90.0
    activity: Activity = Activity.IDLE
    missions: dict[UUID, MissionProgress] = field(default_factory=dict)
    started: dict[UUID, Order] = field(default_factory=dict)

    def speak(self, **changes: Any) -> None:
        """Say how it is."""
        self.sequence += 1
        word = state(
            self.robot_id,
            boot_id=self.boot_id,
            sequence=self.sequence,
            stamped_at=datetime.now(UTC),
            pose=self.pose,
            battery_pct=self.battery_pct,
            activity=self.activity,
            order_epoch=self.order_epoch,
            refused=self.refused,
            missions=tuple(self.missions.values()),
        )
        self.port.ears.state(replace(word, **changes))

    def take_orders(self) -> list[Order]:
        """Take what was sent, in rising epoch, and say so."""
        taken = []
        for order in sorted(self.port.sent, key=lambda o: o.epoch):
            if order.robot_id == self.robot_id and order.epoch > self.order_epoch:
                self.order_epoch = order.epoch
                self._take(order)
                taken.append(order)
        self.speak()
        return taken

    def reboot(self) -> None:
        """A new process that remembers nothing."""
        self.boot_id, self.sequence = uuid7(), 0
        self.missions.clear()

    def report(self, mission_id: UUID, checkpoint_id: str, outcome: Outcome = Outcome.SEEN, **changes: Any) -> UUID:
        """Send a ledger entry; its id."""
        entry = LedgerEntry(
            report_id=uuid7(),
            mission_id=mission_id,
            robot_id=self.robot_id,
            checkpoint_id=checkpoint_id,
            outcome=outcome,
            because=NO_WORDS if outcome is Outcome.SEEN else Text.same("画面过暗，相机可能被遮挡"),
            at=datetime.now(UTC),
            pose=self.pose,
            photos=(DIGEST,) if outcome is Outcome.SEEN else (),
        )
        entry = replace(entry, **changes)
        self.port.ears.entry(entry)
        return entry.report_id

    def finds(self, certainty: Certainty = Certainty.CONFIRMED, **changes: Any) -> UUID:
        """Report somebody on the ground beside the robot; the finding's id."""
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.ROBOT, source_id=self.robot_id),
            kind=IncidentKind.PERSON_FALLEN,
            phase=Phase.RAISED,
            position_m=Point2(self.pose.x_m + 3.0, self.pose.y_m),
            observed_at=datetime.now(UTC),
            confidence=0.93,
            evidence=(DIGEST,),
            certainty=certainty,
            model="blaze 0123",
        )
        finding = replace(finding, **changes)
        self.port.ears.finding(finding)
        return finding.finding_id

    def say_state(self, mission_id: UUID, mission_state: MissionState, because: str = "") -> None:
        """Move a mission, and say so."""
        self.missions[mission_id] = replace(self.missions[mission_id], state=mission_state, because=Text.same(because))
        self.speak()

    def _take(self, order: Order) -> None:
        states = {OrderKind.CANCEL: MissionState.CANCELLED, OrderKind.PAUSE: MissionState.PAUSED}
        states |= {OrderKind.RESUME: MissionState.UNDERWAY, OrderKind.START: MissionState.UNDERWAY}
        if order.mission_id is None:
            return
        if order.kind is OrderKind.START:
            self.started[order.mission_id] = order
            for mission_id, progress in self.missions.items():
                if progress.state is MissionState.UNDERWAY:
                    self.missions[mission_id] = replace(
                        progress, state=MissionState.PAUSED, because=Text.same("先去查看")
                    )
        self.missions[order.mission_id] = MissionProgress(
            mission_id=order.mission_id,
            epoch=order.epoch,
            state=states[order.kind],
            because=NO_WORDS,
            done=0,
            total=len(order.checkpoints),
            next_checkpoint_id=None,
        )


class RobotsInMemory:
    """Satisfies `RobotPort` without ROS."""

    def __init__(self, site: Site) -> None:
        self.sent: list[Order] = []
        self.acknowledged: list[UUID] = []
        self.ears: Ears = None  # type: ignore[assignment]
        self.robots = {
            robot_id: RobotInMemory(robot_id, self, site.docks[robot.dock_id].pose)
            for robot_id, robot in site.robots.items()
        }
        self.trouble: str | None = None
        self.offers: list[VideoOffer] = []
        self.closed_video: list[str] = []
        self.video_answer = VideoAnswer(answer_sdp="v=0\r\n", because=text(""))

    async def start(self, ears: Ears) -> None:
        self.ears = ears

    async def watch(self) -> None:
        await asyncio.Event().wait()

    def publish(self, order: Order) -> None:
        self.sent.append(order)

    def acknowledge(self, report_ids: Sequence[UUID]) -> None:
        self.acknowledged.extend(report_ids)

    async def open_video(self, offer: VideoOffer) -> VideoAnswer:
        self.offers.append(offer)
        return self.video_answer

    async def close_video(self, robot_id: str, session_id: str) -> bool:
        self.closed_video.append(session_id)
        return True

    async def close(self) -> None:
        return


@dataclass
class World:
    """A running center, its robots, and an operator's browser."""

    center: Center
    port: RobotsInMemory
    http: httpx.AsyncClient

    @property
    def site(self) -> Site:
        return self.center.services.site

    def robot(self, robot_id: str) -> RobotInMemory:
        return self.port.robots[robot_id]

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object | None = None, *, status: int = 200) -> Any:
        answer = await self.http.post(path, json={} if body is None else body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def alarm(self, device_id: str, **payload: Any) -> None:
        """A sensor's message, through the listener's own sink."""
        await publish(self.center, device_id, **payload)


async def publish(center: Center, device_id: str, **payload: Any) -> None:
    """One MQTT message over a real connection, acknowledged when this returns."""
    import json

    import paho.mqtt.client as mqtt

    def send() -> None:
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"test-{uuid7()}")
        client.connect("127.0.0.1", center.mqtt_port)
        client.loop_start()
        topic = f"{center.services.site.site_id}/sensors/{device_id}/event"
        sent = client.publish(topic, json.dumps({"state": "alarm", **payload}), qos=1)
        sent.wait_for_publish(60)
        assert sent.is_published(), "expected an acknowledgement; none came"
        client.disconnect()
        client.loop_stop()

    await asyncio.to_thread(send)


def quick_passwords() -> Passwords:
    """As everywhere, but cheap: half of a center's start went into hashing. What it must cost has tests of its own."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@asynccontextmanager
async def world(data: Path, **settings: Any) -> AsyncIterator[World]:
    """A center of the demo's site on free ports, with robots in memory, and a logged-in admin."""
    chosen = Settings(
        **{
            "site": "xinghe",
            "data": data,
            "http_port": 0,
            "mqtt_port": 0,
            "mqtt_anonymous": True,
            "admin_password": PASSWORD,
            **settings,
        }
    )
    ports: list[RobotsInMemory] = []

    def make_port(site: Site, _settings: Settings, _clock: SiteTime) -> RobotsInMemory:
        ports.append(RobotsInMemory(site))
        return ports[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mission_planner.app.Passwords", quick_passwords)
        async with running(chosen, make_port) as center:
            url = f"http://127.0.0.1:{center.http_port}/api/v1"
            async with httpx.AsyncClient(base_url=url, headers={"X-Ronda": "1"}, timeout=60) as http:
                answer = await http.post("/session", json={"username": "admin", "password": PASSWORD})
                assert answer.status_code == 200, answer.text
                yield World(center=center, port=ports[0], http=http)


async def soon(condition: Callable[[], Awaitable[T] | T], *, within_s: float = 60.0) -> T:
    """The first truthy value of a condition; fails with the last one seen."""
    deadline = asyncio.get_running_loop().time() + within_s
    while True:
        value = condition()
        if isinstance(value, Awaitable):
            value = await value
        if value:
            return value
        assert asyncio.get_running_loop().time() < deadline, f"not within {within_s} s; last seen: {value!r}"
        await asyncio.sleep(0.02)
