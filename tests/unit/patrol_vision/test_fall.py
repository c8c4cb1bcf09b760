"""The fall watch: suspicion, proof, letting go, and nobody told twice."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2, Pose2
from patrol_core.sighting import Verdict
from patrol_vision.camera import CameraModel
from patrol_vision.evidence import Evidence
from patrol_vision.fall import TRANSITIONS
from patrol_vision.fall_policy import FallPolicy, fixed_camera_policy
from tests.unit.patrol_vision.people import JPEG, Body, Story, lying_at, seen, sitting_at, standing_at

SUSPECTED, CONFIRMED, LET_GO = Verdict.SUSPECTED, Verdict.CONFIRMED, Verdict.LET_GO
TEN_AWAY = lying_at(10.25, 0.0)


@pytest.fixture
def story():
    return Story()


def test_somebody_who_lies_far_away_is_suspected_and_not_confirmed(story):
    story.watch_for(60, TEN_AWAY)
    assert story.verdicts == [SUSPECTED]


def test_suspicion_takes_a_second_of_looks(story):
    story.watch_for(1.0, TEN_AWAY)
    assert story.verdicts == []
    story.watch_for(0.5, TEN_AWAY)
    assert story.verdicts == [SUSPECTED]


def test_seen_from_near_and_from_several_places_it_is_confirmed(story):
    story.watch_for(2, TEN_AWAY)
    story.drive(6.0, TEN_AWAY)
    story.watch_for(1, TEN_AWAY)
    assert story.verdicts == [SUSPECTED, CONFIRMED]


def test_a_robot_that_stands_near_needs_a_longer_dwell(story):
    body = lying_at(4.25, 0.0)
    story.watch_for(3.5, body)
    assert story.verdicts == [SUSPECTED]
    story.watch_for(1.5, body)
    assert story.verdicts == [SUSPECTED, CONFIRMED]


def test_a_confirmed_one_carries_place_photo_model_sentence_and_confidence(story):
    story.watch_for(6, lying_at(4.25, 0.5))
    sighting = story.said[-1]
    assert sighting.verdict is CONFIRMED
    assert sighting.position_m.distance_m(Point2(4.25, 0.5)) < 0.3
    assert sighting.photo_jpeg == JPEG
    assert sighting.model == "test set"
    assert "4.0 米" in sighting.because.zh
    assert 0.6 <= sighting.confidence <= 1.0
    assert sighting.first_seen_at < sighting.observed_at == story.now or sighting.observed_at <= story.now


def test_letting_go_carries_no_photo(story):
    story.watch_for(2, TEN_AWAY)
    story.watch_for(30, standing_at(6.0, 0.0))
    story.robot = Pose2(x_m=6.0, y_m=0.0, heading_rad=0.0)
    story.watch_for(16)
    assert story.said[-1].verdict is LET_GO
    assert story.said[-1].photo_jpeg == b""


def test_somebody_who_walks_keeps_one_track(story):
    ids = set()
    for i in range(60):
        look = story.see([standing_at(5.0, -2.5 + i * 0.3 * 0.25 * 1.2)])
        ids |= {t.track_id for t in look.tracks}
    assert len(ids) == 1
    assert story.said == []


def test_two_who_pass_each_other_are_never_one(story):
    for i in range(40):
        look = story.see([standing_at(6.0, -2 + i * 0.1), standing_at(8.0, 2 - i * 0.1)])
        assert len({t.track_id for t in look.tracks}) == len(look.tracks)


@pytest.mark.parametrize(
    "body", [sitting_at(4.5, 0.0), sitting_at(6.0, 1.0, lying=0.95), standing_at(5.0, 0.0, lying=1)]
)
def test_who_reaches_too_high_is_never_confirmed_whatever_the_finder_says(story, body):
    story.watch_for(60, body)
    assert CONFIRMED not in story.verdicts


def test_somebody_bending_now_and_then_is_not_suspected(story):
    for i in range(200):
        bent = i % 20 < 3
        story.see([Body(place=Point2(5, 0), lying=0.7 if bent else 0.1, height_m=1.0 if bent else 1.7, width_m=0.7)])
    assert story.said == []


def test_a_suspicion_that_stands_up_is_let_go(story):
    story.watch_for(2, lying_at(6.0, 0.0))
    story.watch_for(8, standing_at(6.0, 0.0))
    assert story.verdicts == [SUSPECTED, LET_GO]


def test_a_confirmed_one_that_gets_up_is_let_go(story):
    story.watch_for(6, lying_at(4.25, 0.0))
    story.watch_for(10, standing_at(4.25, 0.0))
    assert story.verdicts == [SUSPECTED, CONFIRMED, LET_GO]


def test_a_suspicion_out_of_the_picture_is_not_let_go_soon(story):
    story.watch_for(2, TEN_AWAY)
    story.robot = Pose2(x_m=0.0, y_m=0.0, heading_rad=math.pi)
    story.watch_for(100)
    assert story.verdicts == [SUSPECTED]
    story.watch_for(60)
    assert story.verdicts == [SUSPECTED, LET_GO]


def test_a_confirmed_one_out_of_the_picture_is_never_let_go(story):
    story.watch_for(6, lying_at(4.25, 0.0))
    story.robot = Pose2(x_m=0.0, y_m=0.0, heading_rad=math.pi)
    story.watch_for(400)
    assert story.verdicts == [SUSPECTED, CONFIRMED]


def test_nobody_where_they_must_be_visible_is_let_go(story):
    story.watch_for(2, TEN_AWAY)
    story.drive(6.0)
    story.watch_for(20)
    assert story.verdicts == [SUSPECTED, LET_GO]


def test_somebody_in_front_hides_nobody_away(story):
    story.watch_for(2, TEN_AWAY)
    story.robot = Pose2(x_m=6.0, y_m=0.0, heading_rad=0.0)
    story.watch_for(60, standing_at(8.6, 0.0))
    assert LET_GO not in story.verdicts


def test_the_same_person_after_the_robot_came_back_has_the_same_id(story):
    body = lying_at(4.25, 0.0)
    story.watch_for(8, body)
    story.robot = Pose2(x_m=0.0, y_m=0.0, heading_rad=math.pi)
    story.watch_for(200)
    story.robot = Pose2(x_m=0.0, y_m=0.4, heading_rad=0.0)
    story.watch_for(10, body)
    assert len({s.sighting_id for s in story.said}) == 1
    assert story.said[-1].verdict is CONFIRMED
    assert story.verdicts == [SUSPECTED, CONFIRMED]


def test_after_the_policys_time_it_is_news_again():
    story = Story(policy=FallPolicy(remember_s=60, patience_s=30))
    body = lying_at(4.25, 0.0)
    story.watch_for(8, body)
    story.now += timedelta(seconds=300)
    story.watch_for(8, body)
    assert len({s.sighting_id for s in story.said}) == 2


def test_another_one_two_metres_off_is_another_sighting(story):
    story.watch_for(8, lying_at(4.4, -1.2), lying_at(4.6, 1.2))
    assert len({s.sighting_id for s in story.said if s.verdict is CONFIRMED}) == 2


def test_let_go_here_before_a_hint_is_not_enough_for_a_while(story):
    story.watch_for(2, lying_at(6.0, 0.0))
    story.watch_for(8, standing_at(6.0, 0.0))
    story.watch_for(20, lying_at(6.0, 0.0))
    assert story.verdicts == [SUSPECTED, LET_GO]


def test_who_was_let_go_and_then_really_falls_is_confirmed(story):
    story.watch_for(2, lying_at(4.4, 0.0))
    story.watch_for(8, standing_at(4.4, 0.0))
    story.watch_for(12, lying_at(4.4, 0.0))
    assert story.verdicts == [SUSPECTED, LET_GO, SUSPECTED, CONFIRMED]


def test_an_open_verdict_is_said_again_with_a_better_place(story):
    noisy = Body(place=Point2(10.9, 0.0), lying=0.9, height_m=0.3, width_m=1.6)
    story.watch_for(3, noisy)
    story.drive(6.0, TEN_AWAY)
    story.watch_for(10, TEN_AWAY)
    assert len(story.said) >= 3
    assert story.said[-1].position_m.distance_m(TEN_AWAY.place) < 0.3


def test_without_the_robots_place_there_is_a_verdict_and_no_position(story):
    story.robot = None
    story.watch_for(8, lying_at(4.25, 0.0))
    assert story.verdicts == [SUSPECTED, CONFIRMED]
    assert all(s.position_m is None for s in story.said)


def test_a_helper_who_kneels_beside_the_fallen_ends_nothing(story):
    fallen = lying_at(4.6, 0.0)
    story.watch_for(8, fallen)
    story.watch_for(30, fallen, Body(place=Point2(4.9, 0.7), lying=0.1, height_m=1.1, width_m=0.6))
    assert story.verdicts == [SUSPECTED, CONFIRMED]


def test_two_views_of_one_body_are_one_sighting(story):
    story.watch_for(
        8, lying_at(4.3, 0.0), Body(place=Point2(4.5, 0.5), lying=0.8, height_m=0.3, width_m=0.6, score=0.4)
    )
    assert len({s.sighting_id for s in story.said}) == 1


def test_a_body_found_again_a_step_off_goes_on_as_the_same(story):
    story.watch_for(8, lying_at(4.4, 0.0))
    story.watch_for(5)
    story.watch_for(8, lying_at(5.3, 0.9))
    assert len({s.sighting_id for s in story.said}) == 1


def test_at_most_so_many_are_followed_and_the_rest_is_counted():
    story = Story(policy=FallPolicy(tracks_max=4))
    story.watch_for(1, *[standing_at(6.0, y) for y in (-3, -2, -1, 0, 1, 2, 3)])
    assert len(story.watch.tracks) == 4
    assert story.watch.dropped > 0


def test_a_clock_set_back_forgets_everything(story):
    story.watch_for(3, TEN_AWAY)
    story.now -= timedelta(hours=1)
    story.see([TEN_AWAY])
    assert not story.watch.suspects


def test_a_fixed_camera_confirms_by_dwell_only():
    mast = CameraModel(
        width_px=640, height_px=480, hfov_rad=math.radians(70), ahead_m=0.0, up_m=6.0, tilt_rad=math.radians(-22)
    )
    story = Story(policy=fixed_camera_policy(), model=mast)
    body = lying_at(12.0, 0.0)
    story.watch_for(9, body)
    assert story.verdicts == [SUSPECTED]
    story.watch_for(3, body)
    assert story.verdicts == [SUSPECTED, CONFIRMED]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_upright_people_raise_nothing_however_they_move(data):
    story = Story()
    people = [
        [data.draw(st.floats(3.5, 20)), data.draw(st.floats(-6, 6)), data.draw(st.floats(-1.5, 1.5))] for _ in range(3)
    ]
    for _ in range(80):
        for person in people:
            person[1] += person[2] / story.rate_hz
        wrong = data.draw(st.floats(0, 0.25))
        story.see([standing_at(x, y, lying=wrong) for x, y, _ in people])
    assert story.said == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_word_of_a_finder_is_survived_and_each_id_changes_only_as_the_table_says(data):
    story = Story(policy=FallPolicy(tracks_max=5))
    camera = story.model.at(story.robot)
    bodies = st.builds(
        Body,
        place=st.builds(Point2, st.floats(2.5, 16), st.floats(-5, 5)),
        lying=st.floats(0, 1),
        height_m=st.floats(0.2, 1.9),
        width_m=st.floats(0.3, 1.8),
    )
    for _ in range(60):
        views = [v for b in data.draw(st.lists(bodies, max_size=6)) if (v := seen(b, story.model, camera))]
        story.take(views)
        assert len(story.watch.tracks) <= 5
    verdicts = {}
    for sighting in story.said:
        before = verdicts.get(sighting.sighting_id)
        allowed = {to for (state, _), to in TRANSITIONS.items() if state is before or (before is LET_GO and not state)}
        assert sighting.verdict is before or sighting.verdict in allowed
        verdicts[sighting.sighting_id] = sighting.verdict


def test_a_confirmed_one_is_let_go_only_for_a_reason_that_was_seen():
    assert (CONFIRMED, Evidence.LOST) not in TRANSITIONS
    assert (CONFIRMED, Evidence.HINT) not in TRANSITIONS


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"proof_m": 0.0}, "proof_m"),
        ({"hint_s": math.nan}, "hint_s"),
        ({"hint_lying": 0.9}, "hint_lying"),
        ({"proof_still_s": 1.0}, "proof_s"),
        ({"window_s": 2.0}, "proof_still_s"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_with_its_field(change, where):
    with pytest.raises(InvalidInput, match=where):
        replace(FallPolicy(), **change)
