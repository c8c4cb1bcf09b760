"""`ronda ros service …` and `ronda ros action …`"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from action_msgs.msg import GoalStatus

import rclpy
from rclpy.action import ActionClient, get_action_names_and_types
from rclpy.exceptions import ServiceCallError
from rclpy.node import Node
from rclpy.topic_or_service_is_hidden import topic_or_service_is_hidden
from ros_cli import session
from ros_cli.errors import CommandError
from ros_cli.kinds import kind_of
from ros_cli.text import message_from, shown
from ros_cli.topics import absolute, say

_STATUS = {
    GoalStatus.STATUS_SUCCEEDED: "SUCCEEDED",
    GoalStatus.STATUS_ABORTED: "ABORTED",
    GoalStatus.STATUS_CANCELED: "CANCELED",
}


def list_services(chosen: Namespace) -> None:
    """Names, with types where asked for."""
    with session.node(chosen.router, spin=False) as node:
        for name, types in node.get_service_names_and_types():
            if chosen.all or not topic_or_service_is_hidden(name):
                say(f"{name} [{', '.join(types)}]" if chosen.types else name)


def call(chosen: Namespace) -> None:
    """Ask once, print the answer."""
    kind = kind_of(chosen.type, "srv")
    request = message_from(kind.Request, chosen.values)
    with session.node(chosen.router, spin=False) as node:
        answer = ask(node, kind, absolute(chosen.service), request, within_s=chosen.wait)
        say(f"response:\n{shown(answer).rstrip()}")


def ask(node: Node, kind: Any, name: str, request: Any, *, within_s: float) -> Any:
    """One answer of a service; the node must not be spun by another.

    Raises:
        CommandError: nobody serves it, or the server did not answer.
    """
    client = node.create_client(kind, name)
    if not client.wait_for_service(timeout_sec=within_s):
        others = dict(node.get_service_names_and_types()).get(name)
        reason = f"it is served as {', '.join(others)}" if others else "nobody serves it"
        raise CommandError(f"{name}: {reason}; waited {within_s:g} s")
    future = client.call_async(request)
    return _outcome(node, future, name, within_s)


def list_actions(chosen: Namespace) -> None:
    """Names, with types where asked for."""
    with session.node(chosen.router, spin=False) as node:
        for name, types in get_action_names_and_types(node):
            say(f"{name} [{', '.join(types)}]" if chosen.types else name)


def send_goal(chosen: Namespace) -> None:
    """Send a goal, print the feedback where asked for, and the result. Ctrl-C cancels the goal."""
    kind = kind_of(chosen.type, "action")
    goal = message_from(kind.Goal, chosen.values)
    with session.node(chosen.router, spin=False) as node:
        name = absolute(chosen.action)
        client: Any = ActionClient(node, kind, name)
        if not client.wait_for_server(timeout_sec=chosen.wait):
            raise CommandError(f"{name}: nobody serves it; waited {chosen.wait:g} s")
        tell = (lambda message: say(f"feedback:\n{shown(message.feedback).rstrip()}")) if chosen.feedback else None
        handle = _outcome(node, client.send_goal_async(goal, tell), name, chosen.wait)
        if not handle.accepted:
            raise CommandError(f"{name}: the goal was rejected")
        say(f"goal accepted with id {bytes(handle.goal_id.uuid).hex()}")
        try:
            answer = _outcome(node, handle.get_result_async(), name, None)
        except KeyboardInterrupt:
            _outcome(node, handle.cancel_goal_async(), name, 5.0)
            say("goal canceled")
            return
        say(f"result:\n{shown(answer.result)}status: {_STATUS.get(answer.status, answer.status)}")


def _outcome(node: Node, future: Any, name: str, within_s: float | None) -> Any:
    rclpy.spin_until_future_complete(node, future, executor=_executor_of(node), timeout_sec=within_s)
    if not future.done():
        raise CommandError(f"{name}: no answer within {within_s:g} s")
    try:
        return future.result()
    except ServiceCallError as error:
        raise CommandError(str(error)) from None


def _executor_of(node: Node) -> Any:
    from rclpy.executors import SingleThreadedExecutor

    return node.executor or SingleThreadedExecutor(context=node.context)
