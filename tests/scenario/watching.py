"""Lockstep robots with eyes: rendered pictures, the real finder, the watch, the executor that turns to whom they see.

The simulator's truth says who lies where, and only to score.
"""

from __future__ import annotations

import hashlib
import math
import random
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from patrol_core.finding import Finding
from patrol_core.geometry import Point2, Pose2
from patrol_core.incident import Certainty
from patrol_core.mission import Checkpoint, MissionKind
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Site, Text
from patrol_onboard import effects as do
from patrol_onboard import events as ev
from patrol_onboard.robot_state import doing
from patrol_onboard.standing_place import StandingPlaces
from patrol_vision.camera import CameraModel
from patrol_vision.eyes import Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.fall_policy import FallPolicy
from patrol_vision.look import Frame, Look
from patrol_vision.pose import PersonFinder, Picture
from sim.ground_robot import Motion
from sim.obstacles import Obstacles
from sim.person import Person
from sim.polyline import Polyline
from sim.posture import LYING, Posture
from sim.renderer import Renderer, setup_of
from sim.scenario import QUIET, Scenario
from sim.view import (
    CAMERA_AHEAD_M,
    CAMERA_HEIGHT_PX,
    CAMERA_HFOV_DEG,
    CAMERA_TILT_RAD,
    CAMERA_UP_M,
    CAMERA_WIDTH_PX,
    WorldView,
)
from tests.scenario.lockstep import Community

FRONT = CameraModel(
    width_px=CAMERA_WIDTH_PX,
    height_px=CAMERA_HEIGHT_PX,
    hfov_rad=math.radians(CAMERA_HFOV_DEG),
    ahead_m=CAMERA_AHEAD_M,
    up_m=CAMERA_UP_M,
    tilt_rad=CAMERA_TILT_RAD,
)


@dataclass(slots=True, kw_only=True)
class Noted:
    """What a robot's eyes and its executor said, and how long it took."""

    looks: int = 0
    said: list[Sighting] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    look_to_finding_ms: list[float] = field(default_factory=list)  # from a picture at hand to the executor's answer

    @property
    def confirmed(self) -> list[Sighting]:
        """The first CONFIRMED of each sighting."""
        first = {s.sighting_id: s for s in reversed(self.said) if s.verdict is Verdict.CONFIRMED}
        return sorted(first.values(), key=lambda s: s.observed_at)


class WatchingCommunity(Community):
    """A community one of whose robots looks. `staged` people are in its pictures beside the simulator's own."""

    def __init__(
        self,
        site: Site,
        finder: PersonFinder,
        *,
        robot_id: str = "r1",
        renderer: Renderer | None = None,
        rate_hz: float = 3.0,
        suspect_rate_hz: float = 5.0,
        scenario: Scenario = QUIET,
        seed: int = 1,
        policy: FallPolicy | None = None,
    ) -> None:
        super().__init__(site, scenario=scenario, seed=seed)
        self.robot_id = robot_id
        self.noted = Noted()
        self.staged: tuple[Person, ...] = ()
        self.eyes = Eyes(finder, FRONT, FallWatch(policy or FallPolicy(), "front", finder.name))
        self.last: Look | None = None
        self._renderer = renderer or Renderer(setup_of(site))
        self._owns_renderer = renderer is None
        self._rates = (rate_hz, suspect_rate_hz)
        self._next_look = self.now
        robot = self._robots[robot_id]
        robot.executor = replace(robot.executor, place_for=StandingPlaces(lambda: site))

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if self._owns_renderer:
            self._renderer.close()

    def tick(self) -> None:
        """One turn of the world, and a look where one is due."""
        super().tick()
        if self.now >= self._next_look:
            self.look()
            self._next_look = self.now + timedelta(seconds=1.0 / self._rates[self.eyes.suspects])

    def put(self, pose: Pose2) -> None:
        """The robot stands there now."""
        self.rehearsal.world.robot(self.robot_id).motion = Motion(pose=pose)

    def activity(self) -> Activity:
        """What the robot says it does."""
        return doing(self.executor(self.robot_id), self.now)[0]

    def send(self, goal: Pose2) -> None:
        """A patrol with one checkpoint."""
        self._epochs[self.robot_id] += 1
        checkpoint = Checkpoint(checkpoint_id="goal", pose=goal, name=Text.same("goal"))
        order = Order(
            order_id=self._new_id(),
            robot_id=self.robot_id,
            epoch=self._epochs[self.robot_id],
            issued_at=self.now,
            kind=OrderKind.START,
            because=Text.same("巡逻"),
            mission_id=self._new_id(),
            mission_kind=MissionKind.PATROL,
            name=Text.same("巡逻"),
            checkpoints=(checkpoint,),
        )
        self._tell(self.robot_id, ev.OrderReceived(order=order))

    def in_view(self, place: Point2) -> bool:
        """Whether a place is in the picture and within `IN_VIEW_M`, as the geometry says."""
        camera = FRONT.at(self.rehearsal.pose(self.robot_id))
        pixel = FRONT.pixel(place, camera)
        return pixel is not None and FRONT.inside(pixel) and camera.point.distance_m(place) <= IN_VIEW_M

    def view(self) -> WorldView:
        """The moment as it is drawn."""
        view = self.rehearsal.world.view()
        return replace(view, people=(*view.people, *self.staged))

    def picture(self) -> Picture:
        """What the camera sees now."""
        return self._renderer.render(self.view(), self.robot_id)

    def look(self) -> Look:
        """One picture, and what comes of it."""
        pose = self.rehearsal.pose(self.robot_id)
        picture = self.picture()
        began_s = time.perf_counter()
        self.last = self.eyes.look(Frame(picture=picture, observed_at=self.now, robot_pose=pose))
        self.noted.looks += 1
        for sighting in self.last.sightings:
            self.noted.said.append(sighting)
            digest = hashlib.sha256(sighting.photo_jpeg).hexdigest() if sighting.photo_jpeg else ""
            self._tell(self.robot_id, ev.SightingHeard(sighting=sighting, photo=digest, pose=pose))
        self.noted.look_to_finding_ms.append((time.perf_counter() - began_s) * 1000)
        return self.last

    def _perform(self, robot_id: str, robot: object, effect: do.Effect) -> None:
        if isinstance(effect, do.ReportFinding):
            self.noted.findings.append(effect.finding)
            return
        super()._perform(robot_id, robot, effect)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFall:
    """Somebody lies beside a lane that a robot is about to drive along."""

    start: Pose2
    goal: Pose2
    body: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class FallOutcome:
    """What came of a staged fall. Site seconds; None where it never came."""

    posture: Posture
    confirmed: bool
    in_view_to_confirmed_s: float | None  # truth: from the first moment the body was in the picture within 8 m
    suspected_to_confirmed_s: float | None  # from the first picture of the sighting
    pin_error_m: float | None
    elsewhere: int  # confirmed where nobody lies
    finding: bool  # the executor told the center, CONFIRMED
    looks: int


IN_VIEW_M = 8.0


def stage_fall(site: Site, seed: int) -> StagedFall:
    """A body 0.8 to 2.5 m beside a lane, at least 14 m down the way; another place and person for each seed."""
    pick = random.Random(f"staged fall {seed}")
    obstacles = Obstacles.of(site)
    viewpoints = sorted(site.viewpoints)
    while True:
        start, goal = (site.viewpoints[v].pose.point for v in pick.sample(viewpoints, 2))
        line = Polyline(site.lanes.route(start, goal))
        if line.length_m < 22.0:
            continue
        along_m = pick.uniform(14.0, line.length_m - 4.0)
        aside_m = pick.choice((-1, 1)) * pick.uniform(0.8, 2.5)
        heading = line.heading_rad(along_m)
        on_lane = line.at(along_m)
        at = Point2(on_lane.x_m - aside_m * math.sin(heading), on_lane.y_m + aside_m * math.cos(heading))
        begin_m = max(0.0, along_m - 16.0)
        end_m = min(line.length_m, along_m + 15.0)
        begin, end = line.at(begin_m), line.at(end_m)
        if obstacles.clearance_m(at) > 1.2 and obstacles.clearance_m(begin) > 0.8:
            break
    body = body_at(
        at, heading_rad=pick.uniform(-math.pi, math.pi), posture=pick.choice(LYING), look=pick.randrange(1 << 16)
    )
    return StagedFall(
        start=Pose2(x_m=begin.x_m, y_m=begin.y_m, heading_rad=line.heading_rad(begin_m)),
        goal=Pose2(x_m=end.x_m, y_m=end.y_m, heading_rad=line.heading_rad(end_m)),
        body=body,
    )


def body_at(at: Point2, *, heading_rad: float, posture: Posture, look: int) -> Person:
    """Somebody on the ground."""
    return Person(
        person_id="fallen",
        position_m=at,
        heading_rad=heading_rad,
        speed_mps=0.0,
        stride_m=0.0,
        look=look,
        posture=posture,
    )


def play_fall(
    site: Site,
    finder: PersonFinder,
    renderer: Renderer,
    fall: StagedFall,
    *,
    within_s: float = 90.0,
    scenario: Scenario = QUIET,
) -> tuple[FallOutcome, Noted]:
    """Drive past the body, and let eyes and executor do what they do."""
    with WatchingCommunity(site, finder, renderer=renderer, scenario=scenario) as community:
        community.put(fall.start)
        community.staged = (fall.body,)
        community.send(fall.goal)
        end, first_in_view = community.now + timedelta(seconds=within_s), None
        while community.now < end and not community.noted.confirmed:
            community.tick()
            if first_in_view is None and community.in_view(fall.body.position_m):
                first_in_view = community.now
        community.forward(seconds=1.0)
        noted = community.noted
    near = [s for s in noted.confirmed if s.position_m and s.position_m.distance_m(fall.body.position_m) <= 1.5]
    hit = near[0] if near else None
    return FallOutcome(
        posture=fall.body.posture,
        confirmed=hit is not None,
        in_view_to_confirmed_s=_seconds(first_in_view, hit.observed_at) if hit else None,
        suspected_to_confirmed_s=_seconds(hit.first_seen_at, hit.observed_at) if hit else None,
        pin_error_m=hit.position_m.distance_m(fall.body.position_m) if hit and hit.position_m else None,
        elsewhere=len(noted.confirmed) - len(near),
        finding=any(f.certainty is Certainty.CONFIRMED for f in noted.findings),
        looks=noted.looks,
    ), noted


def crowd(seed: int) -> Scenario:
    """Thirty people, none of whom lies: half walk, half sit, bend, kneel, squat or sweep; thirty things lie about."""
    return Scenario(name="crowd", seed=seed, residents=15, busy=15, things=30, events=(), battery_pct={})


def patrol_among_crowd(
    site: Site, finder: PersonFinder, renderer: Renderer, *, seed: int, minutes: float, rate_hz: float
) -> Noted:
    """One robot goes from viewpoint to viewpoint, another order for each seed, and looks."""
    pick = random.Random(f"crowd {seed}")
    with WatchingCommunity(
        site,
        finder,
        renderer=renderer,
        rate_hz=rate_hz,
        suspect_rate_hz=max(5.0, rate_hz),
        scenario=crowd(seed),
        seed=seed,
    ) as community:
        end = community.now + timedelta(minutes=minutes)
        while community.now < end:
            if not community.executor(community.robot_id).memory.missions:
                tour = pick.sample(sorted(site.viewpoints), len(site.viewpoints))
                community.order(community.robot_id, tuple(tour), kind=MissionKind.PATROL, name="巡逻")
            community.tick()
    return community.noted


def _seconds(since: datetime | None, until: datetime) -> float | None:
    return None if since is None else (until - since).total_seconds()
