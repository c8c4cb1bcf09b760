"""The sky around the camera: blue above, haze at the horizon, a few clouds, the city's far outline."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from sim.scenery.light import HAZE, SUN_AZIMUTH_RAD
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, chance, noise, texture

_RADIUS_M = 100.0  # any: it is drawn first, without depth
_LOW_RAD, _HIGH_RAD = math.radians(-6.0), math.radians(75.0)


def add_sky(root: Any) -> Any:
    """The sky's node; move it with the camera, never turn it."""
    mesh = Mesh(baked=False)
    sides, rings = 24, 8
    rows: list[list[int]] = []
    for i in range(rings + 1):
        up = _LOW_RAD + (_HIGH_RAD - _LOW_RAD) * i / rings
        row = []
        for j in range(sides + 1):
            around = 2 * math.pi * j / sides
            point = (
                _RADIUS_M * math.cos(up) * math.cos(around),
                _RADIUS_M * math.cos(up) * math.sin(around),
                _RADIUS_M * math.sin(up),
            )
            row.append(mesh.vertex(point, (0, 0, 1), (1, 1, 1), uv=(j / sides, i / rings)))
        rows.append(row)
    for low, high in itertools.pairwise(rows):
        for j in range(sides):
            mesh.triangle(low[j], high[j + 1], low[j + 1])
            mesh.triangle(low[j], high[j], high[j + 1])
    node = root.attach_new_node(mesh.node("sky"))
    node.set_texture(texture("sky", _painted()))
    node.set_bin("background", 0)
    node.set_depth_write(False)
    node.set_depth_test(False)
    return node


def _painted() -> Picture:
    rows, columns = 256, 1024
    rng = chance("sky")
    up = np.linspace(_HIGH_RAD, _LOW_RAD, rows, dtype=np.float32)[:, None]
    height = np.clip(np.sin(up) / 0.85, 0.0, 1.0) ** 0.62
    haze, blue = np.array(HAZE, np.float32), np.array((0.33, 0.55, 0.84), np.float32)
    picture = haze + (blue - haze) * height[..., None]
    picture = np.broadcast_to(picture, (rows, columns, 3)).astype(np.float32)
    around = np.linspace(0, 2 * math.pi, columns, dtype=np.float32)[None, :]
    glow = np.exp(-((np.cos(around - SUN_AZIMUTH_RAD) - 1) ** 2) * 3) * np.clip(0.5 - height, 0, 1)
    picture += glow[..., None] * np.array((0.14, 0.10, 0.03), np.float32)
    clouds = (
        noise(rows * 2, columns, roughness=0.35, rng=rng)[::2]
        + 0.45 * noise(rows * 2, columns, roughness=1.3, rng=rng)[::2]
    )
    cover = np.clip((clouds - 0.75) * 0.75, 0, 0.85) * np.clip((up - math.radians(7)) / math.radians(14), 0, 1)
    shade = 0.93 + 0.05 * np.clip(np.roll(clouds, 6, axis=0) - clouds, -1, 1)
    picture += (np.stack([shade, shade, shade * 1.01], axis=2) - picture) * cover[..., None]
    painted = np.clip(picture, 0, 1).astype(np.float32)
    _skyline(painted, rng)
    return painted


def _skyline(picture: Picture, rng: np.random.Generator) -> None:
    """Blocks of the city beyond, pale with distance."""
    rows, columns = picture.shape[:2]
    horizon = round(rows * _HIGH_RAD / (_HIGH_RAD - _LOW_RAD))
    for tint, tallest in ((0.10, 12), (0.20, 7)):
        x = 0
        while x < columns:
            width = int(rng.integers(5, 20))
            height = int(rng.integers(2, tallest))
            colour = np.array(HAZE, np.float32) * (1 - tint) + np.array((0.45, 0.52, 0.60), np.float32) * tint
            if rng.random() < 0.8:
                picture[horizon - height : horizon + 2, x : x + width] = colour
            x += width + int(rng.integers(0, 8))
    picture[horizon + 2 :] = np.array((0.62, 0.66, 0.60), np.float32)
