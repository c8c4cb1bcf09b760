"""What an executor serves: subscriptions, services, clients, timers, guard conditions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rclpy.exceptions import InvalidHandle

if TYPE_CHECKING:
    from rclpy.callback_groups import CallbackGroup
    from rclpy.executors import Executor

Work = Callable[[], Coroutine[Any, Any, Any] | None]


class Entity(ABC):
    """Has work now and then, and says so to the executor that serves its node."""

    callback_group: CallbackGroup | None

    def __init__(self, callback_group: CallbackGroup | None = None) -> None:
        self.callback_group = callback_group
        self._executor: Executor | None = None
        self._destroyed = False
        if callback_group is not None:
            callback_group.add_entity(self)

    @property
    def handle(self) -> Self:
        """Itself: here is no second object beneath it. `with entity.handle:` asks that it was not destroyed."""
        return self

    def __enter__(self) -> Self:
        if self._destroyed:
            raise InvalidHandle(f"the {type(self).__name__} was destroyed")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None  # nothing is held

    def destroy(self) -> None:
        """Do no more, ever."""
        self._destroyed = True
        self._attach(None)

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

    @abstractmethod
    def _pending(self) -> bool:
        """Whether there is work."""

    @abstractmethod
    def _take(self) -> Work | None:
        """One piece of work, or None; called on the executor's thread."""
