"""What the simulator shows and its rays hit: the site as solid things in metres, dressed with what maps leave out."""

from __future__ import annotations

from dataclasses import dataclass

from maps.bounds import Bounds
from maps.scene.things import BinPoint, Car, Facade, Gate, Lamp, Tree
from patrol_core import codec

XY = tuple[float, float]  # metres in frame `map`: x east, y north
Outline = tuple[XY, ...]  # counter-clockwise, the closing point left out


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneEntrance:
    """A door at the foot of a building."""

    unit: str
    at_m: XY


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneBuilding:
    """An outline pulled up to a height."""

    building_id: str
    kind: str  # BuildingKind
    name_zh: str  # "3 栋": painted on the wall
    outline_m: Outline
    floors: int
    floor_height_m: float
    height_m: float
    entrances: tuple[SceneEntrance, ...]
    facade: Facade


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneGround:
    """Flat ground. Later ones in the scene's list lie on earlier ones."""

    zone_id: str
    kind: str  # ZoneKind; never "no_fly": nothing of it is to be seen
    outline_m: Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneManhole:
    """A cover in the ground."""

    spot_id: str
    at_m: XY


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneDock:
    """A charging post. The robot stands at `at_m` with its nose along `heading_rad`; the post is in front of it."""

    dock_id: str
    at_m: XY
    heading_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything to be seen that does not move. The same site makes the same scene, to the last digit."""

    site_id: str
    bounds_m: Bounds  # west, south, east, north
    buildings: tuple[SceneBuilding, ...]
    ground: tuple[SceneGround, ...]
    trees: tuple[Tree, ...]
    cars: tuple[Car, ...]
    lamps: tuple[Lamp, ...]
    bin_points: tuple[BinPoint, ...]
    manholes: tuple[SceneManhole, ...]
    docks: tuple[SceneDock, ...]
    gates: tuple[Gate, ...]
    fence: tuple[Outline, ...]  # open polylines, 2 m high, with gaps at the gates

    def to_json(self) -> str:
        """For another process."""
        return codec.to_json(self)

    @staticmethod
    def from_json(text: str | bytes) -> Scene:
        """The inverse of `to_json`.

        Raises:
            InvalidInput: names the field, what was expected and what came.
        """
        return codec.from_json(Scene, text)
