"""What a server answers to goals and cancellations, and what it does where nothing else is said."""

from __future__ import annotations

from enum import Enum
from typing import Any

from rclpy.action.goal_handle import ServerGoalHandle


class GoalResponse(Enum):
    """What a goal callback answers."""

    REJECT = 1
    ACCEPT = 2


class CancelResponse(Enum):
    """What a cancel callback answers."""

    REJECT = 1
    ACCEPT = 2


def default_goal_callback(goal_request: Any) -> GoalResponse:
    """Accept every goal."""
    return GoalResponse.ACCEPT


def default_cancel_callback(goal_handle: Any) -> CancelResponse:
    """Refuse every cancellation."""
    return CancelResponse.REJECT


def default_handle_accepted_callback(goal_handle: ServerGoalHandle[Any, Any, Any]) -> None:
    """Execute at once."""
    goal_handle.execute()
