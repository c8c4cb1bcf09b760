"""Action clients."""

from __future__ import annotations

import threading
import uuid
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from action_msgs.msg import GoalInfo, GoalStatus, GoalStatusArray
from action_msgs.srv import CancelGoal
from builtin_interfaces.msg import Time
from unique_identifier_msgs.msg import UUID

from rclpy._waiting import wait_for_graph
from rclpy.callback_groups import CallbackGroup
from rclpy.client import Client
from rclpy.qos import QoSProfile, qos_profile_action_status_default, qos_profile_default, qos_profile_services_default
from rclpy.task import Future
from ros_interfaces.message import Action, Message

if TYPE_CHECKING:
    from rclpy.node import Node

GoalT = TypeVar("GoalT", bound=Message)
ResultT = TypeVar("ResultT", bound=Message)
FeedbackT = TypeVar("FeedbackT", bound=Message)


class ClientGoalHandle(Generic[GoalT, ResultT, FeedbackT]):
    """One goal that was sent, accepted or not."""

    def __init__(
        self, client: ActionClient[GoalT, ResultT, FeedbackT], goal_id: UUID, accepted: bool, stamp: Time
    ) -> None:
        self._client = client
        self.goal_id = goal_id
        self.accepted = accepted
        self.stamp = stamp
        self._status = GoalStatus.STATUS_UNKNOWN

    @property
    def status(self) -> int:
        """A number of action_msgs/msg/GoalStatus, as the status topic said last."""
        return self._status

    def get_result_async(self) -> Future[Any]:
        """Ask for the result: the future holds a response with `status` and `result` once the goal ended."""
        return self._client._get_result(self)

    def get_result(self) -> Any:
        """Wait for the result; an executor on another thread must serve the node."""
        return _wait(self.get_result_async())

    def cancel_goal_async(self) -> Future[CancelGoal.Response]:
        """Ask the server to cancel it."""
        return self._client._cancel(self)

    def cancel_goal(self) -> Any:
        """Ask the server to cancel it, and wait for the answer."""
        return _wait(self.cancel_goal_async())

    def __repr__(self) -> str:
        return (
            f"ClientGoalHandle <id={bytes(self.goal_id.uuid).hex()}, accepted={self.accepted}, status={self._status}>"
        )


class ActionClient(Generic[GoalT, ResultT, FeedbackT]):
    """Sends goals of one action."""

    def __init__(
        self,
        node: Node,
        action_type: type[Action[GoalT, ResultT, FeedbackT]],
        action_name: str,
        *,
        callback_group: CallbackGroup | None = None,
        goal_service_qos_profile: QoSProfile = qos_profile_services_default,
        result_service_qos_profile: QoSProfile = qos_profile_services_default,
        cancel_service_qos_profile: QoSProfile = qos_profile_services_default,
        feedback_sub_qos_profile: QoSProfile = qos_profile_default,
        status_sub_qos_profile: QoSProfile = qos_profile_action_status_default,
    ) -> None:
        self._node = node
        self._action_type = action_type
        self._feedback_callbacks: dict[bytes, Callable[[Any], Any]] = {}
        self._handles: weakref.WeakValueDictionary[bytes, ClientGoalHandle[GoalT, ResultT, FeedbackT]] = (
            weakref.WeakValueDictionary()
        )
        self._statuses: dict[bytes, int] = {}  # what the status topic said last
        impl, name = action_type.Impl, node.resolve_topic_name(action_name)
        self._name = name

        def client(kind: Any, suffix: str, profile: QoSProfile) -> Client[Any, Any]:
            return node.create_client(
                kind, f"{name}/_action/{suffix}", qos_profile=profile, callback_group=callback_group
            )

        self._goal_client = client(impl.SendGoalService, "send_goal", goal_service_qos_profile)
        self._cancel_client = client(impl.CancelGoalService, "cancel_goal", cancel_service_qos_profile)
        self._result_client = client(impl.GetResultService, "get_result", result_service_qos_profile)
        self._feedback = node.create_subscription(
            impl.FeedbackMessage,
            f"{name}/_action/feedback",
            self._on_feedback,
            feedback_sub_qos_profile,
            callback_group=callback_group,
        )
        self._status = node.create_subscription(
            GoalStatusArray,
            f"{name}/_action/status",
            self._on_status,
            status_sub_qos_profile,
            callback_group=callback_group,
        )

    def send_goal_async(
        self, goal: GoalT, feedback_callback: Callable[[Any], Any] | None = None, goal_uuid: UUID | None = None
    ) -> Future[ClientGoalHandle[GoalT, ResultT, FeedbackT]]:
        """Send a goal; the future holds its handle once the server accepted or rejected it.

        Raises:
            TypeError: it is not this action's goal.
        """
        if not isinstance(goal, self._action_type.Goal):
            raise TypeError(f"{self._name}: expected a {self._action_type.Goal.__name__}, got {type(goal).__name__}")
        goal_id = goal_uuid or UUID(uuid=list(uuid.uuid4().bytes))
        key = bytes(goal_id.uuid)
        if feedback_callback is not None:
            self._feedback_callbacks[key] = feedback_callback
        answer: Future[ClientGoalHandle[GoalT, ResultT, FeedbackT]] = Future()
        request = self._action_type.Impl.SendGoalService.Request(goal_id=goal_id, goal=goal)

        def on_response(done: Future[Any]) -> None:
            error = done.exception()
            if error is not None or done.cancelled():
                self._feedback_callbacks.pop(key, None)
                answer.cancel() if error is None else answer.set_exception(error)
                return
            response: Any = done.result()
            handle = ClientGoalHandle(self, goal_id, response.accepted, response.stamp)
            if response.accepted:
                handle._status = self._statuses.get(key, GoalStatus.STATUS_ACCEPTED)
                self._handles[key] = handle
            else:
                self._feedback_callbacks.pop(key, None)
            answer.set_result(handle)

        self._goal_client.call_async(request).add_done_callback(on_response)
        return answer

    def send_goal(self, goal: GoalT, **arguments: Any) -> Any:
        """Send a goal and wait for its result; an executor on another thread must serve the node.

        Returns the response with `status` and `result`, or None where the goal was rejected.
        """
        handle: Any = _wait(self.send_goal_async(goal, **arguments))
        return handle.get_result() if handle.accepted else None

    def server_is_ready(self) -> bool:
        """Whether a server of this action is known, with all its services and topics."""
        return (
            all(c.service_is_ready() for c in (self._goal_client, self._cancel_client, self._result_client))
            and self._feedback.get_publisher_count() > 0
            and self._status.get_publisher_count() > 0
        )

    def wait_for_server(self, timeout_sec: float | None = None) -> bool:
        """Wait until a server is known; False when the time is over or the context was shut down."""
        return wait_for_graph(self._node.context, self.server_is_ready, timeout_sec)

    def destroy(self) -> None:
        """Withdraw it."""
        for client in (self._goal_client, self._cancel_client, self._result_client):
            self._node.destroy_client(client)
        self._node.destroy_subscription(self._feedback)
        self._node.destroy_subscription(self._status)

    def _get_result(self, handle: ClientGoalHandle[GoalT, ResultT, FeedbackT]) -> Future[Any]:
        request = self._action_type.Impl.GetResultService.Request(goal_id=handle.goal_id)
        future = self._result_client.call_async(request)

        def ended(done: Future[Any]) -> None:
            self._feedback_callbacks.pop(bytes(handle.goal_id.uuid), None)
            if done.exception() is None and not done.cancelled():
                response: Any = done.result()
                handle._status = response.status

        future.add_done_callback(ended)
        return future

    def _cancel(self, handle: ClientGoalHandle[GoalT, ResultT, FeedbackT]) -> Future[CancelGoal.Response]:
        return self._cancel_client.call_async(CancelGoal.Request(goal_info=GoalInfo(goal_id=handle.goal_id)))

    def _on_feedback(self, message: Any) -> Any:
        callback = self._feedback_callbacks.get(bytes(message.goal_id.uuid))
        return None if callback is None else callback(message)

    def _on_status(self, message: GoalStatusArray) -> None:
        self._statuses = {bytes(item.goal_info.goal_id.uuid): item.status for item in message.status_list}
        for key, status in self._statuses.items():
            handle = self._handles.get(key)
            if handle is not None:
                handle._status = status


def _wait(future: Future[Any]) -> Any:
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    done.wait()
    return future.result()
