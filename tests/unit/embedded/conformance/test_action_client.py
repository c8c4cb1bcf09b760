"""Action clients, as rclpy has them, against a server that this test plays by hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from action_msgs.msg import GoalStatus, GoalStatusArray
from action_msgs.srv import CancelGoal
from test_msgs.action import Fibonacci
from unique_identifier_msgs.msg import UUID

from rclpy.action import ActionClient
from rclpy.exceptions import ServiceCallError
from rclpy.node import Node
from rclpy.qos import QoSProfile
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of

Impl = Fibonacci.Impl


class Server:
    """Services and topics of an action, answered as the test says."""

    def __init__(self, node: Node) -> None:
        self.goals: list[Any] = []
        self.cancelled: list[Any] = []
        node.create_service(Impl.SendGoalService, "fibonacci/_action/send_goal", self.on_goal)
        node.create_service(Impl.CancelGoalService, "fibonacci/_action/cancel_goal", self.on_cancel)
        node.create_service(Impl.GetResultService, "fibonacci/_action/get_result", self.on_result)
        self.feedback = node.create_publisher(Impl.FeedbackMessage, "fibonacci/_action/feedback", 10)
        self.status = node.create_publisher(GoalStatusArray, "fibonacci/_action/status", 10)

    def on_goal(self, request: Any, response: Any) -> Any:
        self.goals.append(request)
        response.accepted = True
        return response

    def on_cancel(self, request: Any, response: Any) -> Any:
        self.cancelled.append(request)
        response.goals_canceling = [request.goal_info]
        return response

    @staticmethod
    def on_result(request: Any, response: Any) -> Any:
        response.status = GoalStatus.STATUS_SUCCEEDED
        response.result.sequence = [0, 1, 1]
        return response

    def tell(self, goal_id: UUID, *sequence: int) -> None:
        feedback = Fibonacci.Feedback(sequence=list(sequence))
        self.feedback.publish(Impl.FeedbackMessage(goal_id=goal_id, feedback=feedback))


@pytest.fixture
def node(ros: Ros) -> Node:
    return ros.node("both")


@pytest.fixture
def server(ros: Ros, node: Node) -> Server:
    made = Server(node)
    ros.spin(node)
    return made


@pytest.fixture
def client(node: Node) -> Iterator[ActionClient[Any, Any, Any]]:
    made = ActionClient(node, Fibonacci, "fibonacci")
    yield made
    made.destroy()


def any_id() -> UUID:
    return UUID(uuid=list(uuid.uuid4().bytes))


def test_a_client_is_made_with_qos_of_its_own_and_leaves_nothing_behind(node: Node) -> None:
    before = len(list(node.clients)), len(list(node.subscriptions))
    profile = QoSProfile(depth=3)
    client = ActionClient(
        node, Fibonacci, "fibonacci", goal_service_qos_profile=profile, result_service_qos_profile=profile,
        cancel_service_qos_profile=profile, feedback_sub_qos_profile=profile, status_sub_qos_profile=profile,
    )  # fmt: skip
    assert (len(list(node.clients)), len(list(node.subscriptions))) == (before[0] + 3, before[1] + 2)
    (feedback,) = node.get_subscriptions_info_by_topic("fibonacci/_action/feedback")
    assert feedback.qos_profile.depth == 3
    client.destroy()
    assert (len(list(node.clients)), len(list(node.subscriptions))) == before


@pytest.mark.parametrize("timeout_sec", [0.0, 0.01])
def test_a_server_that_is_not_there_is_waited_for_as_long_as_asked(
    client: ActionClient[Any, Any, Any], timeout_sec: float
) -> None:
    assert client.wait_for_server(timeout_sec=timeout_sec) is False
    assert not client.server_is_ready()


def test_a_server_that_is_there_is_found(server: Server, client: ActionClient[Any, Any, Any]) -> None:
    assert client.wait_for_server(timeout_sec=30)
    assert client.server_is_ready()


def test_a_goal_is_sent_with_an_id_of_its_own_or_the_one_given(
    server: Server, client: ActionClient[Any, Any, Any]
) -> None:
    assert client.wait_for_server(timeout_sec=30)
    handles = [result_of(client.send_goal_async(Fibonacci.Goal(order=order))) for order in (1, 2)]
    given = any_id()
    handles.append(result_of(client.send_goal_async(Fibonacci.Goal(order=3), goal_uuid=given)))
    assert [handle.accepted for handle in handles] == [True] * 3
    assert [goal.goal.order for goal in server.goals] == [1, 2, 3]
    assert [goal.goal_id for goal in server.goals] == [handle.goal_id for handle in handles]
    assert len({bytes(handle.goal_id.uuid) for handle in handles}) == 3
    assert handles[2].goal_id == given


@pytest.mark.parametrize("result_asked_for", [False, True])
def test_feedback_of_a_goal_reaches_its_callback(
    server: Server, client: ActionClient[Any, Any, Any], result_asked_for: bool
) -> None:
    assert client.wait_for_server(timeout_sec=30)
    heard: list[list[int]] = []
    handle = result_of(
        client.send_goal_async(Fibonacci.Goal(), lambda message: heard.append(list(message.feedback.sequence)))
    )
    server.tell(any_id(), 9)
    server.tell(handle.goal_id, 1, 2)
    eventually(lambda: heard == [[1, 2]])
    if result_asked_for:
        result_of(handle.get_result_async())
        eventually(lambda: bytes(handle.goal_id.uuid) not in client._feedback_callbacks)
        server.tell(handle.goal_id, 3)
    result_of(handle.cancel_goal_async())
    assert heard == [[1, 2]]


def test_feedback_that_comes_before_the_goal_was_accepted_is_heard_too(
    server: Server, node: Node, client: ActionClient[Any, Any, Any]
) -> None:
    assert client.wait_for_server(timeout_sec=30)
    heard: list[Any] = []
    goal_id = any_id()
    sent = client.send_goal_async(Fibonacci.Goal(), heard.append, goal_uuid=goal_id)
    server.tell(goal_id, 1)
    result_of(sent)
    eventually(lambda: len(heard) == 1)


def test_feedback_of_a_goal_that_nobody_sent_is_nobodys(server: Server, client: ActionClient[Any, Any, Any]) -> None:
    assert client.wait_for_server(timeout_sec=30)
    server.tell(any_id(), 1)
    assert result_of(client.send_goal_async(Fibonacci.Goal())).accepted


def test_a_goal_without_a_server_ends_with_an_error(ros: Ros, node: Node, client: ActionClient[Any, Any, Any]) -> None:
    ros.spin(node)
    future = client.send_goal_async(Fibonacci.Goal())
    eventually(future.done)
    with pytest.raises(ServiceCallError, match="no server answered"):
        future.result()


def test_a_goal_is_cancelled_and_its_result_fetched_by_its_id(
    server: Server, client: ActionClient[Any, Any, Any]
) -> None:
    assert client.wait_for_server(timeout_sec=30)
    handle = result_of(client.send_goal_async(Fibonacci.Goal()))
    answer = result_of(handle.cancel_goal_async())
    assert isinstance(answer, CancelGoal.Response)
    assert [info.goal_id for info in answer.goals_canceling] == [handle.goal_id]
    assert server.cancelled[0].goal_info.goal_id == handle.goal_id
    response = result_of(handle.get_result_async())
    assert (response.status, list(response.result.sequence)) == (GoalStatus.STATUS_SUCCEEDED, [0, 1, 1])
    assert handle.status == GoalStatus.STATUS_SUCCEEDED


def test_what_is_no_goal_is_not_sent(client: ActionClient[Any, Any, Any]) -> None:
    for wrong in (1, Fibonacci.Result(), Fibonacci):
        with pytest.raises(TypeError, match="Fibonacci_Goal"):
            client.send_goal_async(wrong)
