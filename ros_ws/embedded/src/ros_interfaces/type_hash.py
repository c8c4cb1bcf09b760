"""RIHS01 type hashes (REP-2016): SHA-256 over the JSON of a type description."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ros_interfaces.definition import ActionDef, Field, Interface, MessageDef, ServiceDef, Shape, messages_of
from ros_interfaces.derive import single

# type_description_interfaces/msg/FieldType; `char` is uint8 in ROS 2
_TYPE_IDS = {
    "int8": 2, "uint8": 3, "int16": 4, "uint16": 5, "int32": 6, "uint32": 7, "int64": 8, "uint64": 9,
    "float32": 10, "float64": 11, "char": 3, "bool": 15, "byte": 16, "string": 17, "wstring": 18,
}  # fmt: skip
_NESTED, _BOUNDED_STRING, _BOUNDED_WSTRING = 1, 21, 22
_SHAPE_OFFSET = {Shape.SINGLE: 0, Shape.ARRAY: 48, Shape.BOUNDED: 96, Shape.UNBOUNDED: 144}

# A structure of no fields is given one by ROS, in the description and on the wire
EMPTY_MEMBER = single("structure_needs_at_least_one_member", "uint8")


def fields_of(interface: Interface) -> tuple[Field, ...]:
    """The fields as the type description lists them; services and actions are described as structures too."""
    match interface:
        case MessageDef():
            return interface.fields or (EMPTY_MEMBER,)
        case ServiceDef():
            return (
                single("request_message", interface.request.name),
                single("response_message", interface.response.name),
                single("event_message", interface.event.name),
            )
        case ActionDef():
            return (
                single("goal", interface.goal.name),
                single("result", interface.result.name),
                single("feedback", interface.feedback.name),
                single("send_goal_service", interface.send_goal.name),
                single("get_result_service", interface.get_result.name),
                single("feedback_message", interface.feedback_message.name),
            )


def type_hash(interface: Interface, known: Mapping[str, Interface]) -> str:
    """The hash of an interface, as `RIHS01_` and 64 hex digits; `type_description` says what it raises."""
    return "RIHS01_" + hashlib.sha256(json.dumps(type_description(interface, known)).encode()).hexdigest()


def type_description(interface: Interface, known: Mapping[str, Interface]) -> dict[str, Any]:
    """The description of an interface and of all that it refers to, as type_description_interfaces has it.

    `known` holds every interface by full name; those the interface defines itself need not be in it.

    Raises:
        KeyError: an interface that a field names is not known.
    """
    own: dict[str, Interface] = {message.name: message for message in messages_of(interface)}
    if isinstance(interface, ActionDef):
        own |= {service.name: service for service in (interface.send_goal, interface.get_result)}
    referenced: dict[str, Interface] = {}
    todo = [interface]
    while todo:
        for field in fields_of(todo.pop()):
            name = field.type.base
            if field.type.is_message and name not in referenced and name != interface.name:
                referenced[name] = own[name] if name in own else known[name]
                todo.append(referenced[name])
    return {
        "type_description": _described(interface),
        "referenced_type_descriptions": [_described(referenced[name]) for name in sorted(referenced)],
    }


def _described(interface: Interface) -> dict[str, object]:
    return {"type_name": interface.name, "fields": [_described_field(field) for field in fields_of(interface)]}


def _described_field(field: Field) -> dict[str, object]:
    kind = field.type
    if kind.is_message:
        type_id = _NESTED
    elif kind.string_capacity:
        type_id = _BOUNDED_STRING if kind.base == "string" else _BOUNDED_WSTRING
    else:
        type_id = _TYPE_IDS[kind.base]
    return {
        "name": field.name,
        "type": {
            "type_id": type_id + _SHAPE_OFFSET[kind.shape],
            "capacity": kind.capacity,
            "string_capacity": kind.string_capacity,
            "nested_type_name": kind.base if kind.is_message else "",
        },
    }
