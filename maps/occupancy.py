"""The occupancy grid as Nav2's map_server reads it: a PGM picture and the YAML that places it in frame `map`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
import yaml
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from maps import shapes
from maps.bounds import bounds_m
from maps.zones import CLOSED, DRIVABLE, drawn_in_order
from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2
from patrol_core.site import Site

# Shades of map_server's trinary mode with negate 0: p = (255 - shade) / 255 against the two thresholds below.
FREE, UNKNOWN, OCCUPIED = 254, 205, 0
OCCUPIED_THRESH, FREE_THRESH = 0.65, 0.196
MARGIN_M = 2.0  # around the fence
LANE_HALF_M = 0.75  # a lane is free this far to either side, whatever the zones say
STAND_M = 0.8  # radius of the free disc at viewpoints and docks
FENCE_M = 0.3
MOST_CELLS = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """A grid of shades. Row 0 is the northernmost; column 0 the westernmost."""

    shades: NDArray[np.uint8]
    resolution_m: float  # of a cell
    west_m: float  # frame `map`: west edge of the grid
    south_m: float  # frame `map`: south edge of the grid

    def at(self, point: Point2) -> int:
        """FREE, UNKNOWN or OCCUPIED at a point; UNKNOWN beyond the grid."""
        column = math.floor((point.x_m - self.west_m) / self.resolution_m)
        row = self.shades.shape[0] - 1 - math.floor((point.y_m - self.south_m) / self.resolution_m)
        inside = 0 <= row < self.shades.shape[0] and 0 <= column < self.shades.shape[1]
        return int(self.shades[row, column]) if inside else UNKNOWN

    def write(self, folder: Path, name: str = "occupancy") -> tuple[Path, Path]:
        """`<name>.pgm` and `<name>.yaml`, the second naming the first."""
        picture, settings = folder / f"{name}.pgm", folder / f"{name}.yaml"
        Image.fromarray(self.shades).save(picture)
        values = {
            "image": picture.name,
            "mode": "trinary",
            "resolution": self.resolution_m,
            "origin": [self.west_m, self.south_m, 0.0],
            "negate": 0,
            "occupied_thresh": OCCUPIED_THRESH,
            "free_thresh": FREE_THRESH,
        }
        settings.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return picture, settings


def occupancy_of(site: Site, *, resolution_m: float = 0.1) -> Occupancy:
    """Where a ground robot may drive.

    Free: roads, walkways, plazas, fire lanes, the lanes themselves and the places where robots stand. Occupied:
    buildings, water, no-go zones, the fence and all beyond it. Unknown: the rest (lawn, parking bays). Where they meet,
    occupied counts.

    Args:
        resolution_m: side of a cell, 0.02 to 1 m.

    Raises:
        InvalidInput: the resolution is out of range or the grid would be too large.
    """
    if not 0.02 <= resolution_m <= 1.0:
        raise InvalidInput(f"expected a resolution from 0.02 to 1 m; came {resolution_m:g}")
    west_m, south_m, east_m, north_m = bounds_m(site, margin_m=MARGIN_M)
    # Whole cells on a whole-metre corner: grids of different resolutions lie on one another.
    west_m, south_m = float(math.floor(west_m)), float(math.floor(south_m))
    columns, rows = math.ceil((east_m - west_m) / resolution_m), math.ceil((north_m - south_m) / resolution_m)
    if columns * rows > MOST_CELLS:
        raise InvalidInput(f"expected at most {MOST_CELLS:,} cells; came {columns} x {rows} at {resolution_m:g} m")
    picture = Image.new("L", (columns, rows), UNKNOWN)
    pen = _Pen(ImageDraw.Draw(picture), west_m, south_m, rows, resolution_m)
    for zone in drawn_in_order(site.zones):
        if zone.kind in DRIVABLE:
            pen.area(zone.area, FREE)
    for lane in site.lanes.lanes:
        pen.area(_outline(shapes.linestring(lane.line).buffer(LANE_HALF_M, quad_segs=3)), FREE)
    for pose in (*(v.pose for v in site.viewpoints.values()), *(d.pose for d in site.docks.values())):
        pen.area(_outline(shapes.pin(pose.point).buffer(STAND_M, quad_segs=4)), FREE)
    for zone in site.zones:
        if zone.kind in CLOSED:
            pen.area(zone.area, OCCUPIED)
    for building in site.buildings.values():
        pen.area(building.footprint, OCCUPIED)
    if site.boundary is not None:
        pen.keep_inside(site.boundary, picture)
    return Occupancy(shades=np.array(picture), resolution_m=resolution_m, west_m=west_m, south_m=south_m)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in metres. Pixels that an edge runs through are filled: an occupied wall has no gaps."""

    draw: ImageDraw.ImageDraw
    west_m: float
    south_m: float
    rows: int
    resolution_m: float

    def area(self, outline: Sequence[Point2], shade: int) -> None:
        self.draw.polygon(self._pixels(outline), fill=shade)

    def keep_inside(self, outline: Sequence[Point2], picture: Image.Image) -> None:
        """Occupy the fence and everything beyond it."""
        inside = Image.new("1", picture.size, 0)
        ImageDraw.Draw(inside).polygon(self._pixels(outline), fill=1)
        picture.paste(OCCUPIED, mask=inside.point(lambda on: 0 if on else 255, mode="L"))
        width = max(1, round(FENCE_M / self.resolution_m))
        pixels = self._pixels(outline)
        self.draw.line([*pixels, pixels[0]], fill=OCCUPIED, width=width)

    def _pixels(self, outline: Sequence[Point2]) -> list[tuple[int, int]]:
        return [
            (
                math.floor((p.x_m - self.west_m) / self.resolution_m),
                self.rows - 1 - math.floor((p.y_m - self.south_m) / self.resolution_m),
            )
            for p in outline
        ]


def _outline(shape: shapely.Polygon) -> list[Point2]:
    return [Point2(x, y) for x, y in shape.exterior.coords]
