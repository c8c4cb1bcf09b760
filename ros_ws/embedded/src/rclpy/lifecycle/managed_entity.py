"""What goes through the transitions of its node with it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import Any

from lifecycle_msgs.msg import Transition

from rclpy.lifecycle.state_machine import ERROR, FAILURE, SUCCESS, LifecycleState


class TransitionCallbackReturn(IntEnum):
    """What a transition's callback answers."""

    SUCCESS = Transition.TRANSITION_CALLBACK_SUCCESS
    FAILURE = Transition.TRANSITION_CALLBACK_FAILURE
    ERROR = Transition.TRANSITION_CALLBACK_ERROR

    def to_label(self) -> str:
        """The name of the transition that follows."""
        return {"SUCCESS": SUCCESS, "FAILURE": FAILURE, "ERROR": ERROR}[self.name]


class ManagedEntity:
    """Callbacks of the transitions; `state` is the one it comes from. Each does nothing unless overridden."""

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Its node is being configured."""
        return TransitionCallbackReturn.SUCCESS

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Its node is being cleaned up."""
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Its node is being shut down."""
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Its node is being activated."""
        return TransitionCallbackReturn.SUCCESS

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Its node is being deactivated."""
        return TransitionCallbackReturn.SUCCESS

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """A transition of its node ended in error."""
        return TransitionCallbackReturn.SUCCESS


class SimpleManagedEntity(ManagedEntity):
    """Knows whether its node is active."""

    def __init__(self) -> None:
        self._enabled = False

    @property
    def is_activated(self) -> bool:
        """Whether its node is active."""
        return self._enabled

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """It is active from now on."""
        self._enabled = True
        return TransitionCallbackReturn.SUCCESS

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """It is not active any more."""
        self._enabled = False
        return TransitionCallbackReturn.SUCCESS

    @staticmethod
    def when_enabled(wrapped: Any = None, *, when_not_enabled: Callable[[], object] | None = None) -> Any:
        """Decorate a method: while the node is not active, it does nothing, or calls `when_not_enabled`."""

        def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(method)
            def only_when_enabled(self: SimpleManagedEntity, *args: Any, **kwargs: Any) -> Any:
                if self._enabled:
                    return method(self, *args, **kwargs)
                if when_not_enabled is not None:
                    when_not_enabled()
                return None

            return only_when_enabled

        return decorate if wrapped is None else decorate(wrapped)
