"""What a robot does about somebody its own eyes saw."""

from __future__ import annotations

import pytest

from patrol_core.codec import from_json, to_json
from patrol_core.geometry import Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.mission import MissionKind, MissionState
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity
from patrol_core.sighting import Verdict
from patrol_core.site import NO_WORDS
from patrol_onboard import events as ev
from patrol_onboard.effects import CancelNavigation, ForgetPhoto, GoTo
from patrol_onboard.memory import Memory, PauseCause
from patrol_onboard.policy import Policy
from tests.unit.patrol_onboard.robots import DOCK, RobotUnderTest

PERSON = Point2(12.0, 0.0)
NEAR = Pose2(x_m=9.0, y_m=0.0)
POLICY = Policy()


def patrolling() -> RobotUnderTest:
    """A robot with its first checkpoint done, on the way to the second."""
    robot = RobotUnderTest()
    robot.patrol()
    robot.visit()
    return robot


def certainties(robot: RobotUnderTest) -> list[Certainty | None]:
    return [f.certainty for f in robot.findings]


def test_a_suspicion_stops_the_patrol_and_the_robot_drives_near() -> None:
    robot = patrolling()
    mission_id = robot.executor.memory.missions[0].mission.mission_id
    robot.sees(at=PERSON)
    held = robot.held(mission_id)
    assert (held.mission.state, held.paused_by) == (MissionState.PAUSED, PauseCause.SIGHTING)
    assert held.mission.because.zh == "停下：疑似有人摔倒，靠近看"
    goal = robot.last(GoTo).pose
    assert goal.point.distance_m(PERSON) == pytest.approx(3.0)
    assert (robot.activity, robot.because.zh) == (Activity.APPROACHING, "疑似有人摔倒，靠近看")
    assert robot.findings == []


def test_a_confirmed_fall_is_reported_once_and_the_robot_stays_with_lights_on() -> None:
    robot = patrolling()
    sighting_id = robot.sees(at=PERSON, photo="a" * 64)
    robot.arrive()
    robot.sees(Verdict.CONFIRMED, sighting_id=sighting_id, at=PERSON, photo="b" * 64, pose=NEAR)
    (finding,) = robot.findings
    assert (finding.kind, finding.certainty, finding.model) == (
        IncidentKind.PERSON_FALLEN,
        Certainty.CONFIRMED,
        "test 0123",
    )
    assert (finding.position_m, finding.evidence, finding.note.zh) == (PERSON, ("b" * 64,), "躺着不动")
    assert (robot.activity, robot.because.zh) == (Activity.ATTENDING, "有人摔倒，守在旁边等人来")
    assert robot.lights
    robot.sees(Verdict.CONFIRMED, sighting_id=sighting_id, at=PERSON, pose=NEAR)
    robot.forward(seconds=3600)
    assert len(robot.findings) == 1
    assert robot.activity is Activity.ATTENDING


def test_a_picture_nobody_was_told_about_is_forgotten() -> None:
    robot = patrolling()
    sighting_id = robot.sees(photo="a" * 64)
    robot.sees(sighting_id=sighting_id, photo="b" * 64)
    assert robot.last(ForgetPhoto).digest == "a" * 64
    robot.sees(Verdict.LET_GO, sighting_id=sighting_id)
    assert robot.last(ForgetPhoto).digest == "b" * 64


def test_when_it_is_let_go_the_patrol_goes_on_at_the_first_checkpoint_not_done() -> None:
    robot = patrolling()
    sighting_id = robot.sees()
    robot.arrive()
    robot.sees(Verdict.LET_GO, sighting_id=sighting_id, pose=NEAR)
    assert robot.heading_for == "vp-02"
    assert robot.findings == []


def test_lights_go_on_and_off_as_ordered_stay_so_over_a_restart_and_never_go_out_beside_somebody() -> None:
    robot = patrolling()
    robot.order(OrderKind.LIGHTS_ON)
    assert robot.lights
    assert robot.heading_for == "vp-02", "and the patrol goes on"
    again = robot.restarted()
    again.forward(seconds=1)
    assert again.lights
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.order(OrderKind.LIGHTS_OFF)
    assert robot.lights
    robot.release()
    assert not robot.lights


def test_released_the_patrol_goes_on_the_lights_go_out_and_the_place_is_left_alone_for_a_while() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.release()
    assert robot.heading_for == "vp-02"
    assert not robot.lights
    robot.sees(at=Point2(13.0, 0.5))
    assert robot.heading_for == "vp-02", "the same place"
    robot.sees(at=Point2(40.0, 0.0))
    assert robot.heading_for == "near", "another place"


def test_a_release_while_nobody_waits_changes_nothing_and_is_no_fault() -> None:
    robot = patrolling()
    robot.sees()
    robot.release()
    assert robot.heading_for == "near", "a suspicion is not what it is released from"
    assert robot.executor.memory.refused == NO_WORDS


def test_undecided_after_watching_people_are_asked_to_look_and_the_robot_waits_for_them() -> None:
    robot = patrolling()
    robot.sees(at=PERSON)
    robot.arrive()
    robot.forward(seconds=POLICY.watch_s)
    assert certainties(robot) == [Certainty.SUSPECTED]
    assert (robot.activity, robot.because.zh) == (Activity.ATTENDING, "疑似有人摔倒，看不清，等人来看")
    robot.release()
    assert robot.heading_for == "vp-02"


def test_confirmed_after_it_was_told_as_suspected_is_told_again_with_its_own_id() -> None:
    robot = patrolling()
    sighting_id = robot.sees(at=PERSON)
    robot.arrive()
    robot.forward(seconds=POLICY.watch_s)
    robot.sees(Verdict.CONFIRMED, sighting_id=sighting_id, at=PERSON, pose=NEAR)
    assert certainties(robot) == [Certainty.SUSPECTED, Certainty.CONFIRMED]
    assert len({f.finding_id for f in robot.findings}) == 2


def test_a_robot_that_cannot_get_near_watches_from_where_it_stands_and_then_asks() -> None:
    robot = patrolling()
    robot.sees()
    robot.fail()
    robot.fail()
    assert robot.driving is None
    assert robot.because.zh == "疑似有人摔倒，正在看清"
    robot.forward(seconds=POLICY.watch_s)
    assert certainties(robot) == [Certainty.SUSPECTED]


def test_without_a_position_or_a_place_it_looks_from_where_it_is() -> None:
    for at in (None, Point2(500.0, 0.0)):
        robot = patrolling()
        robot.sees(at=at)
        assert robot.driving is None
        assert robot.activity is Activity.APPROACHING


def test_from_near_enough_it_does_not_drive() -> None:
    robot = patrolling()
    robot.sees(at=PERSON, pose=NEAR)
    assert robot.driving is None
    assert robot.because.zh == "疑似有人摔倒，正在看清"


def test_a_position_that_turns_out_to_be_elsewhere_is_aimed_at_again_but_not_for_ever() -> None:
    robot = patrolling()
    sighting_id = robot.sees(at=PERSON)
    robot.sees(sighting_id=sighting_id, at=Point2(12.3, 0.0))
    assert robot.last(GoTo).pose.x_m == pytest.approx(9.0), "a small step is no reason"
    for metres in range(14, 30):
        robot.sees(sighting_id=sighting_id, at=Point2(float(metres), 0.0))
    assert robot.last(GoTo).pose.x_m == pytest.approx(18.0 - 3.0), "12, 14, 16, 18 m"
    goals = [e for e in robot.effects if isinstance(e, GoTo) and e.pose.y_m == 0.0]
    assert len(goals) == POLICY.aims


def test_confirmed_on_the_way_it_goes_on_driving_to_stand_beside_the_person() -> None:
    robot = patrolling()
    sighting_id = robot.sees(at=PERSON)
    driving = robot.driving
    robot.sees(Verdict.CONFIRMED, sighting_id=sighting_id, at=PERSON)
    assert robot.driving is driving
    assert robot.because.zh == "有人摔倒，正在靠近"
    assert robot.lights
    robot.arrive()
    assert robot.activity is Activity.ATTENDING


def test_the_nearest_of_two_comes_first_and_the_other_is_kept() -> None:
    robot = patrolling()
    far = robot.sees(at=Point2(30.0, 0.0))
    near = robot.sees(at=Point2(10.0, 0.0))
    assert robot.last(GoTo).pose.x_m == pytest.approx(7.0)
    robot.arrive()
    robot.sees(Verdict.LET_GO, sighting_id=near)
    assert robot.last(GoTo).pose.x_m == pytest.approx(27.0)
    assert robot.executor.memory.focus == far


def test_a_confirmed_one_comes_before_a_nearer_suspicion() -> None:
    robot = patrolling()
    robot.sees(at=Point2(10.0, 0.0))
    robot.sees(Verdict.CONFIRMED, at=Point2(30.0, 0.0))
    assert robot.last(GoTo).pose.x_m == pytest.approx(27.0)


def test_more_than_it_can_keep_are_told_at_once() -> None:
    robot = patrolling()
    for i in range(POLICY.sightings_kept):
        robot.sees(at=Point2(20.0 + 10 * i, 0.0))
    robot.sees(at=Point2(90.0, 0.0))
    robot.sees(Verdict.CONFIRMED, at=Point2(95.0, 0.0))
    assert certainties(robot) == [Certainty.SUSPECTED, Certainty.CONFIRMED]
    assert len(robot.executor.memory.sightings) == POLICY.sightings_kept


def test_a_look_at_an_incident_waits_for_whom_the_robot_sees_itself_and_a_new_one_is_refused() -> None:
    robot = RobotUnderTest()
    look = robot.verify()
    robot.sees()
    assert robot.held(look).paused_by is PauseCause.SIGHTING
    another = uuid7()
    stops = robot.held(look).mission.checkpoints
    robot.order(OrderKind.CANCEL, mission_id=look)
    robot.order(OrderKind.START, mission_id=another, mission_kind=MissionKind.VERIFY, stops=stops)
    assert robot.executor.memory.refused.zh == "正在处理自己看到的情况，不能去查看别处"


def test_it_leaves_nobody_because_it_is_told_to_dock_and_says_what_to_do_first() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.order(OrderKind.DOCK)
    assert robot.executor.memory.refused.zh == "正守在自己看到的人旁边，请先让它离开，再召回充电"
    assert robot.activity is Activity.ATTENDING
    robot.release()
    robot.order(OrderKind.DOCK)
    assert robot.heading_for == "dock"


def test_told_to_stand_it_looks_from_where_it_is() -> None:
    robot = patrolling()
    mission_id = robot.executor.memory.missions[0].mission.mission_id
    robot.order(OrderKind.PAUSE, mission_id=mission_id)
    robot.sees(at=PERSON)
    assert robot.driving is None
    assert robot.activity is Activity.APPROACHING


def test_under_the_emergency_stop_it_stands_and_still_tells() -> None:
    robot = patrolling()
    sighting_id = robot.sees(at=PERSON)
    robot.hear(ev.StopPressed())
    assert robot.driving is None
    assert (robot.activity, robot.because.zh) == (Activity.HOLDING, "急停已按下")
    robot.sees(Verdict.CONFIRMED, sighting_id=sighting_id, at=PERSON)
    assert certainties(robot) == [Certainty.CONFIRMED]
    robot.hear(ev.StopReleased())
    assert robot.heading_for == "near"


def test_a_low_battery_is_said_and_only_an_empty_one_makes_it_leave_and_come_back() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON)
    robot.arrive()
    robot.battery(15.0)
    assert robot.activity is Activity.ATTENDING
    assert robot.because.zh == "有人摔倒，守在旁边等人来；电量 15 %，低于 10 % 时回坞充电"
    robot.battery(9.0)
    assert robot.heading_for == "dock"
    assert robot.because.zh == "有人摔倒处需要人，但电量低于 10 %，回坞充电到 60 % 后再去"
    robot.arrive()
    robot.battery(40.0, charging=True)
    assert robot.activity is Activity.CHARGING
    robot.battery(61.0, charging=True)
    assert robot.heading_for == "near"


def test_a_suspicion_it_must_leave_for_its_battery_is_told_before_it_goes() -> None:
    robot = patrolling()
    robot.sees(at=PERSON)
    robot.battery(8.0)
    assert certainties(robot) == [Certainty.SUSPECTED]
    assert robot.heading_for == "dock"


def test_an_unknown_battery_does_not_take_it_away() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.battery(None)
    assert robot.activity is Activity.ATTENDING


def test_it_waits_on_without_its_center() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.hear(ev.LinkLost())
    robot.forward(seconds=7200)
    assert robot.activity is Activity.ATTENDING


def test_after_a_restart_it_attends_again_and_tells_again_under_the_same_id() -> None:
    robot = patrolling()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    (before,) = robot.findings
    memory = from_json(Memory, to_json(robot.executor.memory))
    robot = RobotUnderTest(memory=memory)
    assert robot.findings == [before]
    assert robot.activity is Activity.ATTENDING
    assert robot.lights
    robot.release()
    assert robot.heading_for == "vp-02"


def test_killed_on_the_way_it_drives_near_again() -> None:
    robot = patrolling()
    robot.sees(at=PERSON)
    again = robot.restarted()
    assert again.heading_for == "near"


def test_navigation_that_is_silent_is_asked_again() -> None:
    robot = patrolling()
    robot.sees(at=PERSON)
    robot.navigation_silent()
    assert (robot.activity, robot.because.zh) == (Activity.APPROACHING, "导航没有响应，正在重试")
    robot.forward(seconds=POLICY.ask_again_s)
    assert robot.heading_for == "near"


def test_a_patrol_ordered_meanwhile_waits_with_the_reason() -> None:
    robot = RobotUnderTest()
    robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    mission_id = robot.patrol()
    assert robot.held(mission_id).mission.because.zh == "停下：有人摔倒，守在旁边"
    assert not isinstance(robot.effects[-1], CancelNavigation)
    robot.release()
    assert robot.heading_for == "vp-01"


def test_let_go_after_the_center_was_told_people_decide() -> None:
    robot = patrolling()
    sighting_id = robot.sees(Verdict.CONFIRMED, at=PERSON, pose=NEAR)
    robot.sees(Verdict.LET_GO, sighting_id=sighting_id, pose=NEAR)
    assert robot.activity is Activity.ATTENDING


def test_an_idle_robot_in_its_dock_drives_out_to_whom_it_sees_and_back() -> None:
    robot = RobotUnderTest()
    robot.arrive()
    sighting_id = robot.sees(at=PERSON, pose=DOCK)
    assert robot.heading_for == "near"
    robot.sees(Verdict.LET_GO, sighting_id=sighting_id)
    assert robot.heading_for == "dock"
