"""Accelerated stories: world, executors and planner in lockstep, minutes of site time in seconds."""

from __future__ import annotations

from datetime import timedelta

from patrol_core.mission import MissionKind, MissionState, Outcome
from sim.scenario import CoverCamera, HoldRobot, Scenario, SetBattery, TimedEvent
from tests.scenario.lockstep import Community, seen

WEST = [f"vp-{n:02}" for n in range(1, 7)]
ALL_DAY_S = 86_400.0


def story(*events, residents=0):
    return Scenario(name="test", seed=3, residents=residents, events=events, battery_pct={})


def test_two_robots_share_a_patrol_and_see_every_viewpoint(site):
    community = Community(site)
    wanted = sorted(site.viewpoints)[:16]
    community.patrol(wanted)
    community.forward(minutes=25)
    assert sorted(seen(community, "r1") + seen(community, "r2")) == wanted
    assert community.bumps == []


def test_every_entry_says_where_the_robot_really_stood(site):
    community = Community(site)
    community.patrol(WEST, robots=["r1"])
    community.forward(minutes=12)
    assert len(seen(community, "r1")) == len(WEST)
    for entry in community.ledger:
        assert entry.pose.point.distance_m(site.viewpoint(entry.checkpoint_id).pose.point) < 0.5


def test_a_look_at_an_incident_preempts_the_patrol_which_resumes_at_the_first_checkpoint_not_done(site):
    community = Community(site)
    patrol_id = community.patrol(WEST, robots=["r1"])["r1"]
    while len(seen(community, "r1")) < 2:
        community.tick()
    tour = [c.checkpoint_id for c in community.executor("r1").memory.held(patrol_id).mission.checkpoints]
    community.order("r1", ("vp-11",), kind=MissionKind.VERIFY, name="查看 7 栋烟感")
    paused = community.executor("r1").memory.held(patrol_id).mission
    assert (paused.state, paused.because.zh) == (MissionState.PAUSED, "去查看 7 栋烟感")
    community.forward(minutes=20)
    assert seen(community, "r1") == [*tour[:2], "vp-11", *tour[2:]]


def test_a_robot_held_still_reports_nothing_as_seen(site):
    held = TimedEvent(at_s=0, what=HoldRobot(robot_id="r1", for_s=ALL_DAY_S))
    community = Community(site, scenario=story(held))
    community.patrol(WEST, robots=["r1"])
    community.forward(minutes=10)
    assert community.ledger, "expected the robot to say what it could not reach"
    assert {e.outcome for e in community.ledger} == {Outcome.SKIPPED}


def test_a_covered_camera_yields_no_evidence_until_it_is_free_again(site):
    covered = TimedEvent(at_s=0, what=CoverCamera(robot_id="r1", for_s=60))
    with Community(site, scenario=story(covered), pictures=True) as community:
        uncovered_at = community.now + timedelta(seconds=60)
        community.patrol(WEST, robots=["r1"])
        community.forward(minutes=5)
        outcomes = {e.outcome for e in community.ledger if e.at < uncovered_at}
        assert outcomes == {Outcome.NO_EVIDENCE}
        assert {e.outcome for e in community.ledger if e.at > uncovered_at} == {Outcome.SEEN}


def test_a_patrol_with_a_low_battery_charges_and_then_goes_on(site):
    low = TimedEvent(at_s=40, what=SetBattery(robot_id="r1", pct=15))
    community = Community(site, scenario=story(low))
    patrol_id = community.patrol(WEST, robots=["r1"])["r1"]
    community.forward(minutes=2)
    paused = community.executor("r1").memory.held(patrol_id).mission
    assert paused.state is MissionState.PAUSED
    assert "15" in paused.because.zh
    community.forward(minutes=240)
    assert sorted(seen(community, "r1")) == WEST


def test_the_same_seed_gives_the_same_story_to_the_byte(site):
    def played():
        with Community(site, scenario=story(residents=12), seed=11, pictures=True) as community:
            community.patrol(WEST)
            community.forward(minutes=3)
            return community.trace()

    assert played() == played()
