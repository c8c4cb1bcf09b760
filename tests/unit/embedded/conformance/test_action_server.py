"""Action servers, as rclpy has them, asked by a client that this test plays by hand."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from action_msgs.msg import GoalInfo, GoalStatus, GoalStatusArray
from action_msgs.srv import CancelGoal
from test_msgs.action import Fibonacci
from unique_identifier_msgs.msg import UUID

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile, qos_profile_action_status_default
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of

Impl = Fibonacci.Impl
Handle = Any


class Caller:
    """Clients of an action's services, and what its topics said."""

    def __init__(self, ros: Ros) -> None:
        self.node = ros.node("caller")
        self.feedback: list[list[int]] = []
        self.statuses: list[list[int]] = []
        self.goal = self.node.create_client(Impl.SendGoalService, "fibonacci/_action/send_goal")
        self.cancel = self.node.create_client(Impl.CancelGoalService, "fibonacci/_action/cancel_goal")
        self.result = self.node.create_client(Impl.GetResultService, "fibonacci/_action/get_result")
        self.node.create_subscription(
            Impl.FeedbackMessage, "fibonacci/_action/feedback",
            lambda message: self.feedback.append(list(message.feedback.sequence)), 10,
        )  # fmt: skip
        self.node.create_subscription(
            GoalStatusArray, "fibonacci/_action/status",
            lambda message: self.statuses.append([item.status for item in message.status_list]),
            qos_profile_action_status_default,
        )  # fmt: skip
        ros.spin(self.node)

    def send(self, order: int = 1, goal_id: UUID | None = None) -> tuple[UUID, Any]:
        goal_id = goal_id or UUID(uuid=list(uuid.uuid4().bytes))
        assert self.goal.wait_for_service(timeout_sec=30)
        request = Impl.SendGoalService.Request(goal_id=goal_id, goal=Fibonacci.Goal(order=order))
        return goal_id, result_of(self.goal.call_async(request))

    def stop(self, goal_id: UUID) -> Any:
        return result_of(self.cancel.call_async(CancelGoal.Request(goal_info=GoalInfo(goal_id=goal_id))))

    def fetch(self, goal_id: UUID) -> Any:
        return result_of(self.result.call_async(Impl.GetResultService.Request(goal_id=goal_id)))


@pytest.fixture
def node(ros: Ros) -> Node:
    return ros.node("server")


def done(handle: Handle) -> Fibonacci.Result:
    handle.succeed()
    return Fibonacci.Result(sequence=[1, 1, 2])


class Serving:
    """A server with a caller; its goals wait until they are let go, unless `execute` says otherwise."""

    def __init__(self, ros: Ros, node: Node, execute: Any = None, **options: Any) -> None:
        self.gate = threading.Event()
        ros.on_close.append(self.gate.set)
        self.handles: list[Handle] = []
        self.server = ActionServer(node, Fibonacci, "fibonacci", execute or self.wait, **options)
        self.caller = Caller(ros)
        ros.spin(node, executor=MultiThreadedExecutor(4, context=ros.context))

    def wait(self, handle: Handle) -> Fibonacci.Result:
        self.handles.append(handle)
        while not self.gate.wait(0.005):
            if handle.is_cancel_requested:
                handle.canceled()
                return Fibonacci.Result()
        return done(handle)


def test_a_server_is_made_with_qos_of_its_own_and_leaves_nothing_behind(node: Node) -> None:
    before = [len(list(kind)) for kind in (node.services, node.publishers, node.timers)]
    profile = QoSProfile(depth=3)
    server = ActionServer(
        node, Fibonacci, "fibonacci", done, goal_service_qos_profile=profile, result_service_qos_profile=profile,
        cancel_service_qos_profile=profile, feedback_pub_qos_profile=profile, status_pub_qos_profile=profile,
        result_timeout=1,
    )  # fmt: skip
    (feedback,) = node.get_publishers_info_by_topic("fibonacci/_action/feedback")
    assert feedback.qos_profile.depth == 3
    assert node.count_services("fibonacci/_action/send_goal") == 1
    server.destroy()
    assert [len(list(kind)) for kind in (node.services, node.publishers, node.timers)] == before
    with pytest.raises(TypeError, match="not callable"):
        ActionServer(node, Fibonacci, "fibonacci", None)  # type: ignore[arg-type]


def test_a_goal_is_accepted_or_rejected_by_the_callback(ros: Ros, node: Node) -> None:
    def judge(goal: Fibonacci.Goal) -> GoalResponse:
        return GoalResponse.ACCEPT if goal.order < 10 else GoalResponse.REJECT

    serving = Serving(ros, node, done, goal_callback=judge)
    _, accepted = serving.caller.send(5)
    assert accepted.accepted
    assert accepted.stamp.sec > 0
    assert not serving.caller.send(50)[1].accepted


def test_a_goal_is_rejected_by_an_answer_that_is_none(ros: Ros, node: Node) -> None:
    serving = Serving(ros, node, done, goal_callback=lambda goal: "yes")
    assert not serving.caller.send()[1].accepted


def test_several_goals_are_executed_beside_each_other_and_no_id_twice(ros: Ros, node: Node) -> None:
    serving = Serving(ros, node)
    ids = [serving.caller.send(order)[0] for order in (1, 2, 3)]
    eventually(lambda: len(serving.handles) == 3)
    assert not serving.caller.send(4, ids[0])[1].accepted
    assert sorted(handle.request.order for handle in serving.handles) == [1, 2, 3]


def test_a_goal_is_cancelled_where_the_callback_agrees(ros: Ros, node: Node) -> None:
    agreed: list[Handle] = []

    def agree(handle: Handle) -> CancelResponse:
        agreed.append(handle)
        return CancelResponse.ACCEPT

    serving = Serving(ros, node, cancel_callback=agree)
    goal_id, _ = serving.caller.send()
    answer = serving.caller.stop(goal_id)
    assert [info.goal_id for info in answer.goals_canceling] == [goal_id]
    assert [handle.goal_id for handle in agreed] == [goal_id]
    assert serving.caller.fetch(goal_id).status == GoalStatus.STATUS_CANCELED


def test_a_goal_goes_on_where_the_callback_does_not_agree(ros: Ros, node: Node) -> None:
    serving = Serving(ros, node, cancel_callback=lambda handle: CancelResponse.REJECT)
    goal_id, _ = serving.caller.send()
    answer = serving.caller.stop(goal_id)
    assert (answer.goals_canceling, answer.return_code) == ([], CancelGoal.Response.ERROR_REJECTED)
    serving.gate.set()
    assert serving.caller.fetch(goal_id).status == GoalStatus.STATUS_SUCCEEDED


def test_a_goal_that_was_put_off_can_be_cancelled_before_it_begins(ros: Ros, node: Node) -> None:
    put_off: list[Handle] = []
    serving = Serving(
        ros, node, handle_accepted_callback=put_off.append, cancel_callback=lambda handle: CancelResponse.ACCEPT
    )
    goal_id, _ = serving.caller.send()
    assert len(serving.caller.stop(goal_id).goals_canceling) == 1
    (handle,) = put_off
    handle.execute()
    assert serving.caller.fetch(goal_id).status == GoalStatus.STATUS_CANCELED


def abort(handle: Handle) -> Fibonacci.Result:
    handle.abort()
    return Fibonacci.Result(sequence=[7])


def fail(handle: Handle) -> Fibonacci.Result:
    raise ValueError("on the way")


@pytest.mark.parametrize(
    ("execute", "status", "sequence"),
    [
        (done, GoalStatus.STATUS_SUCCEEDED, [1, 1, 2]),
        (abort, GoalStatus.STATUS_ABORTED, [7]),
        (lambda handle: Fibonacci.Result(sequence=[8]), GoalStatus.STATUS_ABORTED, [8]),
        (fail, GoalStatus.STATUS_ABORTED, []),
    ],
)
def test_a_goal_ends_as_its_callback_says_and_aborted_where_it_does_not(
    ros: Ros, node: Node, execute: Any, status: int, sequence: list[int]
) -> None:
    serving = Serving(ros, node, execute)
    goal_id, _ = serving.caller.send()
    response = serving.caller.fetch(goal_id)
    assert (response.status, list(response.result.sequence)) == (status, sequence)


@pytest.mark.parametrize("goals", [0, 1, 3])
def test_goals_that_ended_are_known_until_their_time_is_over(ros: Ros, node: Node, goals: int) -> None:
    serving = Serving(ros, node, done, result_timeout=0.1)
    ids = [serving.caller.send()[0] for _ in range(goals)]
    eventually(lambda: not serving.server._goal_handles)
    assert [serving.caller.fetch(goal_id).status for goal_id in ids] == [GoalStatus.STATUS_UNKNOWN] * goals
    eventually(lambda: serving.caller.statuses[-1:] == [[]])


def test_results_that_never_expire_are_kept(ros: Ros, node: Node) -> None:
    serving = Serving(ros, node, done, result_timeout=-1)
    goal_id, _ = serving.caller.send()
    assert serving.caller.fetch(goal_id).status == GoalStatus.STATUS_SUCCEEDED
    assert serving.server._expiry.is_canceled()


def test_feedback_is_published_and_nothing_else_is(ros: Ros, node: Node) -> None:
    refused: list[str] = []

    def execute(handle: Handle) -> Fibonacci.Result:
        handle.publish_feedback(Fibonacci.Feedback(sequence=[1, 1, 2, 3]))
        for wrong in ("text", Fibonacci.Goal(), Fibonacci.Impl.FeedbackMessage()):
            try:
                handle.publish_feedback(wrong)
            except TypeError as error:
                refused.append(str(error))
        return done(handle)

    serving = Serving(ros, node, execute)
    serving.caller.fetch(serving.caller.send()[0])
    eventually(lambda: serving.caller.feedback == [[1, 1, 2, 3]])
    assert [said.split(",")[0] for said in refused] == ["expected a Fibonacci_Feedback"] * 3
