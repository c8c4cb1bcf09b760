"""The service by which tools ask a node what its types are made of (REP-2016)."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from rcl_interfaces.msg import ParameterDescriptor
from type_description_interfaces.msg import Field as FieldMsg
from type_description_interfaces.msg import FieldType as FieldTypeMsg
from type_description_interfaces.msg import IndividualTypeDescription, TypeDescription
from type_description_interfaces.srv import GetTypeDescription

from ros_interfaces.definition import Field, FieldType, MessageDef, Shape
from ros_interfaces.message import Message
from ros_interfaces.type_hash import type_description

if TYPE_CHECKING:
    from rclpy.node import Node

START_TYPE_DESCRIPTION_SERVICE_PARAM = "start_type_description_service"


class TypeDescriptionService:
    """Serves `get_type_description` below a node's name, unless the parameter says otherwise."""

    def __init__(self, node: Node) -> None:
        about = ParameterDescriptor(description="whether ~/get_type_description is served", read_only=True)
        if not node.has_parameter(START_TYPE_DESCRIPTION_SERVICE_PARAM):
            node.declare_parameter(START_TYPE_DESCRIPTION_SERVICE_PARAM, True, about)
        if node.get_parameter(START_TYPE_DESCRIPTION_SERVICE_PARAM).value is True:
            node.create_service(GetTypeDescription, "~/get_type_description", _answer)


def _answer(request: GetTypeDescription.Request, response: GetTypeDescription.Response) -> GetTypeDescription.Response:
    try:
        response.type_description = description_of(_class_of(request.type_name), request.type_hash)
        response.successful = True
    except LookupError as error:
        response.failure_reason = str(error)
    return response


def description_of(message: type[Message], type_hash: str = "") -> TypeDescription:
    """What a message is made of; LookupError where it is not of the hash asked for."""
    if type_hash not in ("", message._TYPE_HASH_):
        raise LookupError(f"{message._TYPE_NAME_} is {message._TYPE_HASH_} here, not {type_hash}")
    described = type_description(*definition_of(message))
    return TypeDescription(
        type_description=_individual(described["type_description"]),
        referenced_type_descriptions=[_individual(item) for item in described["referenced_type_descriptions"]],
    )


def definition_of(message: type[Message]) -> tuple[MessageDef, dict[str, MessageDef]]:
    """A message's definition read back from its class, and those of the messages in it."""
    known: dict[str, MessageDef] = {}
    todo = [message]
    while todo:
        current = todo.pop()
        fields = tuple(Field(name=name, type=_field_type(word)) for name, word in current._FIELDS_.items())
        known[current._TYPE_NAME_] = MessageDef(name=current._TYPE_NAME_, fields=fields)
        names = {field.type.base for field in fields if field.type.is_message}
        todo += [_class_of(name) for name in names if name not in known]
    return known[message._TYPE_NAME_], known


_WORD = re.compile(r"(?:sequence<)?(?P<base>[\w/]+)(?:<(?P<letters>\d+)>)?(?:, (?P<most>\d+)>|>|\[(?P<exactly>\d+)\])?")
_PRIMITIVES = {"boolean": "bool", "octet": "byte", "float": "float32", "double": "float64"}


def _field_type(word: str) -> FieldType:
    match = _WORD.fullmatch(word)
    if match is None:
        raise LookupError(f"the field type {word!r} is not known")
    base = _PRIMITIVES.get(match["base"], match["base"])
    if "/" in base:
        package, name = base.split("/")
        base = f"{package}/msg/{name}"
    letters = int(match["letters"] or 0)
    if match["exactly"]:
        return FieldType(base=base, string_capacity=letters, shape=Shape.ARRAY, capacity=int(match["exactly"]))
    if match["most"]:
        return FieldType(base=base, string_capacity=letters, shape=Shape.BOUNDED, capacity=int(match["most"]))
    shape = Shape.UNBOUNDED if word.startswith("sequence<") else Shape.SINGLE
    return FieldType(base=base, string_capacity=letters, shape=shape)


def _class_of(name: str) -> type[Message]:
    try:
        package, kind, word = name.split("/")
        found = getattr(importlib.import_module(f"{package}.{kind}"), word)
    except (ValueError, ImportError, AttributeError):
        found = None
    if not (isinstance(found, type) and issubclass(found, Message)):
        raise LookupError(f"{name} is no message that is installed here")
    return found


def _individual(description: dict[str, Any]) -> IndividualTypeDescription:
    fields = [FieldMsg(name=field["name"], type=FieldTypeMsg(**field["type"])) for field in description["fields"]]
    return IndividualTypeDescription(type_name=description["type_name"], fields=fields)
