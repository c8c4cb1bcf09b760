"""Drives a robot along a route to a pose: regulated pure pursuit that yields, goes around what stands, or gives up.

Pure pursuit: Coulter, "Implementation of the Pure Pursuit Path Tracking Algorithm", CMU-RI-TR-92-01; the regulation
(slower in tight curves, near things and near the goal; turning on the spot first) follows Macenski et al., "Regulated
Pure Pursuit for Robot Path Tracking", 2023, which is what Nav2 ships.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from patrol_core.geometry import Point2, Pose2, wrap_rad
from sim.ground_robot import STOP, Motion, Twist
from sim.obstacles import Obstacles
from sim.polyline import Polyline, shifted
from sim.route import Route, RoutePlanner

_LOOK_M = 3.5  # of path, checked for people and robots
_SAMPLE_M = 0.15
_BACK_UP_MPS = 0.25
_ASIDE_M: tuple[float, ...] = (-1.2, 1.2, -1.7, 1.7)
_FAR_ASIDE_M: tuple[float, ...] = (-2.3, 2.3, -2.9, 2.9)  # around what needs room, such as somebody on the ground
_WIDE_M = 0.6
_CUSP_RAD = 1.9  # a corner sharper than this is driven to, turned on, and driven from


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigatorPolicy:
    """How it drives. The tolerances are the ones the mission counts on."""

    cruise_mps: float = 1.0
    arrive_m: float = 0.25
    arrive_rad: float = 0.2
    stop_m: float = 0.12  # drives on until this near, so that arrival is well inside the tolerance
    lookahead_m: float = 0.55  # plus `lookahead_s` times the speed
    lookahead_s: float = 0.6
    turn_in_place_rad: float = 0.8  # more than this off the path: stop and turn first
    tight_curve_m: float = 1.2  # curves of a smaller radius are driven slower in proportion
    brake_mps2: float = 0.4  # comfortable
    body_m: float = 0.42
    gap_m: float = 0.5  # kept to whom it yields
    go_around_after_s: float = 3.0
    back_up_after_s: float = 7.0  # nose to nose with no way around; of two robots each needs a value of its own
    recoveries: int = 6  # ways around and steps back for one goal (Nav2's default number of retries)
    give_up_after_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Somebody in the way, as the robot's lidar would see it."""

    name: str  # "a person", "robot r2"
    position_m: Point2  # frame `map`
    radius_m: float
    speed_mps: float


class Verdict(StrEnum):
    """Where a goal stands."""

    DRIVING = "driving"
    ARRIVED = "arrived"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What to do now, and how far it is."""

    twist: Twist
    verdict: Verdict
    because: str  # why it waits or gave up; "" while it drives
    distance_remaining_m: float
    time_remaining_s: float
    navigation_time_s: float
    recoveries: int  # how often it went around something


class Navigator:
    """One goal of one robot. Call `step` at 10–20 Hz of site time with where the robot is; it returns what to do.

    Raises (from the constructor):
        Unreachable: as `RoutePlanner.plan`.
    """

    def __init__(
        self,
        *,
        planner: RoutePlanner,
        obstacles: Obstacles,
        start: Pose2,
        goal: Pose2,
        now_s: float,
        policy: NavigatorPolicy | None = None,
    ) -> None:
        self._policy = policy or NavigatorPolicy()
        self._obstacles = obstacles
        self.goal = goal
        self._take(planner.plan(start.point, goal.point))
        self._started_s = now_s
        self._least_work = math.inf
        self._progress_at_s = now_s
        self._blocked_since_s: float | None = None
        self._aligning = False
        self._turning = False
        self._backing_until_s = now_s
        self._recoveries = 0

    @property
    def path(self) -> tuple[Point2, ...]:
        """What it follows now, frame `map`."""
        return self._path.points

    def obey(self, policy: NavigatorPolicy) -> None:
        """Drive on by another policy."""
        self._policy = policy

    def step(self, motion: Motion, seen: Sequence[Seen], now_s: float) -> Steering:
        """The twist for now. After `ARRIVED` or `GAVE_UP` the twist is a stop; do not call again."""
        policy = self._policy
        away_m = motion.pose.point.distance_m(self.goal.point)
        self._follow(motion.pose.point)
        remaining_m = self._path.length_m - self._along_m
        if away_m <= policy.stop_m or (away_m <= 0.8 * policy.arrive_m and remaining_m < 0.05):
            self._aligning = True
        elif away_m > policy.arrive_m:
            self._aligning = False

        because = ""
        if now_s < self._backing_until_s and _free_behind(motion, seen, self._obstacles, policy.body_m):
            return self._steering(
                Twist(speed_mps=-_BACK_UP_MPS), Verdict.DRIVING, "backing up to get past", remaining_m, now_s
            )
        if self._aligning:
            turn = wrap_rad(self.goal.heading_rad - motion.pose.heading_rad)
            if abs(turn) < policy.arrive_rad / 2 and abs(motion.speed_mps) < 0.05:
                return self._steering(STOP, Verdict.ARRIVED, "", 0.0, now_s)
            twist, work = Twist(turn_radps=_turn_rate(turn)), 0.3 * abs(turn)
        else:
            twist, turn = self._pursue(motion, remaining_m)
            ahead = _crossing(motion, seen, policy.body_m + 0.35) or self._first_in_way(motion, seen)
            if ahead is not None:
                gap_m, who = ahead
                speed_mps = max(0.0, min(twist.speed_mps, 0.8 * (gap_m - policy.gap_m)))
                if speed_mps < 0.05:
                    speed_mps = 0.0
                    because = f"waiting for {who.name}"
                    self._maybe_go_around(motion, seen, gap_m, who, now_s)
                if not self._turning:  # slower on the same curve
                    slower = speed_mps / twist.speed_mps if twist.speed_mps else 0.0
                    twist = Twist(speed_mps=speed_mps, turn_radps=slower * twist.turn_radps)
            work = remaining_m + 0.3 * abs(turn) + 0.3 * math.pi
        if because == "":
            self._blocked_since_s = None
        if work < self._least_work - 0.05:
            self._least_work = work
            self._progress_at_s = now_s
        elif now_s - self._progress_at_s >= policy.give_up_after_s:
            why = because or "the wheels turn and the robot does not move"
            text = f"no progress for {policy.give_up_after_s:.0f} s, {remaining_m:.1f} m before the goal: {why}"
            return self._steering(STOP, Verdict.GAVE_UP, text, remaining_m, now_s)
        return self._steering(twist, Verdict.DRIVING, because, remaining_m, now_s)

    def _take(self, route: Route) -> None:
        self._path = Polyline(route.points)
        self._limits = route.limits_mps if len(route.limits_mps) == len(self._path.points) - 1 else ()
        self._follow_from_start()

    def _follow_from_start(self) -> None:
        self._along_m = self._floor_m = 0.0
        self._cusps_m = [*self._path.cusps_m(sharper_than_rad=_CUSP_RAD), math.inf]

    def _follow(self, here: Point2) -> None:
        """Where on the path the robot is; a corner too sharp to drive round is reached before what comes after it."""
        low_m, high_m = max(self._floor_m, self._along_m - 0.5), min(self._along_m + 2.5, self._cusps_m[0])
        self._along_m, _ = self._path.project(here, from_m=low_m, to_m=high_m)
        if self._cusps_m[0] - self._along_m < 0.1:
            self._along_m = self._floor_m = self._cusps_m.pop(0)

    def _steering(self, twist: Twist, verdict: Verdict, because: str, remaining_m: float, now_s: float) -> Steering:
        return Steering(
            twist=twist,
            verdict=verdict,
            because=because,
            distance_remaining_m=remaining_m,
            time_remaining_s=remaining_m / (0.85 * self._policy.cruise_mps),
            navigation_time_s=now_s - self._started_s,
            recoveries=self._recoveries,
        )

    def _pursue(self, motion: Motion, remaining_m: float) -> tuple[Twist, float]:
        """The twist on a free path, and how far the robot points away from it."""
        policy = self._policy
        reach_m = policy.lookahead_m + policy.lookahead_s * abs(motion.speed_mps)
        to_cusp_m = self._cusps_m[0] - self._along_m
        carrot = self._path.at(self._along_m + min(reach_m, to_cusp_m))
        here = motion.pose.point
        off = wrap_rad(here.bearing_rad(carrot) - motion.pose.heading_rad)
        limit_rad = 0.15 if self._turning else policy.turn_in_place_rad
        self._turning = abs(off) > limit_rad
        if self._turning:
            return Twist(turn_radps=_turn_rate(off)), off
        away_m = max(1e-3, here.distance_m(carrot))
        curvature = 2.0 * math.sin(off) / away_m
        limit = self._limit_mps()
        speed = min(self._policy.cruise_mps, limit if limit is not None else math.inf)
        if abs(curvature) > 1.0 / policy.tight_curve_m:
            speed = max(0.25, speed / (abs(curvature) * policy.tight_curve_m))
        speed = min(speed, max(0.08, math.sqrt(2.0 * policy.brake_mps2 * max(0.0, min(remaining_m, to_cusp_m) - 0.05))))
        return Twist(speed_mps=speed, turn_radps=speed * curvature), off

    def _limit_mps(self) -> float | None:
        if not self._limits:
            return None
        return self._limits[self._path.segment(self._along_m)]

    def _first_in_way(self, motion: Motion, seen: Sequence[Seen]) -> tuple[float, Seen] | None:
        """(free metres along the path, who) of the first one in the corridor that the body sweeps next."""
        here = motion.pose.point
        near = [one for one in seen if one.position_m.distance_m(here) < _LOOK_M + 1.0]
        if not near:
            return None
        for i in range(1, int(_LOOK_M / _SAMPLE_M) + 1):
            spot = self._path.at(self._along_m + i * _SAMPLE_M)
            for one in near:
                away_m = spot.distance_m(one.position_m)
                if away_m < self._policy.body_m + one.radius_m and away_m < here.distance_m(one.position_m):
                    return (i - 1) * _SAMPLE_M, one
        return None

    def _maybe_go_around(self, motion: Motion, seen: Sequence[Seen], gap_m: float, who: Seen, now_s: float) -> None:
        """Bend the path around somebody who has stood in it for a while; rather right than left."""
        policy = self._policy
        if self._blocked_since_s is None or who.speed_mps > 0.15:
            self._blocked_since_s = now_s
        if now_s - self._blocked_since_s < policy.go_around_after_s or self._recoveries >= policy.recoveries:
            return
        beyond_m = self._along_m + gap_m + 2 * who.radius_m + 2 * policy.body_m + 0.6
        wide = who.radius_m > _WIDE_M
        look_m = 8.0 if wide else 4.0
        for aside_m in _ASIDE_M + (_FAR_ASIDE_M if wide else ()):
            bend = shifted(self._path.part(self._along_m + 0.3, min(beyond_m, self._path.length_m)), aside_m)
            rest = self._path.part(min(beyond_m + 0.8, self._path.length_m), self._path.length_m)
            path = Polyline((motion.pose.point, *bend, *rest, self.goal.point))
            if path.cusps_m(sharper_than_rad=_CUSP_RAD):
                continue
            if self._obstacles.blocking(bend, policy.body_m + 0.1) is not None:
                continue
            if any(path.project(o.position_m, to_m=look_m)[1] < policy.body_m + o.radius_m + 0.05 for o in seen):
                continue
            self._path, self._limits = path, ()
            self._follow_from_start()
            self._least_work += aside_m * aside_m  # the way around is longer: that is no lack of progress
            self._recoveries += 1
            self._blocked_since_s = None
            return
        if now_s - self._blocked_since_s >= policy.back_up_after_s:
            self._backing_until_s = now_s + 1.0 / _BACK_UP_MPS  # no progress: the clock to give up runs on
            self._recoveries += 1
            self._blocked_since_s = None


def _crossing(motion: Motion, seen: Sequence[Seen], reach_m: float) -> tuple[float, Seen] | None:
    """Somebody who walks right before the body, though beside the path: no metre is free until they have passed."""
    here = motion.pose
    for one in seen:
        if one.speed_mps < 0.15 or here.point.distance_m(one.position_m) > reach_m + one.radius_m:
            continue
        if abs(wrap_rad(here.point.bearing_rad(one.position_m) - here.heading_rad)) < 1.3:
            return 0.0, one
    return None


def _free_behind(motion: Motion, seen: Sequence[Seen], obstacles: Obstacles, body_m: float) -> bool:
    """Whether half a metre behind the body is free of buildings, people and robots."""
    pose = motion.pose
    spot = Point2(pose.x_m - 0.5 * math.cos(pose.heading_rad), pose.y_m - 0.5 * math.sin(pose.heading_rad))
    if obstacles.within(spot, body_m) is not None:
        return False
    return all(
        spot.distance_m(o.position_m) > min(body_m + o.radius_m, pose.point.distance_m(o.position_m)) for o in seen
    )


def _turn_rate(angle_rad: float) -> float:
    """Turn rate toward an angle: fast far from it, slow near it, never so slow that it does not end."""
    return math.copysign(min(1.0, max(0.12, 1.6 * abs(angle_rad))), angle_rad)
