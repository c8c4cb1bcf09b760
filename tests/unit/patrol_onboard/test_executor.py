"""The mission executor: what a robot does, and does not do, with orders, arrivals, cameras and an empty battery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from patrol_core.ids import uuid7
from patrol_core.mission import MissionKind, MissionState, Outcome
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity
from patrol_core.site import NO_WORDS, Text
from patrol_onboard import events as ev
from patrol_onboard.effects import CancelNavigation, Dwell, GoTo, GoToDock, Report, TakePhoto
from patrol_onboard.memory import Memory, PauseCause
from patrol_onboard.phases import Standing
from tests.unit.patrol_onboard.robots import DOCK, RobotUnderTest, checkpoints


@pytest.fixture
def robot() -> RobotUnderTest:
    """A charged robot in its dock."""
    robot = RobotUnderTest()
    robot.arrive()
    return robot


# A patrol


def test_a_patrol_is_driven_dwelt_and_photographed_in_order(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01", "vp-02")
    seen = []
    for _ in range(2):
        seen.append(robot.heading_for)
        robot.visit()
    assert seen == ["vp-01", "vp-02"]
    assert [(e.checkpoint_id, e.outcome) for e in robot.reported] == [
        ("vp-01", Outcome.SEEN),
        ("vp-02", Outcome.SEEN),
    ]
    assert robot.held(patrol).mission.state is MissionState.DONE


def test_the_ledger_says_when_where_and_with_which_picture(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.visit()
    entry = robot.reported[0]
    assert (entry.mission_id, entry.robot_id, entry.photos) == (patrol, "r1", ("a" * 64,))
    assert (entry.at, entry.pose) == (robot.clock.now(), DOCK)


def test_the_picture_must_be_younger_than_the_arrival(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.clock.forward(minutes=1)
    arrived_at = robot.clock.now()
    robot.arrive()
    robot.dwell()
    assert robot.last(TakePhoto).not_before == arrived_at
    assert robot.clock.now() - arrived_at == timedelta(seconds=2)


def test_a_covered_camera_gives_no_evidence_and_no_picture(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.arrive()
    robot.dwell()
    robot.camera_covered()
    entry = robot.reported[0]
    assert (entry.outcome, entry.photos) == (Outcome.NO_EVIDENCE, ())
    assert "遮挡" in entry.because.zh
    assert robot.held(patrol).mission.because.zh == "已结束：1 个没有可用照片"


def test_after_its_last_mission_a_robot_returns_to_its_dock_and_stays(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.visit()
    assert robot.heading_for == "dock"
    assert (robot.activity, robot.because.zh) == (Activity.RETURNING, "没有任务，回坞待命")
    robot.arrive()
    assert robot.executor.phase == Standing()
    robot.forward(seconds=3600)
    assert robot.heading_for == ""


def test_a_charging_robot_that_starts_does_not_drive_to_its_dock() -> None:
    robot = RobotUnderTest(battery_pct=None)
    assert robot.heading_for == ""
    robot.battery(50, charging=True)
    assert robot.heading_for == ""
    assert robot.activity is Activity.CHARGING


def test_a_robot_that_starts_away_from_its_dock_goes_there() -> None:
    assert RobotUnderTest().heading_for == "dock"


# Failing to get there


def test_a_checkpoint_not_reached_twice_is_skipped_with_the_reason_and_the_patrol_goes_on(
    robot: RobotUnderTest,
) -> None:
    patrol = robot.patrol("vp-01", "vp-02")
    robot.fail("没有通路")
    assert robot.heading_for == "vp-01"
    robot.fail("没有通路")
    assert robot.heading_for == "vp-02"
    entry = robot.reported[0]
    assert (entry.outcome, entry.because.zh) == (Outcome.SKIPPED, "尝试 2 次未能到达：没有通路")
    robot.visit()
    assert robot.held(patrol).mission.because.zh == "已结束：1 个检查点未能到达"


def test_the_second_try_may_succeed(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.fail()
    robot.visit()
    assert [e.outcome for e in robot.reported] == [Outcome.SEEN]


def test_an_arrival_far_from_the_goal_is_none(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02")
    robot.arrive(off_m=3.0)
    assert robot.heading_for == "vp-01"
    robot.arrive(off_m=3.0)
    assert robot.reported[0].outcome is Outcome.SKIPPED
    assert "距目标还有 3.0 米" in robot.reported[0].because.zh


def test_an_arrival_without_a_known_position_is_none(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    for _ in range(2):
        robot.arrive(localised=False)
    assert robot.reported[0].outcome is Outcome.SKIPPED
    assert "位置未知" in robot.reported[0].because.zh


def test_a_robot_held_still_fills_no_ledger(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02")
    robot.forward(seconds=3600)
    assert robot.reported == []


def test_silent_navigation_makes_the_robot_hold_and_ask_again_without_giving_the_checkpoint_up(
    robot: RobotUnderTest,
) -> None:
    robot.patrol("vp-01")
    for _ in range(5):
        robot.navigation_silent()
        assert (robot.activity, robot.because.zh) == (Activity.HOLDING, "导航没有响应，正在重试")
        robot.forward(seconds=4.9)
        assert robot.heading_for == ""
        robot.forward(seconds=0.2)
        assert robot.heading_for == "vp-01"
    robot.visit()
    assert [e.outcome for e in robot.reported] == [Outcome.SEEN]


def test_an_unreachable_dock_is_tried_again_later(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.visit()
    robot.fail("被挡住")
    robot.fail("被挡住")
    assert (robot.activity, robot.because.zh) == (Activity.HOLDING, "未能回到充电坞：被挡住，稍后重试")
    robot.forward(seconds=61)
    assert robot.heading_for == "dock"


def test_a_new_mission_does_not_wait_for_the_next_try_to_dock(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.visit()
    robot.fail()
    robot.fail()
    robot.patrol("vp-09")
    assert robot.heading_for == "vp-09"


# Answers about something given up


def test_answers_to_a_navigation_given_up_are_ignored(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    old = robot.driving
    robot.verify()
    for late in (
        ev.Arrived(ticket=old.ticket, pose=old.pose),
        ev.NavigationFailed(ticket=old.ticket, because=Text.same("被取代"), pose=None),
        ev.NavigationSilent(ticket=old.ticket, because=Text.same("导航没有响应")),
        ev.DwellOver(ticket=old.ticket),
        ev.PhotoTaken(ticket=old.ticket, digest="b" * 64, taken_at=robot.clock.now(), pose=None),
        ev.PhotoUnusable(ticket=old.ticket, because=NO_WORDS, pose=None),
    ):
        assert robot.hear(late) == []
    assert robot.heading_for == "smoke-b5"


def test_a_photo_that_comes_after_preemption_is_not_in_the_ledger(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.arrive()
    robot.dwell()
    ask = robot.last(TakePhoto)
    robot.verify()
    assert robot.hear(ev.PhotoTaken(ticket=ask.ticket, digest="b" * 64, taken_at=robot.clock.now(), pose=None)) == []
    assert robot.next(patrol) == "vp-01"


# A look at an incident


def test_a_preempted_patrol_resumes_at_the_first_checkpoint_not_done(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01", "vp-02", "vp-03", "vp-04")
    robot.visit()
    robot.visit()
    assert robot.heading_for == "vp-03"
    verify = robot.verify(because="最近且可用：22 m")
    assert robot.heading_for == "smoke-b5"
    assert robot.held(patrol).mission.state is MissionState.PAUSED
    assert robot.held(patrol).mission.because.zh == "去查看「5 栋烟感」"
    assert robot.held(verify).mission.because.zh == "最近且可用：22 m"
    robot.visit()
    assert robot.held(verify).mission.state is MissionState.DONE
    assert robot.held(patrol).mission.state is MissionState.UNDERWAY
    assert robot.heading_for == "vp-03"


def test_the_old_goal_is_cancelled_before_the_new_one_is_sent(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.effects.clear()
    robot.verify()
    assert [type(e) for e in robot.effects] == [CancelNavigation, GoTo]


def test_what_is_seen_for_an_incident_is_urgent_and_the_rest_is_not(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.visit()
    robot.verify()
    robot.visit()
    reports = [e for e in robot.effects if isinstance(e, Report)]
    assert [r.urgent for r in reports] == [False, True]
    assert robot.last(TakePhoto).urgent


def test_a_second_look_is_refused_while_the_first_is_not_over(robot: RobotUnderTest) -> None:
    robot.verify()
    robot.verify("gas-b3")
    assert robot.executor.memory.refused.zh == "查看任务「5 栋烟感」还没有结束"
    assert robot.heading_for == "smoke-b5"


def test_a_patrol_ordered_during_a_look_waits_for_it(robot: RobotUnderTest) -> None:
    robot.verify()
    patrol = robot.patrol("vp-01")
    held = robot.held(patrol)
    assert (held.mission.state, held.paused_by) == (MissionState.PAUSED, PauseCause.VERIFY)
    assert held.mission.because.zh == "先完成查看任务「5 栋烟感」"
    robot.visit()
    assert robot.heading_for == "vp-01"


def test_a_cancelled_look_lets_the_patrol_go_on(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    verify = robot.verify()
    robot.order(OrderKind.CANCEL, mission_id=verify, because="误报")
    assert robot.held(verify).mission.because.zh == "误报"
    assert robot.held(patrol).mission.state is MissionState.UNDERWAY
    assert robot.heading_for == "vp-01"


# Orders


def test_a_repeated_or_older_order_changes_nothing(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    before = robot.executor.memory
    robot.effects.clear()
    robot.order(OrderKind.DOCK, epoch=1)
    robot.order(OrderKind.DOCK, epoch=0)
    assert (robot.executor.memory, robot.effects) == (before, [])


def test_a_gap_in_the_epochs_is_accepted(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.order(OrderKind.DOCK, epoch=17)
    assert robot.executor.memory.order_epoch == 17
    assert robot.heading_for == "dock"


def test_an_order_for_another_robot_is_not_taken(robot: RobotUnderTest) -> None:
    robot.order(OrderKind.DOCK, epoch=5, robot_id="r2")
    assert robot.executor.memory == Memory()


def test_a_second_patrol_is_refused_with_the_name_of_the_first(robot: RobotUnderTest) -> None:
    first = robot.patrol("vp-01")
    robot.patrol("vp-02")
    assert robot.executor.memory.refused.zh == "巡逻「早班」还没有结束"
    assert [h.mission.mission_id for h in robot.executor.memory.missions] == [first]


def test_a_refusal_is_forgotten_with_the_next_order_taken(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.patrol("vp-02")
    robot.order(OrderKind.DOCK)
    assert robot.executor.memory.refused == NO_WORDS


def test_starting_a_mission_again_under_a_new_epoch_changes_nothing_but_the_epoch(robot: RobotUnderTest) -> None:
    mission_id = uuid7()
    for _ in range(2):
        robot.order(
            OrderKind.START,
            mission_id=mission_id,
            mission_kind=MissionKind.PATROL,
            stops=checkpoints("vp-01"),
        )
    assert robot.executor.memory.refused == NO_WORDS
    assert robot.held(mission_id).epoch == 2
    assert len([e for e in robot.effects if isinstance(e, GoTo)]) == 1


def test_an_ended_mission_does_not_start_again(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.visit()
    for kind in (OrderKind.START, OrderKind.CANCEL, OrderKind.PAUSE, OrderKind.RESUME):
        robot.order(kind, mission_id=patrol, mission_kind=MissionKind.PATROL, stops=checkpoints("vp-01"))
        assert robot.executor.memory.refused.zh == "巡逻「早班」已经结束"


@pytest.mark.parametrize("kind", [OrderKind.CANCEL, OrderKind.PAUSE, OrderKind.RESUME])
def test_an_order_about_an_unknown_mission_is_refused(robot: RobotUnderTest, kind: OrderKind) -> None:
    robot.order(kind, mission_id=uuid7())
    assert robot.executor.memory.refused.zh == "机器人没有这个任务"


def test_an_incomplete_start_is_refused(robot: RobotUnderTest) -> None:
    whole = {"mission_id": uuid7(), "mission_kind": MissionKind.PATROL, "stops": checkpoints("vp-01")}
    for missing in whole:
        robot.order(OrderKind.START, **{k: v for k, v in whole.items() if k != missing})
        assert robot.executor.memory.refused.zh.startswith("指令不完整")


def test_twin_checkpoints_are_refused(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02", "vp-01")
    assert "重复" in robot.executor.memory.refused.zh


def test_a_cancelled_patrol_sends_the_robot_home_and_keeps_its_ledger(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01", "vp-02")
    robot.visit()
    robot.order(OrderKind.CANCEL, mission_id=patrol)
    assert robot.held(patrol).mission.state is MissionState.CANCELLED
    assert list(robot.held(patrol).mission.ledger) == ["vp-01"]
    assert robot.heading_for == "dock"


def test_a_paused_robot_stands_where_it_is_until_it_is_told_to_go_on(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.PAUSE, mission_id=patrol, because="有施工车辆")
    assert (robot.heading_for, robot.activity, robot.because.zh) == ("", Activity.HOLDING, "有施工车辆")
    robot.forward(seconds=3600)
    assert robot.heading_for == ""
    robot.order(OrderKind.RESUME, mission_id=patrol)
    assert robot.heading_for == "vp-01"


def test_a_patrol_paused_by_a_person_stays_paused_after_a_look(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.PAUSE, mission_id=patrol)
    robot.verify()
    assert robot.heading_for == "smoke-b5"
    robot.visit()
    assert robot.held(patrol).paused_by is PauseCause.TOLD_TO_STAND
    assert robot.activity is Activity.HOLDING


def test_a_patrol_told_to_go_on_during_a_look_goes_on_after_it(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.verify()
    robot.order(OrderKind.PAUSE, mission_id=patrol)
    robot.order(OrderKind.RESUME, mission_id=patrol)
    assert robot.heading_for == "smoke-b5"
    assert robot.held(patrol).paused_by is PauseCause.VERIFY
    robot.visit()
    assert robot.heading_for == "vp-01"


def test_a_robot_told_to_dock_waits_there_until_it_is_told_to_go_on(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.DOCK, because="台风预警")
    assert (robot.heading_for, robot.because.zh) == ("dock", "台风预警")
    robot.arrive()
    robot.forward(seconds=3600)
    assert robot.held(patrol).mission.state is MissionState.PAUSED
    robot.order(OrderKind.RESUME, mission_id=patrol)
    assert robot.heading_for == "vp-01"


# Battery


def test_below_the_reserve_a_patrol_goes_to_charge_and_goes_on_when_charged(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01", "vp-02")
    robot.visit()
    robot.battery(19.6)
    assert robot.heading_for == "dock"
    assert robot.held(patrol).mission.because.zh == "电量 20 %，低于 20 %，回坞充电到 60 % 后继续"
    robot.arrive()
    robot.battery(59, charging=True)
    assert (robot.heading_for, robot.activity) == ("", Activity.CHARGING)
    robot.battery(60, charging=True)
    assert robot.heading_for == "vp-02"


def test_a_patrol_with_an_unknown_battery_is_refused() -> None:
    robot = RobotUnderTest(battery_pct=None)
    robot.patrol("vp-01")
    assert robot.executor.memory.refused.zh == "电量未知，不能开始巡逻"


def test_a_look_at_an_incident_goes_even_with_an_unknown_battery() -> None:
    robot = RobotUnderTest(battery_pct=None)
    robot.verify()
    assert robot.heading_for == "smoke-b5"


def test_a_patrol_below_the_reserve_is_refused() -> None:
    robot = RobotUnderTest(battery_pct=15)
    robot.patrol("vp-01")
    assert robot.executor.memory.refused.zh == "电量 15 %，低于 20 %，不能出发"


def test_a_look_may_use_the_reserve_but_not_the_floor(robot: RobotUnderTest) -> None:
    robot.battery(15)
    verify = robot.verify()
    assert robot.heading_for == "smoke-b5"
    robot.battery(9)
    assert robot.heading_for == "dock"
    assert robot.held(verify).paused_by is PauseCause.BATTERY


def test_a_look_below_the_floor_is_refused(robot: RobotUnderTest) -> None:
    robot.battery(5)
    robot.verify()
    assert robot.executor.memory.refused.zh == "电量 5 %，低于 10 %，不能出发"


def test_after_a_look_that_ate_the_reserve_the_patrol_charges_first(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.verify()
    robot.battery(18)
    robot.visit()
    assert robot.held(patrol).paused_by is PauseCause.BATTERY
    assert robot.heading_for == "dock"


def test_a_battery_that_falls_silent_ends_driving_until_it_speaks_again(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.battery(None, charging=None)
    assert robot.heading_for == "dock"
    assert robot.held(patrol).mission.because.zh == "电量未知，回坞等待，恢复读数后继续"
    robot.battery(50)
    assert robot.heading_for == "vp-01"


def test_a_person_cannot_make_an_empty_robot_go_on(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.battery(12)
    robot.order(OrderKind.RESUME, mission_id=patrol)
    assert robot.executor.memory.refused.zh == "电量 12 %，低于 20 %，不能出发"


def test_a_person_may_make_a_half_charged_robot_go_on(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.battery(12)
    robot.battery(40, charging=True)
    robot.order(OrderKind.RESUME, mission_id=patrol)
    assert robot.heading_for == "vp-01"


def test_a_dock_that_does_not_charge_is_approached_again(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.battery(15)
    robot.arrive()
    robot.battery(15, charging=False)
    assert robot.because.zh == "在充电坞但没有充电，稍后重新对接"
    robot.forward(seconds=61)
    assert robot.heading_for == "dock"


def test_a_dock_that_charges_a_moment_later_is_fine(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.battery(15)
    robot.arrive()
    robot.battery(15, charging=False)
    robot.battery(15, charging=True)
    assert robot.activity is Activity.CHARGING


# Emergency stop, link, restart


def test_the_emergency_stop_cancels_the_goal_and_release_goes_on(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    robot.hear(ev.StopPressed())
    assert (robot.heading_for, robot.activity, robot.because.zh) == ("", Activity.HOLDING, "急停已按下")
    robot.forward(seconds=600)
    assert robot.reported == []
    robot.hear(ev.StopReleased())
    assert robot.heading_for == "vp-01"


def test_without_its_center_a_robot_finishes_what_was_released_and_docks(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01", "vp-02")
    robot.hear(ev.LinkLost())
    robot.visit()
    robot.visit()
    assert robot.held(patrol).mission.state is MissionState.DONE
    assert robot.heading_for == "dock"


def test_a_robot_told_to_stand_docks_when_its_center_is_away_for_long(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.PAUSE, mission_id=patrol)
    robot.hear(ev.LinkLost())
    robot.forward(seconds=599)
    robot.hear(ev.LinkLost())
    assert robot.heading_for == ""
    robot.forward(seconds=2)
    assert robot.heading_for == "dock"
    assert robot.held(patrol).mission.state is MissionState.PAUSED


def test_a_robot_told_to_stand_stays_when_its_center_comes_back(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.PAUSE, mission_id=patrol)
    robot.hear(ev.LinkLost())
    robot.forward(seconds=500)
    robot.hear(ev.LinkBack())
    robot.forward(seconds=500)
    assert robot.heading_for == ""


def test_after_a_crash_the_mission_goes_on_at_the_first_checkpoint_not_done(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02", "vp-03")
    robot.visit()
    robot.arrive()
    robot.dwell()
    again = robot.restarted(battery_pct=None)
    assert again.heading_for == "vp-02"
    assert isinstance(again.effects[0], CancelNavigation)


def test_after_a_crash_every_ledger_is_told_again(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02")
    robot.visit()
    assert robot.restarted().reported == robot.reported


def test_after_a_crash_during_a_look_the_look_goes_on_and_then_the_patrol(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01", "vp-02")
    robot.visit()
    robot.verify()
    again = robot.restarted()
    assert again.heading_for == "smoke-b5"
    again.visit()
    assert again.heading_for == "vp-02"


def test_the_orders_before_a_crash_are_not_taken_again(robot: RobotUnderTest) -> None:
    robot.patrol("vp-01")
    again = robot.restarted()
    before = again.executor.memory
    again.order(OrderKind.DOCK, epoch=1)
    assert again.executor.memory == before


def test_the_newest_ended_missions_stay_in_the_memory(robot: RobotUnderTest) -> None:
    patrol = robot.patrol("vp-01")
    looks = []
    for _ in range(10):
        looks.append(robot.verify())
        robot.visit()
    robot.visit()
    kept = [h.mission.mission_id for h in robot.executor.memory.missions]
    assert kept == [*looks[-7:], patrol]


def test_dwelling_asks_for_the_length_the_checkpoint_says(robot: RobotUnderTest) -> None:
    robot.order(
        OrderKind.START,
        mission_id=uuid7(),
        mission_kind=MissionKind.PATROL,
        stops=checkpoints("vp-01", dwell_s=7.5),
    )
    robot.arrive()
    assert robot.last(Dwell).length_s == 7.5


def test_the_robot_returns_by_its_own_dock(robot: RobotUnderTest) -> None:
    robot.order(OrderKind.DOCK)
    robot.patrol("vp-01")
    robot.visit()
    assert robot.last(GoToDock).pose == DOCK
