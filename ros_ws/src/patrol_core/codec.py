"""Core types to JSON and back, for what a process keeps on disk: outbox, executor state, inbox."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from patrol_core.errors import InvalidInput
from patrol_core.site import Text

T = TypeVar("T")


def to_json(value: object) -> str:
    """Compact JSON of a dataclass tree; datetimes as ISO 8601, ids and enums as text."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def from_json(cls: type[T], text: str | bytes) -> T:
    """The dataclass `cls` from `to_json`'s text.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"expected JSON; {error}") from None
    return build(cls, data)


def plain(value: Any) -> Any:
    """Dataclasses, enums, ids and times as JSON's own types."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def build(cls: type[T], data: object, *, where: str = "") -> T:
    """`cls` from JSON's own types; the inverse of `plain`.

    Raises:
        InvalidInput: names the field, what was expected and what came.
    """
    return _build(cls, data, where or cls.__name__)  # type: ignore[no-any-return]


def _build(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [a for a in get_args(kind) if a is not type(None)]
        if data is None and len(options) < len(get_args(kind)):
            return None
        return _build(options[0], data, where)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(_build(item, v, f"{where}[{i}]") for i, v in enumerate(_expect(data, list, where)))
    if origin is not None and issubclass(origin, Mapping):
        key, item = get_args(kind)
        entries = _expect(data, dict, where)
        return {_build(key, k, where): _build(item, v, f"{where}.{k}") for k, v in entries.items()}
    if kind is Text and isinstance(data, str):
        return Text.same(data)  # what was kept before it was said in two languages
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, _expect(data, dict, where), where)
    if isinstance(kind, type) and issubclass(kind, (Enum, UUID)):
        return _parsed(kind, data, where, f"one of {[m.value for m in kind]}" if issubclass(kind, Enum) else "a UUID")
    if kind is datetime:
        moment = _parsed(datetime.fromisoformat, data, where, "an ISO 8601 time")
        if moment.tzinfo is None:
            raise InvalidInput(f"expected a time with its UTC offset; came {data!r}", where=where)
        return moment
    if kind is float:
        return float(_expect(data, (int, float), where))
    return _expect(data, kind, where)


def _build_dataclass(kind: Any, data: dict[str, Any], where: str) -> Any:
    hints = _hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind) if f.init}
    if unknown := set(data) - set(fields):
        raise InvalidInput(f"expected only {sorted(fields)}; came also {sorted(unknown)}", where=where)
    values = {name: _build(hints[name], value, f"{where}.{name}") for name, value in data.items()}
    missing = [
        name
        for name, f in fields.items()
        if name not in values and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise InvalidInput(f"expected {missing}; came nothing there", where=where)
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _expect(data: Any, kind: Any, where: str) -> Any:
    wrong_bool = isinstance(data, bool) and kind is not bool
    if wrong_bool or not isinstance(data, kind):
        name = kind.__name__ if isinstance(kind, type) else "number"
        raise InvalidInput(f"expected {name}; came {data!r:.80}", where=where)
    return data


def _parsed(parse: Any, data: Any, where: str, expected: str) -> Any:
    try:
        return parse(_expect(data, str, where))
    except ValueError:
        raise InvalidInput(f"expected {expected}; came {data!r:.80}", where=where) from None
