"""Things of a scene that no map feature describes one by one: trees, cars, lamps, bins, gates, the look of a wall."""

from __future__ import annotations

from dataclasses import dataclass

XY = tuple[float, float]  # metres in frame `map`
Rgb = tuple[float, float, float]  # 0..1, sRGB


@dataclass(frozen=True, slots=True, kw_only=True)
class Facade:
    """How the walls of a building look."""

    seed: int  # for what varies from window to window
    wall_rgb: Rgb
    trim_rgb: Rgb  # plinth, balconies, edges
    glass_rgb: Rgb
    roof_rgb: Rgb
    lit_share: float  # of windows at night, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A tree: trunk and crown."""

    at_m: XY
    kind: str  # "round" or "cone"
    height_m: float
    crown_m: float  # radius
    trunk_m: float  # radius
    rgb: Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A parked car."""

    at_m: XY  # its middle
    heading_rad: float
    length_m: float
    width_m: float
    height_m: float
    rgb: Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A lamp post."""

    at_m: XY
    height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One wheeled bin, 0.6 by 0.7 m and 1.1 m high."""

    at_m: XY
    rgb: Rgb  # blue recyclable, green kitchen, red hazardous, grey other (GB/T 19095-2019)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinPoint:
    """A waste point: a row of bins that face the lane."""

    spot_id: str
    at_m: XY
    heading_rad: float  # where the bins' fronts look
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gap in the fence."""

    spot_id: str
    at_m: XY
    heading_rad: float  # along the fence
    width_m: float
