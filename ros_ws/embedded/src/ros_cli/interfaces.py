"""`ronda ros interface …`"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from ros_cli.errors import CommandError
from ros_cli.kinds import SECTIONS, kind_of, names_of, packages
from ros_cli.topics import say
from ros_interfaces.message import Message
from ros_interfaces.parse import parse_message


def list_interfaces(chosen: Namespace) -> None:
    """Every installed interface, or those of one package."""
    found = packages()
    if chosen.package and chosen.package not in found:
        raise CommandError(f"no package {chosen.package!r} of interfaces is installed; there are {', '.join(found)}")
    for package in [chosen.package] if chosen.package else found:
        for section in SECTIONS:
            for name in names_of(package, section):
                say(f"{package}/{section}/{name}")


def show(chosen: Namespace) -> None:
    """The definition, with those inside it indented."""
    section = chosen.type.split("/")[1] if chosen.type.count("/") == 2 else "msg"
    if section not in SECTIONS:
        raise CommandError(f"expected package/msg/Name, package/srv/Name or package/action/Name, got {chosen.type!r}")
    kind = kind_of(chosen.type, section)
    say("---\n".join(_lines(part) for part in parts_of(kind, section)).rstrip("\n"))


def parts_of(kind: Any, section: str) -> list[type[Message]]:
    """The messages of an interface in the order of its file."""
    names = {"msg": (), "srv": ("Request", "Response"), "action": ("Goal", "Result", "Feedback")}[section]
    return [getattr(kind, name) for name in names] or [kind]


def _lines(kind: type[Message], indent: str = "") -> str:
    text = ""
    fields = {field.name: field.type for field in parse_message(kind._TYPE_NAME_, kind._DEFINITION_).fields}
    for line in kind._DEFINITION_.splitlines():
        text += f"{indent}{line}\n"
        inner = fields.get(line.split()[1])
        if inner is not None and inner.is_message:
            text += _lines(kind_of(inner.base, "msg"), indent + "\t")
    return text


def full_definition(kind: type[Message]) -> str:
    """A message's text with those of all messages inside it, as bags carry it."""
    own = kind._DEFINITION_
    inside: dict[str, type[Message]] = {}
    todo = [kind]
    while todo:
        message = todo.pop()
        for field in parse_message(message._TYPE_NAME_, message._DEFINITION_).fields:
            if field.type.is_message and field.type.base not in inside:
                inside[field.type.base] = kind_of(field.type.base, "msg")
                todo.append(inside[field.type.base])
    for name in sorted(inside):
        package, _, short = name.split("/")
        own += f"{'=' * 80}\nMSG: {package}/{short}\n{inside[name]._DEFINITION_}"
    return own
