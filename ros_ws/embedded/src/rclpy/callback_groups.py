"""Which callbacks may run at the same time."""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rclpy._entity import Entity


class CallbackGroup(ABC):
    """Base of the groups: knows its entities and says which may begin."""

    def __init__(self) -> None:
        self.entities: weakref.WeakSet[Entity] = weakref.WeakSet()

    def add_entity(self, entity: Entity) -> None:
        """Take an entity into the group."""
        self.entities.add(entity)

    def has_entity(self, entity: Entity) -> bool:
        """Whether an entity is in it."""
        return entity in self.entities

    @abstractmethod
    def can_execute(self, entity: Entity) -> bool:
        """Whether the entity's callback could begin now."""

    @abstractmethod
    def beginning_execution(self, entity: Entity) -> bool:
        """Begin; False where that must wait. The entity is woken when it need not wait any more."""

    @abstractmethod
    def ending_execution(self, entity: Entity) -> None:
        """The entity's callback ended."""


class ReentrantCallbackGroup(CallbackGroup):
    """Callbacks run whenever they can, also beside themselves."""

    def can_execute(self, entity: Entity) -> bool:
        return True

    def beginning_execution(self, entity: Entity) -> bool:
        return True

    def ending_execution(self, entity: Entity) -> None:
        pass


class MutuallyExclusiveCallbackGroup(CallbackGroup):
    """One callback at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._active: Entity | None = None
        self._waiting: list[Entity] = []

    def can_execute(self, entity: Entity) -> bool:
        with self._lock:
            return self._active is None

    def beginning_execution(self, entity: Entity) -> bool:
        with self._lock:
            if self._active is None:
                self._active = entity
                return True
            if entity not in self._waiting:
                self._waiting.append(entity)
            return False

    def ending_execution(self, entity: Entity) -> None:
        with self._lock:
            if self._active is entity:
                self._active = None
            waiting, self._waiting = self._waiting, []
        for other in waiting:
            other._notify()
