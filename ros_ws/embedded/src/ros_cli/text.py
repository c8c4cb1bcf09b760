"""Messages as YAML and back. A mapping names the fields; what it leaves out keeps its default."""

from __future__ import annotations

from array import array
from typing import Any, TypeVar

import yaml

from ros_cli.errors import CommandError
from ros_interfaces.checks import FieldError
from ros_interfaces.message import Message

M = TypeVar("M", bound=Message)
SHOWN_ITEMS = 128


def plain(value: Any, *, limit: int | None = None) -> Any:
    """A message as mappings, lists and numbers; sequences longer than `limit` are cut and say so."""
    if isinstance(value, Message):
        return {field: plain(getattr(value, field), limit=limit) for field in value.get_fields_and_field_types()}
    if isinstance(value, bytes):
        return value[0] if value else 0
    if isinstance(value, (list, array)):
        shown: list[Any] = [plain(item, limit=limit) for item in value[:limit]]
        return shown if limit is None or len(value) <= limit else [*shown, f"... {len(value)} items"]
    return value


def shown(value: Any, *, limit: int | None = SHOWN_ITEMS) -> str:
    """A message, or a part of one, as YAML."""
    return yaml.safe_dump(plain(value, limit=limit), sort_keys=False, allow_unicode=True, width=110)


def message_from(kind: type[M], text: str) -> M:
    """The message that YAML says.

    Raises:
        CommandError: it is no YAML, or a field does not exist or does not take the value; names the field.
    """
    try:
        values = yaml.safe_load(text) if text.strip() else {}
    except yaml.YAMLError as error:
        raise CommandError(f"the values are no YAML: {' '.join(str(error).split())}") from None
    return fill(kind(), values, at="")


def fill(message: M, values: Any, *, at: str) -> M:
    """Set the fields of a message from mappings, lists and numbers; `at` is where in the whole it stands."""
    if not isinstance(values, dict):
        raise CommandError(f"{at or type(message).__name__}: expected a mapping of fields, got {values!r}")
    words = message.get_fields_and_field_types()
    for name, value in values.items():
        path = f"{at}.{name}" if at else str(name)
        if name not in words:
            raise CommandError(f"{path}: there is no such field; expected one of {', '.join(words) or 'none'}")
        try:
            setattr(message, name, _converted(getattr(message, name), words[name], value, path))
        except FieldError as error:
            raise CommandError(f"{path}: {error}") from None
    return message


def _converted(now: Any, word: str, value: Any, path: str) -> Any:
    if isinstance(now, Message):
        return fill(now, value, at=path)
    if isinstance(now, (list, array)):
        if not isinstance(value, list):
            raise CommandError(f"{path}: expected a list, got {value!r}")
        inner = word.removeprefix("sequence<").split(",")[0].split("[")[0].rstrip(">").split("<")[0]
        return [_item(inner, item, f"{path}[{index}]") for index, item in enumerate(value)]
    return _item(word.split("<", maxsplit=1)[0], value, path)


def _item(word: str, value: Any, path: str) -> Any:
    if "/" in word:
        from ros_cli.kinds import kind_of

        return fill(kind_of(word, "msg")(), value, at=path)
    if word in ("float", "double") and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if word == "octet" and isinstance(value, int) and 0 <= value <= 255:
        return bytes((value,))
    if word in ("string", "wstring") and not isinstance(value, str):
        return str(value)  # YAML reads 5 as a number where a person means the text
    return value
