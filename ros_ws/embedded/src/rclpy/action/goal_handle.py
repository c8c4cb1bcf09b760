"""One goal, as its server sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from action_msgs.msg import GoalInfo, GoalStatus
from unique_identifier_msgs.msg import UUID

from rclpy.action.goal_state import ACTIVE, GoalEvent, advance
from ros_interfaces.message import Message

if TYPE_CHECKING:
    from rclpy.action.server import ActionServer

GoalT = TypeVar("GoalT", bound=Message)
ResultT = TypeVar("ResultT", bound=Message)
FeedbackT = TypeVar("FeedbackT", bound=Message)


class ServerGoalHandle(Generic[GoalT, ResultT, FeedbackT]):
    """What an execute callback is given. Its methods may be called from any thread."""

    def __init__(self, server: ActionServer[GoalT, ResultT, FeedbackT], goal_info: GoalInfo, request: GoalT) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._status = GoalStatus.STATUS_ACCEPTED
        self.goal_info = goal_info
        self.request = request

    @property
    def goal_id(self) -> UUID:
        """The goal's id."""
        return self.goal_info.goal_id

    @property
    def status(self) -> int:
        """A number of action_msgs/msg/GoalStatus."""
        return self._status

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self._status in ACTIVE

    @property
    def is_cancel_requested(self) -> bool:
        """Whether it should stop and say `canceled`."""
        return self._status == GoalStatus.STATUS_CANCELING

    def execute(self, execute_callback: Callable[[Any], Any] | None = None) -> None:
        """Begin; with another callback than the server's where one is given."""
        # a goal that was cancelled before it began is executed too: its callback sees the request and ends it
        if not self.is_cancel_requested:
            self.update(GoalEvent.EXECUTE)
        self._server.execute(self, execute_callback)

    def publish_feedback(self, feedback: FeedbackT) -> None:
        """Tell how far it is.

        Raises:
            TypeError: it is not this action's feedback.
        """
        expected = self._server.action_type.Feedback
        if not isinstance(feedback, expected):
            raise TypeError(f"expected a {expected.__name__}, got {type(feedback).__name__}")
        self._server.publish_feedback(self.goal_id, feedback)

    def succeed(self) -> None:
        """It is done."""
        self.update(GoalEvent.SUCCEED)

    def abort(self) -> None:
        """It cannot be done."""
        self.update(GoalEvent.ABORT)

    def canceled(self) -> None:
        """It stopped because it was asked to."""
        self.update(GoalEvent.CANCELED)

    def update(self, event: GoalEvent) -> None:
        """Let something happen to it.

        Raises:
            IllegalGoalTransition: that cannot happen in its state.
        """
        with self._lock:
            self._status = advance(self._status, event)
        if not self.is_active:
            self._server.goal_ended(self)
        self._server.publish_status()

    def destroy(self) -> None:
        """Nothing to free here."""
