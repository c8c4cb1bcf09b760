"""Writes a definition back as text, without comments: what bags carry and `interface show` prints."""

from __future__ import annotations

from ros_interfaces.definition import Constant, Field, FieldType, Literal, MessageDef, Shape


def text_of(message: MessageDef) -> str:
    """The message's own lines, constants first."""
    lines = [_constant(constant) for constant in message.constants]
    lines += [_field(field) for field in message.fields]
    return "".join(f"{line}\n" for line in lines)


def _constant(constant: Constant) -> str:
    return f"{constant.type} {constant.name}={_literal(constant.value)}"


def _field(field: Field) -> str:
    line = f"{_type(field.type)} {field.name}"
    if field.default is None:
        return line
    if isinstance(field.default, tuple):
        return f"{line} [{', '.join(_literal(item) for item in field.default)}]"
    return f"{line} {_literal(field.default)}"


def _type(kind: FieldType) -> str:
    base = kind.base
    if kind.is_message:
        package, section, name = base.split("/")
        base = (
            f"{package}/{name}" if section == "msg" else base
        )  # what a service or an action is made of has no short name
    if kind.string_capacity:
        base += f"<={kind.string_capacity}"
    marks = {Shape.ARRAY: f"[{kind.capacity}]", Shape.BOUNDED: f"[<={kind.capacity}]", Shape.UNBOUNDED: "[]"}
    return base + marks.get(kind.shape, "")


def _literal(value: Literal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(char if char >= " " else f"\\x{ord(char):02x}" for char in text) + '"'
    return repr(value)
