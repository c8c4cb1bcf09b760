"""Navigation arrives, yields, goes around, gives up with its reason, and touches nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from maps import load_site
from patrol_core.geometry import Point2, Pose2, wrap_rad
from sim.ground_robot import Chassis, Motion, drive
from sim.navigator import Navigator, NavigatorPolicy, Seen, Verdict
from sim.obstacles import Obstacles
from sim.rehearsal import Arrived, GaveUp, RanInto, Rehearsal
from sim.route import RoutePlanner
from sim.scenario import QUIET, HoldRobot, TimedEvent

CHASSIS = Chassis()
FULL_LIFE = replace(QUIET, residents=30, seed=5)


def until_ended(rehearsal, robot_id, within_s=600.0):
    """(last event of the robot, every bump on the way)."""
    bumps = []
    deadline_s = rehearsal.world.elapsed_s + within_s
    while rehearsal.world.elapsed_s < deadline_s:
        for event in rehearsal.tick():
            if isinstance(event, RanInto):
                bumps.append(event)
            if isinstance(event, Arrived | GaveUp) and event.robot_id == robot_id:
                return event, bumps
    raise AssertionError(f"{robot_id} neither arrived nor gave up within {within_s} s")


def test_every_viewpoint_of_the_demo_site_is_reached_from_a_dock_among_people_without_touching_anything():
    site = load_site("xinghe")
    rehearsal = Rehearsal(site, scenario=FULL_LIFE)
    stops = [*site.viewpoints.values()]
    ways = {"r1": stops[::2], "r2": stops[1::2]}
    goals = {}
    arrived, bumps = [], []

    def next_goal(robot_id):
        if ways[robot_id]:
            goals[robot_id] = ways[robot_id].pop(0)
            rehearsal.goto(robot_id, goals[robot_id].pose)
        else:
            goals.pop(robot_id, None)

    for robot_id in ways:
        next_goal(robot_id)
    while goals:
        for event in rehearsal.tick():
            if isinstance(event, RanInto):
                bumps.append(event)
            elif isinstance(event, GaveUp):
                raise AssertionError(f"{goals[event.robot_id].viewpoint_id}: {event.because}")
            elif isinstance(event, Arrived):
                wanted, came = goals[event.robot_id].pose, rehearsal.pose(event.robot_id)
                assert came.point.distance_m(wanted.point) <= 0.25
                assert abs(wrap_rad(came.heading_rad - wanted.heading_rad)) <= 0.2
                arrived.append(goals[event.robot_id].viewpoint_id)
                next_goal(event.robot_id)
        for robot in rehearsal.world.robots.values():
            assert rehearsal.world.obstacles.clearance_m(robot.pose.point) > 0.2
    assert sorted(arrived) == sorted(site.viewpoints)
    assert bumps == []


def test_it_drives_on_to_its_dock_and_charges_there(site):
    rehearsal = Rehearsal(site, scenario=replace(QUIET, battery_pct={"r1": 50}))
    rehearsal.goto("r1", Pose2(x_m=30.0, y_m=0.0, heading_rad=0.0))
    until_ended(rehearsal, "r1")
    away = rehearsal.battery_pct("r1")
    rehearsal.goto("r1", site.docks["dock-1"].pose)
    assert isinstance(until_ended(rehearsal, "r1")[0], Arrived)
    docked = rehearsal.battery_pct("r1")
    for _ in range(600):
        rehearsal.tick()
    assert docked < away
    assert rehearsal.world.robot("r1").charging
    assert rehearsal.battery_pct("r1") > docked


def test_a_robot_held_gives_up_with_its_reason_after_twenty_seconds_without_progress(site):
    held = TimedEvent(at_s=5.0, what=HoldRobot(robot_id="r1"))
    rehearsal = Rehearsal(site, scenario=replace(QUIET, events=(held,)))
    rehearsal.goto("r1", Pose2(x_m=60.0, y_m=30.0))
    event, _ = until_ended(rehearsal, "r1", within_s=60)
    assert isinstance(event, GaveUp)
    assert "no progress for 20 s" in event.because
    assert "does not move" in event.because
    assert 24 <= rehearsal.world.elapsed_s <= 28


def test_a_robot_let_go_in_time_goes_on(site):
    held = TimedEvent(at_s=5.0, what=HoldRobot(robot_id="r1", for_s=10.0))
    rehearsal = Rehearsal(site, scenario=replace(QUIET, events=(held,)))
    rehearsal.goto("r1", Pose2(x_m=30.0, y_m=30.0))
    assert isinstance(until_ended(rehearsal, "r1")[0], Arrived)


def test_a_goal_in_a_house_ends_with_its_reason_at_once(site):
    rehearsal = Rehearsal(site, scenario=QUIET)
    rehearsal.goto("r1", Pose2(x_m=15.0, y_m=15.0))
    (event,) = [e for e in rehearsal.tick() if isinstance(e, GaveUp)]
    assert "b1" in event.because


def test_two_robots_that_meet_on_one_lane_pass_each_other(site):
    rehearsal = Rehearsal(site, scenario=QUIET)
    rehearsal.goto("r1", Pose2(x_m=60.0, y_m=30.0))
    rehearsal.goto("r2", Pose2(x_m=30.0, y_m=30.0))
    until_ended(rehearsal, "r1")
    rehearsal.goto("r1", Pose2(x_m=2.0, y_m=30.0))
    rehearsal.goto("r2", Pose2(x_m=58.0, y_m=30.0))
    ended = set()
    for _ in range(3000):
        for event in rehearsal.tick():
            assert not isinstance(event, RanInto | GaveUp)
            if isinstance(event, Arrived):
                ended.add(event.robot_id)
    assert ended == {"r1", "r2"}


# one goal on free ground, step by step


def navigating(site, goal, start=None, policy=None):
    obstacles = Obstacles.of(site)
    start = start or Pose2(x_m=2.0, y_m=-0.5)
    planner = RoutePlanner(site.lanes, obstacles)
    navigator = Navigator(
        planner=planner, obstacles=obstacles, start=start, goal=goal, now_s=0.0, policy=policy or NavigatorPolicy()
    )
    return navigator, Motion(pose=start)


def played(navigator, motion, seen=lambda now_s, motion: [], within_s=300.0):
    """Steering until it ends; (last steering, motion, seconds, steerings)."""
    steerings, now_s = [], 0.0
    while now_s < within_s:
        steering = navigator.step(motion, seen(now_s, motion), now_s)
        steerings.append((motion, steering))
        if steering.verdict is not Verdict.DRIVING:
            return steering, motion, now_s, steerings
        for _ in range(2):
            motion = drive(motion, steering.twist, 0.05, CHASSIS)
        now_s += 0.1
    raise AssertionError("expected an end; it still drives")


@pytest.mark.parametrize("heading_rad", [0.0, 1.6, math.pi, -2.5])
def test_it_arrives_with_any_heading_and_stands(site, heading_rad):
    goal = Pose2(x_m=40.0, y_m=0.0, heading_rad=heading_rad)
    last, motion, _, _ = played(*navigating(site, goal))
    assert last.verdict is Verdict.ARRIVED
    assert motion.pose.point.distance_m(goal.point) <= 0.25
    assert abs(wrap_rad(motion.pose.heading_rad - heading_rad)) <= 0.2
    assert abs(motion.speed_mps) < 0.05


def test_it_says_how_far_it_is_and_slows_before_the_goal(site):
    _, _, _, steerings = played(*navigating(site, Pose2(x_m=40.0, y_m=0.0)))
    remaining = [s.distance_remaining_m for _, s in steerings]
    assert remaining[0] == pytest.approx(38.0, abs=1.5)
    assert remaining[-1] == 0.0
    near = [m.speed_mps for m, s in steerings if 0.2 < s.distance_remaining_m < 0.5]
    assert near
    assert max(near) < 0.7


def test_it_stops_for_a_person_on_its_way_and_says_for_whom(site):
    def crossing(now_s, motion):
        person = Seen(name="a person", position_m=Point2(20.0, -0.5), radius_m=0.28, speed_mps=0.5)
        return [person] if now_s < 32 else []

    last, _, ended_s, steerings = played(*navigating(site, Pose2(x_m=40.0, y_m=0.0)), seen=crossing)
    waiting = [(m, s) for m, s in steerings if s.because]
    assert last.verdict is Verdict.ARRIVED
    assert ended_s > 32
    assert {s.because for _, s in waiting} == {"waiting for a person"}
    assert all(m.pose.x_m < 20.0 - 0.7 for m, _ in waiting), "expected a stop before the person"


def test_it_goes_around_what_stands_in_its_way(site):
    def standing(_now_s, _motion):
        return [Seen(name="a person", position_m=Point2(20.0, -0.5), radius_m=0.28, speed_mps=0.0)]

    last, _, _, steerings = played(*navigating(site, Pose2(x_m=40.0, y_m=0.0)), seen=standing)
    assert last.verdict is Verdict.ARRIVED
    assert last.recoveries >= 1
    assert min(m.pose.point.distance_m(Point2(20.0, -0.5)) for m, _ in steerings) > CHASSIS.radius_m + 0.28


def test_it_gives_up_on_a_person_who_stands_on_the_goal(site):
    goal = Pose2(x_m=20.0, y_m=-0.5)

    def standing(_now_s, _motion):
        return [Seen(name="a person", position_m=goal.point, radius_m=0.28, speed_mps=0.0)]

    last, _, _, _ = played(*navigating(site, goal), seen=standing)
    assert last.verdict is Verdict.GAVE_UP
    assert last.because.endswith("waiting for a person")


def test_a_lower_cruise_holds_also_on_the_way(site):
    navigator, motion = navigating(site, Pose2(x_m=40.0, y_m=0.0))
    navigator.obey(NavigatorPolicy(cruise_mps=0.3))
    _, _, _, steerings = played(navigator, motion)
    assert max(m.speed_mps for m, _ in steerings) <= 0.3 + 1e-9
