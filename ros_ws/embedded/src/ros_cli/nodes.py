"""`ronda ros node …` and `ronda ros param …`"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import yaml
from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.srv import GetParameters, ListParameters, SetParameters

from rclpy.action import get_action_client_names_and_types_by_node, get_action_server_names_and_types_by_node
from rclpy.node import Node
from rclpy.parameter import Parameter, parameter_value_to_python
from ros_cli import session
from ros_cli.errors import CommandError
from ros_cli.services import ask
from ros_cli.text import plain
from ros_cli.topics import absolute, say


def list_nodes(chosen: Namespace) -> None:
    """Full names."""
    with session.node(chosen.router, spin=False) as node:
        for name in _names(node, hidden=chosen.all):
            say(name)


def info(chosen: Namespace) -> None:
    """What a node publishes, listens to, serves and asks."""
    with session.node(chosen.router, spin=False) as node:
        full = _known(node, chosen.node)
        namespace, _, name = full.rpartition("/")
        namespace = namespace or "/"
        say(full)
        for title, found in (
            ("Subscribers", node.get_subscriber_names_and_types_by_node(name, namespace)),
            ("Publishers", node.get_publisher_names_and_types_by_node(name, namespace)),
            ("Service Servers", node.get_service_names_and_types_by_node(name, namespace)),
            ("Service Clients", node.get_client_names_and_types_by_node(name, namespace)),
            ("Action Servers", get_action_server_names_and_types_by_node(node, name, namespace)),
            ("Action Clients", get_action_client_names_and_types_by_node(node, name, namespace)),
        ):
            say(f"  {title}:")
            for topic, types in found:
                if "/_action/" not in topic:
                    say(f"    {topic}: {', '.join(types)}")


def list_parameters(chosen: Namespace) -> None:
    """The names of a node's parameters, or of every node's."""
    with session.node(chosen.router, spin=False) as node:
        for full in [_known(node, chosen.node)] if chosen.node else _names(node, hidden=False):
            served = dict(node.get_service_names_and_types())
            if f"{full}/list_parameters" not in served:
                if chosen.node:
                    raise CommandError(f"{full} serves no parameters")
                continue
            answer = ask(
                node, ListParameters, f"{full}/list_parameters", ListParameters.Request(), within_s=chosen.wait
            )
            say(f"{full}:")
            for name in sorted(answer.result.names):
                say(f"  {name}")


def get(chosen: Namespace) -> None:
    """The value of one parameter."""
    with session.node(chosen.router, spin=False) as node:
        full = _known(node, chosen.node)
        request = GetParameters.Request(names=[chosen.parameter])
        values = ask(node, GetParameters, f"{full}/get_parameters", request, within_s=chosen.wait).values
        value = parameter_value_to_python(values[0]) if values else None
        if value is None:
            raise CommandError(f"{full} has no parameter {chosen.parameter!r}, or it is not set")
        say(yaml.safe_dump(_yaml(value), allow_unicode=True, default_flow_style=True).removesuffix("\n...\n").strip())


def put(chosen: Namespace) -> None:
    """Set one parameter; the value is read as YAML."""
    try:
        value = yaml.safe_load(chosen.value)
        wanted: ParameterMsg = Parameter(chosen.parameter, value=value).to_parameter_msg()
    except (yaml.YAMLError, TypeError, ValueError, AssertionError) as error:
        raise CommandError(f"{chosen.value!r} is no value of a parameter: {error}") from None
    with session.node(chosen.router, spin=False) as node:
        full = _known(node, chosen.node)
        request = SetParameters.Request(parameters=[wanted])
        (result,) = ask(node, SetParameters, f"{full}/set_parameters", request, within_s=chosen.wait).results
        if not result.successful:
            raise CommandError(f"{full}: {chosen.parameter} was not set: {result.reason or 'no reason was given'}")
        say("Set parameter successful")


def _names(node: Node, *, hidden: bool) -> list[str]:
    names = sorted(set(node.get_fully_qualified_node_names()))
    return [name for name in names if hidden or not name.rpartition("/")[2].startswith("_")]


def _known(node: Node, asked: str) -> str:
    full, names = absolute(asked), _names(node, hidden=True)
    if full not in names:
        raise CommandError(f"there is no node {full}; known: {', '.join(_names(node, hidden=False)) or 'none'}")
    return full


def _yaml(value: Any) -> Any:
    """A parameter's value as YAML knows it."""
    return [plain(item) for item in value] if not isinstance(value, (str, int, float, bool)) else value
