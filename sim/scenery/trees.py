"""Trees as painted boards that turn to the camera: a few painted crowns, tinted and sized for each tree."""

from __future__ import annotations

from typing import Any

import numpy as np
from panda3d.core import NodePath, TransparencyAttrib

from maps.scene.things import Tree
from sim.scenery.light import Rgb
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, chance, texture

_ROUND = 4  # paintings of round crowns
_CONE = 2
_SIDE = 256
_PAINTED: Rgb = (0.34, 0.47, 0.22)  # mean colour of the paintings; a tree's own colour is relative to it


def add_trees(root: Any, trees: tuple[Tree, ...]) -> None:
    """Every tree below a node."""
    crowns = [texture(f"crown {i}", _crown(i, cone=False), repeat=False) for i in range(_ROUND)]
    cones = [texture(f"cone {i}", _crown(i, cone=True), repeat=False) for i in range(_CONE)]
    for i, tree in enumerate(trees):
        mesh = Mesh(baked=False)
        half = tree.crown_m * 1.18
        tint = tuple(min(1.0, 0.50 + 0.48 * own / painted) for own, painted in zip(tree.rgb, _PAINTED, strict=True))
        mesh.polygon(
            [(-half, 0, 0), (half, 0, 0), (half, 0, tree.height_m), (-half, 0, tree.height_m)],
            (tint[0], tint[1], tint[2]),
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
        )
        board = NodePath(mesh.node("tree"))
        board.set_pos(tree.at_m[0], tree.at_m[1], 0)
        board.set_billboard_axis()
        board.set_texture(cones[i % _CONE] if tree.kind == "cone" else crowns[i % _ROUND])
        board.set_transparency(TransparencyAttrib.M_binary)
        board.reparent_to(root)


def _crown(number: int, *, cone: bool) -> Picture:
    """A crown of many tufts lit from the upper left, on a trunk; what is not tree is transparent."""
    rng = chance(f"crown {number} {cone}")
    picture = np.zeros((_SIDE, _SIDE, 4), dtype=np.float32)
    picture[..., :3] = (0.16, 0.27, 0.10)  # so that edges of the alpha mask blend into leaves, not into black
    y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32)
    trunk = np.abs(x - _SIDE / 2 + 3 * np.sin(y / 23)) < 6 + (y - 150) / 30
    wood = trunk & (y > 150)
    picture[wood] = (0.33, 0.26, 0.20, 1.0)
    picture[wood & (x > _SIDE / 2)] = (0.25, 0.20, 0.16, 1.0)
    tufts = []
    for _ in range(900):
        if cone:
            high = float(rng.uniform(0, 1)) ** 0.7
            reach = 0.42 * high + 0.02
            cx, cy = 0.5 + float(rng.uniform(-reach, reach)), 0.03 + 0.80 * high
            size = float(rng.uniform(4, 9))
        else:
            angle, radius = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0, 1)) ** 0.45
            lobe = 1.0 + 0.10 * np.sin(5 * angle + number)
            cx = 0.5 + 0.42 * lobe * radius * np.cos(angle)
            cy = 0.37 + 0.33 * lobe * radius * np.sin(angle)
            size = float(rng.uniform(5, 12))
        lean = 0.5 - (cx - 0.5) * 0.55 - (cy - 0.37) * 0.95 + float(rng.normal(0, 0.16))
        tufts.append((float(rng.uniform()) + 0.8 * lean, cx * _SIDE, cy * _SIDE, size, lean))
    for _, cx, cy, size, lean in sorted(tufts):
        shade = 0.62 + 0.78 * min(1.0, max(0.0, lean))
        top, left = max(0, int(cy - size)), max(0, int(cx - size))
        patch = picture[top : int(cy + size) + 2, left : int(cx + size) + 2]
        dy, dx = np.mgrid[top : top + patch.shape[0], left : left + patch.shape[1]].astype(np.float32)
        dy, dx = dy - cy, dx - cx
        near = np.hypot(dx, 1.2 * dy) < size * (0.75 + 0.25 * np.sin(5 * np.arctan2(dy, dx) + cx))
        warm = np.array((0.045, 0.035, 0.0), np.float32) * max(0.0, lean - 0.5)
        patch[near, :3] = np.array(_PAINTED, np.float32) * shade + warm
        patch[near, 3] = 1.0
    grain = rng.normal(1.0, 0.07, (_SIDE, _SIDE, 1)).astype(np.float32)
    picture[..., :3] *= grain
    return np.clip(picture, 0, 1)
