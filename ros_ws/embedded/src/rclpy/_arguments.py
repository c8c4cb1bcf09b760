"""Reads `--ros-args`: remappings, parameters, log level."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rclpy._params_file import ParamsFileError, fits, read_params_file
from rclpy.exceptions import RCLError


class RosArgumentError(RCLError, ValueError):
    """A ROS argument that cannot be read; names it and what was expected."""


class UnknownRosArgumentError(RosArgumentError):
    """Something behind `--ros-args` that is no ROS argument."""


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
    log_levels: tuple[str, ...] = ()  # each `level` or `name:=level`
    rosout: bool = True
    console: bool = True
    others: tuple[str, ...] = ()

    def beside(self, of_all: Arguments) -> Arguments:
        """These of one node, together with those of the process: its own rules come first, its own values last."""
        return Arguments(
            remaps=self.remaps + of_all.remaps,
            overrides=of_all.overrides + self.overrides,
            rosout=self.rosout and of_all.rosout,
        )

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


_SWITCHES: Mapping[str, tuple[str, bool]] = {  # option → field of Arguments and what it becomes
    "--enable-rosout-logs": ("rosout", True),
    "--disable-rosout-logs": ("rosout", False),
    "--enable-stdout-logs": ("console", True),
    "--disable-stdout-logs": ("console", False),
}
# of ROS's own log library and its security enclaves: there is neither here, and scripts give these options all the same
_IGNORED_SWITCHES = frozenset({"--enable-external-lib-logs", "--disable-external-lib-logs"})
_IGNORED_OPTIONS = frozenset({"--log-config-file", "--log-file-name", "-e", "--enclave"})


def parse_arguments(args: Sequence[str]) -> Arguments:
    """Read the arguments after the program's name.

    Raises:
        RosArgumentError: a ROS argument is not known or incomplete.
        UnicodeEncodeError: an argument is no text.
    """
    remaps: list[Remap] = []
    overrides: list[Override] = []
    others: list[str] = []
    log_levels: list[str] = []
    switches: dict[str, bool] = {}
    inside = False
    for argument in args:
        argument.encode()
    rest = iter(args)
    for argument in rest:
        if not inside:
            inside = argument == "--ros-args"
            if not inside:
                others.append(argument)
        elif argument == "--":
            inside = False
        elif argument in ("-r", "--remap"):
            node, source, target = _rule(argument, next(rest, ""))
            remaps.append(Remap(node=node, source=source, target=target))
        elif argument in ("-p", "--param"):
            node, name, value = _rule(argument, next(rest, ""))
            overrides.append(Override(node=node, name=name, value=yaml_value(value)))
        elif argument == "--params-file":
            overrides.extend(_overrides_in(next(rest, "")))
        elif argument == "--log-level":
            log_levels.append(next(rest, ""))
        elif argument in _SWITCHES:
            field, on = _SWITCHES[argument]
            switches[field] = on
        elif argument in _IGNORED_OPTIONS:
            next(rest, "")
        elif argument not in (*_IGNORED_SWITCHES, "--ros-args"):
            raise UnknownRosArgumentError(
                f"found unknown ROS arguments: [{argument!r}]; known are -r, -p, --params-file, --log-level and "
                f"{', '.join(_SWITCHES)}"
            )
    return Arguments(
        remaps=tuple(remaps), overrides=tuple(overrides), log_levels=tuple(log_levels), others=tuple(others),
        rosout=switches.get("rosout", True), console=switches.get("console", True),
    )  # fmt: skip


def _overrides_in(path: str) -> list[Override]:
    try:
        return [Override(node=node, name=name, value=value) for node, name, value in read_params_file(path)]
    except ParamsFileError as error:
        raise RosArgumentError(f"Failed to parse ROS arguments: {error}") from None


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
        raise RosArgumentError(f"Failed to parse ROS arguments: {option}: expected name:=value, got {text!r}")
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
        return _unquoted(stripped) if stripped[0] == '"' else stripped[1:-1].replace("''", "'")
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


def _unquoted(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text  # not one quoted text: it means itself


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
