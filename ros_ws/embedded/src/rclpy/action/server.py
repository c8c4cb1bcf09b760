"""Action servers."""

from __future__ import annotations

import inspect
import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from action_msgs.msg import GoalInfo, GoalStatus, GoalStatusArray
from action_msgs.srv import CancelGoal

from rclpy.action.goal_handle import ServerGoalHandle
from rclpy.action.goal_state import GoalEvent, IllegalGoalTransition
from rclpy.action.responses import (
    CancelResponse,
    GoalResponse,
    default_cancel_callback,
    default_goal_callback,
    default_handle_accepted_callback,
)
from rclpy.callback_groups import CallbackGroup, ReentrantCallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.duration import S_TO_NS
from rclpy.qos import QoSProfile, qos_profile_action_status_default, qos_profile_default, qos_profile_services_default
from rclpy.service import Reply
from ros_interfaces.message import Action, Message

if TYPE_CHECKING:
    from rclpy.node import Node

GoalT = TypeVar("GoalT", bound=Message)
ResultT = TypeVar("ResultT", bound=Message)
FeedbackT = TypeVar("FeedbackT", bound=Message)


class ActionServer(Generic[GoalT, ResultT, FeedbackT]):
    """Serves one action. The execute callback runs as a task of the node's executor, outside the callback group."""

    def __init__(
        self,
        node: Node,
        action_type: type[Action[GoalT, ResultT, FeedbackT]],
        action_name: str,
        execute_callback: Callable[[Any], Any],
        *,
        callback_group: CallbackGroup | None = None,
        goal_callback: Callable[[Any], Any] = default_goal_callback,
        handle_accepted_callback: Callable[[Any], Any] = default_handle_accepted_callback,
        cancel_callback: Callable[[Any], Any] = default_cancel_callback,
        goal_service_qos_profile: QoSProfile = qos_profile_services_default,
        result_service_qos_profile: QoSProfile = qos_profile_services_default,
        cancel_service_qos_profile: QoSProfile = qos_profile_services_default,
        feedback_pub_qos_profile: QoSProfile = qos_profile_default,
        status_pub_qos_profile: QoSProfile = qos_profile_action_status_default,
        result_timeout: float = 900,
    ) -> None:
        """Serve; a result can be asked for until `result_timeout` seconds after its goal ended (negative: for ever)."""
        self.register_execute_callback(execute_callback)
        self._goal_callback = goal_callback
        self._handle_accepted_callback = handle_accepted_callback
        self._cancel_callback = cancel_callback
        self._node = node
        self._destroyed = False
        self._action_type = action_type
        self._logger = node.get_logger().get_child("action_server")
        self._result_timeout_ns = int(result_timeout * S_TO_NS)
        self._goal_handles: dict[bytes, ServerGoalHandle[GoalT, ResultT, FeedbackT]] = {}
        self._results: dict[bytes, Any] = {}
        self._waiting: dict[bytes, list[Reply]] = {}  # who waits for a result; at most as many as Zenoh holds queries
        self._results_lock = threading.Lock()
        self._ended: dict[bytes, int] = {}  # goal → when its result is forgotten, oldest first
        group = callback_group or node.default_callback_group
        impl, name = action_type.Impl, node.resolve_topic_name(action_name)
        self._name = name
        self._feedback = node.create_publisher(
            impl.FeedbackMessage, f"{name}/_action/feedback", feedback_pub_qos_profile
        )
        self._status = node.create_publisher(GoalStatusArray, f"{name}/_action/status", status_pub_qos_profile)
        self._servers = [
            node._rcl_create_request_server(kind, f"{name}/_action/{suffix}", handle, profile, group)
            for kind, suffix, handle, profile in (
                (impl.SendGoalService, "send_goal", self._on_goal, goal_service_qos_profile),
                (impl.CancelGoalService, "cancel_goal", self._on_cancel, cancel_service_qos_profile),
                (impl.GetResultService, "get_result", self._on_get_result, result_service_qos_profile),
            )
        ]
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._expiry = node.create_timer(0.0, self._expire, ReentrantCallbackGroup(), steady, autostart=False)
        node._rcl_on_destroy.append(self.destroy)
        self.publish_status()

    @property
    def action_type(self) -> type[Action[GoalT, ResultT, FeedbackT]]:
        """The action's type."""
        return self._action_type

    def register_execute_callback(self, execute_callback: Callable[[Any], Any]) -> None:
        """Execute goals with another callback."""
        if not callable(execute_callback):
            raise TypeError("Failed to register goal execution callback: not callable")
        self._execute_callback = execute_callback

    def register_goal_callback(self, goal_callback: Callable[[Any], Any] | None) -> None:
        """Accept or reject with another callback; None accepts all."""
        self._goal_callback = goal_callback or default_goal_callback

    def register_cancel_callback(self, cancel_callback: Callable[[Any], Any] | None) -> None:
        """Answer cancellations with another callback; None refuses all."""
        self._cancel_callback = cancel_callback or default_cancel_callback

    def register_handle_accepted_callback(self, handle_accepted_callback: Callable[[Any], Any] | None) -> None:
        """Take accepted goals with another callback; None executes them."""
        self._handle_accepted_callback = handle_accepted_callback or default_handle_accepted_callback

    def destroy(self) -> None:
        """Serve no more."""
        if self._destroyed:
            return
        self._destroyed = True
        self._node._rcl_on_destroy.remove(self.destroy)
        for reply in [reply for waiting in self._waiting.values() for reply in waiting]:
            reply.refuse("the server went away")
        for server in self._servers:
            self._node._rcl_destroy(server)
        self._node.destroy_timer(self._expiry)
        self._node.destroy_publisher(self._feedback)
        self._node.destroy_publisher(self._status)
        self._goal_handles.clear()
        self._results.clear()
        self._waiting.clear()

    def publish_status(self) -> None:
        """Publish the status of every goal that is known; goals may outlive the server, and are not heard any more."""
        if self._destroyed:
            return
        statuses = [
            GoalStatus(goal_info=handle.goal_info, status=handle.status) for handle in list(self._goal_handles.values())
        ]
        self._status.publish(GoalStatusArray(status_list=statuses))

    def publish_feedback(self, goal_id: Any, feedback: Any) -> None:
        """Publish feedback of one goal."""
        if self._destroyed:
            return
        self._feedback.publish(self._action_type.Impl.FeedbackMessage(goal_id=goal_id, feedback=feedback))

    async def _on_goal(self, request: Any, reply: Reply) -> None:
        key = bytes(request.goal_id.uuid)
        response = self._action_type.Impl.SendGoalService.Response()
        answer = GoalResponse.REJECT
        if key in self._goal_handles:
            self._logger.error(f"{self._name}: a goal with the id {key.hex()} exists already; it was rejected")
        else:
            try:
                answer = await _outcome(self._goal_callback(request.goal))
            except Exception:  # noqa: BLE001 - a user's failing callback rejects, it does not end the server
                self._logger.error(f"{self._name}: the goal callback failed: {traceback.format_exc()}")
        response.accepted = answer is GoalResponse.ACCEPT
        response.stamp = self._node.get_clock().now().to_msg()
        if not response.accepted:
            reply(response)
            return
        info = GoalInfo(goal_id=request.goal_id, stamp=response.stamp)
        handle: ServerGoalHandle[GoalT, ResultT, FeedbackT] = ServerGoalHandle(self, info, request.goal)
        self._goal_handles[key] = handle
        self.publish_status()
        reply(response)
        await _outcome(self._handle_accepted_callback(handle))

    def execute(
        self, handle: ServerGoalHandle[GoalT, ResultT, FeedbackT], execute_callback: Callable[[Any], Any] | None
    ) -> None:
        """Begin a goal that was accepted, as a task of the node's executor."""
        executor = self._node.executor
        if executor is None:
            raise RuntimeError(f"{self._name}: no executor spins {self._node.get_fully_qualified_name()}")
        executor.create_task(self._execute, handle, execute_callback or self._execute_callback)

    async def _execute(
        self, handle: ServerGoalHandle[GoalT, ResultT, FeedbackT], callback: Callable[[Any], Any]
    ) -> None:
        result: Any = None
        try:
            result = await _outcome(callback(handle))
        except Exception:  # noqa: BLE001 - a user's failing callback aborts its goal, it does not end the server
            self._logger.error(f"{self._name}: the execute callback failed: {traceback.format_exc()}")
        if handle.is_active:
            self._logger.warning(f"{self._name}: the goal ended without a state; it counts as aborted")
            handle.abort()
        if not isinstance(result, self._action_type.Result):
            if result is not None:
                self._logger.error(
                    f"{self._name}: the execute callback must return a {self._action_type.Result.__name__}, "
                    f"not {type(result).__name__}; an empty one was sent"
                )
            result = self._action_type.Result()
        response = self._action_type.Impl.GetResultService.Response(status=handle.status, result=result)
        key = bytes(handle.goal_id.uuid)
        with self._results_lock:
            if key in self._goal_handles:
                self._results[key] = response
            waiting = self._waiting.pop(key, [])
        for reply in waiting:
            reply(response)

    async def _on_cancel(self, request: CancelGoal.Request, reply: Reply) -> None:
        response = CancelGoal.Response()
        chosen, response.return_code = self._chosen(request.goal_info)
        for handle in chosen:
            if await _outcome(self._cancel_callback(handle)) is not CancelResponse.ACCEPT:
                continue
            try:
                handle.update(GoalEvent.CANCEL_GOAL)
            except IllegalGoalTransition as error:
                self._logger.debug(f"{self._name}: not cancelled: {error}")  # it ended while the callback ran
                continue
            response.goals_canceling.append(handle.goal_info)
        if chosen and not response.goals_canceling:
            response.return_code = CancelGoal.Response.ERROR_REJECTED
        reply(response)

    def _chosen(self, info: GoalInfo) -> tuple[list[ServerGoalHandle[GoalT, ResultT, FeedbackT]], int]:
        """The goals that a request to cancel means, by the rules of action_msgs/srv/CancelGoal, and a return code."""
        key = bytes(info.goal_id.uuid)
        stamp = (info.stamp.sec, info.stamp.nanosec)
        active = [handle for handle in self._goal_handles.values() if handle.is_active]
        if any(key) and stamp == (0, 0):
            known = self._goal_handles.get(key)
            if known is None:
                return [], CancelGoal.Response.ERROR_UNKNOWN_GOAL_ID
            if not known.is_active:
                return [], CancelGoal.Response.ERROR_GOAL_TERMINATED
            return [known], CancelGoal.Response.ERROR_NONE
        if stamp != (0, 0):
            active = [
                handle
                for handle in active
                if (handle.goal_info.stamp.sec, handle.goal_info.stamp.nanosec) <= stamp
                or bytes(handle.goal_id.uuid) == key
            ]
        return active, CancelGoal.Response.ERROR_NONE

    def _on_get_result(self, request: Any, reply: Reply) -> None:
        key = bytes(request.goal_id.uuid)
        with self._results_lock:
            response = self._results.get(key)
            if response is None and key in self._goal_handles:
                self._waiting.setdefault(key, []).append(reply)
                return
        reply(response or self._action_type.Impl.GetResultService.Response(status=GoalStatus.STATUS_UNKNOWN))

    def goal_ended(self, handle: ServerGoalHandle[GoalT, ResultT, FeedbackT]) -> None:
        """A goal reached a final state: its result is kept for `result_timeout`."""
        if self._result_timeout_ns < 0:
            return
        self._ended[bytes(handle.goal_id.uuid)] = time.monotonic_ns() + self._result_timeout_ns
        if self._expiry.is_canceled():
            self._expiry.timer_period_ns = self._result_timeout_ns
            self._expiry.reset()

    def _expire(self) -> None:
        now_ns = time.monotonic_ns()
        self._expiry.cancel()
        for key, forget_ns in list(self._ended.items()):
            if forget_ns > now_ns:
                self._expiry.timer_period_ns = forget_ns - now_ns
                self._expiry.reset()
                break
            del self._ended[key]
            self._goal_handles.pop(key, None)
            self._results.pop(key, None)
        self.publish_status()


async def _outcome(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
