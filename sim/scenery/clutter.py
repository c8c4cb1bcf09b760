"""Clutter on the stage: what lies about, built when it is first in a view and taken away when it no longer is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.clutter import Thing, ThingKind
from sim.scenery.light import Rgb
from sim.scenery.mesh import Mesh
from sim.scenery.paint import Picture, texture
from sim.scenery.posters import poster_picture

_PLASTIC: tuple[Rgb, ...] = ((0.10, 0.10, 0.11), (0.16, 0.22, 0.42), (0.75, 0.76, 0.76), (0.12, 0.32, 0.20))
_CLOTH: tuple[Rgb, ...] = (
    (0.16, 0.34, 0.60), (0.62, 0.16, 0.14), (0.20, 0.42, 0.26), (0.70, 0.66, 0.56), (0.86, 0.52, 0.18),
    (0.30, 0.30, 0.34),
)  # fmt: skip
_FUR: tuple[Rgb, ...] = ((0.55, 0.40, 0.24), (0.16, 0.13, 0.11), (0.82, 0.76, 0.66))
_CARDBOARD: Rgb = (0.64, 0.49, 0.33)
_WOOD: Rgb = (0.45, 0.33, 0.22)
_STEEL: Rgb = (0.30, 0.31, 0.33)


class Clutter:
    """Call `place` for each picture."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._nodes: dict[Thing, Any] = {}
        self._posters: dict[int, Any] = {}

    def place(self, things: Sequence[Thing]) -> None:
        """Show these and nothing else."""
        for gone in self._nodes.keys() - set(things):
            self._nodes.pop(gone).remove_node()
        for one in things:
            if one not in self._nodes:
                self._nodes[one] = self._built(one)

    def _built(self, one: Thing) -> Any:
        mesh = Mesh()
        mesh.stand((one.position_m.x_m, one.position_m.y_m), one.heading_rad)
        pick = random.Random(one.look)  # noqa: S311 - colours of bags
        node = self._root.attach_new_node(one.kind.value)
        if one.kind is ThingKind.POSTER:
            self._poster(node, mesh, one)
        else:
            _BUILT[one.kind](mesh, pick)
        node.attach_new_node(mesh.node(one.kind.value))
        return node

    def _poster(self, node: Any, stand: Mesh, one: Thing) -> None:
        """A board on two feet with a painted person, as advertisements and safety posters show them."""
        for y in (-0.42, 0.42):
            stand.box((0, y, 0.10), (0.45, 0.06, 0.20), _STEEL)
        stand.box((-0.03, 0, 1.05), (0.05, 1.04, 1.74), (0.86, 0.87, 0.88))
        number = one.look % 8
        if number not in self._posters:
            picture: Picture = poster_picture(number)
            self._posters[number] = texture(f"poster {number}", picture, repeat=False)
        face = Mesh()
        face.stand((one.position_m.x_m, one.position_m.y_m), one.heading_rad)
        face.polygon(
            [(0.005, -0.48, 0.22), (0.005, 0.48, 0.22), (0.005, 0.48, 1.88), (0.005, -0.48, 1.88)],
            (1, 1, 1),
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
        )
        board = node.attach_new_node(face.node("face"))
        board.set_texture(self._posters[number])


def _bench(mesh: Mesh, pick: random.Random) -> None:
    wood = (0.50 + pick.uniform(-0.1, 0.1), 0.37, 0.24)
    for x in (-0.17, 0.0, 0.17):
        mesh.box((x, 0, 0.43), (0.13, 1.6, 0.04), wood)
    for z in (0.62, 0.78):
        mesh.box((-0.27, 0, z), (0.04, 1.6, 0.11), wood)
    for y in (-0.65, 0.65):
        mesh.box((-0.02, y, 0.20), (0.42, 0.07, 0.41), _STEEL)
        mesh.box((-0.27, y, 0.60), (0.05, 0.06, 0.5), _STEEL)


def _garbage_bags(mesh: Mesh, pick: random.Random) -> None:
    for _ in range(pick.randint(2, 5)):
        rgb, size = pick.choice(_PLASTIC), pick.uniform(0.20, 0.34)
        x, y = pick.uniform(-0.5, 0.5), pick.uniform(-0.6, 0.6)
        mesh.ball((x, y, 0.85 * size), (size, 0.9 * size, 0.9 * size), rgb, rings=6, sides=9)
        mesh.ball((x, y, 1.75 * size), (0.25 * size, 0.22 * size, 0.35 * size), rgb, rings=4, sides=6)


def _boxes(mesh: Mesh, pick: random.Random) -> None:
    for i in range(pick.randint(1, 4)):
        size = (pick.uniform(0.3, 0.7), pick.uniform(0.3, 0.6), pick.uniform(0.2, 0.5))
        x, y = (0.0, 0.0) if i == 0 else (pick.uniform(-0.6, 0.6), pick.uniform(-0.7, 0.7))
        shade = pick.uniform(0.85, 1.1)
        rgb = (_CARDBOARD[0] * shade, _CARDBOARD[1] * shade, _CARDBOARD[2] * shade)
        mesh.box((x, y, size[2] / 2), size, rgb, heading_rad=pick.uniform(0, 1.5))


def _tarpaulin(mesh: Mesh, pick: random.Random) -> None:
    """A sheet over something as long as a person."""
    rgb, long = pick.choice(_CLOTH), pick.uniform(0.6, 1.0)
    for x, high in ((-0.55, 0.20), (0.0, 0.30), (0.55, 0.22)):
        mesh.ball((x * long, pick.uniform(-0.05, 0.05), 0.03), (0.55 * long, 0.42, high), rgb, rings=6, sides=10)
    mesh.box((0, 0, 0.012), (2.1 * long, 1.1, 0.024), rgb)


def _carpet(mesh: Mesh, pick: random.Random) -> None:
    """A roll of carpet: long, round, of a person's size."""
    rgb, radius, half = pick.choice(_CLOTH), pick.uniform(0.12, 0.19), pick.uniform(0.7, 1.0)
    sides = 10
    ring = [2 * math.pi * i / sides for i in range(sides)]
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        low = [(0.0, radius * math.cos(t), radius + radius * math.sin(t)) for t in (a, b)]
        corners = [(-half, *low[0][1:]), (-half, *low[1][1:]), (half, *low[1][1:]), (half, *low[0][1:])]
        mesh.polygon(corners, rgb)
    for end in (-1.0, 1.0):
        mesh.disc((end * half, 0, radius), radius, (0.72, 0.68, 0.60), normal=(end, 0, 0), sides=sides)


def _scooter(mesh: Mesh, pick: random.Random) -> None:
    """An electric scooter that fell over: two wheels, a body and a handlebar on the ground."""
    rgb = pick.choice(_CLOTH)
    for x in (-0.55, 0.58):
        mesh.ball((x, 0.18, 0.07), (0.24, 0.24, 0.06), (0.10, 0.10, 0.10), rings=4, sides=12)
        mesh.ball((x, 0.18, 0.10), (0.12, 0.12, 0.05), (0.60, 0.60, 0.62), rings=4, sides=8)
    mesh.ball((-0.25, -0.02, 0.15), (0.45, 0.22, 0.15), rgb, rings=6, sides=9)
    mesh.ball((-0.35, -0.28, 0.14), (0.34, 0.11, 0.12), (0.12, 0.12, 0.12), rings=5, sides=8)
    mesh.box((0.20, 0.05, 0.08), (0.5, 0.26, 0.06), _STEEL)
    mesh.box((0.50, -0.20, 0.14), (0.10, 0.75, 0.08), rgb, heading_rad=0.25)
    mesh.box((0.58, -0.56, 0.24), (0.06, 0.06, 0.48), _STEEL)


def _dog(mesh: Mesh, pick: random.Random) -> None:
    """Asleep on its side."""
    fur = pick.choice(_FUR)
    mesh.ball((0, 0, 0.14), (0.36, 0.17, 0.14), fur, rings=6, sides=9)
    mesh.ball((0.42, -0.06, 0.10), (0.15, 0.10, 0.09), fur, rings=5, sides=8)
    mesh.ball((0.55, -0.10, 0.07), (0.09, 0.05, 0.05), fur, rings=4, sides=6)
    for x in (0.26, 0.16, -0.20, -0.30):
        mesh.ball((x, -0.27, 0.05), (0.045, 0.20, 0.04), fur, rings=4, sides=6)
    mesh.ball((-0.46, -0.10, 0.05), (0.18, 0.03, 0.03), fur, rings=4, sides=6)


def _clothes(mesh: Mesh, pick: random.Random) -> None:
    """A heap of laundry, or clothes that slid off a line."""
    for _ in range(pick.randint(3, 6)):
        size = (pick.uniform(0.15, 0.45), pick.uniform(0.10, 0.28), pick.uniform(0.05, 0.14))
        x, y = pick.uniform(-0.5, 0.5), pick.uniform(-0.3, 0.3)
        mesh.ball((x, y, 0.7 * size[2]), size, pick.choice(_CLOTH), rings=5, sides=8)


def _log(mesh: Mesh, pick: random.Random) -> None:
    half = pick.uniform(0.6, 1.1)
    mesh.ball((0, 0, 0.13), (half, 0.13, 0.13), _WOOD, rings=6, sides=8)
    for _ in range(3):
        x, side = pick.uniform(-0.7, 0.7) * half, pick.choice((-1, 1))
        mesh.ball((x, side * 0.25, 0.10), (0.06, 0.26, 0.05), (0.36, 0.27, 0.18), rings=4, sides=6)


_BUILT: Mapping[ThingKind, Callable[[Mesh, random.Random], None]] = {
    ThingKind.BENCH: _bench,
    ThingKind.GARBAGE_BAGS: _garbage_bags,
    ThingKind.BOXES: _boxes,
    ThingKind.TARPAULIN: _tarpaulin,
    ThingKind.CARPET: _carpet,
    ThingKind.SCOOTER: _scooter,
    ThingKind.DOG: _dog,
    ThingKind.CLOTHES: _clothes,
    ThingKind.LOG: _log,
}
