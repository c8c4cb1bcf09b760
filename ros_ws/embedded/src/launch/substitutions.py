"""Text that is known only when a launch file runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launch.context import LaunchContext, LaunchError


class Substitution(ABC):
    """Stands for a text."""

    @abstractmethod
    def perform(self, context: LaunchContext) -> str:
        """The text."""


def text_of(value: Any, context: LaunchContext) -> str:
    """The text of a substitution, of a plain value, or of a list of both joined."""
    if isinstance(value, Substitution):
        return value.perform(context)
    if isinstance(value, (list, tuple)):
        return "".join(text_of(item, context) for item in value)
    return str(value)


class TextSubstitution(Substitution):
    """A text that is known already."""

    def __init__(self, *, text: str) -> None:
        self._text = text

    def perform(self, context: LaunchContext) -> str:
        """The text."""
        return self._text


class LaunchConfiguration(Substitution):
    """The value of an argument or configuration."""

    def __init__(self, variable_name: str, *, default: Any = None) -> None:
        self._name = variable_name
        self._default = default

    def perform(self, context: LaunchContext) -> str:
        """The value.

        Raises:
            LaunchError: it was not set, and has no default.
        """
        if self._name in context.launch_configurations:
            return context.launch_configurations[self._name]
        if self._default is None:
            raise LaunchError(f"launch configuration '{self._name}' does not exist")
        return text_of(self._default, context)


class EnvironmentVariable(Substitution):
    """The value of an environment variable."""

    def __init__(self, name: str, *, default_value: Any = None) -> None:
        self._name = name
        self._default = default_value

    def perform(self, context: LaunchContext) -> str:
        """The value.

        Raises:
            LaunchError: it is not set, and has no default.
        """
        if self._name in context.environment:
            return context.environment[self._name]
        if self._default is None:
            raise LaunchError(f"environment variable '{self._name}' is not set")
        return text_of(self._default, context)


class PathJoinSubstitution(Substitution):
    """Parts of a path, joined."""

    def __init__(self, substitutions: Sequence[Any]) -> None:
        self._parts = substitutions

    def perform(self, context: LaunchContext) -> str:
        """The path."""
        return str(Path(*(text_of(part, context) for part in self._parts)))
