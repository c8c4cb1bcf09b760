"""`ronda ros topic …`"""

from __future__ import annotations

import sys
import threading
import time
from argparse import Namespace
from collections import deque
from itertools import pairwise
from typing import Any

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.topic_or_service_is_hidden import topic_or_service_is_hidden
from ros_cli import session
from ros_cli.errors import CommandError
from ros_cli.kinds import kind_of
from ros_cli.text import SHOWN_ITEMS, message_from, shown

_HZ_WINDOW = 10_000  # stamps kept; the oldest goes


def list_topics(chosen: Namespace) -> None:
    """Names, with types where asked for."""
    with session.node(chosen.router, spin=False) as node:
        for name, types in node.get_topic_names_and_types():
            if chosen.all or not topic_or_service_is_hidden(name):
                say(f"{name} [{', '.join(types)}]" if chosen.types else name)


def info(chosen: Namespace) -> None:
    """Type and numbers of publishers and subscriptions; who they are, where asked for."""
    with session.node(chosen.router, spin=False) as node:
        name = absolute(chosen.topic)
        say(f"Type: {_type_of(node, name, within_s=0)}")
        both = (node.get_publishers_info_by_topic(name), node.get_subscriptions_info_by_topic(name))
        for word, ends in zip(("Publisher", "Subscription"), both, strict=True):
            say(f"{word} count: {len(ends)}")
            for end in ends if chosen.verbose else []:
                say(f"\n{end}\n")


def echo(chosen: Namespace) -> None:
    """Print what comes, until stopped; `--once` ends after the first."""
    with session.node(chosen.router) as node:
        name = absolute(chosen.topic)
        kind = kind_of(chosen.type or _type_of(node, name, within_s=chosen.wait), "msg")
        done = threading.Event()
        failures: list[CommandError] = []

        def on_message(message: Any) -> None:
            if done.is_set():
                return
            try:
                say(shown(_part(message, chosen.field), limit=None if chosen.full_length else SHOWN_ITEMS) + "---")
            except CommandError as error:
                failures.append(error)
            if chosen.once or failures:
                done.set()

        node.create_subscription(kind, name, on_message, _qos_of(node, name))
        if not done.wait(chosen.duration) and chosen.once:
            raise CommandError(f"{name}: nothing came within {chosen.duration:g} s")
        if failures:
            raise failures[0]


def hz(chosen: Namespace) -> None:
    """How often something comes: rate, least and greatest gap, each second."""
    with session.node(chosen.router) as node:
        name = absolute(chosen.topic)
        kind = kind_of(_type_of(node, name, within_s=chosen.wait), "msg")
        stamps_s: deque[float] = deque(maxlen=_HZ_WINDOW)
        node.create_subscription(kind, name, lambda _: stamps_s.append(time.monotonic()), _qos_of(node, name), raw=True)
        pause, until_s = threading.Event(), time.monotonic() + (chosen.duration or float("inf"))
        while time.monotonic() < until_s:
            pause.wait(1.0)
            say(rate(list(stamps_s)))


def rate(stamps_s: list[float]) -> str:
    """The line that `hz` prints."""
    if len(stamps_s) < 2:
        return "no new messages"
    gaps_s = [later - earlier for earlier, later in pairwise(stamps_s)]
    mean_s = sum(gaps_s) / len(gaps_s)
    spread_s = (sum((gap - mean_s) ** 2 for gap in gaps_s) / len(gaps_s)) ** 0.5
    return (
        f"average rate: {1 / mean_s if mean_s else 0:.3f}\n\tmin: {min(gaps_s):.3f}s max: {max(gaps_s):.3f}s "
        f"std dev: {spread_s:.5f}s window: {len(stamps_s)}"
    )


def pub(chosen: Namespace) -> None:
    """Publish one message, once, some times, or at a rate until stopped."""
    kind = kind_of(chosen.type, "msg")
    message = message_from(kind, chosen.values)
    with session.node(chosen.router) as node:
        name = absolute(chosen.topic)
        publisher = node.create_publisher(kind, name, 10)
        times = 1 if chosen.once else chosen.times
        if times and not session.until(node, lambda: publisher.get_subscription_count() > 0, chosen.wait):
            raise CommandError(f"{name}: nobody of this type listens within {chosen.wait:g} s")
        pause, sent = threading.Event(), 0
        while True:
            publisher.publish(message)
            sent += 1
            say(f"publishing #{sent}: {message!r}")
            if sent == times:
                break
            pause.wait(1 / chosen.rate)
        pause.wait(0.1)  # what was sent last leaves before the session ends


def absolute(name: str) -> str:
    """A topic's or service's name with its slash."""
    return name if name.startswith("/") else f"/{name}"


def say(text: str) -> None:
    """A line out, at once: the reader may be a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _type_of(node: Node, name: str, *, within_s: float) -> str:
    """The type under which a topic is known; waits for the topic."""

    def known() -> list[str]:
        return dict(node.get_topic_names_and_types()).get(name, [])

    types = session.until(node, known, within_s) or []
    if not types:
        topics = ", ".join(topic for topic, _ in node.get_topic_names_and_types()) or "none"
        raise CommandError(f"{name}: there is no such topic; known: {topics}")
    if len(types) > 1:
        raise CommandError(f"{name} is known under several types: {', '.join(types)}; name one")
    return str(types[0])


def _qos_of(node: Node, name: str) -> QoSProfile:
    """What every publisher of a topic can serve."""
    offers = [end.qos_profile for end in node.get_publishers_info_by_topic(name)]
    latched = bool(offers) and all(qos.durability == DurabilityPolicy.TRANSIENT_LOCAL for qos in offers)
    reliable = all(qos.reliability != ReliabilityPolicy.BEST_EFFORT for qos in offers)
    return QoSProfile(
        depth=100,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
    )


def _part(message: Any, field: str | None) -> Any:
    for name in (field or "").split(".") if field else ():
        if name not in getattr(message, "get_fields_and_field_types", dict)():
            raise CommandError(f"{type(message).__name__} has no field {name!r}")
        message = getattr(message, name)
    return message
