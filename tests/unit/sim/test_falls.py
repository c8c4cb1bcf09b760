"""Somebody falls within a second, lies until helped, and is then on their feet; nobody falls into walls or robots."""

from __future__ import annotations

import math

import pytest

from patrol_core.geometry import Point2, wrap_rad
from sim.bodies import discs, lying_discs
from sim.falls import FALL_S, RISE_S, Tumble
from sim.obstacles import Obstacles
from sim.person import HEAD_FROM_HEADING_RAD, Person
from sim.posture import LYING, Posture

OPEN = Obstacles({})


def somebody(**changes):
    about = {"heading_rad": 0.4, "speed_mps": 1.1, "stride_m": 3.0, "look": 5}
    return Person(**{"person_id": "p", "position_m": Point2(0.0, 0.0), **about, **changes})


def tumble(person, *, posture=None, head_toward_rad=None, obstacles=OPEN, robots=()):
    return Tumble.of(person, posture=posture, head_toward_rad=head_toward_rad, obstacles=obstacles, robots=robots)


def down(fall, person, seconds):
    for _ in range(round(seconds / 0.1)):
        person = fall.step(person, 0.1)
    return person


@pytest.mark.parametrize("posture", LYING)
@pytest.mark.parametrize("toward", [0.0, 2.0, -3.0])
def test_a_second_later_they_lie_as_asked_with_the_head_where_asked(posture, toward):
    person = somebody()
    fall = tumble(person, posture=posture, head_toward_rad=toward)
    person = down(fall, person, FALL_S + 0.1)
    assert fall.on_the_ground
    assert (person.posture, person.fallen, person.lies) == (posture, 1.0, True)
    assert wrap_rad(person.head_toward_rad - toward) == pytest.approx(0.0, abs=1e-6)
    assert person.position_m.distance_m(Point2(0.5 * math.cos(toward), 0.5 * math.sin(toward))) < 0.01


def test_they_stay_until_helped_and_then_stand_where_they_stood():
    person = somebody()
    fall = tumble(person, posture=Posture.PRONE)
    person = down(fall, person, 3600)
    assert fall.on_the_ground
    fall.rising = True
    person = down(fall, person, RISE_S / 2)
    assert 0.2 < person.fallen < 0.8
    person = down(fall, person, RISE_S / 2 + 0.2)
    assert fall.over
    assert not person.lies
    assert person.position_m.distance_m(Point2(0.0, 0.0)) < 0.01


def test_a_wall_and_a_robot_turn_a_fall_elsewhere():
    wall = Obstacles({"w": (Point2(1.0, -5.0), Point2(2.0, -5.0), Point2(2.0, 5.0), Point2(1.0, 5.0))})
    for robots in ((), (Point2(-1.7, 0.0),)):
        person = somebody()
        fall = tumble(person, posture=Posture.PRONE, head_toward_rad=0.0, obstacles=wall, robots=robots)
        person = down(fall, person, 2.0)
        for middle, radius_m in discs(person):
            assert wall.clearance_m(middle) > radius_m
            assert all(middle.distance_m(robot) > radius_m + 0.9 for robot in robots)


def test_without_a_wish_the_same_person_falls_the_same():
    one, same, other = (tumble(somebody(look=look)) for look in (5, 5, 6))
    assert (one.posture, one.head_toward_rad) == (same.posture, same.head_toward_rad)
    assert one.head_toward_rad != other.head_toward_rad


def test_who_lies_takes_as_much_ground_as_a_body_and_who_stands_a_disc():
    person = somebody(posture=Posture.SUPINE, heading_rad=0.0)
    middles = [middle for middle, _ in discs(person)]
    assert max(a.distance_m(b) for a in middles for b in middles) > 1.2
    assert discs(person) == lying_discs(person.position_m, wrap_rad(HEAD_FROM_HEADING_RAD[Posture.SUPINE]))
    assert len(discs(somebody())) == 1
