"""What happens in the simulated community, and when: a YAML file, checked against the site before the first tick.

A file names its residents and its events; each event says at which second of the simulation what happens:

    seed: 7
    residents: 24
    robots: {r1: {battery_pct: 92}}
    events:
      - at_s: 75
        alarm: {device: smoke-b3-0704, value: 0.31, normal_after_s: 120}
      - at_s: 200
        hold_robot: {robot: r1, for_s: 60}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from patrol_core.errors import InvalidInput, NotFound
from patrol_core.site import Site

SCENARIOS = Path(__file__).parent / "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A fixed sensor alarms."""

    device_id: str
    value: float | None = None
    normal_after_s: float | None = None  # None: until the simulation ends
    fire: bool = True  # a smoke detector's alarm shows as smoke at its window; false: a false alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRobot:
    """Somebody holds a robot: its wheels slip."""

    robot_id: str
    for_s: float = math.inf  # until the simulation ends


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverCamera:
    """Something lies over a robot's camera: it sees black."""

    robot_id: str
    for_s: float = math.inf  # until the simulation ends


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBattery:
    """A robot's battery is at this charge from one moment to the next."""

    robot_id: str
    pct: float


Happening = Alarm | HoldRobot | CoverCamera | SetBattery


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEvent:
    """Something that happens `at_s` seconds after the start, and then every `every_s` where that is given."""

    at_s: float
    what: Happening
    every_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story."""

    name: str
    seed: int
    residents: int
    events: tuple[TimedEvent, ...]
    battery_pct: Mapping[str, float]  # of robots that do not start full


QUIET = Scenario(name="quiet", seed=1, residents=0, events=(), battery_pct={})


def load_scenario(name_or_path: str, site: Site) -> Scenario:
    """A scenario of this package by name, or any by path.

    Raises:
        NotFound: no such file.
        InvalidInput: the file and the key are named, what was expected, what came.
    """
    path = Path(name_or_path)
    if path.suffix not in {".yaml", ".yml"}:
        path = SCENARIOS / f"{name_or_path}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound("scenario", name_or_path) from None
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(f"expected YAML; came {error}", where=str(path)) from None
    return parse_scenario(document, name=path.stem, where=str(path), site=site)


def parse_scenario(document: Any, *, name: str, where: str, site: Site) -> Scenario:
    """A scenario from a parsed YAML document; raises InvalidInput as `load_scenario`."""
    root = _Node(document, where, site)
    fields = root.fields(required=set(), optional={"name", "seed", "residents", "robots", "events"})
    battery: dict[str, float] = {}
    if "robots" in fields:
        for robot_id, node in fields["robots"].mapping().items():
            node.robot(robot_id)
            battery[robot_id] = node.fields(required={"battery_pct"})["battery_pct"].number(0, 100)
    return Scenario(
        name=fields["name"].text() if "name" in fields else name,
        seed=fields["seed"].whole(0, 2**31) if "seed" in fields else 1,
        residents=fields["residents"].whole(0, 500) if "residents" in fields else 24,
        events=tuple(sorted(map(_event, fields["events"].items()), key=lambda e: e.at_s)) if "events" in fields else (),
        battery_pct=battery,
    )


class _Node:
    """A value of the document and the key where it stands; every question may raise InvalidInput naming that key."""

    def __init__(self, value: Any, where: str, site: Site) -> None:
        self.value = value
        self.where = where
        self.site = site

    def wrong(self, expected: str) -> InvalidInput:
        came = "nothing" if self.value is None else repr(self.value)
        return InvalidInput(f"expected {expected}; came {came}", where=self.where)

    def mapping(self) -> dict[str, _Node]:
        if not isinstance(self.value, dict):
            raise self.wrong("keys and values")
        return {str(k): _Node(v, f"{self.where}: {k}", self.site) for k, v in self.value.items()}

    def fields(self, *, required: Set[str], optional: Set[str] = frozenset()) -> dict[str, _Node]:
        found = self.mapping()
        for key in found.keys() - required - optional:
            raise InvalidInput(f"expected one of {_names(required | optional)}; came {key!r}", where=self.where)
        for key in sorted(required - found.keys()):
            raise InvalidInput(f"expected {key!r}; it is missing", where=self.where)
        return found

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [_Node(v, f"{self.where}[{i}]", self.site) for i, v in enumerate(self.value)]

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
            known = _names(set(self.site.robots))
            raise InvalidInput(
                f'expected a robot of site "{self.site.site_id}" ({known}); came {robot_id!r}', where=self.where
            )
        return str(robot_id)

    def device(self) -> str:
        if self.value not in self.site.devices:
            raise self.wrong(f'the id of a device of site "{self.site.site_id}"')
        return str(self.value)


def _names(keys: Set[str]) -> str:
    return ", ".join(sorted(keys))


def _alarm(node: _Node) -> Alarm:
    fields = node.fields(required={"device"}, optional={"value", "normal_after_s", "fire"})
    return Alarm(
        device_id=fields["device"].device(),
        value=fields["value"].number(-math.inf) if "value" in fields else None,
        normal_after_s=fields["normal_after_s"].number(0) if "normal_after_s" in fields else None,
        fire=fields["fire"].yes_or_no() if "fire" in fields else True,
    )


def _hold(node: _Node) -> HoldRobot:
    fields = node.fields(required={"robot"}, optional={"for_s"})
    return HoldRobot(robot_id=fields["robot"].robot(), for_s=_length(fields))


def _cover(node: _Node) -> CoverCamera:
    fields = node.fields(required={"robot"}, optional={"for_s"})
    return CoverCamera(robot_id=fields["robot"].robot(), for_s=_length(fields))


def _length(fields: Mapping[str, _Node]) -> float:
    return fields["for_s"].number(0) if "for_s" in fields else math.inf


def _battery(node: _Node) -> SetBattery:
    fields = node.fields(required={"robot", "pct"})
    return SetBattery(robot_id=fields["robot"].robot(), pct=fields["pct"].number(0, 100))


_HAPPENINGS: Mapping[str, Callable[[_Node], Happening]] = {
    "alarm": _alarm,
    "hold_robot": _hold,
    "cover_camera": _cover,
    "battery": _battery,
}


def _event(node: _Node) -> TimedEvent:
    kinds = set(_HAPPENINGS)
    fields = node.fields(required={"at_s"}, optional=kinds | {"every_s"})
    named = sorted(kinds & fields.keys())
    if len(named) != 1:
        raise InvalidInput(
            f"expected exactly one of {_names(kinds)}; came {_names(set(named)) or 'none'}", where=node.where
        )
    return TimedEvent(
        at_s=fields["at_s"].number(0),
        every_s=fields["every_s"].number(1) if "every_s" in fields else None,
        what=_HAPPENINGS[named[0]](fields[named[0]]),
    )
