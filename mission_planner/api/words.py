"""Comma-separated words of a query as members of an enum."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from patrol_core.errors import InvalidInput

E = TypeVar("E", bound=StrEnum)


def words_of(kind: type[E], text: str, where: str) -> tuple[E, ...]:
    """`"open,closed"` as members; nothing for an empty text.

    Raises:
        InvalidInput: a word that is none of them.
    """
    try:
        return tuple(kind(word.strip()) for word in text.split(",") if word.strip())
    except ValueError:
        raise InvalidInput(f"expected some of {[m.value for m in kind]}; came {text!r:.80}", where=where) from None
