"""The simulated community: one clock, robots, residents, sensors, a scenario. The same seed repeats to the byte."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from patrol_core.errors import NotFound
from patrol_core.geometry import Point2, Pose2
from patrol_core.site import DeviceKind, RobotKind, Site
from sim.battery import Battery
from sim.bodies import KEEP_FROM_LYING_M, LYING, discs
from sim.contact import Body, contact
from sim.crowd import Crowd, Fell
from sim.devices import DeviceReport, SensorField
from sim.fires import Fires
from sim.ground_robot import STOP, Chassis, Motion, Twist, drive
from sim.navigator import Seen
from sim.obstacles import Obstacles
from sim.person import Person
from sim.scenario import Alarm, CoverCamera, Fall, Happening, HelpUp, HoldRobot, Scenario, SetBattery, TimedEvent
from sim.view import WorldView

STEP_S = 0.05
DOCK_REACH_M = 0.4  # a robot that stands this near its dock's pose touches the contacts
_LIDAR_M = 8.0
_REACH_M = 2.0  # nobody whose middle is farther away can touch a robot
_AWAY_M = 0.1  # that far from a contact, the next one counts as another
_ATTENDED_M = 8.0  # a robot with its lights on, this near, attends somebody who lies
_HELPER_COMES_S = 15.0  # after it was sent on


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The scenario made something happen."""

    what: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A fixed sensor spoke."""

    report: DeviceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Bumped:
    """A robot ran into something and stopped."""

    robot_id: str
    into: str


WorldEvent = Happened | Reported | Bumped | Fell


@dataclass(slots=True, kw_only=True)
class RobotTruth:
    """A robot as it really is. Only the simulator reads this."""

    robot_id: str
    motion: Motion
    battery: Battery
    wish: Twist = STOP
    wish_age_s: float = float("inf")
    held_until_s: float = 0.0
    covered_until_s: float = 0.0
    charging: bool = False
    touching: tuple[str, Point2] | None = None  # what it ran into, and where it stood then
    driven_m: float = 0.0
    lights_on: bool = False

    @property
    def pose(self) -> Pose2:
        return self.motion.pose


class World:
    """Moves in whole steps of `STEP_S` seconds of site time; nothing moves between two calls of `step`.

    Not thread-safe: one owner steps it, hands it commands and reads it.
    """

    def __init__(
        self,
        *,
        site: Site,
        scenario: Scenario,
        started_at: datetime,
        seed: int | None = None,
        chassis: Chassis | None = None,
        battery: Battery | None = None,
    ) -> None:
        self.site = site
        self.obstacles = Obstacles.of(site)
        self.started_at = started_at
        self.chassis = chassis or Chassis()
        self.tick = 0
        seed = scenario.seed if seed is None else seed
        self._crowd = Crowd(site, self.obstacles, scenario, seed=seed)
        self._sensors = SensorField(site.devices, seed=seed)
        full = battery or Battery()
        self._robots = {
            robot.robot_id: RobotTruth(
                robot_id=robot.robot_id,
                motion=Motion(pose=scenario.start.get(robot.robot_id, site.docks[robot.dock_id].pose)),
                battery=full.at(scenario.battery_pct.get(robot.robot_id, 100.0)),
            )
            for robot in site.robots.values()
            if robot.kind is RobotKind.GROUND
        }
        self._fires = Fires()
        self._agenda = [(event.at_s, i, event) for i, event in enumerate(scenario.events)]
        heapq.heapify(self._agenda)

    @property
    def elapsed_s(self) -> float:
        """Site seconds since the start."""
        return self.tick * STEP_S

    @property
    def now(self) -> datetime:
        """Site time, UTC-aware."""
        return self.time_at(self.elapsed_s)

    def time_at(self, elapsed_s: float) -> datetime:
        """Site time `elapsed_s` seconds after the start."""
        return self.started_at + timedelta(seconds=elapsed_s)

    def set_calendar(self, now: datetime) -> None:
        """It is another time of day; nothing in the world moves by that."""
        self.started_at = now - timedelta(seconds=self.elapsed_s)

    @property
    def robots(self) -> Mapping[str, RobotTruth]:
        return self._robots

    @property
    def people(self) -> tuple[Person, ...]:
        return self._crowd.people

    def robot(self, robot_id: str) -> RobotTruth:
        """Raises NotFound."""
        try:
            return self._robots[robot_id]
        except KeyError:
            raise NotFound("ground robot", robot_id) from None

    def command(self, robot_id: str, wish: Twist) -> None:
        """What the wheels shall do from the next step on, until the chassis' watchdog."""
        robot = self.robot(robot_id)
        robot.wish, robot.wish_age_s = wish, 0.0

    def set_lights(self, robot_id: str, on: bool) -> None:
        """Lights on or off. Off beside somebody on the ground: a helper has come, who soon has them on their feet."""
        robot = self.robot(robot_id)
        if robot.lights_on and not on:
            for person in self._crowd.lying():
                if person.position_m.distance_m(robot.pose.point) < _ATTENDED_M:
                    self._crowd.help_up(person.person_id, at_s=self.elapsed_s + _HELPER_COMES_S)
        robot.lights_on = on

    def step(self, dt_s: float = STEP_S) -> list[WorldEvent]:
        """Time goes on by `dt_s`, rounded to whole steps (at least one); what happened, in order."""
        events: list[WorldEvent] = []
        for _ in range(max(1, round(dt_s / STEP_S))):
            self._step(events)
        return events

    def seen_by(self, robot_id: str) -> list[Seen]:
        """Who stands or walks within lidar range of a robot, as its navigation perceives them."""
        here = self.robot(robot_id).pose.point
        seen: list[Seen] = []
        for person in self.people:
            if person.position_m.distance_m(here) > _LIDAR_M:
                continue
            name, room_m = (LYING, KEEP_FROM_LYING_M) if person.lies else ("a person", 0.0)
            seen += [
                Seen(name=name, position_m=middle, radius_m=radius_m + room_m, speed_mps=person.speed_mps)
                for middle, radius_m in discs(person)
            ]
        seen += [
            Seen(
                name=f"robot {other.robot_id}",
                position_m=other.pose.point,
                radius_m=self.chassis.radius_m,
                speed_mps=abs(other.motion.speed_mps),
            )
            for other in self._robots.values()
            if other.robot_id != robot_id and other.pose.point.distance_m(here) < _LIDAR_M
        ]
        return seen

    def view(self) -> WorldView:
        """The moving things of this tick."""
        return WorldView(
            tick=self.tick,
            elapsed_s=self.elapsed_s,
            robots={key: robot.pose for key, robot in self._robots.items()},
            people=self.people,
            smoke=self._fires.smoke,
            covered=frozenset(k for k, r in self._robots.items() if r.covered_until_s > self.elapsed_s),
            things=self._crowd.things,
            lights=frozenset(k for k, r in self._robots.items() if r.lights_on),
        )

    def trace(self) -> bytes:
        """One line that holds the whole state of this tick: two runs of a seed give the same lines, byte for byte."""
        state = {
            "tick": self.tick,
            "robots": {
                key: [r.pose.x_m, r.pose.y_m, r.pose.heading_rad, r.motion.speed_mps, r.battery.charge_wh, r.charging]
                for key, r in self._robots.items()
            },
            "people": [
                [p.position_m.x_m, p.position_m.y_m, p.heading_rad, p.stride_m, p.posture, p.fallen]
                for p in self.people
            ],
            "alarming": self._sensors.alarming,
        }
        return json.dumps(state, separators=(",", ":")).encode() + b"\n"

    def _step(self, events: list[WorldEvent]) -> None:
        self.tick += 1
        now_s = self.elapsed_s
        while self._agenda and self._agenda[0][0] <= now_s:
            due_s, i, event = heapq.heappop(self._agenda)
            self._happen(event, now_s)
            events.append(Happened(what=event.what))
            if event.every_s is not None:
                heapq.heappush(self._agenda, (due_s + event.every_s, i, event))
        if self.tick % 2 == 0:  # residents walk at 10 Hz: nothing that looks at them is faster
            events += self._crowd.step(2 * STEP_S, now_s, [r.pose.point for r in self._robots.values()])
            self._fires.step(2 * STEP_S, self._sensors.alarming)
        for robot in self._robots.values():
            self._move(robot, now_s, events)
            self._power(robot)
        events.extend(Reported(report=report) for report in self._sensors.step(now_s))

    def _happen(self, event: TimedEvent, now_s: float) -> None:
        match what := event.what:
            case Alarm():
                self._sensors.alarm(what.device_id, value=what.value, normal_after_s=what.normal_after_s, now_s=now_s)
                if what.fire and self.site.devices[what.device_id].kind is DeviceKind.SMOKE:
                    self._fires.start(what.device_id)
            case HoldRobot():
                self.robot(what.robot_id).held_until_s = now_s + what.for_s
            case CoverCamera():
                self.robot(what.robot_id).covered_until_s = now_s + what.for_s
            case SetBattery():
                robot = self.robot(what.robot_id)
                robot.battery = robot.battery.at(what.pct)
            case Fall():
                next_s = None if event.every_s is None else now_s + event.every_s
                robots = [r.pose.point for r in self._robots.values()]
                self._crowd.fall(what, now_s=now_s, next_s=next_s, robots=robots)
            case HelpUp():
                self._crowd.help_up(what.person_id, at_s=now_s)

    def _move(self, robot: RobotTruth, now_s: float, events: list[WorldEvent]) -> None:
        robot.wish_age_s += STEP_S
        wish = robot.wish if robot.wish_age_s <= self.chassis.watchdog_s and not robot.battery.empty else STOP
        if robot.motion.standing and wish == STOP:
            robot.motion = Motion(pose=robot.pose)
            return
        moved = drive(robot.motion, wish, STEP_S, self.chassis)
        if robot.held_until_s > now_s:
            robot.motion = Motion(pose=robot.pose)  # wheels slip, the body stays
            return
        into = self._contact(robot, moved.pose.point)
        if into is not None:
            if robot.touching is None or robot.touching[0] != into:
                events.append(Bumped(robot_id=robot.robot_id, into=into))
            robot.touching = (into, robot.pose.point)
            turned = Pose2(x_m=robot.pose.x_m, y_m=robot.pose.y_m, heading_rad=moved.pose.heading_rad)
            robot.motion = Motion(pose=turned, turn_radps=moved.turn_radps)
            return
        if robot.touching is not None and robot.touching[1].distance_m(robot.pose.point) > _AWAY_M:
            robot.touching = None
        robot.driven_m += robot.pose.point.distance_m(moved.pose.point)
        robot.motion = moved

    def _contact(self, robot: RobotTruth, point: Point2) -> str | None:
        """What the body would run into at `point`."""
        radius_m = self.chassis.radius_m
        others = [(f"robot {o.robot_id}", o.pose.point, radius_m) for o in self._robots.values() if o is not robot]
        return contact(robot.pose.point, point, radius_m, self.obstacles, [*others, *_bodies(self.people, point)])

    def _power(self, robot: RobotTruth) -> None:
        motion = robot.motion
        robot.charging = abs(motion.speed_mps) < 0.02 and any(
            dock.pose.point.distance_m(robot.pose.point) <= DOCK_REACH_M for dock in self.site.docks.values()
        )
        robot.battery = (
            robot.battery.charged(STEP_S)
            if robot.charging
            else robot.battery.drained(STEP_S, speed_mps=motion.speed_mps, turn_radps=motion.turn_radps)
        )


def _bodies(people: Iterable[Person], near: Point2) -> list[Body]:
    """The discs of those who may be within reach of a point."""
    return [
        (person.person_id, middle, radius_m)
        for person in people
        if abs(person.position_m.x_m - near.x_m) < _REACH_M and abs(person.position_m.y_m - near.y_m) < _REACH_M
        for middle, radius_m in discs(person)
    ]
