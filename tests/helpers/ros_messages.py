"""Random messages of every interface that the embedded ROS ships, and the types of rosbags to judge their bytes by."""

from __future__ import annotations

import importlib
import random
import string
import struct
from array import array
from functools import cache
from pathlib import Path
from typing import Any

from ros_interfaces.definition import FieldType, MessageDef, Shape, messages_of
from ros_interfaces.emit import TYPECODES
from ros_interfaces.generate import read_packages
from ros_interfaces.message import Message

ROS_WS = Path(__file__).parents[2] / "ros_ws"
_TEXT = string.ascii_letters + "äß巡护🚒 '\"\\"
_SEVERAL = 4  # items of an unbounded sequence at most


@cache
def definitions() -> dict[str, MessageDef]:
    """Every shipped message by full name, those of services and actions among them."""
    interfaces = read_packages([ROS_WS / "embedded" / "interfaces"], [ROS_WS / "src" / "patrol_interfaces"])
    return {message.name: message for interface in interfaces.values() for message in messages_of(interface)}


def message_class(name: str) -> type[Message]:
    """The generated class of a full name."""
    package, kind, short = name.split("/")
    found: type[Message] = getattr(importlib.import_module(f"{package}.{kind}"), short)
    return found


def random_message(name: str, rng: random.Random) -> Message:
    """A message with something random in every field."""
    message = message_class(name)()
    for field in definitions()[name].fields:
        setattr(message, field.name, _random_value(field.type, rng))
    return message


def _random_value(kind: FieldType, rng: random.Random) -> Any:
    if kind.shape is Shape.SINGLE:
        return _random_item(kind, rng)
    most = min(kind.capacity or _SEVERAL, _SEVERAL)
    count = kind.capacity if kind.shape is Shape.ARRAY else rng.randint(0, most)
    items = [_random_item(kind, rng) for _ in range(count)]
    return array(TYPECODES[kind.base], items) if kind.base in TYPECODES else items


def _random_item(kind: FieldType, rng: random.Random) -> Any:
    if kind.is_message:
        return random_message(kind.base, rng)
    if kind.base in ("string", "wstring"):
        return "".join(rng.choices(_TEXT, k=rng.randint(0, kind.string_capacity or 12)))
    if kind.base == "bool":
        return rng.random() < 0.5
    if kind.base == "byte":
        return rng.randbytes(1)
    if kind.base == "float64":
        return rng.uniform(-1e6, 1e6)
    code = TYPECODES[kind.base]
    if kind.base == "float32":
        return struct.unpack("f", struct.pack("f", rng.uniform(-1e6, 1e6)))[0]
    return struct.unpack(code, rng.randbytes(struct.calcsize(code)))[0]


@cache
def rosbags_store() -> Any:
    """A rosbags type store that knows every shipped message which rosbags can read (it has no wide strings)."""
    from rosbags.typesys import Stores, get_types_from_msg, get_typestore

    types: dict[str, Any] = {}
    for name, message in definitions().items():
        if readable_by_rosbags(name):
            lines = [f"{_text(field.type)} {field.name}" for field in message.fields]
            text = "\n".join(lines or ["uint8 structure_needs_at_least_one_member"])
            types |= get_types_from_msg(text, _as_message(name))
    store = get_typestore(Stores.EMPTY)
    store.register(types)
    return store


def readable_by_rosbags(name: str) -> bool:
    """Whether neither the message nor one inside it has wide strings."""
    kinds = [field.type for field in definitions()[name].fields]
    return all(readable_by_rosbags(kind.base) if kind.is_message else kind.base != "wstring" for kind in kinds)


def _as_message(name: str) -> str:
    """rosbags knows messages only; the names of parts of services and actions collide with none."""
    package, _, short = name.split("/")
    return f"{package}/msg/{short}"


def _text(kind: FieldType) -> str:
    base = _as_message(kind.base) if kind.is_message else {"char": "uint8"}.get(kind.base, kind.base)
    base += f"<={kind.string_capacity}" if kind.string_capacity else ""
    marks = {Shape.ARRAY: f"[{kind.capacity}]", Shape.BOUNDED: f"[<={kind.capacity}]", Shape.UNBOUNDED: "[]"}
    return base + marks.get(kind.shape, "")


def same_bytes(name: str, raw: bytes) -> bool:
    """Whether rosbags reads these bytes and writes the same ones again."""
    store, name = rosbags_store(), _as_message(name)
    return bytes(store.serialize_cdr(store.deserialize_cdr(raw, name), name)) == raw
