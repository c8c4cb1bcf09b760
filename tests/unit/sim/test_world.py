"""The simulated community: a seed repeats to the byte, bodies stop at what is in the way, batteries tell the truth."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from patrol_core.errors import NotFound
from patrol_core.geometry import Point2, Pose2
from sim.bodies import discs
from sim.crowd import Fell
from sim.ground_robot import Motion, Twist
from sim.scenario import QUIET, Alarm, CoverCamera, Fall, HelpUp, HoldRobot, SetBattery, TimedEvent
from sim.world import STEP_S, Bumped, Happened, Reported, World
from tests.unit.sim.block import START

AHEAD = Twist(speed_mps=1.0)


def world_of(site, *events, **scenario):
    return World(site=site, scenario=replace(QUIET, events=events, **scenario), started_at=START)


def put(world, robot_id, x_m, y_m, heading_rad=0.0):
    world.robot(robot_id).motion = Motion(pose=Pose2(x_m=x_m, y_m=y_m, heading_rad=heading_rad))


def run(world, seconds, wish=None, robot_id="r1"):
    events = []
    for _ in range(round(seconds / STEP_S)):
        if wish is not None:
            world.command(robot_id, wish)
        events += world.step()
    return events


def trace(site, seed):
    """A minute of commands and life."""
    world = World(site=site, scenario=replace(QUIET, residents=20, events=(fire(5.0),)), started_at=START, seed=seed)
    lines = []
    for i in range(1200):
        world.command("r1", Twist(speed_mps=1.0 if i % 300 < 200 else -0.2, turn_radps=0.3 if i % 100 < 50 else -0.2))
        world.step()
        lines.append(world.trace())
    return b"".join(lines)


def fire(at_s, **changes):
    return TimedEvent(at_s=at_s, what=Alarm(device_id="smoke-b1", value=0.3, normal_after_s=30, **changes))


def test_the_same_seed_gives_the_same_state_byte_for_byte_and_another_seed_does_not(site):
    assert trace(site, 11) == trace(site, 11)
    assert trace(site, 11) != trace(site, 12)


_TRACE_DIGEST = """
import hashlib
from maps import load_site
from sim.rehearsal import Rehearsal
site = load_site("xinghe")
rehearsal, digest = Rehearsal(site, scenario="demo"), hashlib.sha256()
rehearsal.goto("r1", site.viewpoints["vp-02"].pose)
for _ in range(1000):
    rehearsal.tick()
    digest.update(rehearsal.world.trace())
print(digest.hexdigest())
"""


def test_it_is_the_same_in_every_process():
    digests = {
        subprocess.run(
            [sys.executable, "-c", _TRACE_DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_site_time_goes_on_by_its_steps(site):
    world = world_of(site)
    world.step(1.0)
    assert world.now == START + timedelta(seconds=1)
    assert world.tick == 20


def test_setting_the_calendar_moves_nothing(site):
    world = world_of(site)
    world.step(10.0)
    before = world.trace()
    world.set_calendar(START + timedelta(hours=1))
    assert world.now == START + timedelta(hours=1)
    assert world.trace() == before


def test_without_commands_the_watchdog_brakes_within_half_a_second_and_the_braking_distance(site):
    world = world_of(site)
    put(world, "r1", 0.0, -3.0)
    run(world, 3.0, AHEAD)
    assert world.robot("r1").motion.speed_mps == pytest.approx(1.0)
    run(world, world.chassis.watchdog_s + 1.0)
    assert world.robot("r1").motion.standing


def test_a_house_stops_a_robot_which_then_can_back_away(site):
    world = world_of(site)
    put(world, "r1", 3.0, 15.0)
    events = run(world, 5.0, AHEAD)
    assert [e.into for e in events if isinstance(e, Bumped)] == ["building b1"]
    assert world.robot("r1").pose.x_m <= 5.0 - world.chassis.radius_m + 1e-6
    assert world.robot("r1").motion.speed_mps == 0.0
    stopped_at = world.robot("r1").pose.x_m
    run(world, 2.0, Twist(speed_mps=-0.3))
    assert world.robot("r1").pose.x_m < stopped_at - 0.2


def test_robots_do_not_drive_through_each_other(site):
    world = world_of(site)
    put(world, "r1", 0.0, -3.0)
    put(world, "r2", 4.0, -3.0)
    events = run(world, 6.0, AHEAD)
    assert Bumped(robot_id="r1", into="robot r2") in events
    gap_m = world.robot("r1").pose.point.distance_m(world.robot("r2").pose.point)
    assert gap_m >= 2 * world.chassis.radius_m - 1e-6


def test_an_empty_battery_stops_the_wheels(site):
    world = world_of(site, TimedEvent(at_s=2.0, what=SetBattery(robot_id="r1", pct=0)))
    put(world, "r1", 0.0, -3.0)
    run(world, 6.0, AHEAD)
    assert world.robot("r1").motion.standing
    assert world.robot("r1").battery.empty


def test_it_charges_where_it_stands_within_reach_of_a_dock_and_only_there(site):
    world = world_of(site, battery_pct={"r1": 50, "r2": 50})
    put(world, "r2", 20.0, -3.0)
    run(world, 20.0)
    assert world.robot("r1").charging
    assert world.robot("r1").battery.pct > 50
    assert not world.robot("r2").charging
    assert world.robot("r2").battery.pct < 50


def test_a_robot_that_is_held_does_not_move_and_the_battery_drains_on(site):
    world = world_of(site, TimedEvent(at_s=0.0, what=HoldRobot(robot_id="r1", for_s=4.0)))
    put(world, "r1", 0.0, -3.0)
    run(world, 3.9, AHEAD)
    assert world.robot("r1").pose.x_m == 0.0
    assert world.robot("r1").battery.pct < 100
    run(world, 2.0, AHEAD)
    assert world.robot("r1").pose.x_m > 0.5


def test_a_cover_lies_on_the_camera_for_its_time(site):
    world = world_of(site, TimedEvent(at_s=1.0, what=CoverCamera(robot_id="r2", for_s=2.0)))
    run(world, 1.5)
    assert world.view().covered == {"r2"}
    run(world, 2.0)
    assert world.view().covered == frozenset()


def test_a_fire_is_reported_at_once_and_its_smoke_thickens_and_clears(site):
    world = world_of(site, fire(10.0))
    events = run(world, 12.0)
    assert any(isinstance(e, Happened) for e in events)
    assert [e.report.alarm for e in events if isinstance(e, Reported) and e.report.device_id == "smoke-b1"][-1]
    thin = world.view().smoke["smoke-b1"]
    run(world, 20.0)
    assert world.view().smoke["smoke-b1"] > thin
    run(world, 90.0)
    assert world.view().smoke == {}


def test_a_false_alarm_shows_no_smoke(site):
    world = world_of(site, fire(1.0, fire=False))
    run(world, 10.0)
    assert world.view().smoke == {}


def test_what_repeats_happens_again(site):
    world = world_of(site, replace(fire(5.0), every_s=20.0))
    events = run(world, 50.0)
    assert len([e for e in events if isinstance(e, Happened)]) == 3


def test_a_robot_sees_who_is_near_it(site):
    world = world_of(site)
    put(world, "r1", 0.0, -3.0)
    put(world, "r2", 3.0, -3.0)
    (seen,) = world.seen_by("r1")
    assert seen.name == "robot r2"
    assert seen.position_m == Point2(3.0, -3.0)
    put(world, "r2", 40.0, -3.0)
    assert world.seen_by("r1") == []


def test_a_robot_that_is_not_there_is_not_found(site):
    with pytest.raises(NotFound, match="r9"):
        world_of(site).command("r9", AHEAD)


FALLS_HERE = Fall(person_id="neighbour", at_m=Point2(0.0, 40.0), from_m=Point2(0.0, 46.0))


def fallen(world):
    return [p for p in world.people if p.lies]


def test_somebody_walks_up_falls_at_the_place_in_time_and_lies_there(site):
    world = world_of(site, TimedEvent(at_s=20, what=FALLS_HERE))
    run(world, 19.9)
    (person,) = world.people
    assert person.position_m.distance_m(Point2(0.0, 40.0)) < 0.1
    events = run(world, 1.5)
    (fell,) = [e for e in events if isinstance(e, Fell)]
    assert fell.person_id == "neighbour"
    assert fell.position_m.distance_m(Point2(0.0, 40.0)) < 0.6
    run(world, 600)
    assert [p.person_id for p in fallen(world)] == ["neighbour"]


def test_a_resident_who_falls_is_helped_up_in_time_and_walks_on(site):
    fall = Fall(person_id="resident-01", helped_after_s=20)
    world = world_of(site, TimedEvent(at_s=5, what=fall), residents=3)
    run(world, 10)
    (person,) = fallen(world)
    run(world, 25)
    assert not fallen(world)
    run(world, 20)
    now = next(p for p in world.people if p.person_id == person.person_id)
    assert now.position_m.distance_m(person.position_m) > 2.0


def test_help_ends_a_fall_and_the_next_one_comes_when_it_is_due(site):
    world = world_of(
        site,
        TimedEvent(at_s=20, every_s=120, what=FALLS_HERE),
        TimedEvent(at_s=30, what=HelpUp(person_id="neighbour")),
    )
    run(world, 25)
    assert fallen(world)
    run(world, 20)
    assert not fallen(world)
    run(world, 50)
    (person,) = world.people
    assert person.position_m.distance_m(Point2(0.0, 46.0)) < 0.2, "expected them at home again"
    run(world, 50)
    assert fallen(world)


def test_lights_that_go_out_beside_somebody_on_the_ground_mean_that_help_has_come(site):
    world = world_of(site, TimedEvent(at_s=1, what=replace(FALLS_HERE, from_m=FALLS_HERE.at_m)))
    run(world, 5)
    put(world, "r1", 0.0, 36.5)
    world.set_lights("r1", True)
    assert world.view().lights == {"r1"}
    run(world, 60)
    assert fallen(world)
    world.set_lights("r1", False)
    run(world, 30)
    assert not fallen(world)


def test_a_robot_that_would_drive_over_somebody_on_the_ground_is_stopped_by_the_body(site):
    world = world_of(site, TimedEvent(at_s=1, what=replace(FALLS_HERE, from_m=FALLS_HERE.at_m)))
    run(world, 5)
    (person,) = fallen(world)
    put(world, "r1", person.position_m.x_m - 4.0, person.position_m.y_m)
    events = run(world, 12, AHEAD)
    assert Bumped(robot_id="r1", into="neighbour") in events
    here = world.robot("r1").pose.point
    assert all(here.distance_m(m) >= radius_m + world.chassis.radius_m - 0.01 for m, radius_m in discs(person))


def test_people_keep_away_from_somebody_on_the_ground(site):
    world = world_of(
        site, TimedEvent(at_s=1, what=replace(FALLS_HERE, at_m=Point2(0.0, 45.0), from_m=None)), residents=20
    )
    run(world, 5)
    for _ in range(600):
        run(world, 1.0)
        bodies = [middle for person in fallen(world) for middle, _ in discs(person)]
        for person in world.people:
            if not person.lies:
                assert all(person.position_m.distance_m(middle) > 0.6 for middle in bodies)


def test_a_robot_may_start_elsewhere_than_at_its_dock(site):
    world = world_of(site, start={"r1": Pose2(x_m=0.0, y_m=31.0, heading_rad=1.0)})
    assert world.robot("r1").pose == Pose2(x_m=0.0, y_m=31.0, heading_rad=1.0)
