"""What a launch file returns: a list of actions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from launch.context import LaunchContext


class LaunchDescriptionEntity(ABC):
    """Something that is done when its turn comes; may return further entities."""

    @abstractmethod
    def visit(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity] | None:
        """Do it."""


class LaunchDescription(LaunchDescriptionEntity):
    """Entities in the order in which they are visited."""

    def __init__(self, initial_entities: Iterable[LaunchDescriptionEntity] | None = None) -> None:
        self.entities = list(initial_entities or ())

    def add_action(self, action: LaunchDescriptionEntity) -> None:
        """Append one."""
        self.entities.append(action)

    def add_entity(self, entity: LaunchDescriptionEntity) -> None:
        """Append one."""
        self.entities.append(entity)

    def visit(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity]:
        """Its entities come next."""
        return self.entities


def visit_all(entity: LaunchDescriptionEntity, context: LaunchContext) -> None:
    """Visit an entity and everything that follows from it, depth first."""
    for further in entity.visit(context) or ():
        visit_all(further, context)


def is_true(text: Any) -> bool:
    """Launch's idea of truth."""
    return str(text).strip().lower() in ("true", "1")
