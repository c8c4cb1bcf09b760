"""What a writer remembers of what it wrote, so that it need not read it again; undone together with the transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Belongs to one writer, and so to one thread.

    Whoever changes what is kept here notes how to take the change back; a savepoint or a transaction that is rolled
    back undoes what was noted since, in reverse.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._undo: list[Callable[[], object]] = []

    def of(self, name: str, make: Callable[[], T]) -> T:
        """What is kept under `name`; made at the first asking."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def known(self, name: str) -> Any:
        """What is kept under `name`, or None."""
        return self._kept.get(name)

    def keep(self, name: str, value: object) -> None:
        """From now on `value` is what is kept under `name`."""
        if name in self._kept:
            self._undo.append(partial(self._kept.__setitem__, name, self._kept[name]))
        else:
            self._undo.append(partial(self._kept.pop, name, None))
        self._kept[name] = value

    def changed(self, undo: Callable[[], object]) -> None:
        """Something kept here was changed; `undo` takes it back."""
        self._undo.append(undo)

    @property
    def mark(self) -> int:
        """Where the changes stand now."""
        return len(self._undo)

    def undo_to(self, mark: int) -> None:
        """Take back what was changed since `mark`."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def committed(self) -> None:
        """All of it is on disk: nothing will be taken back."""
        self._undo.clear()

    def forget(self) -> None:
        """Nobody knows what is on disk: read everything again."""
        self._kept.clear()
        self._undo.clear()
