"""The states of a managed node, as one table; the names and numbers are those of lifecycle_msgs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lifecycle_msgs.msg import State, Transition

from rclpy.exceptions import RCLError


class LifecycleState(NamedTuple):
    """A state, as callbacks are given it."""

    label: str
    state_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition of the table."""

    transition: int
    label: str
    start: int
    goal: int


LABELS: Mapping[int, str] = {
    State.PRIMARY_STATE_UNKNOWN: "unknown",
    State.PRIMARY_STATE_UNCONFIGURED: "unconfigured",
    State.PRIMARY_STATE_INACTIVE: "inactive",
    State.PRIMARY_STATE_ACTIVE: "active",
    State.PRIMARY_STATE_FINALIZED: "finalized",
    State.TRANSITION_STATE_CONFIGURING: "configuring",
    State.TRANSITION_STATE_CLEANINGUP: "cleaningup",
    State.TRANSITION_STATE_SHUTTINGDOWN: "shuttingdown",
    State.TRANSITION_STATE_ACTIVATING: "activating",
    State.TRANSITION_STATE_DEACTIVATING: "deactivating",
    State.TRANSITION_STATE_ERRORPROCESSING: "errorprocessing",
}
SUCCESS, FAILURE, ERROR = "transition_success", "transition_failure", "transition_error"


def _asked(transition: int, label: str, start: int, goal: int) -> Step:
    return Step(transition=transition, label=label, start=start, goal=goal)


def _ends(first: int, start: int, *goals: int) -> tuple[Step, ...]:
    """How a state that is passed through ends: well, not at all, or in error."""
    return tuple(
        Step(transition=first + number, label=label, start=start, goal=goal)
        for number, (label, goal) in enumerate(zip((SUCCESS, FAILURE, ERROR), goals, strict=True))
    )


STEPS: tuple[Step, ...] = (
    _asked(
        Transition.TRANSITION_CONFIGURE, "configure", State.PRIMARY_STATE_UNCONFIGURED,
        State.TRANSITION_STATE_CONFIGURING,
    ),
    *_ends(
        Transition.TRANSITION_ON_CONFIGURE_SUCCESS, State.TRANSITION_STATE_CONFIGURING,
        State.PRIMARY_STATE_INACTIVE, State.PRIMARY_STATE_UNCONFIGURED, State.TRANSITION_STATE_ERRORPROCESSING,
    ),
    _asked(Transition.TRANSITION_CLEANUP, "cleanup", State.PRIMARY_STATE_INACTIVE, State.TRANSITION_STATE_CLEANINGUP),
    *_ends(
        Transition.TRANSITION_ON_CLEANUP_SUCCESS, State.TRANSITION_STATE_CLEANINGUP,
        State.PRIMARY_STATE_UNCONFIGURED, State.PRIMARY_STATE_INACTIVE, State.TRANSITION_STATE_ERRORPROCESSING,
    ),
    _asked(Transition.TRANSITION_ACTIVATE, "activate", State.PRIMARY_STATE_INACTIVE, State.TRANSITION_STATE_ACTIVATING),
    *_ends(
        Transition.TRANSITION_ON_ACTIVATE_SUCCESS, State.TRANSITION_STATE_ACTIVATING,
        State.PRIMARY_STATE_ACTIVE, State.PRIMARY_STATE_INACTIVE, State.TRANSITION_STATE_ERRORPROCESSING,
    ),
    _asked(
        Transition.TRANSITION_DEACTIVATE, "deactivate", State.PRIMARY_STATE_ACTIVE,
        State.TRANSITION_STATE_DEACTIVATING,
    ),
    *_ends(
        Transition.TRANSITION_ON_DEACTIVATE_SUCCESS, State.TRANSITION_STATE_DEACTIVATING,
        State.PRIMARY_STATE_INACTIVE, State.PRIMARY_STATE_ACTIVE, State.TRANSITION_STATE_ERRORPROCESSING,
    ),
    _asked(
        Transition.TRANSITION_UNCONFIGURED_SHUTDOWN, "shutdown", State.PRIMARY_STATE_UNCONFIGURED,
        State.TRANSITION_STATE_SHUTTINGDOWN,
    ),
    _asked(
        Transition.TRANSITION_INACTIVE_SHUTDOWN, "shutdown", State.PRIMARY_STATE_INACTIVE,
        State.TRANSITION_STATE_SHUTTINGDOWN,
    ),
    _asked(
        Transition.TRANSITION_ACTIVE_SHUTDOWN, "shutdown", State.PRIMARY_STATE_ACTIVE,
        State.TRANSITION_STATE_SHUTTINGDOWN,
    ),
    *_ends(
        Transition.TRANSITION_ON_SHUTDOWN_SUCCESS, State.TRANSITION_STATE_SHUTTINGDOWN,
        State.PRIMARY_STATE_FINALIZED, State.PRIMARY_STATE_FINALIZED, State.TRANSITION_STATE_ERRORPROCESSING,
    ),
    *_ends(
        Transition.TRANSITION_ON_ERROR_SUCCESS, State.TRANSITION_STATE_ERRORPROCESSING,
        State.PRIMARY_STATE_UNCONFIGURED, State.PRIMARY_STATE_FINALIZED, State.PRIMARY_STATE_FINALIZED,
    ),
)  # fmt: skip


class IllegalLifecycleTransition(RCLError):
    """A node cannot do this in its state; names both."""


def steps_from(state: int) -> list[Step]:
    """What can happen in a state."""
    return [step for step in STEPS if step.start == state]


def step_by_id(state: int, transition: int) -> Step:
    """The step of a number; raises IllegalLifecycleTransition naming state and number."""
    return _only([step for step in steps_from(state) if step.transition == transition], state, str(transition))


def step_by_label(state: int, label: str) -> Step:
    """The step of a name; raises IllegalLifecycleTransition naming state and name."""
    return _only([step for step in steps_from(state) if step.label == label], state, label)


def _only(found: list[Step], state: int, what: str) -> Step:
    if not found:
        known = ", ".join(f"{step.label} ({step.transition})" for step in steps_from(state)) or "none"
        raise IllegalLifecycleTransition(f"no transition {what} from {LABELS[state]}; possible are: {known}")
    return found[0]
