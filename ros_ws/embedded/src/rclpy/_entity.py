"""What an executor serves: subscriptions, services, clients, timers, guard conditions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rclpy.callback_groups import CallbackGroup
    from rclpy.executors import Executor

Work = Callable[[], Coroutine[Any, Any, Any] | None]


class Entity:
    """Has work now and then, and says so to the executor that serves its node."""

    callback_group: CallbackGroup | None

    def __init__(self, callback_group: CallbackGroup | None = None) -> None:
        self.callback_group = callback_group
        self._executor: Executor | None = None
        if callback_group is not None:
            callback_group.add_entity(self)

    def _attach(self, executor: Executor | None) -> None:
        """Be served by `executor` from now on, or by none."""
        self._executor = executor
        if executor is not None and self._pending():
            executor._entity_ready(self)

    def _notify(self) -> None:
        """Say that there may be work; from any thread."""
        executor = self._executor
        if executor is not None:
            executor._entity_ready(self)

    def _pending(self) -> bool:
        """Whether there is work."""
        raise NotImplementedError

    def _take(self) -> Work | None:
        """One piece of work, or None; called on the executor's thread."""
        raise NotImplementedError
