"""Smoke out of a window: a glow behind the glass, soot above it, puffs that rise, grow and thin out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from panda3d.core import TransparencyAttrib

from maps.scene.model import Scene, SceneBuilding
from sim.scenery.houses import Wall, walls_of
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, chance, noise, texture
from sim.view import SmokeSource

_PUFFS = 28
_RISE_M = 15.0
_LIFE_S = 9.0
_WIND = (0.9, -0.35)  # metres of drift in a puff's life, for each metre it rises above 4 m


class Smoke:
    """Every flat that may burn, below a node; built when it first does."""

    def __init__(self, root: Any, scene: Scene, sources: tuple[SmokeSource, ...]) -> None:
        self.root = root.attach_new_node("smoke")
        self._buildings = {b.building_id: b for b in scene.buildings}
        self._sources = {s.device_id: s for s in sources}
        self._plumes: dict[str, list[_Plume]] = {}
        self._puff: Any = None
        self._glow: Any = None

    def show(self, strengths: Mapping[str, float], elapsed_s: float) -> None:
        """Smoke as strong as given (0..1) for each device; none where a device is not named."""
        for device_id in strengths:
            if device_id not in self._plumes and device_id in self._sources:
                self._plumes[device_id] = self._build(self._sources[device_id])
        for device_id, plumes in self._plumes.items():
            for plume in plumes:
                plume.show(strengths.get(device_id, 0.0), elapsed_s)

    def _build(self, source: SmokeSource) -> list[_Plume]:
        building = self._buildings.get(source.building_id)
        if building is None:
            return []
        if self._puff is None:
            self._puff = texture("puff", _puff(), repeat=False, mipmap=False)
            self._glow = texture("glow", _glow(), repeat=False, mipmap=False)
        return [
            _Plume(self.root, wall, source, self._puff, self._glow, seed=i)
            for i, wall in enumerate(_outlets(building, source.at_m))
        ]


def _outlets(building: SceneBuilding, at: tuple[float, float]) -> list[Wall]:
    """The walls it comes out of: a tower's flats run through from north to south, low houses along their long sides."""
    walls = [wall for wall in walls_of(building) if wall.length_m > 2.0]
    if building.kind != "tower":
        longest_m = max(wall.length_m for wall in walls)
        return [wall for wall in walls if wall.length_m > 0.95 * longest_m]
    sides = [[w for w in walls if w.normal[1] > 0.6], [w for w in walls if w.normal[1] < -0.6]]
    return [min(side, key=lambda w: w.away_m(at)) for side in sides if side]


class _Plume:
    def __init__(self, root: Any, wall: Wall, source: SmokeSource, puff: Any, glow: Any, *, seed: int) -> None:
        self._node = root.attach_new_node(source.device_id)
        self._node.set_transparency(TransparencyAttrib.M_alpha)
        self._node.set_depth_write(False)
        self._wall, self._height_m = wall, source.height_m
        foot = wall.foot(source.at_m)
        inset = min(1.2, wall.length_m / 2)
        t = (foot[0] - wall.start[0]) * wall.along[0] + (foot[1] - wall.start[1]) * wall.along[1]
        self._foot = wall.at(min(max(t, inset), wall.length_m - inset) / wall.length_m)
        self._fire = self._on_wall(2.2, -0.9, 0.9, glow, 0.10)
        self._soot = self._on_wall(3.0, 0.2, 5.0, puff, 0.08)
        self._soot.set_color_scale(0.06, 0.05, 0.05, 0.0)
        self._puffs = []
        rng = np.random.default_rng(seed)
        for i in range(_PUFFS):
            mesh = Mesh(baked=False)
            mesh.polygon(
                [(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)], (1, 1, 1), uv=[(0, 0), (1, 0), (1, 1), (0, 1)]
            )
            node = self._node.attach_new_node(mesh.node("puff"))
            node.set_texture(puff)
            node.set_billboard_point_eye()
            self._puffs.append((node, i / _PUFFS, float(rng.uniform(-0.5, 0.5)), float(rng.uniform(0.75, 1.25))))

    def _on_wall(self, width_m: float, low_m: float, high_m: float, tex: Any, out_m: float) -> Any:
        wall, mesh = self._wall, Mesh(baked=False)
        x, y = self._foot[0] + wall.normal[0] * out_m, self._foot[1] + wall.normal[1] * out_m
        dx, dy = wall.along[0] * width_m / 2, wall.along[1] * width_m / 2
        low, high = self._height_m + low_m, self._height_m + high_m
        mesh.polygon(
            [(x - dx, y - dy, low), (x + dx, y + dy, low), (x + dx, y + dy, high), (x - dx, y - dy, high)],
            (1, 1, 1),
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
        )
        node = self._node.attach_new_node(mesh.node("on wall"))
        node.set_texture(tex)
        return node

    def show(self, strength: float, elapsed_s: float) -> None:
        if strength <= 0.0:
            self._node.hide()
            return
        self._node.show()
        flicker = 0.85 + 0.15 * math.sin(11.0 * elapsed_s) * math.sin(7.3 * elapsed_s + 1.0)
        self._fire.set_color_scale(1, 1, 1, strength * flicker)
        self._soot.set_color_scale(0.06, 0.05, 0.05, 0.8 * strength)
        normal = self._wall.normal
        for node, shift, aside, size in self._puffs:
            life = (elapsed_s / _LIFE_S + shift) % 1.0
            up_m = _RISE_M * life**1.15
            drift_m = max(0.0, up_m - 4.0) * 0.28
            out_m = 0.4 + 2.4 * life
            spread_m = aside * (0.4 + 2.2 * life)
            along = self._wall.along
            node.set_pos(
                self._foot[0] + normal[0] * out_m + along[0] * spread_m + _WIND[0] * drift_m,
                self._foot[1] + normal[1] * out_m + along[1] * spread_m + _WIND[1] * drift_m,
                self._height_m + 0.3 + up_m,
            )
            node.set_scale((0.7 + 2.9 * life) * size)
            shade = 0.20 + 0.42 * life
            fade = min(1.0, 6.0 * life) * (1.0 - life) ** 0.7
            node.set_color_scale(shade, shade, shade * 1.03, 0.85 * strength * fade)


def _puff() -> Picture:
    """A soft ball of smoke in white; its colour comes with the puff."""
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    radius = np.hypot(x, y) + 0.10 * noise(64, 64, roughness=0.8, rng=chance("puff"))
    alpha = np.clip(1.15 * (1.0 - radius), 0, 1) ** 0.9
    rim = np.clip(1.0 - np.hypot(x, y), 0, 1)
    shade = np.clip(0.85 + 0.10 * noise(64, 64, roughness=1.0, rng=chance("puff shade")), 0, 1)
    alpha = np.where(rim <= 0.02, 0.0, alpha)
    return np.stack([shade, shade, shade, alpha], axis=2).astype(np.float32)


def _glow() -> Picture:
    """Fire behind a window: bright below, orange above."""
    y, x = np.mgrid[0:1:64j, -1:1:64j]
    flames = noise(64, 64, roughness=1.0, rng=chance("flames"))
    heat = np.clip(0.35 + 0.75 * y - 0.35 * np.abs(x) + 0.14 * flames, 0, 1)
    red = np.clip(0.55 + 0.6 * heat, 0, 1)
    green = np.clip(1.15 * heat - 0.12, 0, 0.92)
    blue = np.clip(0.9 * heat - 0.45, 0, 0.6)
    alpha = np.clip(4.0 * heat - 0.6, 0, 1) * (np.abs(x) < 0.96)
    return np.stack([red, green, blue, alpha], axis=2).astype(np.float32)
