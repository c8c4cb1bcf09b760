"""What holds for any text given to the parser, and for any bytes given to the CDR reader."""

from __future__ import annotations

from ros_interfaces import cdr
from ros_interfaces.definition import ActionDef, ServiceDef, messages_of
from ros_interfaces.parse import DefinitionError, parse_action, parse_message, parse_service
from ros_interfaces.text import text_of
from tests.helpers.ros_messages import definitions, message_class

NAMES = sorted(definitions())


def a_definition_is_read_or_refused_in_words(text: str) -> None:
    """Read as message, service or action; what is read is written back as the same."""
    for kind, parse in (("msg", parse_message), ("srv", parse_service), ("action", parse_action)):
        name = f"fuzz/{kind}/Thing"
        try:
            read = parse(name, text)
        except DefinitionError as error:
            assert name in str(error)
            continue
        for message in messages_of(read) if not isinstance(read, (ServiceDef, ActionDef)) else ():
            assert repr(parse_message(name, text_of(message))) == repr(message)  # repr: a default may be nan


def bytes_are_read_or_refused_in_words(which: int, data: bytes) -> None:
    """Read as one of the messages; what is read is written as bytes that read the same."""
    name = NAMES[which % len(NAMES)]
    kind = message_class(name)
    try:
        message = cdr.deserialize(b"\0\1\0\0" + data, kind)
    except cdr.CdrError as error:
        assert name in str(error)
        return
    raw = bytes(cdr.serialize(message))
    again = bytes(cdr.serialize(cdr.deserialize(raw, kind)))
    assert again == raw, f"{name}: {raw.hex()} is written again as {again.hex()}"
