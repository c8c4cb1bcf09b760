"""The states of a goal, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from action_msgs.msg import GoalStatus


class GoalEvent(IntEnum):
    """What can happen to a goal."""

    EXECUTE = 0
    CANCEL_GOAL = 1
    SUCCEED = 2
    ABORT = 3
    CANCELED = 4


class IllegalGoalTransition(RuntimeError):
    """A goal cannot do this in its state; names both."""

    def __init__(self, status: int, event: GoalEvent) -> None:
        super().__init__(f"a goal that is {STATUS_NAMES.get(status, status)} cannot {event.name}")


STATUS_NAMES = {
    GoalStatus.STATUS_UNKNOWN: "UNKNOWN", GoalStatus.STATUS_ACCEPTED: "ACCEPTED",
    GoalStatus.STATUS_EXECUTING: "EXECUTING", GoalStatus.STATUS_CANCELING: "CANCELING",
    GoalStatus.STATUS_SUCCEEDED: "SUCCEEDED", GoalStatus.STATUS_CANCELED: "CANCELED",
    GoalStatus.STATUS_ABORTED: "ABORTED",
}  # fmt: skip

TRANSITIONS: Mapping[tuple[int, GoalEvent], int] = {
    (GoalStatus.STATUS_ACCEPTED, GoalEvent.EXECUTE): GoalStatus.STATUS_EXECUTING,
    (GoalStatus.STATUS_ACCEPTED, GoalEvent.CANCEL_GOAL): GoalStatus.STATUS_CANCELING,
    (GoalStatus.STATUS_EXECUTING, GoalEvent.CANCEL_GOAL): GoalStatus.STATUS_CANCELING,
    (GoalStatus.STATUS_EXECUTING, GoalEvent.SUCCEED): GoalStatus.STATUS_SUCCEEDED,
    (GoalStatus.STATUS_EXECUTING, GoalEvent.ABORT): GoalStatus.STATUS_ABORTED,
    (GoalStatus.STATUS_CANCELING, GoalEvent.SUCCEED): GoalStatus.STATUS_SUCCEEDED,
    (GoalStatus.STATUS_CANCELING, GoalEvent.ABORT): GoalStatus.STATUS_ABORTED,
    (GoalStatus.STATUS_CANCELING, GoalEvent.CANCELED): GoalStatus.STATUS_CANCELED,
}
ACTIVE = frozenset(status for status, _ in TRANSITIONS)


def advance(status: int, event: GoalEvent) -> int:
    """The status after `event`; raises IllegalGoalTransition naming both."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalGoalTransition(status, event) from None
