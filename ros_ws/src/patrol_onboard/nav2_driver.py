"""Drives a robot through Nav2's `navigate_to_pose` action (nav2_msgs/action/NavigateToPose)."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from action_msgs.msg import GoalStatus
from action_msgs.srv import CancelGoal
from nav2_msgs.action import NavigateToPose
from nav2_msgs.msg import SpeedLimit

from patrol_core.errors import LinkLost, Unreachable
from patrol_core.geometry import Pose2
from patrol_onboard import phrases
from patrol_onboard.bridge import awaitable
from patrol_wire.topics import RobotTopics
from rclpy.action import ActionClient
from rclpy.node import Node

POLL_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long navigation may be silent. Real time."""

    server_s: float = 2.0  # until its action server is known
    answer_s: float = 3.0  # until a goal is accepted or rejected
    feedback_s: float = 5.0  # between two words while it drives
    cancel_s: float = 1.0  # until it confirms that it stopped


class Nav2Driver:
    """The Driver port on Nav2. Call it from asyncio while another thread spins the node."""

    def __init__(
        self,
        node: Node,
        topics: RobotTopics,
        *,
        monotonic_s: Callable[[], float],
        patience: Patience | None = None,
    ) -> None:
        self._node = node
        self._monotonic_s = monotonic_s
        self._patience = patience or Patience()
        card = topics.navigate_to_pose
        self._actions: Any = ActionClient(node, NavigateToPose, card.name)
        self._cancel_all: Any = node.create_client(CancelGoal, f"{card.name}/_action/cancel_goal")
        # Nav2's controller server listens here; NavigateToPose itself has no speed
        self._speed_limit: Any = node.create_publisher(SpeedLimit, f"{topics.namespace}/speed_limit", 1)
        self._heard_s = 0.0

    async def go_to(self, pose: Pose2, *, speed_mps: float | None = None) -> None:
        """See `Driver.go_to`."""
        await self._server()
        self._speed_limit.publish(SpeedLimit(percentage=False, speed_limit=float(speed_mps or 0.0)))  # 0: no limit
        answer = self._actions.send_goal_async(self._goal(pose), feedback_callback=self._on_feedback)
        ended = False
        try:
            handle = await self._accepted(answer)
            response = await self._result(handle)
            ended = True
        finally:
            if not ended:
                await self._call_off(answer)
        _judge(response)

    async def stop(self) -> None:
        """See `Driver.stop`."""
        if self._cancel_all.service_is_ready():
            # an empty goal id and an empty stamp mean every goal (action_msgs/srv/CancelGoal)
            answer = awaitable(self._cancel_all.call_async(CancelGoal.Request()))
            await asyncio.wait({answer}, timeout=self._patience.cancel_s)

    def close(self) -> None:
        """Withdraw from the graph."""
        self._actions.destroy()
        self._node.destroy_client(self._cancel_all)
        self._node.destroy_publisher(self._speed_limit)

    async def _server(self) -> None:
        deadline_s = self._monotonic_s() + self._patience.server_s
        while not self._actions.server_is_ready():
            if self._monotonic_s() > deadline_s:
                raise LinkLost(phrases.NAVIGATION_MISSING)
            await asyncio.sleep(POLL_S)

    async def _accepted(self, answer: Any) -> Any:
        self._heard_s = self._monotonic_s()
        try:
            async with asyncio.timeout(self._patience.answer_s):  # wait_for would swallow a cancellation that meets it
                handle = await awaitable(answer)
        except TimeoutError:
            raise LinkLost(phrases.NAVIGATION_SILENT) from None
        if not handle.accepted:
            raise Unreachable(phrases.GOAL_REJECTED)
        return handle

    async def _result(self, handle: Any) -> Any:
        result = awaitable(handle.get_result_async())
        self._heard_s = self._monotonic_s()
        while not result.done():
            left_s = self._heard_s + self._patience.feedback_s - self._monotonic_s()
            if left_s <= 0:
                raise LinkLost(phrases.NAVIGATION_SILENT)
            await asyncio.wait({result}, timeout=left_s)
        return result.result()

    async def _call_off(self, answer: Any) -> None:
        """Cancel the goal, now or as soon as navigation accepts it; wait a little until it has ended."""
        if not answer.done():
            answer.add_done_callback(_cancel)
        elif (asked := _cancel(answer)) is not None:
            ended = answer.result().get_result_async()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.cancel_s):
                    await asyncio.wait({awaitable(asked)})
                    await asyncio.wait({awaitable(ended)})

    def _on_feedback(self, _message: Any) -> None:
        self._heard_s = self._monotonic_s()

    def _goal(self, pose: Pose2) -> Any:
        goal = NavigateToPose.Goal()
        goal.pose.header.frame_id = "map"
        goal.pose.pose.position.x = float(pose.x_m)
        goal.pose.pose.position.y = float(pose.y_m)
        goal.pose.pose.orientation.z = math.sin(pose.heading_rad / 2)
        goal.pose.pose.orientation.w = math.cos(pose.heading_rad / 2)
        return goal


def _cancel(answer: Any) -> Any:
    """Ask for the end of a goal that was accepted; the future of the answer, None where there is nothing to end."""
    if answer.cancelled() or answer.exception() is not None or not answer.result().accepted:
        return None
    return answer.result().cancel_goal_async()


def _judge(response: Any) -> None:
    """Raises Unreachable unless the goal succeeded."""
    if response.status == GoalStatus.STATUS_SUCCEEDED:
        return
    if response.status == GoalStatus.STATUS_CANCELED:
        raise Unreachable(phrases.GOAL_CANCELLED_ELSEWHERE)
    raise Unreachable(phrases.goal_aborted(getattr(response.result, "error_msg", "")))
