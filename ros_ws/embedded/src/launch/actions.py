"""What launch files do."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from launch.conditions import IfCondition
from launch.context import LaunchContext, LaunchError, Process
from launch.description import LaunchDescriptionEntity
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import text_of

Entities = Sequence[LaunchDescriptionEntity]


class Action(LaunchDescriptionEntity):
    """Done where its condition holds."""

    def __init__(self, *, condition: IfCondition | None = None) -> None:
        self._condition = condition

    def visit(self, context: LaunchContext) -> Entities | None:
        """Do it, unless the condition says not to."""
        return self.execute(context) if self._condition is None or self._condition.evaluate(context) else None

    @abstractmethod
    def execute(self, context: LaunchContext) -> Entities | None:
        """Do it."""


class DeclareLaunchArgument(Action):
    """An argument of the launch file; without a default it must be given."""

    def __init__(
        self, name: str, *, default_value: Any = None, description: str = "", choices: Iterable[str] | None = None,
        condition: IfCondition | None = None,
    ) -> None:  # fmt: skip
        super().__init__(condition=condition)
        self.name = name
        self.description = description
        self._default = default_value
        self._choices = list(choices or ())

    def execute(self, context: LaunchContext) -> None:
        """Set the default where nothing was given.

        Raises:
            LaunchError: it is missing, or none of the choices.
        """
        context.declared[self.name] = self.description
        if self.name not in context.launch_configurations:
            if self._default is None:
                raise LaunchError(f"argument {self.name!r} is missing ({self.description or 'no description'}): "
                                  f"add {self.name}:=…")  # fmt: skip
            context.launch_configurations[self.name] = text_of(self._default, context)
        value = context.launch_configurations[self.name]
        if self._choices and value not in self._choices:
            raise LaunchError(f"argument {self.name!r}: expected one of {', '.join(self._choices)}, got {value!r}")


class SetLaunchConfiguration(Action):
    """Sets what `LaunchConfiguration` gives."""

    def __init__(self, name: str, value: Any, *, condition: IfCondition | None = None) -> None:
        super().__init__(condition=condition)
        self._name, self._value = name, value

    def execute(self, context: LaunchContext) -> None:
        """Set it."""
        context.launch_configurations[self._name] = text_of(self._value, context)


class SetEnvironmentVariable(Action):
    """Sets a variable for the processes that come after."""

    def __init__(self, name: str, value: Any, *, condition: IfCondition | None = None) -> None:
        super().__init__(condition=condition)
        self._name, self._value = name, value

    def execute(self, context: LaunchContext) -> None:
        """Set it."""
        context.environment[self._name] = text_of(self._value, context)


class LogInfo(Action):
    """Prints a line."""

    def __init__(self, *, msg: Any, condition: IfCondition | None = None) -> None:
        super().__init__(condition=condition)
        self._message = msg

    def execute(self, context: LaunchContext) -> None:
        """Print it."""
        sys.stdout.write(f"[launch] {text_of(self._message, context)}\n")


class OpaqueFunction(Action):
    """A Python function that gets the context, and may return further actions."""

    def __init__(
        self, *, function: Callable[..., Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None,
        condition: IfCondition | None = None,
    ) -> None:  # fmt: skip
        super().__init__(condition=condition)
        self._function, self._args, self._kwargs = function, args, dict(kwargs or {})

    def execute(self, context: LaunchContext) -> Entities | None:
        """Call it."""
        further: Entities | None = self._function(context, *self._args, **self._kwargs)
        return further


class GroupAction(Action):
    """Several actions under one condition."""

    def __init__(self, actions: Iterable[LaunchDescriptionEntity], *, condition: IfCondition | None = None) -> None:
        super().__init__(condition=condition)
        self._actions = list(actions)

    def execute(self, context: LaunchContext) -> Entities:
        """They come next."""
        return self._actions


class IncludeLaunchDescription(Action):
    """Another launch file, with arguments for it."""

    def __init__(
        self, launch_description_source: Any, *, launch_arguments: Iterable[tuple[Any, Any]] = (),
        condition: IfCondition | None = None,
    ) -> None:  # fmt: skip
        super().__init__(condition=condition)
        self._source = launch_description_source
        self._arguments = list(launch_arguments)

    def execute(self, context: LaunchContext) -> Entities:
        """Set the arguments; the file's actions come next."""
        for name, value in self._arguments:
            context.launch_configurations[text_of(name, context)] = text_of(value, context)
        source = self._source
        if not isinstance(source, PythonLaunchDescriptionSource):
            source = PythonLaunchDescriptionSource(source)
        return [source.get_launch_description(context)]


class ExecuteProcess(Action):
    """Keeps a program running."""

    def __init__(
        self, *, cmd: Iterable[Any], name: Any = None, additional_env: Mapping[Any, Any] | None = None,
        respawn: Any = False, respawn_delay: float | None = None, output: Any = "both",
        condition: IfCondition | None = None,
    ) -> None:  # fmt: skip
        """`output` is taken and not looked at: every line goes to the screen, with the process's name before it."""
        super().__init__(condition=condition)
        self._command = list(cmd)
        self._name = name
        self._environment = dict(additional_env or {})
        self._respawn = respawn
        self._respawn_delay_s = respawn_delay or 0.0

    def execute(self, context: LaunchContext) -> None:
        """Have it started once the whole file is read."""
        words = tuple(text_of(word, context) for word in self._command)
        name = text_of(self._name, context) if self._name is not None else words[0].rsplit("/", maxsplit=1)[-1]
        own = {text_of(key, context): text_of(value, context) for key, value in self._environment.items()}
        context.processes.append(
            Process(
                name=context.numbered(name),
                command=words,
                environment={**context.environment, **own},
                respawn=text_of(self._respawn, context).lower() == "true",
                respawn_delay_s=self._respawn_delay_s,
            )
        )
