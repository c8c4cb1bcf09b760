"""What an interface definition says, as values: field types, fields, constants, messages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Literal = bool | int | float | str
Default = Literal | tuple[Literal, ...] | None


class Shape(Enum):
    """How many values a field holds."""

    SINGLE = "single"
    ARRAY = "array"  # exactly `capacity` values
    BOUNDED = "bounded"  # at most `capacity` values
    UNBOUNDED = "unbounded"


INTEGER_BITS = {
    "int8": 8, "uint8": 8, "int16": 16, "uint16": 16,
    "int32": 32, "uint32": 32, "int64": 64, "uint64": 64, "char": 8,
}  # fmt: skip
PRIMITIVES = frozenset({*INTEGER_BITS, "bool", "byte", "float32", "float64", "string", "wstring"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType:
    """The type of one field: `base` is a primitive or the full name of a message (`geometry_msgs/msg/Point`)."""

    base: str
    string_capacity: int = 0  # characters at most; 0: unbounded
    shape: Shape = Shape.SINGLE
    capacity: int = 0  # of an array or a bounded sequence

    @property
    def is_message(self) -> bool:
        """Whether the field holds messages rather than primitives."""
        return self.base not in PRIMITIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a message."""

    name: str
    type: FieldType
    default: Default = None  # None: the zero of its type


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A named value of a message."""

    name: str
    type: str
    value: Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDef:
    """A message; `name` is full, such as `std_msgs/msg/String` or `std_srvs/srv/Trigger_Request`."""

    name: str
    fields: tuple[Field, ...]
    constants: tuple[Constant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDef:
    """A service: its request, its response, and the event that introspection records."""

    name: str
    request: MessageDef
    response: MessageDef
    event: MessageDef


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDef:
    """An action: what the author wrote, and the two services and the topic message that carry it."""

    name: str
    goal: MessageDef
    result: MessageDef
    feedback: MessageDef
    send_goal: ServiceDef
    get_result: ServiceDef
    feedback_message: MessageDef


Interface = MessageDef | ServiceDef | ActionDef


def messages_of(interface: Interface) -> tuple[MessageDef, ...]:
    """Every message an interface defines, in an order in which each needs only earlier ones."""
    match interface:
        case MessageDef():
            return (interface,)
        case ServiceDef():
            return (interface.request, interface.response, interface.event)
        case ActionDef():
            return (
                interface.goal, interface.result, interface.feedback,
                *messages_of(interface.send_goal), *messages_of(interface.get_result), interface.feedback_message,
            )  # fmt: skip
