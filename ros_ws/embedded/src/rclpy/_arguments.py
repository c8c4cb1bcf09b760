"""Reads `--ros-args`: remappings, parameters, log level."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from rclpy._params_file import fits, read_params_file


class RosArgumentError(ValueError):
    """A ROS argument that cannot be read; names it and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remap:
    """A rule `[node:]from:=to`."""

    node: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A parameter given from outside, `[node:]name:=value`."""

    node: str
    name: str
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What `--ros-args` said, and the arguments that are not ROS's."""

    remaps: tuple[Remap, ...] = ()
    overrides: tuple[Override, ...] = ()
    log_level: str = ""
    others: tuple[str, ...] = ()

    def remapped(self, source: str, node: str) -> str | None:
        """Where the first rule that fits this node leads `source`; None where none fits."""
        for rule in self.remaps:
            if rule.source == source and rule.node in ("", node):
                return rule.target
        return None

    def overrides_for(self, node: str, full_name: str) -> dict[str, object]:
        """The parameters given to a node; later ones win."""
        return {
            item.name: item.value
            for item in self.overrides
            if item.node in ("", node) or (item.node.startswith("/") and fits(item.node, full_name))
        }


def parse_arguments(args: Sequence[str]) -> Arguments:
    """Read the arguments after the program's name.

    Raises:
        RosArgumentError: a ROS argument is not known or incomplete.
    """
    remaps: list[Remap] = []
    overrides: list[Override] = []
    others: list[str] = []
    log_level = ""
    inside = False
    rest = iter(args)
    for argument in rest:
        if argument == "--ros-args":
            inside = True
        elif inside and argument == "--":
            inside = False
        elif not inside:
            others.append(argument)
        elif argument in ("-r", "--remap"):
            node, source, target = _rule(argument, next(rest, ""))
            remaps.append(Remap(node=node, source=source, target=target))
        elif argument in ("-p", "--param"):
            node, name, value = _rule(argument, next(rest, ""))
            overrides.append(Override(node=node, name=name, value=yaml_value(value)))
        elif argument == "--params-file":
            overrides.extend(Override(node=n, name=p, value=v) for n, p, v in read_params_file(next(rest, "")))
        elif argument == "--log-level":
            log_level = next(rest, "")
        elif argument in ("--enable-rosout-logs", "--disable-rosout-logs", "--enable-stdout-logs"):
            pass
        else:
            raise RosArgumentError(f"--ros-args: expected -r, -p, --params-file or --log-level, got {argument!r}")
    return Arguments(remaps=tuple(remaps), overrides=tuple(overrides), log_level=log_level, others=tuple(others))


def remove_ros_args(args: Sequence[str]) -> list[str]:
    """The arguments that are not ROS's."""
    kept, inside = [], False
    for argument in args:
        if argument == "--ros-args":
            inside = True
        elif inside and argument == "--":
            inside = False
        elif not inside:
            kept.append(argument)
    return kept


def _rule(option: str, text: str) -> tuple[str, str, str]:
    left, separator, right = text.partition(":=")
    if not separator or not left:
        raise RosArgumentError(f"{option}: expected name:=value, got {text!r}")
    node, colon, name = left.rpartition(":")
    # rosservice:// and rostopic:// are schemes, not nodes
    return (node, name, right) if colon and not name.startswith("//") else ("", left, right)


def yaml_value(text: str) -> object:
    """A parameter value as YAML reads it: bool, int, float, string, or a list of those."""
    stripped = text.strip()
    if stripped.startswith("[") and stripped.endswith("]"):
        inner = stripped[1:-1].strip()
        return [yaml_value(part) for part in _split(inner)] if inner else []
    if stripped[:1] in ("'", '"') and stripped[-1:] == stripped[:1] and len(stripped) > 1:
        return ast.literal_eval(stripped) if stripped[0] == '"' else stripped[1:-1].replace("''", "'")
    if stripped.lower() in ("true", "yes", "on"):
        return True
    if stripped.lower() in ("false", "no", "off"):
        return False
    for kind in (lambda value: int(value, 0), float):
        try:
            return kind(stripped)
        except ValueError:
            continue
    return {".inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}.get(stripped.lower(), stripped)


def _split(text: str) -> list[str]:
    parts, depth, quote, start = [], 0, "", 0
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "[]":
            depth += 1 if char == "[" else -1
        elif char == "," and not depth:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]
