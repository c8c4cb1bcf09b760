"""Builds houses: walls laid out in bays, a stone ground floor, entrances with canopy and number, things on the roof."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import shapely

from maps.scene.model import SceneBuilding
from sim.scenery.facade import (
    COLUMNS,
    FLOORS,
    VARIANTS,
    Bay,
    brick_grain,
    office_sheet,
    plinth_sheet,
    shop_sheet,
    tower_sheet,
)
from sim.scenery.flat import triangles
from sim.scenery.light import Rgb
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, texture
from sim.scenery.signs import writing

XY = tuple[float, float]

_BAY_M = 3.3
_WHITE: Rgb = (1.0, 1.0, 1.0)


class Houses:
    """Builds every building of a scene below a node; sheets are shared between buildings of one look."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._sheets: dict[tuple[object, ...], Any] = {}

    def add(self, building: SceneBuilding) -> None:
        """One building with everything on its walls."""
        node = self._root.attach_new_node(building.building_id)
        if building.kind == "tower":
            self._tower(node, building)
        else:
            self._low_house(node, building)
        self._roof(node, building)

    def _tower(self, node: Any, building: SceneBuilding) -> None:
        look = building.facade
        colours = (look.wall_rgb, look.trim_rgb, look.glass_rgb)
        upper, lower = Mesh(), Mesh()
        foot_m = building.floor_height_m
        for wall in walls_of(building):
            _bays(upper, wall, building, foot_m, random.Random(f"{look.seed}/{wall.index}"))  # noqa: S311
            _strip(lower, wall, 0.0, foot_m, u_per_m=1 / (4 * _BAY_M))
        self._put(node, upper, ("tower", *colours), lambda: tower_sheet(str(look.wall_rgb), *colours))
        self._put(
            node,
            lower,
            ("plinth", look.wall_rgb, look.glass_rgb),
            lambda: plinth_sheet(str(look.wall_rgb), look.wall_rgb, look.glass_rgb),
        )
        bare = Mesh()
        for entrance in building.entrances:
            wall = min(walls_of(building), key=lambda w: w.away_m(entrance.at_m))
            _entrance(bare, wall, entrance.at_m, look.trim_rgb)
            self._sign(node, wall, entrance.at_m, f"{entrance.unit} 单元", low_m=2.66, size_m=0.46, out_m=1.95)
        node.attach_new_node(bare.node("entrances"))
        self._numbers(node, building)

    def _low_house(self, node: Any, building: SceneBuilding) -> None:
        look = building.facade
        fronts, sides = Mesh(), Mesh()
        walls = walls_of(building)
        is_shop = building.kind == "shop"
        doors = [min(walls, key=lambda w: w.away_m(e.at_m)) for e in building.entrances]
        for wall in walls:
            front = not is_shop or wall in doors or not doors
            if front and wall.length_m > 2.0:
                count = max(1, round(wall.length_m / (8.0 if is_shop else 6.6)))
                floors = 1 if is_shop else building.floors
                _strip(fronts, wall, 0.0, building.height_m, u_per_m=count / wall.length_m, v_top=float(floors))
            else:
                _strip(sides, wall, 0.0, building.height_m, u_per_m=0.2)
        paint = shop_sheet if is_shop else office_sheet
        self._put(
            node,
            fronts,
            (building.kind, building.building_id if is_shop else "", look.wall_rgb),
            lambda: paint(building.building_id, look.wall_rgb, look.glass_rgb),
        )
        self._put(node, sides, ("bare", look.wall_rgb), lambda: brick_grain(64, 64, look.wall_rgb, building.kind))
        bare = Mesh()
        for wall in walls:  # the eaves
            a, b, n = wall.start, wall.end, wall.normal
            out = 0.5 if is_shop else 0.15
            points = [
                (a[0] + n[0] * out, a[1] + n[1] * out, building.height_m - 0.25),
                (b[0] + n[0] * out, b[1] + n[1] * out, building.height_m - 0.25),
                (b[0] + n[0] * out, b[1] + n[1] * out, building.height_m + 0.1),
                (a[0] + n[0] * out, a[1] + n[1] * out, building.height_m + 0.1),
            ]
            bare.polygon(points, look.trim_rgb)
            bare.polygon(
                [points[0], (*a, building.height_m - 0.25), (*b, building.height_m - 0.25), points[1]], (0.4, 0.4, 0.4)
            )
        for entrance in building.entrances:
            if not is_shop:
                wall = min(walls, key=lambda w: w.away_m(entrance.at_m))
                _entrance(bare, wall, entrance.at_m, look.trim_rgb)
        node.attach_new_node(bare.node("eaves"))

    def _put(self, node: Any, mesh: Mesh, key: tuple[object, ...], paint: Any) -> None:
        if not len(mesh):
            return
        if key not in self._sheets:
            self._sheets[key] = texture(str(key[0]), paint())
        node.attach_new_node(mesh.node(str(key[0]))).set_texture(self._sheets[key])

    def _numbers(self, node: Any, building: SceneBuilding) -> None:
        """The building's number, large on the widest wall of each side."""
        sides: dict[int, Wall] = {}
        for wall in walls_of(building):
            side = round(math.atan2(wall.normal[1], wall.normal[0]) / (math.pi / 2)) % 4
            if side not in sides or wall.length_m > sides[side].length_m:
                sides[side] = wall
        for wall in sides.values():
            if wall.length_m > 2.6:
                self._sign(node, wall, wall.at(0.5), building.name_zh, low_m=2.2 * building.floor_height_m, size_m=1.5)

    def _sign(
        self, node: Any, wall: Wall, at: XY, text: str, *, low_m: float, size_m: float, out_m: float = 0.07
    ) -> None:
        """Writing on a plate before a wall, its middle at `at`, its letters `size_m` high."""
        key = ("sign", text)
        ink = writing(text)
        if key not in self._sheets:
            self._sheets[key] = texture(f"sign {text}", _plate(ink), repeat=False)
        width_m = size_m * ink.shape[1] / ink.shape[0]
        mesh = Mesh()
        foot = wall.foot(at)
        half = (wall.along[0] * width_m / 2, wall.along[1] * width_m / 2)
        out = (foot[0] + wall.normal[0] * out_m, foot[1] + wall.normal[1] * out_m)
        high_m = low_m + size_m
        mesh.polygon(
            [
                (out[0] - half[0], out[1] - half[1], low_m),
                (out[0] + half[0], out[1] + half[1], low_m),
                (out[0] + half[0], out[1] + half[1], high_m),
                (out[0] - half[0], out[1] - half[1], high_m),
            ],
            _WHITE,
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
        )
        sign = node.attach_new_node(mesh.node("sign"))
        sign.set_texture(self._sheets[key])

    def _roof(self, node: Any, building: SceneBuilding) -> None:
        """A lid, a parapet's edge, and what stands on a tower: the lift's head, a tank."""
        mesh = Mesh()
        top_m, trim = building.height_m, building.facade.trim_rgb
        for triangle in triangles(shapely.Polygon(building.outline_m)):
            mesh.polygon([(x, y, top_m) for x, y in triangle], building.facade.roof_rgb, normal=(0.0, 0.0, 1.0))
        if building.kind == "tower":
            for wall in walls_of(building):
                a, b, n = wall.start, wall.end, wall.normal
                mesh.polygon(
                    [
                        (a[0] + n[0] * 0.25, a[1] + n[1] * 0.25, top_m - 0.5),
                        (b[0] + n[0] * 0.25, b[1] + n[1] * 0.25, top_m - 0.5),
                        (b[0] + n[0] * 0.25, b[1] + n[1] * 0.25, top_m + 1.1),
                        (a[0] + n[0] * 0.25, a[1] + n[1] * 0.25, top_m + 1.1),
                    ],
                    trim,
                )
            for entrance in building.entrances:
                wall = min(walls_of(building), key=lambda w: w.away_m(entrance.at_m))
                x, y = entrance.at_m[0] - wall.normal[0] * 6, entrance.at_m[1] - wall.normal[1] * 6
                heading = math.atan2(wall.along[1], wall.along[0])
                mesh.box((x, y, top_m + 2.2), (6.0, 5.0, 4.4), building.facade.wall_rgb, heading_rad=heading)
                mesh.box((x, y, top_m + 4.6), (6.4, 5.4, 0.4), trim, heading_rad=heading)
        if len(mesh):
            node.attach_new_node(mesh.node("roof"))


class Wall:
    """One straight side of a building, seen from outside: from its left end to its right end."""

    def __init__(self, index: int, a: XY, b: XY) -> None:
        # The outline runs counter-clockwise: from outside, `a` is on the left of `b`.
        self.index = index
        self.start, self.end = a, b
        self.length_m = math.dist(a, b)
        self.along = ((b[0] - a[0]) / self.length_m, (b[1] - a[1]) / self.length_m)
        self.normal = (self.along[1], -self.along[0])

    def at(self, share: float) -> XY:
        return (
            self.start[0] + (self.end[0] - self.start[0]) * share,
            self.start[1] + (self.end[1] - self.start[1]) * share,
        )

    def foot(self, point: XY) -> XY:
        """The point of the wall nearest to another."""
        t = (point[0] - self.start[0]) * self.along[0] + (point[1] - self.start[1]) * self.along[1]
        return self.at(min(1.0, max(0.0, t / self.length_m)))

    def away_m(self, point: XY) -> float:
        return math.dist(self.foot(point), point)


def walls_of(building: SceneBuilding) -> list[Wall]:
    """The sides of a building, counter-clockwise."""
    ring = building.outline_m
    return [
        Wall(i, a, b) for i, (a, b) in enumerate(zip(ring, [*ring[1:], ring[0]], strict=True)) if math.dist(a, b) > 0.05
    ]


def _bays(mesh: Mesh, wall: Wall, building: SceneBuilding, foot_m: float, rng: random.Random) -> None:
    """Lays out the upper floors of one wall."""
    count = max(1, round(wall.length_m / _BAY_M))
    floors = building.floors - 1
    for i in range(count):
        kind = _kind(wall, count, i)
        column = kind + rng.randrange(VARIANTS[kind])
        share = min(1.0, wall.length_m / count / _BAY_M)
        left, right = column / COLUMNS, (column + share) / COLUMNS
        low = rng.randrange(FLOORS) / FLOORS
        high = low + floors / FLOORS
        a, b = wall.at(i / count), wall.at((i + 1) / count)
        mesh.polygon(
            [(*a, foot_m), (*b, foot_m), (*b, building.height_m), (*a, building.height_m)],
            _WHITE,
            uv=[(left, low), (right, low), (right, high), (left, high)],
            occlusion=(0.86, 0.86, 1.0, 1.0),
        )


def _kind(wall: Wall, count: int, i: int) -> Bay:
    """South: living rooms with balconies. North: bedrooms and kitchens. Gables and notches: few openings."""
    if wall.length_m < 2.0:
        return Bay.BLANK
    if wall.normal[1] < -0.6:
        return Bay.BALCONY if i % 2 == 0 or count == 1 else Bay.WINDOW
    if wall.normal[1] > 0.6:
        return Bay.KITCHEN if i % 2 == 1 and count > 1 else Bay.WINDOW
    return Bay.KITCHEN if i == count // 2 and count > 2 else Bay.BLANK


def _strip(mesh: Mesh, wall: Wall, low_m: float, high_m: float, *, u_per_m: float, v_top: float = 1.0) -> None:
    u = wall.length_m * u_per_m
    mesh.polygon(
        [(*wall.start, low_m), (*wall.end, low_m), (*wall.end, high_m), (*wall.start, high_m)],
        _WHITE,
        uv=[(0, 0), (u, 0), (u, v_top), (0, v_top)],
        occlusion=(0.72, 0.72, 0.95, 0.95),
    )


def _entrance(mesh: Mesh, wall: Wall, at: XY, trim: Rgb) -> None:
    """Canopy on two columns, a glass double door with its frame, a step and a lamp."""
    foot = wall.foot(at)
    heading = math.atan2(wall.along[1], wall.along[0])

    def spot(aside_m: float, out_m: float, up_m: float) -> tuple[float, float, float]:
        return (
            foot[0] + wall.along[0] * aside_m + wall.normal[0] * out_m,
            foot[1] + wall.along[1] * aside_m + wall.normal[1] * out_m,
            up_m,
        )

    mesh.box(spot(0, 0.03, 1.25), (2.5, 0.10, 2.5), (0.30, 0.28, 0.27), heading_rad=heading)  # frame
    for side in (-0.58, 0.58):
        mesh.box(spot(side, 0.07, 1.18), (1.02, 0.10, 2.2), (0.24, 0.32, 0.38), heading_rad=heading)  # glass
        mesh.box(spot(side, 0.10, 1.75), (0.8, 0.10, 0.75), (0.48, 0.58, 0.66), heading_rad=heading)  # sky in it
        mesh.box(spot(math.copysign(0.14, side), 0.14, 1.1), (0.05, 0.10, 0.5), (0.85, 0.84, 0.80), heading_rad=heading)
        mesh.box(spot(side * 2.9, 1.55, 1.38), (0.28, 0.28, 2.76), (0.82, 0.80, 0.76), heading_rad=heading)  # column
    mesh.box(
        spot(0, 0.9, 2.88), (4.2, 1.9, 0.26), trim, heading_rad=heading, top=(0.7, 0.7, 0.68), under=True
    )  # canopy
    mesh.box(spot(0, 1.86, 2.88), (4.3, 0.08, 0.34), (0.88, 0.86, 0.82), heading_rad=heading)
    mesh.box(spot(0, 0.8, 0.06), (4.4, 1.9, 0.12), (0.70, 0.68, 0.64), heading_rad=heading)  # step
    mesh.box(spot(1.75, 0.1, 1.5), (0.5, 0.16, 0.7), (0.35, 0.45, 0.40), heading_rad=heading)  # letter boxes


def _plate(ink: Any) -> Picture:
    """Writing in white on a blue plate with a rim, sides powers of two."""
    rows, columns = ink.shape
    blue, white = np.array((0.10, 0.26, 0.50), dtype=np.float32), np.array((0.97, 0.97, 0.95), dtype=np.float32)
    picture = blue + (white - blue) * ink[..., None]
    picture[:2] = picture[-2:] = picture[:, :2] = picture[:, -2:] = white
    wide, high = 1 << (columns - 1).bit_length(), 1 << (rows - 1).bit_length()
    y, x = np.arange(high) * rows // high, np.arange(wide) * columns // wide
    return np.asarray(picture[y][:, x], dtype=np.float32)
