"""The ground, painted in layers from the bottom up: paving by kind, kerbs, markings, shadows. Nothing here has height.

All of it lies in one plane, so it is drawn first and without depth, in the order it is added: no two layers can flicker
through each other.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
import shapely.ops
from panda3d.core import TransparencyAttrib
from shapely.geometry.base import BaseGeometry

from maps.scene.model import Scene, SceneGround
from maps.scene.things import Tree
from sim.scenery.flat import corners, long_axis, oriented_box, strip, swept, tiles, triangles
from sim.scenery.light import Rgb, shadow_offset
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, plain, texture
from sim.scenery.paving import PAVING
from sim.scenery.signs import writing

_TILE_M = 32.0  # ground is cut into pieces of this size, so that those out of sight cost nothing
_BEYOND_M = 220.0  # ground goes on this far around the site
_YELLOW: Rgb = (0.93, 0.74, 0.14)
_WHITE: Rgb = (0.90, 0.90, 0.88)
_SHADOW = 0.30
_UP = (0.0, 0.0, 1.0)


class Ground:
    """Builds the ground of a scene below a node."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._layer = 0
        self._textures: dict[str, tuple[Any, float]] = {}

    def add(self, scene: Scene) -> None:
        """Everything flat."""
        west, south, east, north = scene.bounds_m
        around = shapely.box(west - _BEYOND_M, south - _BEYOND_M, east + _BEYOND_M, north + _BEYOND_M)
        self._paved(around, "beyond", tile_m=4 * _TILE_M)
        self._street(shapely.box(west, south, east, north))
        for zone in scene.ground:
            self._zone(zone, scene)
        self._stamps(scene)
        self._shadows(scene)

    def _street(self, site: shapely.Polygon) -> None:
        """The city's street around the fence."""
        self._paved(site.buffer(9.0).difference(site.buffer(2.0)), "walkway")
        self._paved(site.buffer(21.0).difference(site.buffer(9.0)), "road")
        middle = site.buffer(15.0).exterior
        dashes = [
            shapely.ops.substring(middle, at_m, at_m + 3.0).buffer(0.08, cap_style="flat")
            for at_m in range(0, int(middle.length), 9)
        ]
        kerbs = [site.buffer(d).exterior.buffer(0.10) for d in (9.0, 21.0)]
        self._flat(shapely.union_all([*dashes, *kerbs]), (0.80, 0.80, 0.78))

    def _zone(self, zone: SceneGround, scene: Scene) -> None:
        area = shapely.Polygon(zone.outline_m)
        if zone.kind == "no_go":
            self._closed(area, zone.zone_id)
            return
        self._paved(area, zone.kind)
        if zone.kind in {"road", "plaza", "walkway", "water"}:
            ways = shapely.union_all([shapely.Polygon(z.outline_m) for z in scene.ground if z.kind in _WAYS])
            kerb = area.boundary.buffer(0.10, cap_style="flat").difference(ways.buffer(-0.12))
            self._flat(kerb, (0.74, 0.73, 0.70) if zone.kind != "water" else (0.62, 0.60, 0.56))
        if zone.kind == "fire_lane":
            self._fire_lane(area)
        elif zone.kind == "parking":
            self._bays(area)

    def _paved(self, area: BaseGeometry, kind: str, *, tile_m: float = _TILE_M) -> None:
        tex, size_m = self._texture(kind)
        layer = self._next_layer(f"ground-{kind}")
        for tile in tiles(area, tile_m):
            mesh = Mesh()
            x0, y0 = tile.bounds[0] // size_m * size_m, tile.bounds[1] // size_m * size_m
            for triangle in triangles(tile):
                mesh.polygon(
                    [(x, y, 0.0) for x, y in triangle],
                    (1.0, 1.0, 1.0),
                    uv=[((x - x0) / size_m, (y - y0) / size_m) for x, y in triangle],
                    normal=_UP,
                )
            layer.attach_new_node(mesh.node(kind)).set_texture(tex)

    def _flat(self, area: BaseGeometry, rgb: Rgb, *, alpha: float = 1.0) -> None:
        """A painted area of one colour."""
        layer = self._next_layer("paint")
        if alpha < 1.0:
            layer.set_transparency(TransparencyAttrib.M_alpha)
        for tile in tiles(area, _TILE_M):
            mesh = Mesh(baked=alpha == 1.0)
            for triangle in triangles(tile):
                mesh.polygon([(x, y, 0.0) for x, y in triangle], rgb, alpha=alpha, normal=_UP)
            layer.attach_new_node(mesh.node("paint"))

    def _fire_lane(self, area: shapely.Polygon) -> None:
        """A yellow box, hatched, with the words that every Chinese fire lane carries."""
        frame = area.difference(area.buffer(-0.22))
        inner = area.buffer(-0.7)
        heading, middle, length_m, width_m = long_axis(area)
        stripes = []
        words_m = min(0.55 * length_m, 22.0)
        for i in range(-int(length_m), int(length_m)):
            at_m = 1.6 * i
            stripes.append(strip(middle, heading, at_m, direction=heading + math.radians(58), length_m=3 * width_m))
        hatch = shapely.union_all(stripes).intersection(inner)
        words = oriented_box(middle, heading, words_m + 1.2, 3.0)
        self._flat(shapely.union_all([frame, hatch.difference(words)]), _YELLOW)
        self._words("消防车道 禁止占用", middle, heading, words_m, _YELLOW)

    def _words(self, text: str, middle: tuple[float, float], heading: float, length_m: float, rgb: Rgb) -> None:
        """Writing on the ground, read with `heading` to the right."""
        ink = writing(text)
        height_m = length_m * ink.shape[0] / ink.shape[1]
        picture = np.concatenate([np.broadcast_to(np.array(rgb, np.float32), (*ink.shape, 3)), ink[..., None]], axis=2)
        wide, high = 512, 64
        picture = picture[np.arange(high) * ink.shape[0] // high][:, np.arange(wide) * ink.shape[1] // wide]
        layer = self._next_layer("words")
        layer.set_transparency(TransparencyAttrib.M_alpha)
        layer.set_texture(texture(f"words {text}", picture, repeat=False))
        mesh = Mesh()
        mesh.polygon(
            [(x, y, 0.0) for x, y in corners(middle, heading, length_m, height_m)],
            (1, 1, 1),
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
            normal=_UP,
        )
        layer.attach_new_node(mesh.node("words"))

    def _bays(self, area: shapely.Polygon) -> None:
        """White lines between parking bays of 2.5 m."""
        heading, middle, length_m, width_m = long_axis(area)
        lines = [area.difference(area.buffer(-0.12))]
        across = {"direction": heading + math.pi / 2, "length_m": 2 * width_m, "half_width_m": 0.06}
        lines += [strip(middle, heading, i * 2.5 - length_m / 2, **across) for i in range(int(length_m // 2.5) + 1)]
        self._flat(shapely.union_all(lines).intersection(area), _WHITE)

    def _closed(self, area: shapely.Polygon, zone_id: str) -> None:
        """Where no robot may go: a red and white edge. What is inside shows, unless the id says sand or ramp."""
        for word, kind in (("sand", "sand"), ("ramp", "road")):
            if word in zone_id:
                self._paved(area, kind)
        edge = area.difference(area.buffer(-0.25))
        self._flat(edge, (0.90, 0.88, 0.86))
        _, middle, length_m, width_m = long_axis(area)
        stripes = [
            strip(middle, 0.0, 1.2 * i, direction=math.radians(45), length_m=4 * (length_m + width_m), half_width_m=0.3)
            for i in range(-int(length_m + width_m), int(length_m + width_m))
        ]
        self._flat(shapely.union_all(stripes).intersection(edge), (0.78, 0.16, 0.14))

    def _stamps(self, scene: Scene) -> None:
        """Manhole covers and the places before docks and bins."""
        for dock in scene.docks:
            box = oriented_box(dock.at_m, dock.heading_rad, 1.5, 1.2)
            self._flat(box, (0.36, 0.42, 0.40))
            self._flat(box.difference(box.buffer(-0.08)), (0.30, 0.80, 0.55))
        for point in scene.bin_points:
            self._flat(oriented_box(point.at_m, point.heading_rad, 2.2, 3.8), (0.60, 0.60, 0.58))
        layer = self._next_layer("manholes")
        layer.set_texture(texture("manhole", _manhole(), repeat=False))
        layer.set_transparency(TransparencyAttrib.M_alpha)
        for hole in scene.manholes:
            mesh = Mesh()
            mesh.polygon(
                [(x, y, 0.0) for x, y in corners(hole.at_m, 0.3, 0.9, 0.9)],
                (1, 1, 1),
                uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
                normal=_UP,
            )
            layer.attach_new_node(mesh.node("manhole"))

    def _shadows(self, scene: Scene) -> None:
        """Where buildings, trees and cars keep the sun from the ground."""
        cast: list[BaseGeometry] = [
            swept(shapely.Polygon(b.outline_m), shadow_offset(b.height_m)) for b in scene.buildings
        ]
        cast += [shapely.Point(t.at_m).buffer(t.crown_m, quad_segs=3) for t in map(_fallen, scene.trees)]
        cast += [
            swept(oriented_box(c.at_m, c.heading_rad, c.length_m, c.width_m), shadow_offset(0.8 * c.height_m))
            for c in scene.cars
        ]
        cast += [
            swept(shapely.Point(lamp.at_m).buffer(0.07, quad_segs=1), shadow_offset(lamp.height_m))
            for lamp in scene.lamps
        ]
        west, south, east, north = scene.bounds_m
        bodies = shapely.union_all([shapely.Polygon(b.outline_m).buffer(-0.05) for b in scene.buildings])
        dark = shapely.union_all(cast).difference(bodies)
        dark = dark.intersection(shapely.box(west - 10, south - 10, east + 10, north + 10))
        self._flat(dark.simplify(0.05), (0.05, 0.07, 0.12), alpha=_SHADOW)

    def _next_layer(self, name: str) -> Any:
        self._layer += 1
        layer = self._root.attach_new_node(f"{self._layer:03d}-{name}")
        layer.set_bin("background", 10 + self._layer)
        layer.set_depth_write(False)
        layer.set_depth_test(False)
        return layer

    def _texture(self, kind: str) -> tuple[Any, float]:
        if kind not in self._textures:
            painter, size_m = PAVING.get(kind, PAVING["beyond"])
            self._textures[kind] = (texture(f"paving {kind}", painter(kind), smooth=False), size_m)
        return self._textures[kind]


_WAYS = {"road", "plaza", "walkway", "fire_lane", "parking"}


def _fallen(tree: Tree) -> Tree:
    """The tree where the shadow of its crown lies."""
    dx, dy = shadow_offset(tree.height_m - tree.crown_m)
    return replace(tree, at_m=(tree.at_m[0] + dx, tree.at_m[1] + dy))


def _manhole() -> Picture:
    """A cast-iron cover seen from above, round, on nothing."""
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    radius = np.hypot(x, y)
    picture = plain(128, 128, (0.34, 0.33, 0.32))
    ribs = ((np.floor((x + y) * 8) + np.floor((x - y) * 8)) % 2 == 0) & (radius < 0.78)
    picture[ribs] = (0.43, 0.42, 0.40)
    picture[(radius > 0.84) & (radius < 0.92)] = (0.22, 0.22, 0.22)
    picture[radius >= 0.92] = (0.55, 0.54, 0.52)
    alpha = (radius < 1.0).astype(np.float32)[..., None]
    return np.concatenate([picture, alpha], axis=2)
