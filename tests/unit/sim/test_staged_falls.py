"""Stagings: somebody really falls near a robot on its leg, and no robot ever touches them or comes close."""

from __future__ import annotations

import pytest

from maps import load_site
from sim.bodies import KEEP_FROM_LYING_M, discs
from sim.posture import LYING
from sim.rehearsal import Arrived, GaveUp, PersonFell, RanInto, Rehearsal
from sim.staged_falls import crowd, staged_fall

HULL_M = 0.36


@pytest.fixture(scope="module")
def xinghe():
    return load_site("xinghe")


def played(staging, site, seconds=150):
    """(events, least gap between the robot's hull and the body on the ground)."""
    rehearsal = Rehearsal(site, scenario=staging.scenario)
    rehearsal.goto(staging.robot_id, staging.goal)
    events, gap_m = [], float("inf")
    while rehearsal.world.elapsed_s < seconds and not any(isinstance(e, Arrived | GaveUp) for e in events):
        events += rehearsal.tick()
        here = rehearsal.pose(staging.robot_id).point
        for person in rehearsal.world.people:
            if person.lies:
                gap_m = min(gap_m, *(here.distance_m(middle) - radius_m - HULL_M for middle, radius_m in discs(person)))
    return events, gap_m


@pytest.mark.parametrize("seed", range(100, 116))
def test_they_fall_near_the_robot_which_keeps_its_distance_and_goes_around_or_says_why_not(xinghe, seed):
    staging = staged_fall(seed, xinghe)
    events, gap_m = played(staging, xinghe)
    (fell,) = [e.what for e in events if isinstance(e, PersonFell)]
    assert fell.person_id == staging.person_id
    assert fell.posture == staging.posture
    assert fell.position_m.distance_m(staging.place_m) < 2.0
    assert not [e for e in events if isinstance(e, RanInto)]
    assert gap_m >= KEEP_FROM_LYING_M
    gave_up = [e.because for e in events if isinstance(e, GaveUp)]
    assert not gave_up or "somebody lying on the ground" in gave_up[0]


def test_a_staging_belongs_to_its_seed(xinghe):
    assert staged_fall(3, xinghe) == staged_fall(3, xinghe)
    assert staged_fall(3, xinghe) != staged_fall(4, xinghe)


def test_falls_come_in_every_posture_and_at_every_distance(xinghe):
    stagings = [staged_fall(seed, xinghe) for seed in range(30)]
    assert {s.posture for s in stagings} == set(LYING)
    assert min(s.distance_m for s in stagings) < 6.0
    assert max(s.distance_m for s in stagings) > 10.0


def test_in_a_crowd_people_walk_and_work_and_nobody_lies(xinghe):
    rehearsal = Rehearsal(xinghe, scenario=crowd(5, xinghe))
    people = rehearsal.world.people
    assert len(people) >= 40
    assert len({p.posture for p in people}) >= 5
    assert len(rehearsal.world.view().things) >= 15
    for _ in range(1200):
        assert not [e for e in rehearsal.tick() if isinstance(e, PersonFell)]
        assert not any(p.lies for p in rehearsal.world.people)


def test_nobody_busy_and_nothing_lies_in_the_way_of_a_lane(xinghe):
    world = Rehearsal(xinghe, scenario=crowd(6, xinghe)).world
    spots = [p.position_m for p in world.people if p.person_id.startswith("bystander")]
    spots += [t.position_m for t in world.view().things]
    for lane in xinghe.lanes.lanes:
        for a, b in zip(lane.line, lane.line[1:], strict=False):
            for t in range(11):
                on = type(a)(a.x_m + t / 10 * (b.x_m - a.x_m), a.y_m + t / 10 * (b.y_m - a.y_m))
                assert all(on.distance_m(spot) > 2.0 for spot in spots)
