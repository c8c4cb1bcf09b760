"""Reads .msg, .srv and .action text into definitions."""

from __future__ import annotations

import ast
import re

from ros_interfaces.definition import (
    INTEGER_BITS,
    PRIMITIVES,
    ActionDef,
    Constant,
    Default,
    Field,
    FieldType,
    Literal,
    MessageDef,
    ServiceDef,
    Shape,
)
from ros_interfaces.derive import action_of, service_of

_TYPE = re.compile(
    r"^(?P<base>(?:[a-z]\w*/(?:(?:msg|srv|action)/)?)?[A-Za-z]\w*)(?:<=(?P<text>\d+))?(?:\[(?P<most><=)?(?P<count>\d*)\])?$",
    re.ASCII,
)
_CONSTANT = re.compile(r"^([A-Z][A-Z0-9_]*)\s*=\s*(.*)$", re.DOTALL)
_FIELD_NAME = re.compile(r"^[a-z](?!.*__)[a-z0-9_]*(?<!_)$")
_NO_LITERAL = (SyntaxError, ValueError, MemoryError, RecursionError)  # what Python says to text that is no literal
_SEPARATOR = re.compile(r"^---\s*$", re.MULTILINE)


class DefinitionError(ValueError):
    """A definition that cannot be read; names the interface, the line and what was expected."""


def parse_message(name: str, text: str) -> MessageDef:
    """Read one message; `name` is full (`std_msgs/msg/String`).

    Raises:
        DefinitionError: a line is neither a field nor a constant, or a value does not fit its type.
    """
    fields: list[Field] = []
    constants: list[Constant] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _without_comment(raw).strip()
        if not line:
            continue
        try:
            item = _item(line, package=name.split("/", maxsplit=1)[0])
        except ValueError as error:
            raise DefinitionError(f"{name}, line {number}: {error}: {line!r}") from None
        if isinstance(item, Constant):
            constants.append(item)
        elif any(item.name == other.name for other in fields):
            raise DefinitionError(f"{name}, line {number}: a second field named {item.name!r}")
        else:
            fields.append(item)
    return MessageDef(name=name, fields=tuple(fields), constants=tuple(constants))


def parse_service(name: str, text: str) -> ServiceDef:
    """Read one service: a request and a response with `---` between them."""
    request, response = _parts(name, text, expected=2)
    return service_of(name, parse_message(f"{name}_Request", request), parse_message(f"{name}_Response", response))


def parse_action(name: str, text: str) -> ActionDef:
    """Read one action: goal, result and feedback with `---` between them."""
    goal, result, feedback = _parts(name, text, expected=3)
    return action_of(
        name,
        parse_message(f"{name}_Goal", goal),
        parse_message(f"{name}_Result", result),
        parse_message(f"{name}_Feedback", feedback),
    )


def _parts(name: str, text: str, *, expected: int) -> list[str]:
    parts = _SEPARATOR.split(text)
    if len(parts) != expected:
        raise DefinitionError(f"{name}: expected {expected} parts divided by '---', found {len(parts)}")
    return parts


def _without_comment(line: str) -> str:
    quote, escaped = "", False
    for index, char in enumerate(line):
        if quote:
            if char == quote and not escaped:
                quote = ""
            escaped = char == "\\" and not escaped
        elif char in "'\"":
            quote, escaped = char, False
        elif char == "#":
            return line[:index]
    return line if not quote else line.split("#", 1)[0]


def _item(line: str, *, package: str) -> Field | Constant:
    type_text, _, rest = line.partition(" ")
    rest = rest.strip()
    if not rest:
        raise ValueError("expected a type and a name")
    kind = _type(type_text, package=package)
    if constant := _CONSTANT.match(rest):
        if kind.base not in PRIMITIVES or kind.shape is not Shape.SINGLE:
            raise ValueError("a constant must be a single primitive")
        return Constant(name=constant[1], type=kind.base, value=_literal(kind.base, constant[2].strip()))
    name, _, default = rest.partition(" ")
    if not _FIELD_NAME.match(name):
        raise ValueError(f"field name {name!r} must be lower case, start with a letter and have single underscores")
    return Field(name=name, type=kind, default=_default(kind, default.strip()))


def _type(text: str, *, package: str) -> FieldType:
    match = _TYPE.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a type")
    base = match["base"]
    if base not in PRIMITIVES:
        base = {1: f"{package}/msg/{base}", 2: base.replace("/", "/msg/"), 3: base}.get(base.count("/") + 1, base)
    if match["text"] and base not in ("string", "wstring"):
        raise ValueError(f"only strings take an upper bound, {base!r} does not")
    shape, capacity = Shape.SINGLE, 0
    if match["count"] is not None:
        capacity = int(match["count"] or 0)
        shape = Shape.UNBOUNDED if not match["count"] else Shape.BOUNDED if match["most"] else Shape.ARRAY
        if match["most"] and not match["count"]:
            raise ValueError("'<=' needs a number")
    return FieldType(base=base, string_capacity=int(match["text"] or 0), shape=shape, capacity=capacity)


def _default(kind: FieldType, text: str) -> Default:
    if not text:
        return None
    if kind.is_message:
        raise ValueError("a message field takes no default")
    if kind.shape is Shape.SINGLE:
        value = _literal(kind.base, text)
        if isinstance(value, str) and kind.string_capacity and len(value) > kind.string_capacity:
            raise ValueError(f"the default is longer than {kind.string_capacity}")
        return value
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError("a default of several values is written [a, b]")
    try:
        items = ast.literal_eval(re.sub(r"\b(true|false)\b", lambda found: found[1].title(), text))
    except _NO_LITERAL:
        raise ValueError("the default cannot be read") from None
    values = tuple(item if isinstance(item, str) else _literal(kind.base, str(item)) for item in items)
    if (kind.shape is Shape.ARRAY and len(values) != kind.capacity) or (
        kind.shape is Shape.BOUNDED and len(values) > kind.capacity
    ):
        raise ValueError(f"{len(values)} default values do not fit a capacity of {kind.capacity}")
    return values


def _literal(base: str, text: str) -> Literal:
    if base in ("string", "wstring"):
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            return _unquoted(text)
        return text
    if base == "bool":
        if text.lower() not in ("true", "false", "0", "1"):
            raise ValueError(f"{text!r} is not a bool")
        return text.lower() in ("true", "1")
    if base in ("float32", "float64"):
        return float(text)
    value = int(text, 0)
    low, high = integer_range(base)
    if not low <= value <= high:
        raise ValueError(f"{value} does not fit {base} ({low}..{high})")
    return value


def _unquoted(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except _NO_LITERAL:
        value = None
    if not isinstance(value, str):
        raise ValueError(f"the text in quotes cannot be read: {text}")
    return value


def integer_range(base: str) -> tuple[int, int]:
    """The least and greatest value of an integer primitive."""
    bits = INTEGER_BITS.get(base, 8)
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if base.startswith("int") else (0, (1 << bits) - 1)
