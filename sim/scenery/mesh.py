"""Collects triangles and hands them to Panda3D in one piece; knows boxes, prisms, tubes and spheres."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from panda3d.core import Geom, GeomNode, GeomTriangles, GeomVertexData, GeomVertexFormat

from sim.scenery.light import Rgb, Vector, lit

XYZ = tuple[float, float, float]
UV = tuple[float, float]

VERTEX = np.dtype([("v", "3f4"), ("n", "3f4"), ("c", "4u1"), ("t", "2f4")])


class Mesh:
    """Triangles with position (metres), normal, colour and texture coordinate.

    `baked`: colours are lit as they are added, so that the mesh needs no light; for what never turns.
    """

    def __init__(self, *, baked: bool = True) -> None:
        self._baked = baked
        self._vertices: list[tuple[XYZ, Vector, tuple[int, int, int, int], UV]] = []
        self._triangles: list[int] = []
        self._origin: XYZ = (0.0, 0.0, 0.0)
        self._turn = (1.0, 0.0)  # cosine and sine

    def stand(self, at: tuple[float, float], heading_rad: float = 0.0, *, up_m: float = 0.0) -> None:
        """From now on coordinates are those of a thing that stands here, its x axis along `heading_rad`."""
        self._origin = (at[0], at[1], up_m)
        self._turn = (math.cos(heading_rad), math.sin(heading_rad))

    def __len__(self) -> int:
        return len(self._triangles) // 3

    def polygon(
        self,
        points: Sequence[XYZ],
        rgb: Rgb,
        *,
        uv: Sequence[UV] | None = None,
        alpha: float = 1.0,
        occlusion: float | Sequence[float] = 1.0,
        normal: Vector | None = None,
    ) -> None:
        """A flat convex polygon, counter-clockwise from its front."""
        facing = self._turned(normal or _normal(points))
        base = len(self._vertices)
        for i, point in enumerate(points):
            dim = occlusion if isinstance(occlusion, int | float) else occlusion[i]
            colour = self._colour(rgb, facing, alpha, dim)
            self._vertices.append((self._placed(point), facing, colour, uv[i] if uv else (0.0, 0.0)))
        for i in range(1, len(points) - 1):
            self._triangles += (base, base + i, base + i + 1)

    def vertex(self, point: XYZ, normal: Vector, rgb: Rgb, uv: UV = (0.0, 0.0), alpha: float = 1.0) -> int:
        """One vertex for `triangle`; its number."""
        facing = self._turned(normal)
        self._vertices.append((self._placed(point), facing, self._colour(rgb, facing, alpha, 1.0), uv))
        return len(self._vertices) - 1

    def triangle(self, a: int, b: int, c: int) -> None:
        self._triangles += (a, b, c)

    def box(
        self,
        middle: XYZ,
        size: XYZ,
        rgb: Rgb,
        *,
        heading_rad: float = 0.0,
        taper: float = 1.0,
        top: Rgb | None = None,
        under: bool = False,
    ) -> None:
        """A box whose local x points along `heading_rad`; `taper` shrinks its top; `under`: it hangs over heads."""
        cos, sin = math.cos(heading_rad), math.sin(heading_rad)

        def corner(sx: float, sy: float, sz: float) -> XYZ:
            k = taper if sz > 0 else 1.0
            x, y = sx * size[0] / 2 * k, sy * size[1] / 2 * k
            return (middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos, middle[2] + sz * size[2] / 2)

        for face in (*_BOX_FACES, _BOX_FLOOR) if under else _BOX_FACES:
            self.polygon([corner(*c) for c in face], top if top and all(c[2] > 0 for c in face) else rgb)

    def prism(self, outline: Sequence[tuple[float, float]], low_m: float, high_m: float, rgb: Rgb) -> None:
        """A convex outline (counter-clockwise) pulled up, with a lid."""
        for a, b in zip(outline, [*outline[1:], outline[0]], strict=True):
            self.polygon([(*a, low_m), (*b, low_m), (*b, high_m), (*a, high_m)], rgb)
        self.polygon([(*p, high_m) for p in outline], rgb)

    def tube(
        self, foot: XYZ, height_m: float, radius_m: float, rgb: Rgb, *, sides: int = 6, top_m: float | None = None
    ) -> None:
        """An upright tube without lids; `top_m` is its upper radius where it tapers."""
        upper_m = radius_m if top_m is None else top_m
        ring = [2 * math.pi * i / sides for i in range(sides + 1)]
        first = None
        for angle in ring:
            normal = (math.cos(angle), math.sin(angle), 0.0)
            low = self.vertex((foot[0] + radius_m * normal[0], foot[1] + radius_m * normal[1], foot[2]), normal, rgb)
            self.vertex((foot[0] + upper_m * normal[0], foot[1] + upper_m * normal[1], foot[2] + height_m), normal, rgb)
            if first is not None:
                self.triangle(low - 2, low, low + 1)
                self.triangle(low - 2, low + 1, low - 1)
            first = low

    def disc(self, middle: XYZ, radius_m: float, rgb: Rgb, *, normal: Vector, sides: int = 12) -> None:
        """A flat disc with its front along `normal` (one of the axes' planes or any other)."""
        u, w = _frame(normal)
        points = []
        for i in range(sides):
            angle = 2 * math.pi * i / sides
            c, s = radius_m * math.cos(angle), radius_m * math.sin(angle)
            points.append(
                (middle[0] + c * u[0] + s * w[0], middle[1] + c * u[1] + s * w[1], middle[2] + c * u[2] + s * w[2])
            )
        self.polygon(points, rgb, normal=normal)

    def ball(self, middle: XYZ, radii: XYZ, rgb: Rgb, *, rings: int = 6, sides: int = 8) -> None:
        """An ellipsoid with its axes along x, y, z."""
        rows: list[list[int]] = []
        for i in range(rings + 1):
            polar = math.pi * i / rings
            row: list[int] = []
            for j in range(sides + 1):
                angle = 2 * math.pi * j / sides
                unit = (math.sin(polar) * math.cos(angle), math.sin(polar) * math.sin(angle), -math.cos(polar))
                scaled = (unit[0] / radii[0], unit[1] / radii[1], unit[2] / radii[2])
                size = math.sqrt(sum(v * v for v in scaled))
                row.append(
                    self.vertex(
                        (
                            middle[0] + radii[0] * unit[0],
                            middle[1] + radii[1] * unit[1],
                            middle[2] + radii[2] * unit[2],
                        ),
                        (scaled[0] / size, scaled[1] / size, scaled[2] / size),
                        rgb,
                    )
                )
            rows.append(row)
        for low, high in itertools.pairwise(rows):
            for j in range(sides):
                self.triangle(low[j], low[j + 1], high[j + 1])
                self.triangle(low[j], high[j + 1], high[j])

    def node(self, name: str) -> Any:
        """A Panda3D GeomNode with everything added so far."""
        table = np.zeros(len(self._vertices), dtype=VERTEX)
        if self._vertices:
            v, n, c, t = zip(*self._vertices, strict=True)
            table["v"], table["n"], table["c"], table["t"] = v, n, c, t
        return mesh_node(name, table, np.array(self._triangles, dtype=np.uint32))

    def _placed(self, p: XYZ) -> XYZ:
        cos, sin = self._turn
        x, y, z = self._origin
        return (x + p[0] * cos - p[1] * sin, y + p[0] * sin + p[1] * cos, z + p[2])

    def _turned(self, n: Vector) -> Vector:
        cos, sin = self._turn
        return (n[0] * cos - n[1] * sin, n[0] * sin + n[1] * cos, n[2])

    def _colour(self, rgb: Rgb, normal: Vector, alpha: float, dim: float) -> tuple[int, int, int, int]:
        shown = lit(rgb, normal, occlusion=dim) if self._baked else rgb
        return (round(255 * shown[0]), round(255 * shown[1]), round(255 * shown[2]), round(255 * alpha))


def mesh_node(
    name: str,
    table: npt.NDArray[np.void],
    triangles: npt.NDArray[np.uint32],
    *,
    usage: Any = Geom.UH_static,
) -> Any:
    """A GeomNode of vertices laid out as `VERTEX` and of triples of their numbers."""
    data = GeomVertexData(name, GeomVertexFormat.get_v3n3c4t2(), usage)
    data.unclean_set_num_rows(len(table))
    data.modify_array_handle(0).copy_data_from(table.tobytes())
    primitive = GeomTriangles(Geom.UH_static)
    primitive.set_index_type(Geom.NT_uint32)
    array = primitive.modify_vertices()
    array.unclean_set_num_rows(triangles.size)
    array.modify_handle().copy_data_from(triangles.tobytes())
    geom = Geom(data)
    geom.add_primitive(primitive)
    node = GeomNode(name)
    node.add_geom(geom)
    return node


_BOX_FACES: tuple[tuple[XYZ, ...], ...] = (
    ((1, -1, -1), (1, 1, -1), (1, 1, 1), (1, -1, 1)),
    ((-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)),
    ((1, 1, -1), (-1, 1, -1), (-1, 1, 1), (1, 1, 1)),
    ((-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)),
    ((-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)),
)
_BOX_FLOOR: tuple[XYZ, ...] = ((-1, 1, -1), (1, 1, -1), (1, -1, -1), (-1, -1, -1))


def _normal(points: Sequence[XYZ]) -> Vector:
    """Newell's method: the normal of any planar polygon."""
    x = y = z = 0.0
    for a, b in zip(points, [*points[1:], points[0]], strict=True):
        x += (a[1] - b[1]) * (a[2] + b[2])
        y += (a[2] - b[2]) * (a[0] + b[0])
        z += (a[0] - b[0]) * (a[1] + b[1])
    size = math.sqrt(x * x + y * y + z * z) or 1.0
    return (x / size, y / size, z / size)


def _frame(normal: Vector) -> tuple[Vector, Vector]:
    """Two unit vectors that complete `normal` to a right-handed frame."""
    helper = (0.0, 0.0, 1.0) if abs(normal[2]) < 0.9 else (1.0, 0.0, 0.0)
    u = _unit(_cross(helper, normal))
    return u, _cross(normal, u)


def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _unit(a: Vector) -> Vector:
    size = math.sqrt(sum(v * v for v in a))
    return (a[0] / size, a[1] / size, a[2] / size)
