"""ROS names: their rules, expansion and remapping."""

from __future__ import annotations

import re

from rclpy._arguments import Arguments
from rclpy.exceptions import (
    InvalidNamespaceException,
    InvalidNodeNameException,
    InvalidServiceNameException,
    InvalidTopicNameException,
)

TOPIC_SEPARATOR_STRING = "/"
_NODE_CHARACTER = re.compile(r"[^A-Za-z0-9_]")
_TOPIC_CHARACTER = re.compile(r"[^A-Za-z0-9_/~{}]")
_SUBSTITUTION = re.compile(r"\{([^{}]*)\}")


def validate_node_name(name: str) -> bool:
    """True for a proper node name.

    Raises:
        InvalidNodeNameException: it is not one.
    """
    if not name:
        raise InvalidNodeNameException(name, "node name must not be empty", 0)
    if bad := _NODE_CHARACTER.search(name):
        raise InvalidNodeNameException(
            name, "node name must not contain characters other than alphanumerics or '_'", bad.start()
        )
    if name[0].isdigit():
        raise InvalidNodeNameException(name, "node name must not start with a number", 0)
    if len(name) > 255:
        raise InvalidNodeNameException(name, "node name length should not exceed '255'", 254)
    return True


def validate_namespace(namespace: str) -> bool:
    """True for a proper absolute namespace.

    Raises:
        InvalidNamespaceException: it is not one.
    """
    if not namespace:
        raise InvalidNamespaceException(namespace, "namespace must not be empty", 0)
    if not namespace.startswith("/"):
        raise InvalidNamespaceException(namespace, "namespace must be absolute, it must lead with a '/'", 0)
    if namespace == "/":
        return True
    problem = _problem_of_path(namespace)
    if problem is not None:
        raise InvalidNamespaceException(namespace, f"namespace {problem[0]}", problem[1])
    return True


def _problem_of_path(name: str) -> tuple[str, int] | None:
    """What is wrong with an absolute name, and where; None where nothing is."""
    if name.endswith("/"):
        return "must not end with a '/'", len(name) - 1
    if "//" in name:
        return "must not contain repeated '/'", name.index("//") + 1
    if bad := re.search(r"[^A-Za-z0-9_/]", name):
        return "must not contain characters other than alphanumerics, '_', or '/'", bad.start()
    if number := re.search(r"/[0-9]", name):
        return "token must not start with a number", number.start() + 1
    return None


def validate_topic_name(name: str, *, is_service: bool = False) -> bool:
    """True for a name that a user may write: relative, absolute or private, with substitutions.

    Raises:
        InvalidTopicNameException, InvalidServiceNameException: it is not one.
    """
    if not isinstance(name, str):
        raise TypeError(f"a name must be a str, not {type(name).__name__}")
    problem = _problem_of_topic(name)
    if problem is not None:
        kind = InvalidServiceNameException if is_service else InvalidTopicNameException
        raise kind(name, f"topic name {problem[0]}", problem[1])
    return True


def validate_full_topic_name(name: str, *, is_service: bool = False) -> bool:
    """True for an absolute name, expanded and without substitutions.

    Raises:
        InvalidTopicNameException, InvalidServiceNameException: it is not one.
    """
    problem = ("must not be empty", 0) if not name else None
    if problem is None and not name.startswith("/"):
        problem = "must be absolute, it must lead with a '/'", 0
    problem = problem or _problem_of_path(name)
    if problem is not None:
        kind = InvalidServiceNameException if is_service else InvalidTopicNameException
        raise kind(name, f"topic name {problem[0]}", problem[1])
    return True


def _problem_of_topic(name: str) -> tuple[str, int] | None:
    if not name:
        return "must not be empty", 0
    if name.endswith("/"):
        return "must not end with a '/'", len(name) - 1
    if bad := _TOPIC_CHARACTER.search(name):
        return "must not contain characters other than alphanumerics, '_', '~', '{', or '}'", bad.start()
    if name[0].isdigit():
        return "must not start with a number", 0
    if "~" in name[1:]:
        return "must not contain a '~' other than at the beginning", name.index("~", 1)
    if name[0] == "~" and len(name) > 1 and name[1] != "/":
        return "must have a '/' after '~'", 1
    if "//" in name:
        return "must not contain repeated '/'", name.index("//") + 1
    plain = _SUBSTITUTION.sub("x", name)
    if "{" in plain or "}" in plain:
        return "must have balanced '{' and '}'", max(name.find("{"), name.find("}"), 0)
    if number := re.search(r"/[0-9]", plain):
        return "token must not start with a number", number.start() + 1
    return None


def expand_topic_name(topic_name: str, node_name: str, node_namespace: str, *, is_service: bool = False) -> str:
    """The absolute name of a name that a node uses, before remapping."""
    validate_topic_name(topic_name, is_service=is_service)
    validate_node_name(node_name)
    validate_namespace(node_namespace)
    node_path = f"{node_namespace.rstrip('/')}/{node_name}"
    if topic_name.startswith("~"):
        topic_name = node_path + topic_name[1:]
    known = {"node": node_name, "ns": node_namespace, "namespace": node_namespace}

    def substitute(match: re.Match[str]) -> str:
        if match[1] not in known:
            kind = InvalidServiceNameException if is_service else InvalidTopicNameException
            raise kind(topic_name, f"unknown substitution {match[0]}", match.start())
        return known[match[1]]

    expanded = _SUBSTITUTION.sub(substitute, topic_name)
    if not expanded.startswith("/"):
        expanded = f"{node_namespace.rstrip('/')}/{expanded}"
    return expanded.replace("//", "/")


def resolve_name(
    name: str, node_name: str, node_namespace: str, arguments: Arguments, *, is_service: bool = False
) -> str:
    """The absolute name after remapping; a rule fits the name as written or as expanded."""
    expanded = expand_topic_name(name, node_name, node_namespace, is_service=is_service)
    scheme = "rosservice://" if is_service else "rostopic://"
    for rule in arguments.remaps:
        if rule.node not in ("", node_name) or rule.source.startswith("__"):
            continue
        source = rule.source.removeprefix(scheme)
        if "://" in source:
            continue
        if expand_topic_name(source, node_name, node_namespace, is_service=is_service) == expanded:
            return expand_topic_name(rule.target, node_name, node_namespace, is_service=is_service)
    return expanded
