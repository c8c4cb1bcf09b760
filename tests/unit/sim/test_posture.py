"""Bodies hold themselves like people: feet on the ground, the lying flat, and a fall that goes down, not up."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.posture import BUSY, LYING, ON_FOOT, Posture, between, pose
from sim.scenery.tailor import tailored
from sim.scenery.wardrobe import Carries, look_of

LOOKS = range(12)


def points(posture, look, *, phase_rad=0.0):
    body = tailored(look_of(look, posture=posture))
    held = pose(posture, look=look, phase_rad=phase_rad, moving=posture is Posture.WALKING)
    return body.posed(held, heading_rad=0.3)[0][body.person], body


@pytest.mark.parametrize("posture", Posture)
def test_the_lowest_point_of_a_body_is_on_the_ground(posture):
    for look in LOOKS:
        at, _ = points(posture, look, phase_rad=0.7)
        assert at[:, 2].min() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("posture", ON_FOOT)
def test_who_is_upright_is_as_tall_as_their_looks_say(posture):
    for look in LOOKS:
        at, body = points(posture, look)
        assert 0.93 * 1.7 * body.tall < at[:, 2].max() < 1.10 * 1.7 * body.tall


@pytest.mark.parametrize("posture", LYING)
def test_who_lies_is_flat_and_as_long_as_a_person(posture):
    for look in LOOKS:
        at, body = points(posture, look)
        length = np.ptp(at[:, :2] @ np.linalg.svd(at[:, :2] - at[:, :2].mean(axis=0))[2][0])
        assert at[:, 2].max() < 0.75 * body.tall
        assert 1.0 * body.tall < length < 2.6 * body.tall


@pytest.mark.parametrize("posture", BUSY)
def test_who_is_busy_is_lower_than_standing_and_higher_than_lying(posture):
    for look in LOOKS:
        at, body = points(posture, look)
        assert 0.45 * body.tall < at[:, 2].max() < 1.80 * body.tall


@pytest.mark.parametrize("posture", LYING)
def test_a_body_goes_down_in_a_fall_and_never_up(posture):
    body = tailored(look_of(4))
    upright, lying = pose(Posture.STANDING, look=4), pose(posture, look=4)
    heights = [body.posed(between(upright, lying, i / 10), heading_rad=0.0)[0][:, 2].mean() for i in range(11)]
    assert heights[0] > 0.8
    assert heights[-1] < 0.3
    assert all(later < earlier + 0.05 for earlier, later in itertools.pairwise(heights))


def test_the_same_person_holds_themselves_the_same_and_others_differ():
    assert np.array_equal(pose(Posture.SUPINE, look=1), pose(Posture.SUPINE, look=1))
    assert not np.array_equal(pose(Posture.SUPINE, look=1), pose(Posture.SUPINE, look=2))


def test_looks_vary_in_stature_clothes_and_what_is_carried():
    looks = [look_of(i) for i in range(300)]
    assert min(look.tall for look in looks) < 0.8
    assert max(look.tall for look in looks) > 1.05
    assert {look.carries for look in looks} == set(Carries) - {Carries.BROOM}
    assert len({look.top for look in looks}) > 8
    assert look_of(3, posture=Posture.SWEEPING).carries is Carries.BROOM
    assert all(look_of(i, posture=Posture.SUPINE).carries is Carries.NOTHING for i in range(50))
