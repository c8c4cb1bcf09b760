"""Writes the Python source of a module that holds the messages of one interface."""

from __future__ import annotations

import re

from ros_interfaces.definition import (
    INTEGER_BITS,
    ActionDef,
    Field,
    FieldType,
    Interface,
    MessageDef,
    ServiceDef,
    Shape,
    messages_of,
)
from ros_interfaces.emit_cdr import read_method, runs_of, write_method
from ros_interfaces.parse import integer_range
from ros_interfaces.text import text_of

TYPECODES = {
    "int8": "b", "uint8": "B", "char": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "int64": "q", "uint64": "Q", "float32": "f", "float64": "d",
}  # fmt: skip
_ROS_WORDS = {"float32": "float", "float64": "double", "bool": "boolean", "byte": "octet", "char": "uint8"}


def snake_case(name: str) -> str:
    """The module name of an interface, by rosidl's rule: `NavSatFix` → `nav_sat_fix`."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def module_of(message: str) -> str:
    """The module that holds a message, from its full name; derived messages lie beside what they derive from."""
    package, kind, name = message.split("/")
    return f"{package}.{kind}._{snake_case(name.split('_')[0])}"


def emit_module(interface: Interface, hashes: dict[str, str]) -> str:
    """The source of one interface's module; `hashes` maps full names to RIHS01 hashes."""
    messages = messages_of(interface)
    own = {message.name for message in messages}
    foreign = sorted({f.type.base for m in messages for f in m.fields if f.type.is_message} - own)
    lines = [
        f'"""{interface.name}, generated from its definition: edits are lost."""',
        "",
        "# ruff: noqa",
        "from __future__ import annotations",
        "",
        "from array import array as _array",
        "from collections.abc import Mapping, Sequence",
        "from typing import ClassVar, Final, Self, TypeAlias",
        "",
        "import ros_interfaces.cdr as _cdr",
        "import ros_interfaces.checks as _checks",
        "import ros_interfaces.message as _message",
    ]
    if isinstance(interface, ActionDef):
        lines.append("from action_msgs.msg._goal_status_array import GoalStatusArray as _GoalStatusArray")
        lines.append("from action_msgs.srv._cancel_goal import CancelGoal as _CancelGoal")
    lines += [f"from {module_of(name)} import {name.rsplit('/')[-1]} as {_alias(name, set())}" for name in foreign]
    for message in messages:
        lines += ["", "", *_message_class(message, own, hashes[message.name])]
    match interface:
        case ServiceDef():
            lines += ["", "", *_service_class(interface, hashes)]
        case ActionDef():
            lines += ["", "", *_service_class(interface.send_goal, hashes)]
            lines += ["", "", *_service_class(interface.get_result, hashes)]
            lines += ["", "", *_action_class(interface, hashes)]
    return "\n".join(lines) + "\n"


def exported_names(interface: Interface) -> list[str]:
    """The public names of the module, the interface itself first."""
    names = [interface.name] + [message.name for message in messages_of(interface)]
    if isinstance(interface, ActionDef):
        names += [interface.send_goal.name, interface.get_result.name]
    return list(dict.fromkeys(name.rsplit("/")[-1] for name in names))


def _message_class(message: MessageDef, own: set[str], type_hash: str) -> list[str]:
    name = message.name.rsplit("/")[-1]
    lines = [f"class {name}(_message.Message):", f'    """{message.name}"""', ""]
    lines.append(f"    __slots__ = {tuple('_' + field.name for field in message.fields)!r}")
    lines.append(f"    _TYPE_NAME_: ClassVar[str] = {message.name!r}")
    lines.append(f"    _TYPE_HASH_: ClassVar[str] = {type_hash!r}")
    words = {field.name: ros_word(field.type) for field in message.fields}
    lines.append(f"    _FIELDS_: ClassVar[Mapping[str, str]] = {words!r}")
    lines.append(f"    _DEFINITION_: ClassVar[str] = {text_of(message)!r}")
    for constant in message.constants:
        value = bytes((int(constant.value),)) if constant.type == "byte" else constant.value
        lines.append(f"    {constant.name}: Final = {value!r}")
    lines += [f"    _{field.name}: {_annotation(field.type, own)}" for field in message.fields]
    if message.fields:
        lines += ["", "    def __init__(", "        self,", "        *,"]
        lines += [f"        {f.name}: {_accepts(f.type, own)} | None = None," for f in message.fields]
        lines += ["    ) -> None:"]
        for field in message.fields:
            lines.append(f"        if {field.name} is None:")
            lines.append(f"            self._{field.name} = {_zero(field, own)}")
            fits = _plainly_fits(field, own)
            if fits:
                lines.append(f"        elif {fits}:")
                lines.append(f"            self._{field.name} = {field.name}")
            lines.append("        else:")
            lines.append(f"            self.{field.name} = {field.name}")
    for field in message.fields:
        lines += [
            "",
            "    @property",
            f"    def {field.name}(self) -> {_annotation(field.type, own)}:",
            f"        return self._{field.name}",
            "",
            f"    @{field.name}.setter",
            f"    def {field.name}(self, value: {_accepts(field.type, own)}) -> None:",
            f"        self._{field.name} = {_check(field, own)}",
        ]
    aliases = {f.type.base: _alias(f.type.base, own) for f in message.fields if f.type.is_message}
    lines += ["", *write_method(message, TYPECODES), "", *read_method(message, TYPECODES, aliases)]
    runs = runs_of(message, TYPECODES)
    if runs:
        lines += ["", ""]
    for index, codes in enumerate(runs):
        lines.append(f"_{name}_W{index}: Final = _cdr.writers({codes!r})")
        lines.append(f"_{name}_R{index}: Final = _cdr.readers({codes!r})")
    return lines


def _service_class(service: ServiceDef, hashes: dict[str, str]) -> list[str]:
    name = service.name.rsplit("/")[-1]
    return [
        f"class {name}(_message.Service[{name}_Request, {name}_Response]):",
        f'    """{service.name}"""',
        "",
        f"    Request: TypeAlias = {name}_Request",
        f"    Response: TypeAlias = {name}_Response",
        f"    Event: TypeAlias = {name}_Event",
        f"    _TYPE_NAME_: ClassVar[str] = {service.name!r}",
        f"    _TYPE_HASH_: ClassVar[str] = {hashes[service.name]!r}",
    ]


def _action_class(action: ActionDef, hashes: dict[str, str]) -> list[str]:
    name = action.name.rsplit("/")[-1]
    return [
        f"class {name}_Impl(_message.ActionImpl):",
        f'    """What carries {action.name}."""',
        "",
        f"    SendGoalService = {name}_SendGoal",
        f"    GetResultService = {name}_GetResult",
        "    CancelGoalService = _CancelGoal",
        f"    FeedbackMessage = {name}_FeedbackMessage",
        "    GoalStatusMessage = _GoalStatusArray",
        "",
        "",
        f"class {name}(_message.Action[{name}_Goal, {name}_Result, {name}_Feedback]):",
        f'    """{action.name}"""',
        "",
        f"    Goal: TypeAlias = {name}_Goal",
        f"    Result: TypeAlias = {name}_Result",
        f"    Feedback: TypeAlias = {name}_Feedback",
        f"    Impl = {name}_Impl",
        f"    _TYPE_NAME_: ClassVar[str] = {action.name!r}",
        f"    _TYPE_HASH_: ClassVar[str] = {hashes[action.name]!r}",
    ]


def ros_word(kind: FieldType) -> str:
    """A type as `get_fields_and_field_types` names it."""
    word = _ROS_WORDS.get(kind.base, kind.base)
    if kind.is_message:
        package, _, name = kind.base.split("/")
        word = f"{package}/{name}"
    if kind.string_capacity:
        word += f"<{kind.string_capacity}>"
    match kind.shape:
        case Shape.ARRAY:
            return f"{word}[{kind.capacity}]"
        case Shape.BOUNDED:
            return f"sequence<{word}, {kind.capacity}>"
        case Shape.UNBOUNDED:
            return f"sequence<{word}>"
    return word


def _alias(message: str, own: set[str]) -> str:
    package, _, name = message.split("/")
    return name if message in own else f"{package}__{name}"


def _python(kind: FieldType, own: set[str]) -> str:
    if kind.is_message:
        return _alias(kind.base, own)
    if kind.base in INTEGER_BITS:
        return "int"
    return {"bool": "bool", "byte": "bytes", "float32": "float", "float64": "float"}.get(kind.base, "str")


def _annotation(kind: FieldType, own: set[str]) -> str:
    if kind.shape is Shape.SINGLE:
        return _python(kind, own)
    return f"{'_array' if kind.base in TYPECODES else 'list'}[{_python(kind, own)}]"


def _accepts(kind: FieldType, own: set[str]) -> str:
    return _python(kind, own) if kind.shape is Shape.SINGLE else f"Sequence[{_python(kind, own)}]"


def _zero_item(kind: FieldType, own: set[str]) -> str:
    if kind.is_message:
        return f"{_alias(kind.base, own)}()"
    if kind.base in INTEGER_BITS:
        return "0"
    return {"bool": "False", "byte": r"b'\x00'", "float32": "0.0", "float64": "0.0"}.get(kind.base, "''")


def _value(kind: FieldType, value: object) -> str:
    return repr(bytes((int(value),))) if kind.base == "byte" and isinstance(value, int) else repr(value)


def _zero(field: Field, own: set[str]) -> str:
    kind, default = field.type, field.default
    if kind.shape is Shape.SINGLE:
        return _zero_item(kind, own) if default is None else _value(kind, default)
    if kind.base in TYPECODES:
        if isinstance(default, tuple):
            return f"_array({TYPECODES[kind.base]!r}, {list(default)!r})"
        zeros = f", ({_zero_item(kind, own)},) * {kind.capacity}" if kind.shape is Shape.ARRAY else ""
        return f"_array({TYPECODES[kind.base]!r}{zeros})"
    if isinstance(default, tuple):
        return "[" + ", ".join(_value(kind, item) for item in default) + "]"
    return f"[{_zero_item(kind, own)} for _ in range({kind.capacity})]" if kind.shape is Shape.ARRAY else "[]"


def _plainly_fits(field: Field, own: set[str]) -> str | None:
    """A condition that spares a constructor the setter, where the usual value is told from others in a moment."""
    kind, name = field.type, field.name
    if kind.shape is not Shape.SINGLE or kind.string_capacity or kind.base in ("byte", "float32"):
        return None
    same = f"{name}.__class__ is {_python(kind, own)}"
    if kind.base in INTEGER_BITS:
        low, high = integer_range(kind.base)
        return f"{same} and {low} <= {name} <= {high}"
    return same


def _check(field: Field, own: set[str]) -> str:
    kind, name = field.type, field.name
    if kind.shape is not Shape.SINGLE:
        size = {Shape.ARRAY: f", exact={kind.capacity}", Shape.BOUNDED: f", most={kind.capacity}"}.get(kind.shape, "")
        if kind.base in TYPECODES:
            return f"_checks.numbers(value, {name!r}, {TYPECODES[kind.base]!r}{size})"
        limit = f", limit={kind.string_capacity}" if kind.string_capacity else ""
        return f"_checks.items(value, {name!r}, {_python(kind, own)}{size}{limit})"
    if kind.is_message:
        return f"_checks.message(value, {name!r}, {_alias(kind.base, own)})"
    if kind.base in INTEGER_BITS:
        low, high = integer_range(kind.base)
        return f"_checks.integer(value, {name!r}, {low}, {high})"
    if kind.base in ("string", "wstring"):
        limit = f", {kind.string_capacity}" if kind.string_capacity else ""
        return f"_checks.string(value, {name!r}{limit})"
    check = "boolean" if kind.base == "bool" else kind.base
    return f"_checks.{check}(value, {name!r})"
