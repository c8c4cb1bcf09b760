"""Reads the properties of one feature, or the settings of site.yaml, and says what was expected where one is wrong."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from maps.problems import ProblemList, listed, quoted
from maps.reading.personal import EXPECTED, is_personal_key, personal_number
from patrol_core.site import Text

ID = re.compile(r"[a-z0-9-]+")
ROS_NAME = re.compile(r"[a-z][a-z0-9_]*")  # ids that become part of a topic: /<site>/<robot>/…

SPELLING = {ID: "an id of a-z, 0-9 and -", ROS_NAME: "an id of a-z, 0-9 and _ that starts with a letter"}

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """Properties read by name. A wrong one is noted and read as a harmless stand-in; `ok` then says so.

    A feature whose `ok` is False after `end()` is to be dropped: its values may be stand-ins.
    """

    def __init__(self, values: Mapping[str, Any], *, file: str, feature: str | None, problems: ProblemList) -> None:
        self._values = values
        self._file = file
        self._feature = feature
        self._problems = problems
        self._known: set[str] = set()
        self.ok = True

    def wrong(self, *, expected: str, came: str) -> None:
        """Note a problem of this feature."""
        self.ok = False
        self._problems.add(self._file, self._feature, expected=expected, came=came)

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        value = self._take(name)
        if isinstance(value, str) and value.strip():
            number = personal_number(value)
            if number:
                self.wrong(expected=EXPECTED, came=f"{number} as {name}")
            return value
        self._unlike(name, "some text", value)
        return ""

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if self._optional(name) else None

    def id(self, name: str = "id", pattern: re.Pattern[str] = ID) -> str:
        value = self._take(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._unlike(name, SPELLING[pattern], value)
        return ""

    def id_or_none(self, name: str) -> str | None:
        return self.id(name) if self._optional(name) else None

    def number(self, name: str, low: float, high: float, *, unit: str) -> float:
        value = self._take(name)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if is_number and low <= value <= high:
            return float(value)
        self._unlike(name, f"a number from {low:g} to {high:g} {unit}", value)
        return low

    def number_or_none(self, name: str, low: float, high: float, *, unit: str) -> float | None:
        return self.number(name, low, high, unit=unit) if self._optional(name) else None

    def whole(self, name: str, low: int, high: int) -> int:
        value = self._take(name)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._unlike(name, f"a whole number from {low} to {high}", value)
        return low

    def whole_or_none(self, name: str, low: int, high: int) -> int | None:
        return self.whole(name, low, high) if self._optional(name) else None

    def flag(self, name: str, *, usually: bool = False) -> bool:
        """A yes or no that may be left out, which means `usually`."""
        if not self._optional(name):
            return usually
        value = self._take(name)
        if not isinstance(value, bool):
            self._unlike(name, "true or false", value)
        return value is True

    def choice(self, name: str, kinds: type[Choice]) -> Choice:
        value = self._take(name)
        options = [kind.value for kind in kinds]
        if value in options:
            return kinds(value)
        near = difflib.get_close_matches(str(value), options, n=1)
        self._unlike(name, listed(options), value, hint=f'; did you mean "{near[0]}"?' if near else "")
        return next(iter(kinds))

    def choice_or(self, name: str, kinds: type[Choice], usual: Choice) -> Choice:
        """One that may be left out."""
        return self.choice(name, kinds) if self._optional(name) else usual

    def names(self) -> Text:
        """`name_zh` and `name_en`."""
        return Text(zh=self.text("name_zh"), en=self.text("name_en"))

    def names_or_none(self, stem: str = "name") -> Text | None:
        """Both languages, or neither."""
        if not self._optional(f"{stem}_zh") and not self._optional(f"{stem}_en"):
            return None
        return Text(zh=self.text(f"{stem}_zh"), en=self.text(f"{stem}_en"))

    def items(self, name: str) -> list[Any]:
        """A list that may be left out, which means an empty one."""
        if not self._optional(name):
            return []
        value = self._take(name)
        if isinstance(value, list):
            return value
        self._unlike(name, "a list", value)
        return []

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._take(name)
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
        self._unlike(name, "settings (key: value)", value)
        return {}

    def mapping_or_empty(self, name: str) -> dict[str, Any]:
        """Settings that may be left out."""
        return self.mapping(name) if self._optional(name) else {}

    def end(self) -> bool:
        """Note every property that nobody asked for. True where nothing at all was wrong."""
        for name in self._values:
            if name in self._known:
                continue
            if is_personal_key(str(name)):
                self.wrong(expected=EXPECTED, came=f'"{name}"')
                continue
            near = difflib.get_close_matches(str(name), self._known, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            self.wrong(expected=f"only {listed(sorted(self._known))}", came=f'also "{name}"{hint}')
        return self.ok

    def _take(self, name: str) -> Any:
        self._known.add(name)
        return self._values.get(name)

    def _optional(self, name: str) -> bool:
        self._known.add(name)
        return self.has(name)

    def _unlike(self, name: str, expected: str, value: Any, *, hint: str = "") -> None:
        came = f'no "{name}"' if value is None else quoted(value)
        self.wrong(expected=f"{expected} as {name}", came=came + hint)
