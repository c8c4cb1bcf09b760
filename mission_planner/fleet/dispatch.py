"""Who goes: the nearest robot that can, with the reason for it and for each that was not chosen. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mission_planner.fleet import phrases
from mission_planner.fleet.live import FleetNow, RobotNow
from patrol_core.geometry import Point2
from patrol_core.robot import Activity, Link
from patrol_core.site import RobotKind, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a robot must have to be sent."""

    battery_pct: float
    charging_pct: float  # a robot that charges stays in its dock below this


LOOK = Needs(battery_pct=15.0, charging_pct=20.0)  # to see what happened may eat into a patrol's reserve
PATROL = Needs(battery_pct=25.0, charging_pct=40.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who goes, or why nobody."""

    robot_id: str | None
    because: Text


def why_not(now: RobotNow, needs: Needs) -> Text | None:
    """Why this robot cannot be sent; None when it can."""
    state = now.state
    if state is None or now.link is Link.NEVER:
        return phrases.NEVER_HEARD
    checks: tuple[tuple[bool, Text], ...] = (
        (now.robot.kind is not RobotKind.GROUND, phrases.NOT_ON_GROUND),
        (now.link is Link.LOST, phrases.LINK_LOST),
        (state.pose is None, phrases.NO_POSITION),
        (state.battery_pct is None, phrases.NO_BATTERY_READING),
    )
    for cannot, because in checks:
        if cannot:
            return because
    pct = state.battery_pct or 0.0
    if pct < needs.battery_pct:
        return phrases.battery_below(pct, needs.battery_pct)
    if state.charging and pct < needs.charging_pct:
        return phrases.charging_below(pct, needs.charging_pct)
    if state.activity in (Activity.APPROACHING, Activity.ATTENDING):
        return phrases.ATTENDING
    if state.activity is Activity.HOLDING:
        return phrases.holding(state.because)
    return None


def nobody(fleet: FleetNow, *, unwanted: Mapping[str, Text], needs: Needs = LOOK) -> Text | None:
    """Why no robot can go, wherever it is to; None when one may."""
    unable = [(now.robot.name, why_not(now, needs) or unwanted.get(r)) for r, now in sorted(fleet.items())]
    told = [(name, because) for name, because in unable if because is not None]
    return phrases.nobody_able(told) if len(told) == len(unable) else None


def choose(
    goal: Point2,
    fleet: FleetNow,
    distance_m: Callable[[Point2, Point2], float],
    *,
    unwanted: Mapping[str, Text],
    needs: Needs = LOOK,
) -> Choice:
    """The nearest able robot to `goal`.

    Args:
        goal: where it shall stand, frame `map`.
        distance_m: driving distance between two points.
        unwanted: robots that must not go, and why (busy with another incident, tried before).
    """
    able: list[tuple[float, str]] = []
    unable: list[tuple[Text, Text]] = []
    for robot_id, now in sorted(fleet.items()):
        because = why_not(now, needs) or unwanted.get(robot_id)
        if because is None and now.state is not None and now.state.pose is not None:
            way_m = distance_m(now.state.pose.point, goal)
            if math.isfinite(way_m):
                able.append((way_m, robot_id))
                continue
            because = phrases.NO_WAY
        unable.append((now.robot.name, because or phrases.NO_POSITION))
    if not able:
        return Choice(robot_id=None, because=phrases.nobody_able(unable))
    able.sort()
    near = [(fleet[robot_id].robot.name, way_m) for way_m, robot_id in able]
    return Choice(robot_id=able[0][1], because=phrases.chosen(near, unable))
