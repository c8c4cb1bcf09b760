"""A callback that any thread can trigger."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup


class GuardCondition(Entity):
    """Runs its callback on the executor after `trigger`; several triggers before that count as one."""

    def __init__(
        self, callback: Callable[[], Coroutine[Any, Any, Any] | None] | None, callback_group: CallbackGroup | None
    ) -> None:
        super().__init__(callback_group)
        self.callback = callback
        self._triggered = False

    def trigger(self) -> None:
        """Have the callback run; from any thread."""
        self._triggered = True
        self._notify()

    def _pending(self) -> bool:
        return self._triggered

    def _take(self) -> Work | None:
        if not self._triggered:
            return None
        self._triggered = False
        return self.callback or (lambda: None)
