"""Checks that a value fits the field it is assigned to; generated setters call them.

rosidl asserts the same things, so a refused value is an AssertionError here too.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_FLOAT32_MAX = (2 - 2**-23) * 2.0**127


class FieldError(AssertionError, TypeError):
    """A value that does not fit its field; names the field, what it holds and what came."""

    def __init__(self, name: str, expected: str, value: object) -> None:
        super().__init__(f"The {name!r} field must be {expected}, not {type(value).__name__} {_short(value)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def boolean(value: object, name: str) -> bool:
    """A bool."""
    if not isinstance(value, bool):
        raise FieldError(name, "a bool", value)
    return value


def integer(value: object, name: str, low: int, high: int) -> int:
    """An int from `low` to `high`."""
    if not isinstance(value, int):
        raise FieldError(name, "an int", value)
    if not low <= value <= high:
        raise FieldError(name, f"an int from {low} to {high}", value)
    return value


def float64(value: object, name: str) -> float:
    """A float."""
    if not isinstance(value, float):
        raise FieldError(name, "a float", value)
    return value


def float32(value: object, name: str) -> float:
    """A float that a 32-bit float can hold."""
    if not isinstance(value, float):
        raise FieldError(name, "a float", value)
    if not -_FLOAT32_MAX <= value <= _FLOAT32_MAX and math.isfinite(value):
        raise FieldError(name, "a float of 32 bits", value)
    return value


def byte(value: object, name: str) -> bytes:
    """One byte, as bytes of length 1."""
    if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
        raise FieldError(name, "bytes of length 1", value)
    return bytes(value)


def string(value: object, name: str, limit: int = 0) -> str:
    """A str, of at most `limit` characters where that is not 0."""
    if not isinstance(value, str):
        raise FieldError(name, "a str", value)
    if limit and len(value) > limit:
        raise FieldError(name, f"a str of at most {limit} characters", value)
    return value


def message(value: object, name: str, kind: type[T]) -> T:
    """A message of type `kind`."""
    if not isinstance(value, kind):
        raise FieldError(name, f"a {kind.__name__}", value)
    return value


def numbers(value: Any, name: str, typecode: str, exact: int = -1, most: int = -1) -> array[Any]:
    """Numbers as an `array.array` of `typecode`.

    An array of that typecode is kept as it is, as in rosidl; anything that offers its memory in that form (bytes,
    numpy) is copied in one piece; other iterables go number by number.
    """
    if isinstance(value, array) and value.typecode == typecode:
        result: array[Any] = value
    else:
        result = _converted(value, name, typecode)
    _check_size(len(result), name, exact, most, value)
    return result


def _converted(value: Any, name: str, typecode: str) -> array[Any]:
    result: array[Any] = array(typecode)
    if not isinstance(value, (list, tuple, array)):
        try:
            view = memoryview(value)
        except TypeError:
            view = None
        if view is not None and view.contiguous and (view.format == typecode or _same_bytes(view, typecode)):
            result.frombytes(view.cast("B") if view.nbytes else b"")
            return result
    if isinstance(value, (str, set, dict)) or not isinstance(value, Iterable):
        raise FieldError(name, f"a sequence of numbers ('{typecode}')", value)
    try:
        result.extend(value)
    except (TypeError, OverflowError, ValueError) as error:
        raise FieldError(name, f"a sequence of numbers ('{typecode}': {error})", value) from None
    return result


def _same_bytes(view: memoryview, typecode: str) -> bool:
    """Whether numpy's name for the item (`l` for int64) means the same as array's."""
    kinds = ({"b", "h", "i", "l", "q"}, {"B", "H", "I", "L", "Q"})
    return view.itemsize == array(typecode).itemsize and any(view.format in kind and typecode in kind for kind in kinds)


def items(value: Any, name: str, kind: type[T], exact: int = -1, most: int = -1, *, limit: int = 0) -> list[T]:
    """A list of `kind`: bool, str, bytes of length 1, or messages. Strings have at most `limit` characters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, (Sequence, set, frozenset)):
        raise FieldError(name, f"a sequence of {kind.__name__}", value)
    for item in value:
        if not isinstance(item, kind) or (isinstance(item, bytes) and len(item) != 1):
            raise FieldError(name, f"a sequence of {kind.__name__}", item)
        if limit and isinstance(item, str) and len(item) > limit:
            raise FieldError(name, f"strings of at most {limit} characters", item)
    result: list[T] = value if isinstance(value, list) else list(value)
    _check_size(len(result), name, exact, most, value)
    return result


def _check_size(size: int, name: str, exact: int, most: int, value: object) -> None:
    if exact >= 0 and size != exact:
        raise FieldError(name, f"of exactly {exact} items, {size} came:", value)
    if 0 <= most < size:
        raise FieldError(name, f"of at most {most} items, {size} came:", value)
