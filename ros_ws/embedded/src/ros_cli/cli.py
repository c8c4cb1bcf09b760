"""The words of `ronda ros …`; each is imported when it is used."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from typing import Any

from ros_cli.errors import CommandError


def register(subparsers: Any) -> None:
    """Add `ros` to the `ronda` command."""
    ros = subparsers.add_parser("ros", help="topics, services, nodes, bags of the ROS graph, without ROS installed")
    ros.add_argument("--router", metavar="ENDPOINT", help="such as tcp/10.0.0.1:7447 (default: this machine's)")
    rooms = ros.add_subparsers(required=True, metavar="what")
    _topic(_room(rooms, "topic", "what is published"))
    _service(_room(rooms, "service", "what answers"))
    _action(_room(rooms, "action", "what takes goals"))
    _node(_room(rooms, "node", "who is there"))
    _param(_room(rooms, "param", "parameters of nodes"))
    _interface(_room(rooms, "interface", "message, service and action types"))
    _bag(_room(rooms, "bag", "recordings (MCAP)"))
    launch = _verb(rooms, "launch", "launch", "run", "run a launch file")
    launch.add_argument("words", nargs="+", metavar="package file | file, name:=value")
    router = _verb(rooms, "router", "routing", "run", "run a Zenoh router until stopped")
    router.add_argument("--listen", action="append", metavar="ENDPOINT", help="default tcp/localhost:7447")
    router.add_argument("--connect", action="append", default=[], metavar="ENDPOINT", help="routers to connect to")


def main() -> int:
    """`python -m ros_cli.cli topic list`: the same without the `ronda` command."""
    parser = argparse.ArgumentParser(prog="ronda")
    register(parser.add_subparsers(required=True))
    chosen = parser.parse_args(["ros", *sys.argv[1:]])
    return int(chosen.run(chosen) or 0)


def _topic(verbs: Any) -> None:
    listing = _verb(verbs, "list", "topics", "list_topics", "names of topics")
    _listing(listing)
    info = _verb(verbs, "info", "topics", "info", "type and ends of a topic")
    info.add_argument("topic")
    info.add_argument("-v", "--verbose", action="store_true", help="who the publishers and subscriptions are")
    echo = _verb(verbs, "echo", "topics", "echo", "print what is published")
    echo.add_argument("topic")
    echo.add_argument("type", nargs="?", help="where the topic is not there yet")
    echo.add_argument("--once", action="store_true", help="end after the first message")
    echo.add_argument("--field", help="print one field only, such as pose.pose.position")
    echo.add_argument("--full-length", action="store_true", help="do not cut long sequences")
    echo.add_argument("--duration", type=float, metavar="S", help="end after so many seconds")
    _waiting(echo)
    hz = _verb(verbs, "hz", "topics", "hz", "how often something is published")
    hz.add_argument("topic")
    hz.add_argument("--duration", type=float, metavar="S", help="end after so many seconds")
    _waiting(hz)
    pub = _verb(verbs, "pub", "topics", "pub", "publish a message")
    pub.add_argument("topic")
    pub.add_argument("type")
    pub.add_argument("values", nargs="?", default="", help="YAML, such as '{data: hello}'")
    pub.add_argument("-1", "--once", action="store_true", help="publish once and end")
    pub.add_argument("-t", "--times", type=int, default=0, help="publish so often and end")
    pub.add_argument("-r", "--rate", type=float, default=1.0, metavar="HZ")
    _waiting(pub)


def _service(verbs: Any) -> None:
    _listing(_verb(verbs, "list", "services", "list_services", "names of services"))
    call = _verb(verbs, "call", "services", "call", "ask a service once")
    call.add_argument("service")
    call.add_argument("type")
    call.add_argument("values", nargs="?", default="", help="YAML, such as '{data: true}'")
    _waiting(call)


def _action(verbs: Any) -> None:
    _listing(_verb(verbs, "list", "services", "list_actions", "names of actions"))
    goal = _verb(verbs, "send_goal", "services", "send_goal", "send a goal and wait for its result")
    goal.add_argument("action")
    goal.add_argument("type")
    goal.add_argument("values", nargs="?", default="", help="YAML, such as '{order: 5}'")
    goal.add_argument("-f", "--feedback", action="store_true", help="print the feedback")
    _waiting(goal)


def _node(verbs: Any) -> None:
    listing = _verb(verbs, "list", "nodes", "list_nodes", "names of nodes")
    listing.add_argument("-a", "--all", action="store_true", help="hidden ones, too")
    _verb(verbs, "info", "nodes", "info", "what a node publishes, hears and serves").add_argument("node")


def _param(verbs: Any) -> None:
    listing = _verb(verbs, "list", "nodes", "list_parameters", "names of parameters")
    listing.add_argument("node", nargs="?")
    _waiting(listing)
    for name, run, words in (("get", "get", "print a value"), ("set", "put", "set a value")):
        verb = _verb(verbs, name, "nodes", run, words)
        verb.add_argument("node")
        verb.add_argument("parameter")
        if name == "set":
            verb.add_argument("value", help="YAML")
        _waiting(verb)


def _interface(verbs: Any) -> None:
    _verb(verbs, "list", "interfaces", "list_interfaces", "names of interfaces").add_argument("package", nargs="?")
    _verb(verbs, "show", "interfaces", "show", "the definition of an interface").add_argument("type")


def _bag(verbs: Any) -> None:
    record = _verb(verbs, "record", "bags", "record", "record topics")
    record.add_argument("topics", nargs="*")
    record.add_argument("-a", "--all", action="store_true", help="every topic, also those to come")
    record.add_argument("-o", "--output", help="folder of the bag (default: rosbag2_<date>)")
    record.add_argument("-d", "--duration", type=float, metavar="S", help="end after so many seconds")
    play = _verb(verbs, "play", "bags", "play", "publish a recording again")
    play.add_argument("bag")
    play.add_argument("--topics", nargs="*", default=[])
    play.add_argument("-r", "--rate", type=float, default=1.0, help="times as fast")
    play.add_argument("--delay", type=float, default=0.0, metavar="S", help="wait before the first message")
    _verb(verbs, "info", "bags", "info", "what a recording holds").add_argument("bag")


def _room(rooms: Any, name: str, words: str) -> Any:
    return rooms.add_parser(name, help=words).add_subparsers(required=True, metavar="verb")


def _verb(verbs: Any, name: str, module: str, function: str, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    parser.set_defaults(run=_told(module, function))
    return parser


def _listing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-t", "--types", action="store_true", help="with types")
    parser.add_argument("-a", "--all", action="store_true", help="hidden ones, too")


def _waiting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", type=float, default=10.0, metavar="S", help="for what is not there yet")


def _told(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def run(chosen: argparse.Namespace) -> int:
        try:
            getattr(importlib.import_module(f"ros_cli.{module}"), function)(chosen)
        except CommandError as error:
            sys.stderr.write(f"ronda ros: {error}\n")
            return 2
        except BrokenPipeError:  # the reader has seen enough
            return 0
        return 0

    return run


if __name__ == "__main__":
    sys.exit(main())
