"""Action servers and clients."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from action_msgs.msg import GoalInfo, GoalStatus, GoalStatusArray
from action_msgs.srv import CancelGoal
from builtin_interfaces.msg import Time
from nav2_msgs.action import NavigateToPose, Spin

from rclpy.action import (
    ActionClient,
    ActionServer,
    CancelResponse,
    GoalResponse,
    get_action_client_names_and_types_by_node,
    get_action_names_and_types,
    get_action_server_names_and_types_by_node,
)
from rclpy.action.goal_state import ACTIVE, STATUS_NAMES, TRANSITIONS, GoalEvent, IllegalGoalTransition, advance
from rclpy.executors import MultiThreadedExecutor
from rclpy.qos import qos_profile_action_status_default
from rclpy.task import Future
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of

Handle = Any


class Drive:
    """An action server whose goals wait until they are let go, and a client of it."""

    def __init__(self, ros: Ros, **options: Any) -> None:
        self.node, self.caller = ros.node("nav"), ros.node("mission")
        self.gate = threading.Event()
        ros.on_close.append(self.gate.set)
        self.handles: list[Handle] = []
        options.setdefault("cancel_callback", lambda handle: CancelResponse.ACCEPT)
        options.setdefault("execute_callback", self.execute)
        self.server = ActionServer(self.node, NavigateToPose, "navigate_to_pose", **options)
        self.client = ActionClient(self.caller, NavigateToPose, "navigate_to_pose")
        ros.spin(self.node, executor=MultiThreadedExecutor(4, context=ros.context))
        ros.spin(self.caller)
        assert self.client.wait_for_server(timeout_sec=30)

    def execute(self, handle: Handle) -> NavigateToPose.Result:
        self.handles.append(handle)
        while not self.gate.wait(0.005):
            if handle.is_cancel_requested:
                handle.canceled()
                return NavigateToPose.Result(error_msg="stopped")
        handle.succeed()
        return NavigateToPose.Result(error_msg="arrived")

    def send(self, **options: Any) -> Handle:
        return result_of(self.client.send_goal_async(NavigateToPose.Goal(), **options))


def test_a_goal_is_accepted_executed_and_its_result_fetched(ros: Ros) -> None:
    drive = Drive(ros)
    handle = drive.send()
    assert handle.accepted
    future = handle.get_result_async()
    eventually(lambda: handle.status == GoalStatus.STATUS_EXECUTING)
    drive.gate.set()
    response = result_of(future)
    assert (response.status, response.result.error_msg) == (GoalStatus.STATUS_SUCCEEDED, "arrived")
    assert handle.status == GoalStatus.STATUS_SUCCEEDED


def test_a_result_can_be_asked_for_after_the_goal_ended(ros: Ros) -> None:
    drive = Drive(ros)
    drive.gate.set()
    handle = drive.send()
    eventually(lambda: handle.status == GoalStatus.STATUS_SUCCEEDED)
    assert result_of(handle.get_result_async()).result.error_msg == "arrived"


def test_the_goal_reaches_the_server_as_it_was_sent(ros: Ros) -> None:
    seen: list[Any] = []

    def accept(goal: NavigateToPose.Goal) -> GoalResponse:
        seen.append(goal)
        return GoalResponse.REJECT

    drive = Drive(ros, goal_callback=accept)
    goal = NavigateToPose.Goal(behavior_tree="quick")
    goal.pose.pose.position.x = 4.5
    handle = result_of(drive.client.send_goal_async(goal))
    assert not handle.accepted
    assert seen == [goal]
    assert drive.handles == []


def test_feedback_reaches_the_goal_it_belongs_to(ros: Ros) -> None:
    def execute(handle: Handle) -> NavigateToPose.Result:
        for left in (2.0, 1.0, 0.0):
            handle.publish_feedback(
                NavigateToPose.Feedback(distance_remaining=left + float(handle.request.behavior_tree))
            )
        handle.succeed()
        return NavigateToPose.Result()

    drive = Drive(ros, execute_callback=execute)
    seen: dict[str, list[float]] = {"10": [], "20": []}
    for tree, into in seen.items():
        sent = drive.client.send_goal_async(
            NavigateToPose.Goal(behavior_tree=tree),
            feedback_callback=lambda message, into=into: into.append(message.feedback.distance_remaining),  # type: ignore[misc]
        )
        result_of(sent)
    eventually(lambda: seen == {"10": [12.0, 11.0, 10.0], "20": [22.0, 21.0, 20.0]})


def test_feedback_of_another_type_is_refused(ros: Ros) -> None:
    drive = Drive(ros)
    drive.send()
    eventually(lambda: drive.handles)
    with pytest.raises(TypeError, match="expected a NavigateToPose_Feedback, got Spin_Feedback"):
        drive.handles[0].publish_feedback(Spin.Feedback())
    drive.gate.set()


def test_a_goal_is_cancelled_when_the_server_agrees(ros: Ros) -> None:
    drive = Drive(ros)
    handle = drive.send()
    answer = result_of(handle.cancel_goal_async())
    assert answer.return_code == CancelGoal.Response.ERROR_NONE
    assert [bytes(info.goal_id.uuid) for info in answer.goals_canceling] == [bytes(handle.goal_id.uuid)]
    response = result_of(handle.get_result_async())
    assert (response.status, response.result.error_msg) == (GoalStatus.STATUS_CANCELED, "stopped")


def test_a_goal_goes_on_when_the_server_refuses_to_cancel(ros: Ros) -> None:
    drive = Drive(ros, cancel_callback=lambda handle: CancelResponse.REJECT)
    handle = drive.send()
    answer = result_of(handle.cancel_goal_async())
    assert (answer.return_code, answer.goals_canceling) == (CancelGoal.Response.ERROR_REJECTED, [])
    drive.gate.set()
    assert result_of(handle.get_result_async()).status == GoalStatus.STATUS_SUCCEEDED


def test_cancelling_a_goal_that_ended_or_never_was_says_so(ros: Ros) -> None:
    drive = Drive(ros)
    drive.gate.set()
    handle = drive.send()
    result_of(handle.get_result_async())
    assert result_of(handle.cancel_goal_async()).return_code == CancelGoal.Response.ERROR_GOAL_TERMINATED
    unknown = CancelGoal.Request()
    unknown.goal_info.goal_id.uuid = [7] * 16
    client = drive.caller.create_client(CancelGoal, "navigate_to_pose/_action/cancel_goal")
    assert client.wait_for_service(timeout_sec=30)
    assert result_of(client.call_async(unknown)).return_code == CancelGoal.Response.ERROR_UNKNOWN_GOAL_ID


def test_all_goals_or_those_up_to_a_time_are_cancelled_at_once(ros: Ros) -> None:
    drive = Drive(ros)
    first, second = drive.send(), drive.send()
    eventually(lambda: len(drive.handles) == 2)
    client = drive.caller.create_client(CancelGoal, "navigate_to_pose/_action/cancel_goal")
    assert client.wait_for_service(timeout_sec=30)
    until = GoalInfo(stamp=Time(sec=first.stamp.sec, nanosec=first.stamp.nanosec))
    assert len(result_of(client.call_async(CancelGoal.Request(goal_info=until))).goals_canceling) == 1
    assert len(result_of(client.call_async(CancelGoal.Request())).goals_canceling) >= 1
    for handle in (first, second):
        assert result_of(handle.get_result_async()).status == GoalStatus.STATUS_CANCELED


def test_a_goal_is_aborted_by_its_callback_by_its_failure_and_by_its_silence(
    ros: Ros, capfd: pytest.CaptureFixture[str]
) -> None:
    def execute(handle: Handle) -> NavigateToPose.Result:
        match handle.request.behavior_tree:
            case "abort":
                handle.abort()
            case "raise":
                raise ValueError("no path")
        return NavigateToPose.Result(error_code=9)

    drive = Drive(ros, execute_callback=execute)
    for how, code in (("abort", 9), ("raise", 0), ("silent", 9)):
        handle = result_of(drive.client.send_goal_async(NavigateToPose.Goal(behavior_tree=how)))
        response = result_of(handle.get_result_async())
        assert (response.status, response.result.error_code) == (GoalStatus.STATUS_ABORTED, code), how
    assert "no path" in capfd.readouterr().err


def test_execute_callbacks_may_be_coroutines(ros: Ros) -> None:
    arrived: Future[str] = Future()

    async def execute(handle: Handle) -> NavigateToPose.Result:
        message = await arrived
        handle.succeed()
        return NavigateToPose.Result(error_msg=message)

    drive = Drive(ros, execute_callback=execute)
    handle = drive.send()
    future = handle.get_result_async()
    arrived.set_result("awaited")
    assert result_of(future).result.error_msg == "awaited"


def test_a_goal_can_be_accepted_now_and_executed_later(ros: Ros) -> None:
    waiting: list[Handle] = []
    drive = Drive(ros, handle_accepted_callback=waiting.append)
    handle = drive.send()
    eventually(lambda: handle.status == GoalStatus.STATUS_ACCEPTED)
    drive.gate.set()
    eventually(lambda: waiting)[0].execute()
    assert result_of(handle.get_result_async()).status == GoalStatus.STATUS_SUCCEEDED


def test_a_goal_that_was_cancelled_before_it_began_ends_as_cancelled(ros: Ros) -> None:
    waiting: list[Handle] = []
    drive = Drive(ros, handle_accepted_callback=waiting.append)
    handle = drive.send()
    result_of(handle.cancel_goal_async())
    eventually(lambda: waiting)[0].execute()
    assert result_of(handle.get_result_async()).status == GoalStatus.STATUS_CANCELED


def test_results_are_forgotten_after_their_time(ros: Ros) -> None:
    drive = Drive(ros, result_timeout=0.05)
    drive.gate.set()
    handle = drive.send()
    eventually(lambda: not drive.server._goal_handles and not drive.server._results)
    assert result_of(handle.get_result_async()).status == GoalStatus.STATUS_UNKNOWN


def test_late_listeners_learn_the_status_of_goals(ros: Ros) -> None:
    drive = Drive(ros)
    drive.send()
    eventually(lambda: drive.handles)
    late, seen = ros.node("late"), []
    late.create_subscription(
        GoalStatusArray, "navigate_to_pose/_action/status", seen.append, qos_profile_action_status_default
    )
    ros.spin(late)
    eventually(lambda: seen and seen[-1].status_list[0].status == GoalStatus.STATUS_EXECUTING)
    drive.gate.set()


def test_a_goal_waits_for_no_server_for_ever(ros: Ros) -> None:
    node = ros.node("alone")
    client = ActionClient(node, NavigateToPose, "nowhere")
    ros.spin(node)
    assert client.wait_for_server(timeout_sec=0.01) is False
    with pytest.raises(RuntimeError, match="no server answered"):
        result_of(client.send_goal_async(NavigateToPose.Goal()))


def test_a_server_that_goes_away_ends_the_wait_for_its_result(ros: Ros) -> None:
    drive = Drive(ros)
    handle = drive.send()
    future = handle.get_result_async()
    eventually(lambda: drive.server._waiting and drive.handles)
    drive.node.destroy_node()
    with pytest.raises(RuntimeError, match=r"no server answered|the server went away"):
        result_of(future)
    drive.gate.set()


def test_actions_are_seen_in_the_graph(ros: Ros) -> None:
    drive = Drive(ros)
    expected = [("/navigate_to_pose", ["nav2_msgs/action/NavigateToPose"])]
    assert get_action_names_and_types(drive.caller) == expected
    assert get_action_server_names_and_types_by_node(drive.caller, "nav", "/") == expected
    assert get_action_client_names_and_types_by_node(drive.caller, "mission", "/") == expected
    assert get_action_server_names_and_types_by_node(drive.caller, "mission", "/") == []


@pytest.mark.parametrize("status", STATUS_NAMES)
@pytest.mark.parametrize("event", GoalEvent)
def test_every_pair_of_status_and_event_is_in_the_table_or_refused_by_name(status: int, event: GoalEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(status, event) == TRANSITIONS[status, event]
        assert status in ACTIVE
    else:
        with pytest.raises(IllegalGoalTransition, match=f"{STATUS_NAMES[status]} cannot {event.name}"):
            advance(status, event)
