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
      - at_s: 260
        fall: {at: [120.0, 84.0], from: [126.0, 84.0], lies: supine, helped_after_s: 300}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from patrol_core.errors import InvalidInput, NotFound
from patrol_core.geometry import Point2, Pose2, wrap_rad
from patrol_core.site import Site
from sim.obstacles import Obstacles
from sim.posture import LYING, Posture
from sim.scenario_node import Node, names

SCENARIOS = Path(__file__).parent / "scenarios"
_KEYS = {"name", "seed", "residents", "busy", "things", "robots", "events"}
_ROBOT_ROOM_M, _WALK_ROOM_M = 0.5, 0.5
_FALL_ROOM_M = 1.0  # from a wall: they shall not fall against it


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """Somebody falls and stays on the ground until helped up.

    A resident falls wherever they are. Where `at_m` is given it is somebody of their own, who stands at `from_m`, walks
    to `at_m` in time for the fall, and back home afterwards; a robot in their way makes them fall where they wait.
    """

    person_id: str
    at_m: Point2 | None = None  # frame `map`
    from_m: Point2 | None = None
    posture: Posture | None = None  # None: by chance, the same for the same person
    head_toward_rad: float | None = None  # from the feet; turned where a wall or a robot is in the way. None: by chance
    helped_after_s: float = math.inf  # until somebody helps


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpUp:
    """Somebody comes and helps a person up."""

    person_id: str


Happening = Alarm | HoldRobot | CoverCamera | SetBattery | Fall | HelpUp


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
    start: Mapping[str, Pose2] = field(default_factory=dict)  # of robots that do not start at their dock
    busy: int = 0  # people who sit, bend, weed or sweep beside the ways
    things: int = 0  # that lie about beside the ways


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
    root = Node(document, where, site)
    fields = root.fields(required=set(), optional=_KEYS)
    obstacles = Obstacles.of(site)
    battery: dict[str, float] = {}
    start: dict[str, Pose2] = {}
    if "robots" in fields:
        for robot_id, node in fields["robots"].mapping().items():
            node.robot(robot_id)
            about = node.fields(required=set(), optional={"battery_pct", "at", "heading_deg"})
            if "battery_pct" in about:
                battery[robot_id] = about["battery_pct"].number(0, 100)
            if "at" in about:
                spot = about["at"].point(obstacles, clearance_m=_ROBOT_ROOM_M)
                turn = math.radians(about["heading_deg"].number(-360, 360)) if "heading_deg" in about else 0.0
                start[robot_id] = Pose2(x_m=spot.x_m, y_m=spot.y_m, heading_rad=wrap_rad(turn))
    residents = fields["residents"].whole(0, 500) if "residents" in fields else 24
    reader = _Events(residents, obstacles)
    return Scenario(
        name=fields["name"].text() if "name" in fields else name,
        seed=fields["seed"].whole(0, 2**31) if "seed" in fields else 1,
        residents=residents,
        events=reader.events(fields["events"]) if "events" in fields else (),
        battery_pct=battery,
        start=start,
        busy=fields["busy"].whole(0, 200) if "busy" in fields else 0,
        things=fields["things"].whole(0, 200) if "things" in fields else 0,
    )


def _alarm(node: Node) -> Alarm:
    fields = node.fields(required={"device"}, optional={"value", "normal_after_s", "fire"})
    return Alarm(
        device_id=fields["device"].device(),
        value=fields["value"].number(-math.inf) if "value" in fields else None,
        normal_after_s=fields["normal_after_s"].number(0) if "normal_after_s" in fields else None,
        fire=fields["fire"].yes_or_no() if "fire" in fields else True,
    )


def _hold(node: Node) -> HoldRobot:
    fields = node.fields(required={"robot"}, optional={"for_s"})
    return HoldRobot(robot_id=fields["robot"].robot(), for_s=_length(fields))


def _cover(node: Node) -> CoverCamera:
    fields = node.fields(required={"robot"}, optional={"for_s"})
    return CoverCamera(robot_id=fields["robot"].robot(), for_s=_length(fields))


def _length(fields: Mapping[str, Node]) -> float:
    return fields["for_s"].number(0) if "for_s" in fields else math.inf


def _battery(node: Node) -> SetBattery:
    fields = node.fields(required={"robot", "pct"})
    return SetBattery(robot_id=fields["robot"].robot(), pct=fields["pct"].number(0, 100))


def _help(node: Node) -> HelpUp:
    return HelpUp(person_id=node.fields(required={"person"})["person"].text())


class _Events:
    """Reads the events of one file; people who are brought on are numbered as they come."""

    def __init__(self, residents: int, obstacles: Obstacles) -> None:
        self._residents = residents
        self._obstacles = obstacles
        self._walk_ons = 0
        self._kinds: Mapping[str, Callable[[Node], Happening]] = {
            "alarm": _alarm,
            "hold_robot": _hold,
            "cover_camera": _cover,
            "battery": _battery,
            "fall": self._fall,
            "help": _help,
        }

    def events(self, node: Node) -> tuple[TimedEvent, ...]:
        """All of them by time; whom one helps must fall in another."""
        found = tuple(sorted(map(self._event, node.items()), key=lambda e: e.at_s))
        falling = {e.what.person_id for e in found if isinstance(e.what, Fall)}
        for event in found:
            if isinstance(event.what, HelpUp) and event.what.person_id not in falling:
                known = names(falling) or "nobody falls"
                raise InvalidInput(
                    f"expected somebody who falls ({known}); came {event.what.person_id!r}",
                    where=f"{node.where}: help: person",
                )
        return found

    def _event(self, node: Node) -> TimedEvent:
        kinds = set(self._kinds)
        fields = node.fields(required={"at_s"}, optional=kinds | {"every_s"})
        named = sorted(kinds & fields.keys())
        if len(named) != 1:
            raise InvalidInput(
                f"expected exactly one of {names(kinds)}; came {names(set(named)) or 'none'}", where=node.where
            )
        return TimedEvent(
            at_s=fields["at_s"].number(0),
            every_s=fields["every_s"].number(1) if "every_s" in fields else None,
            what=self._kinds[named[0]](fields[named[0]]),
        )

    def _fall(self, node: Node) -> Fall:
        optional = {"person", "at", "from", "lies", "head_toward_deg", "helped_after_s"}
        fields = node.fields(required=set(), optional=optional)
        at_m = fields["at"].point(self._obstacles, clearance_m=_FALL_ROOM_M) if "at" in fields else None
        from_m = at_m
        if at_m is None:
            if "person" not in fields:
                raise InvalidInput(
                    "expected 'person' (a resident) or 'at' (a place); both are missing", where=node.where
                )
            if "from" in fields:
                raise fields["from"].wrong("no 'from' without 'at'")
            person_id = fields["person"].resident(self._residents)
        else:
            self._walk_ons += 1
            person_id = fields["person"].text() if "person" in fields else f"walk-on-{self._walk_ons}"
            if person_id.startswith("resident-"):
                raise fields["person"].wrong("a name of their own for somebody who falls 'at' a place")
            if "from" in fields:
                from_m = fields["from"].point(self._obstacles, clearance_m=_WALK_ROOM_M)
                hit = self._obstacles.blocking((from_m, at_m), _WALK_ROOM_M)
                if hit is not None:
                    raise fields["from"].wrong(
                        f"a point from which a straight way leads to 'at'; building {hit!r} is there"
                    )
        return Fall(
            person_id=person_id,
            at_m=at_m,
            from_m=from_m,
            posture=Posture(fields["lies"].one_of(LYING)) if "lies" in fields else None,
            head_toward_rad=(
                math.radians(fields["head_toward_deg"].number(-360, 360)) if "head_toward_deg" in fields else None
            ),
            helped_after_s=fields["helped_after_s"].number(0) if "helped_after_s" in fields else math.inf,
        )
