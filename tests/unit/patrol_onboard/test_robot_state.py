"""What a robot says about itself: what it does, why, and how far its missions are."""

from __future__ import annotations

from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.mission import MissionState
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity, RobotState
from patrol_core.site import NO_WORDS
from patrol_onboard import events as ev
from patrol_onboard.robot_state import Motion, robot_state
from tests.unit.patrol_onboard.robots import RobotUnderTest

BOOT = uuid7()


def said(robot: RobotUnderTest, motion: Motion | None = None) -> RobotState:
    return robot_state(robot.executor, motion or Motion(), boot_id=BOOT, sequence=3, stamped_at=robot.clock.now())


def docked(*, charging: bool = True) -> RobotUnderTest:
    robot = RobotUnderTest(battery_pct=None)
    robot.battery(80, charging=charging)
    return robot


def test_a_robot_that_knows_nothing_says_so() -> None:
    state = said(RobotUnderTest(battery_pct=None))
    assert (state.pose, state.speed_mps, state.battery_pct, state.charging) == (None, None, None, None)
    assert (state.activity, state.because, state.missions) == (Activity.IDLE, NO_WORDS, ())


def test_where_it_is_and_how_fast_comes_from_odometry() -> None:
    state = said(docked(), Motion(pose=Pose2(x_m=1, y_m=2), speed_mps=0.5))
    assert (state.pose, state.speed_mps) == (Pose2(x_m=1, y_m=2), 0.5)
    assert (state.robot_id, state.boot_id, state.sequence) == ("r1", BOOT, 3)


def test_a_patrol_from_dock_to_dock_is_told_step_by_step() -> None:
    robot = docked()
    told = [said(robot).activity]
    robot.patrol("vp-01")
    told.append(said(robot).activity)
    assert said(robot).because.zh == "巡逻「早班」：前往 点位 vp-01"
    robot.arrive()
    told.append(said(robot).activity)
    assert said(robot).because.zh == "巡逻「早班」：查看 点位 vp-01"
    robot.dwell()
    told.append(said(robot).activity)
    robot.photo()
    told.append(said(robot).activity)
    assert said(robot).because.zh == "没有任务，回坞待命"
    robot.arrive()
    robot.battery(80, charging=True)
    told.append(said(robot).activity)
    assert told == [
        Activity.CHARGING,
        Activity.TRAVELLING,
        Activity.INSPECTING,
        Activity.INSPECTING,
        Activity.RETURNING,
        Activity.CHARGING,
    ]


def test_progress_counts_entries_and_names_the_next_checkpoint() -> None:
    robot = docked()
    patrol = robot.patrol("vp-01", "vp-02")
    robot.visit()
    (progress,) = said(robot).missions
    assert (progress.mission_id, progress.state, progress.because.zh) == (patrol, MissionState.UNDERWAY, "定时巡逻")
    assert (progress.done, progress.total, progress.next_checkpoint_id, progress.epoch) == (1, 2, "vp-02", 1)
    robot.visit()
    (progress,) = said(robot).missions
    assert (progress.state, progress.next_checkpoint_id) == (MissionState.DONE, None)


def test_a_cancelled_mission_has_no_next_checkpoint() -> None:
    robot = docked()
    patrol = robot.patrol("vp-01", "vp-02")
    robot.order(OrderKind.CANCEL, mission_id=patrol)
    (progress,) = said(robot).missions
    assert (progress.state, progress.done, progress.next_checkpoint_id, progress.epoch) == (
        MissionState.CANCELLED,
        0,
        None,
        2,
    )


def test_a_refusal_is_told_with_the_epoch_it_is_about() -> None:
    robot = docked()
    robot.patrol("vp-01")
    robot.patrol("vp-02")
    assert (said(robot).order_epoch, said(robot).refused.zh) == (2, "巡逻「早班」还没有结束")


def test_a_robot_on_its_way_to_charge_says_why() -> None:
    robot = docked()
    robot.patrol("vp-01")
    robot.battery(15)
    state = said(robot)
    assert (state.activity, state.because.zh) == (
        Activity.RETURNING,
        "电量 15 %，低于 20 %，回坞充电到 60 % 后继续",
    )


def test_a_robot_that_docks_because_its_center_is_gone_says_so() -> None:
    robot = docked()
    patrol = robot.patrol("vp-01")
    robot.order(OrderKind.PAUSE, mission_id=patrol)
    robot.hear(ev.LinkLost())
    robot.forward(seconds=601)
    assert said(robot).because.zh == "与中心失联，回坞等待"
