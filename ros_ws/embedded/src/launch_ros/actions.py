"""Starts ROS nodes from launch files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ament_index_python.packages import PackageNotFoundError, executable_command
from launch.actions import Action, ExecuteProcess
from launch.conditions import IfCondition
from launch.context import LaunchContext, LaunchError
from launch.substitutions import Substitution, text_of


class Node(Action):
    """A program of a package, with the arguments that make it this node."""

    def __init__(
        self, *, executable: Any, package: Any, name: Any = None, namespace: Any = None,
        parameters: Iterable[Any] = (), remappings: Iterable[tuple[Any, Any]] = (), arguments: Iterable[Any] = (),
        ros_arguments: Iterable[Any] = (), condition: IfCondition | None = None, **process: Any,
    ) -> None:  # fmt: skip
        """`process` are `ExecuteProcess`'s own arguments, such as `respawn`."""
        super().__init__(condition=condition)
        self._executable, self._package, self._name, self._namespace = executable, package, name, namespace
        self._parameters, self._remappings = list(parameters), list(remappings)
        self._arguments, self._ros_arguments = list(arguments), list(ros_arguments)
        self._process = process

    def execute(self, context: LaunchContext) -> list[ExecuteProcess]:
        """Its process comes next.

        Raises:
            LaunchError: there is no such package, or no such program in it.
        """
        package, executable = text_of(self._package, context), text_of(self._executable, context)
        try:
            command = executable_command(package, executable)
        except PackageNotFoundError as error:
            raise LaunchError(str(error)) from None
        if command is None:
            raise LaunchError(f"package {package!r} has no program {executable!r}")
        words = [*command, *self._arguments, "--ros-args"]
        if self._name is not None:
            words += ["-r", ["__node:=", self._name]]
        if self._namespace is not None:
            words += ["-r", ["__ns:=", _absolute(text_of(self._namespace, context))]]
        for origin, target in self._remappings:
            words += ["-r", [origin, ":=", target]]
        for parameters in self._parameters:
            words += ["--params-file", _file_of(parameters, context)]
        return [ExecuteProcess(cmd=[*words, *self._ros_arguments], name=executable, **self._process)]


def _absolute(namespace: str) -> str:
    return namespace if namespace.startswith("/") else f"/{namespace}"


def _file_of(parameters: Any, context: LaunchContext) -> str:
    """A parameter file: the one that is named, or one written from a mapping."""
    if not isinstance(parameters, Mapping):
        path = text_of(parameters, context)
        if not Path(path).is_file():
            raise LaunchError(f"there is no parameter file {path}")
        return path
    values = {text_of(name, context): _value(value, context) for name, value in parameters.items()}
    with tempfile.NamedTemporaryFile(
        "w", prefix="launch_params_", suffix=".yaml", delete=False, encoding="utf-8"
    ) as file:
        yaml.safe_dump({"/**": {"ros__parameters": values}}, file, allow_unicode=True)
    return file.name


def _value(value: Any, context: LaunchContext) -> Any:
    if isinstance(value, Substitution):
        return yaml.safe_load(value.perform(context))  # a substitution's text stands for what YAML reads in it
    if isinstance(value, Mapping):
        return {text_of(name, context): _value(inner, context) for name, inner in value.items()}
    return [_value(item, context) for item in value] if isinstance(value, (list, tuple)) else value
