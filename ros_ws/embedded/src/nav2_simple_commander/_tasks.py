"""The machinery of `BasicNavigator`: one task at a time, and questions to services.

Scripts subclass it: names of ours begin with `_nav2_`, so that theirs never meet them.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from action_msgs.msg import GoalStatus
from nav_msgs.msg import Path

import rclpy
from rclpy.action import ActionClient
from rclpy.node import Node


class TaskResult(Enum):
    """How a task ended."""

    UNKNOWN = 0
    SUCCEEDED = 1
    CANCELED = 2
    FAILED = 3


RESULTS = {
    GoalStatus.STATUS_SUCCEEDED: TaskResult.SUCCEEDED,
    GoalStatus.STATUS_ABORTED: TaskResult.FAILED,
    GoalStatus.STATUS_CANCELED: TaskResult.CANCELED,
}


class NavigatorTasks(Node):
    """Starts tasks and asks services; waits for their server for ever, and says so in the log every second."""

    def __init__(self, node_name: str, namespace: str) -> None:
        super().__init__(node_name, namespace=namespace or None)
        self.goal_handle: Any = None
        self.result_future: Any = None
        self.feedback: Any = None
        self.status: int | None = None
        self._nav2_action_clients: dict[str, Any] = {}
        self._nav2_service_clients: dict[str, Any] = {}

    def info(self, msg: str) -> None:
        """Log."""
        self.get_logger().info(msg)

    def warn(self, msg: str) -> None:
        """Log."""
        self.get_logger().warning(msg)

    def error(self, msg: str) -> None:
        """Log."""
        self.get_logger().error(msg)

    def debug(self, msg: str) -> None:
        """Log."""
        self.get_logger().debug(msg)

    def _nav2_start(self, kind: Any, name: str, goal: Any) -> bool:
        client = self._nav2_action_clients.get(name)
        if client is None:
            client = self._nav2_action_clients[name] = ActionClient(self, kind, name)
        while not client.wait_for_server(timeout_sec=1.0):
            self.info(f"'{name}' action server not available, waiting...")
        self.feedback, self.status, self.result_future = None, None, None
        sending = client.send_goal_async(goal, self._nav2_on_feedback)
        rclpy.spin_until_future_complete(self, sending)
        self.goal_handle = sending.result()
        if not self.goal_handle.accepted:
            self.error(f"The goal for '{name}' was rejected!")
            return False
        self.result_future = self.goal_handle.get_result_async()
        return True

    def _nav2_status(self) -> int:
        failure = self.result_future.exception()
        if failure is not None:  # the link broke: how the task ended is not known
            self.error(f"The result of the task was lost: {failure}")
            return int(GoalStatus.STATUS_UNKNOWN)
        return int(self.result_future.result().status)

    def _nav2_path(self, kind: Any, name: str, goal: Any) -> Path | None:
        if not self._nav2_start(kind, name, goal):
            return None
        rclpy.spin_until_future_complete(self, self.result_future)
        self.status = self._nav2_status()
        if self.status != GoalStatus.STATUS_SUCCEEDED:
            self.warn(f"'{name}' failed with status code: {self.status}")
            return None
        path: Path = self.result_future.result().result.path
        return path

    def _nav2_ask(self, kind: Any, name: str, request: Any) -> Any:
        client = self._nav2_service_clients.get(name)
        if client is None:
            client = self._nav2_service_clients[name] = self.create_client(kind, name)
        while not client.wait_for_service(timeout_sec=1.0):
            self.info(f"'{name}' service not available, waiting...")
        answer = client.call_async(request)
        rclpy.spin_until_future_complete(self, answer)
        return answer.result()

    def _nav2_on_feedback(self, message: Any) -> None:
        self.feedback = message.feedback
