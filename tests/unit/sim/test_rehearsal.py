"""A rehearsal plays a site in the test's own time: goals end, sensors speak, photos show the very tick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maps import load_site
from patrol_core.errors import NotFound
from patrol_core.geometry import Pose2, wrap_rad
from sim.rehearsal import TICK_S, Arrived, GaveUp, PersonFell, RanInto, Rehearsal, ScenarioMoment, Sensed
from sim.scenario import QUIET, load_scenario


def test_the_demo_tells_its_story_of_an_alarm_its_end_and_a_fall():
    rehearsal = Rehearsal(load_site("xinghe"), scenario="demo")
    said = []
    while rehearsal.world.elapsed_s < 330:
        said += [(rehearsal.world.elapsed_s, event) for event in rehearsal.tick()]
    fire, fall = [(at, e.what) for at, e in said if isinstance(e, ScenarioMoment)]
    assert 74 <= fire[0] <= 76
    (fell,) = [e.what for _, e in said if isinstance(e, PersonFell)]
    assert fell.person_id == fall[1].person_id == "granny"
    mine = [(at, e.report) for at, e in said if isinstance(e, Sensed) and e.report.device_id == fire[1].device_id]
    alarms = [at for at, r in mine if r.alarm]
    assert alarms[0] == pytest.approx(fire[0], abs=TICK_S)
    assert len(alarms) > 5, "expected the detector to repeat itself"
    assert not mine[-1][1].alarm, "expected it to be normal again"


def test_a_new_goal_replaces_the_one_under_way_and_a_cancelled_one_never_ends(site):
    rehearsal = Rehearsal(site, scenario=QUIET)
    rehearsal.goto("r1", Pose2(x_m=60.0, y_m=60.0))
    for _ in range(30):
        rehearsal.tick()
    rehearsal.goto("r1", Pose2(x_m=0.0, y_m=10.0))
    ended = [e for _ in range(600) for e in rehearsal.tick() if isinstance(e, Arrived | GaveUp)]
    assert ended == [Arrived(robot_id="r1")]
    assert rehearsal.pose("r1").y_m == pytest.approx(10.0, abs=0.25)
    rehearsal.goto("r1", Pose2(x_m=60.0, y_m=60.0))
    rehearsal.cancel("r1")
    assert not [e for _ in range(100) for e in rehearsal.tick() if isinstance(e, Arrived | GaveUp)]


def test_time_passes_only_in_ticks(site):
    rehearsal = Rehearsal(site, scenario=QUIET)
    before = rehearsal.now
    rehearsal.pose("r1")
    assert rehearsal.now == before
    rehearsal.tick()
    assert (rehearsal.now - before).total_seconds() == pytest.approx(TICK_S)


def test_the_same_seed_rehearses_the_same(site):
    def played(seed):
        rehearsal = Rehearsal(site, seed=seed, scenario=replace(QUIET, residents=15))
        rehearsal.goto("r1", Pose2(x_m=60.0, y_m=30.0))
        rehearsal.goto("r2", Pose2(x_m=30.0, y_m=60.0))
        for _ in range(900):
            rehearsal.tick()
        return rehearsal.world.trace()

    assert played(4) == played(4)
    assert played(4) != played(5)


def test_a_photo_shows_the_tick_it_is_asked_in(site):
    with Rehearsal(site, scenario=QUIET) as rehearsal:
        rehearsal.goto("r1", Pose2(x_m=0.0, y_m=40.0))
        first = rehearsal.photo("r1")
        assert np.array_equal(first, rehearsal.photo("r1"))
        for _ in range(50):
            rehearsal.tick()
        assert not np.array_equal(first, rehearsal.photo("r1"))


def test_a_robot_that_is_not_there_is_not_found(site):
    with pytest.raises(NotFound, match="r9"):
        Rehearsal(site, scenario=QUIET).goto("r9", Pose2(x_m=0.0, y_m=0.0))


def test_the_site_s_own_cameras_take_photos_too():
    site = load_site("xinghe")
    with Rehearsal(site, scenario=QUIET) as rehearsal:
        plaza, ramp = rehearsal.photo("cam-plaza"), rehearsal.photo("cam-ramp")
        assert plaza.shape == (480, 640, 3)
        assert not np.array_equal(plaza, ramp)
        with pytest.raises(NotFound, match="cam-nowhere"):
            rehearsal.photo("cam-nowhere")


def test_the_robot_that_patrols_toward_the_demo_s_fall_looks_at_it_from_near_by_and_then_gets_past():
    site = load_site("xinghe")
    ramp, bay = Pose2(x_m=28.1, y_m=132.2, heading_rad=1.4), Pose2(x_m=58.0, y_m=155.5)  # a leg of its first patrol
    story = replace(load_scenario("demo", site), start={"r1": ramp})
    rehearsal, events, looked_s = Rehearsal(site, scenario=story), [], 0.0
    while rehearsal.world.elapsed_s < 320 and not any(isinstance(e, Arrived | GaveUp) for e in events):
        if rehearsal.world.elapsed_s == pytest.approx(150.0):
            rehearsal.goto("r1", bay)
        events += rehearsal.tick()
        here = rehearsal.pose("r1")
        for person in rehearsal.world.people:
            off_rad = wrap_rad(here.point.bearing_rad(person.position_m) - here.heading_rad)
            if person.lies and here.point.distance_m(person.position_m) < 8.0 and abs(off_rad) < 0.4:
                looked_s += TICK_S
    assert looked_s > 6.0
    assert Arrived(robot_id="r1") in events
    assert not [e for e in events if isinstance(e, RanInto)]
