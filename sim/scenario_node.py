"""Reads values out of a scenario's YAML; every question names the key, what was expected and what came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from typing import Any

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2
from patrol_core.site import Site
from sim.obstacles import Obstacles


class Node:
    """A value of the document and the key where it stands; every question may raise InvalidInput naming that key."""

    def __init__(self, value: Any, where: str, site: Site) -> None:
        self.value = value
        self.where = where
        self.site = site

    def wrong(self, expected: str) -> InvalidInput:
        came = "nothing" if self.value is None else repr(self.value)
        return InvalidInput(f"expected {expected}; came {came}", where=self.where)

    def mapping(self) -> dict[str, Node]:
        if not isinstance(self.value, dict):
            raise self.wrong("keys and values")
        return {str(k): Node(v, f"{self.where}: {k}", self.site) for k, v in self.value.items()}

    def fields(self, *, required: Set[str], optional: Set[str] = frozenset()) -> dict[str, Node]:
        found = self.mapping()
        for key in found.keys() - required - optional:
            raise InvalidInput(f"expected one of {names(required | optional)}; came {key!r}", where=self.where)
        for key in sorted(required - found.keys()):
            raise InvalidInput(f"expected {key!r}; it is missing", where=self.where)
        return found

    def items(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [Node(v, f"{self.where}[{i}]", self.site) for i, v in enumerate(self.value)]

    def number(self, low: float, high: float = math.inf) -> float:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(f"a number from {low:g}" + (f" to {high:g}" if math.isfinite(high) else ""))
        return float(value)

    def whole(self, low: int, high: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not low <= self.value <= high:
            raise self.wrong(f"a whole number from {low} to {high}")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("a text")
        return self.value

    def yes_or_no(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def robot(self, value: Any = None) -> str:
        robot_id = self.value if value is None else value
        if robot_id not in self.site.robots:
            known = names(set(self.site.robots))
            raise InvalidInput(
                f'expected a robot of site "{self.site.site_id}" ({known}); came {robot_id!r}', where=self.where
            )
        return str(robot_id)

    def device(self) -> str:
        if self.value not in self.site.devices:
            raise self.wrong(f'the id of a device of site "{self.site.site_id}"')
        return str(self.value)

    def resident(self, count: int) -> str:
        """The id of one of `count` residents."""
        if self.value not in {f"resident-{i:02d}" for i in range(count)}:
            raise self.wrong(
                f"one of resident-00 to resident-{count - 1:02d}" if count else "a resident; there are none"
            )
        return str(self.value)

    def point(self, obstacles: Obstacles, *, clearance_m: float) -> Point2:
        """[x, y] in metres, frame `map`, no nearer to a building than that."""
        value = self.value
        if not isinstance(value, list) or len(value) != 2:
            raise self.wrong("[x, y] in metres")
        x_m, y_m = (Node(v, f"{self.where}[{i}]", self.site).number(-math.inf) for i, v in enumerate(value))
        spot = Point2(x_m, y_m)
        if obstacles.clearance_m(spot) < clearance_m:
            raise self.wrong(f"a point at least {clearance_m:g} m from every building")
        return spot

    def one_of(self, kinds: Iterable[str]) -> str:
        """One of these words."""
        known = list(kinds)
        if self.value not in known:
            raise self.wrong(f"one of {names(set(known))}")
        return str(self.value)


def names(keys: Set[str]) -> str:
    return ", ".join(sorted(keys))
