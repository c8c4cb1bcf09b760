"""Messages to bytes and back, as they travel."""

from __future__ import annotations

from typing import TypeVar

from ros_interfaces import cdr
from ros_interfaces.message import Message

M = TypeVar("M", bound=Message)


def serialize_message(message: Message) -> bytes:
    """The message as CDR, header included."""
    return bytes(cdr.serialize(message))


def deserialize_message(serialized_message: bytes, message_type: type[M]) -> M:
    """The message in CDR bytes."""
    return cdr.deserialize(serialized_message, message_type)
