"""Street furniture: cars, lamps, bins, docks, gates and the fence."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from panda3d.core import TransparencyAttrib

from maps.scene.model import Scene, SceneDock
from maps.scene.things import BinPoint, Car, Gate, Lamp
from sim.scenery.light import Rgb
from sim.scenery.mesh import XYZ, Mesh
from sim.scenery.paint import Picture, texture

_FENCE_M = 2.0
_BLACK: Rgb = (0.13, 0.13, 0.14)
_GLASS: Rgb = (0.20, 0.26, 0.32)
_STEEL: Rgb = (0.62, 0.64, 0.66)


def add_things(root: Any, scene: Scene) -> None:
    """All of them, below a node."""
    for car in scene.cars:
        mesh = Mesh()
        _car(mesh, car)
        root.attach_new_node(mesh.node("car"))
    for point in scene.bin_points:
        mesh = Mesh()
        _bin_point(mesh, point)
        root.attach_new_node(mesh.node(point.spot_id))
    for lamp in scene.lamps:
        mesh = Mesh()
        _lamp(mesh, lamp)
        root.attach_new_node(mesh.node("lamp"))
    for dock in scene.docks:
        mesh = Mesh()
        _dock(mesh, dock)
        root.attach_new_node(mesh.node(dock.dock_id))
    for gate in scene.gates:
        mesh = Mesh()
        _gate(mesh, gate)
        root.attach_new_node(mesh.node(gate.spot_id))
    _fence(root.attach_new_node("fence"), scene)


# Side view of a saloon: (share of the length from the middle, share of the height), from the boot to the bonnet.
_PROFILE = (
    (-0.50, 0.36), (-0.49, 0.64), (-0.37, 0.68), (-0.25, 0.97), (0.06, 1.0), (0.22, 0.68), (0.46, 0.57), (0.50, 0.38),
)  # fmt: skip
_GLAZED = {2, 4}  # strips of the profile that are rear and front window
_SILL = 0.17


def _car(mesh: Mesh, car: Car) -> None:
    mesh.stand(car.at_m, car.heading_rad)
    length, width, height, paint = car.length_m, car.width_m, car.height_m, car.rgb

    def edge(i: int, side: int) -> XYZ:
        x, z = _PROFILE[i]
        tuck = 0.80 if z > 0.9 else 0.98
        return (x * length, side * width / 2 * tuck, z * height)

    for i in range(len(_PROFILE) - 1):
        rgb = _GLASS if i in _GLAZED else paint
        mesh.polygon([edge(i + 1, 1), edge(i, 1), edge(i, -1), edge(i + 1, -1)], rgb)
    low = _SILL * height
    for side in (-1, 1):
        hull = [(-0.49 * length, side * width / 2, low), (0.49 * length, side * width / 2, low)]
        hull += [edge(i, side) for i in (7, 6, 5, 2, 1, 0)]
        cabin = [edge(2, side), edge(5, side), edge(4, side), edge(3, side)]
        mesh.polygon(hull if side < 0 else hull[::-1], paint)
        mesh.polygon(cabin if side < 0 else cabin[::-1], _GLASS)
        mesh.box((-0.04 * length, side * width * 0.445, 0.82 * height), (0.07, 0.05, 0.32 * height), paint)
        for x in (-0.30, 0.31):
            wheel = (x * length, side * (width / 2 + 0.012), 0.31)
            mesh.disc(wheel, 0.36, (0.09, 0.09, 0.09), normal=(0, side, 0), sides=14)
            mesh.disc((wheel[0], wheel[1] + side * 0.01, 0.30), 0.20, (0.60, 0.61, 0.63), normal=(0, side, 0), sides=10)
    for end, rgb in ((1, (0.92, 0.92, 0.86)), (-1, (0.70, 0.10, 0.10))):
        tip = end * 0.492 * length
        mesh.polygon(_upright(tip, width * 0.46, low, 0.38 * height, end), _BLACK)
        for side in (-1, 1):
            mesh.box((tip, side * width * 0.36, 0.47 * height), (0.06, 0.34, 0.13), rgb)
        mesh.box((tip, 0, 0.40 * height), (0.05, 0.44, 0.14), (0.16, 0.34, 0.72))


def _upright(x: float, half: float, low: float, high: float, end: int) -> list[XYZ]:
    points = [(x, -half, low), (x, half, low), (x, half, high), (x, -half, high)]
    return points if end > 0 else points[::-1]


def _lamp(mesh: Mesh, lamp: Lamp) -> None:
    mesh.stand(lamp.at_m)
    grey: Rgb = (0.30, 0.32, 0.33)
    mesh.tube((0, 0, 0), 0.5, 0.10, grey, sides=8)
    mesh.tube((0, 0, 0.5), lamp.height_m - 0.8, 0.055, grey, top_m=0.045)
    mesh.tube((0, 0, lamp.height_m - 0.42), 0.36, 0.13, (0.95, 0.93, 0.86), sides=8, top_m=0.20)
    mesh.tube((0, 0, lamp.height_m - 0.06), 0.12, 0.26, grey, sides=8, top_m=0.05)


def _bin_point(mesh: Mesh, point: BinPoint) -> None:
    """Four bins before a low wall with a roof."""
    mesh.stand(point.at_m, point.heading_rad)
    for y in (-1.75, 1.75):
        mesh.box((-0.55, y, 1.1), (0.09, 0.09, 2.2), _STEEL)
    mesh.box((-0.58, 0, 0.85), (0.06, 3.5, 1.5), (0.86, 0.88, 0.86))
    mesh.box((-0.54, 0, 1.46), (0.05, 3.5, 0.24), (0.16, 0.48, 0.34))
    mesh.box((-0.15, 0, 2.2), (1.3, 3.9, 0.08), (0.30, 0.44, 0.40), under=True)
    for one in point.bins:
        mesh.stand(one.at_m, point.heading_rad)
        dark = (one.rgb[0] * 0.7, one.rgb[1] * 0.7, one.rgb[2] * 0.7)
        for y in (-0.22, 0.22):
            mesh.disc((-0.24, y, 0.10), 0.10, _BLACK, normal=(0, math.copysign(1, y), 0), sides=8)
        _tub(mesh, one.rgb)
        mesh.box((0.0, 0, 1.05), (0.74, 0.64, 0.07), dark)
        mesh.box((-0.36, 0, 1.02), (0.06, 0.5, 0.05), dark)
        mesh.box((0.325, 0, 0.62), (0.03, 0.26, 0.26), (0.95, 0.95, 0.93))
        mesh.box((0.332, 0, 0.62), (0.03, 0.14, 0.14), one.rgb)


def _tub(mesh: Mesh, rgb: Rgb) -> None:
    """Wider on top than at its foot."""
    low = [(-0.24, -0.24), (0.24, -0.24), (0.24, 0.24), (-0.24, 0.24)]
    high = [(-0.34, -0.30), (0.34, -0.30), (0.34, 0.30), (-0.34, 0.30)]
    for i in range(4):
        a, b, c, d = low[i], low[(i + 1) % 4], high[(i + 1) % 4], high[i]
        mesh.polygon([(*a, 0.08), (*b, 0.08), (*c, 1.02), (*d, 1.02)], rgb, occlusion=(0.7, 0.7, 1.0, 1.0))


def _dock(mesh: Mesh, dock: SceneDock) -> None:
    """A post in front of where the robot stands, with a green light."""
    mesh.stand(dock.at_m, dock.heading_rad)
    mesh.box((0.62, 0, 0.06), (0.40, 0.60, 0.12), (0.35, 0.36, 0.37))
    mesh.box((0.72, 0, 0.62), (0.22, 0.46, 1.12), (0.93, 0.94, 0.94))
    mesh.box((0.60, 0, 0.95), (0.04, 0.30, 0.10), (0.25, 0.95, 0.55))
    mesh.box((0.60, 0, 0.32), (0.05, 0.24, 0.14), (0.75, 0.60, 0.25))
    mesh.box((0.74, 0, 1.22), (0.40, 0.60, 0.08), (0.16, 0.48, 0.42))


def _gate(mesh: Mesh, gate: Gate) -> None:
    """Two pillars with lamps and a striped barrier between them."""
    mesh.stand(gate.at_m, gate.heading_rad)
    for x in (-gate.width_m / 2, gate.width_m / 2):
        mesh.box((x, 0, 1.5), (0.8, 0.8, 3.0), (0.62, 0.50, 0.42))
        mesh.box((x, 0, 3.06), (1.0, 1.0, 0.14), (0.85, 0.82, 0.76))
        mesh.ball((x, 0, 3.35), (0.22, 0.22, 0.22), (0.96, 0.94, 0.86))
    mesh.box((-gate.width_m / 2 + 1.1, -0.6, 0.55), (0.35, 0.35, 1.1), (0.90, 0.55, 0.10))
    steps = 10
    for i in range(steps):
        rgb = (0.92, 0.92, 0.92) if i % 2 else (0.80, 0.12, 0.10)
        mesh.box((-gate.width_m / 2 + 1.3 + (i + 0.5) * 0.4, -0.6, 0.98), (0.4, 0.06, 0.10), rgb)


def _fence(root: Any, scene: Scene) -> None:
    """Bars on a low wall along the boundary."""
    root.set_two_sided(True)
    bars = texture("fence", _bars())
    for line in scene.fence:
        for a, b in itertools.pairwise(line):
            size_m = math.dist(a, b)
            steps = max(1, round(size_m / 24.0))
            for i in range(steps):
                p = (a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps)
                q = (a[0] + (b[0] - a[0]) * (i + 1) / steps, a[1] + (b[1] - a[1]) * (i + 1) / steps)
                wall, grid = Mesh(), Mesh()
                wall.polygon([(*p, 0.0), (*q, 0.0), (*q, 0.4), (*p, 0.4)], (0.60, 0.52, 0.46))
                u = size_m / steps / 1.2
                grid.polygon(
                    [(*p, 0.4), (*q, 0.4), (*q, _FENCE_M), (*p, _FENCE_M)],
                    (1, 1, 1),
                    uv=[(0, 0), (u, 0), (u, 1), (0, 1)],
                )
                root.attach_new_node(wall.node("wall"))
                node = root.attach_new_node(grid.node("bars"))
                node.set_texture(bars)
                node.set_transparency(TransparencyAttrib.M_binary)


def _bars() -> Picture:
    picture = np.zeros((128, 64, 4), dtype=np.float32)
    picture[..., :3] = (0.22, 0.24, 0.25)
    for x in range(0, 64, 16):
        picture[:, x : x + 4, 3] = 1.0
    picture[4:10, :, 3] = picture[116:122, :, 3] = 1.0
    return picture
