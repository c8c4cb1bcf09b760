"""One person on the stage: a mesh that is bent, lit and written anew whenever the person moved, and a shadow."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from panda3d.core import BoundingSphere, GeomEnums, Point3, SamplerState, Texture

from sim.person import Person
from sim.posture import BONE, LYING, ON_FOOT, Pose, Posture, between, pose
from sim.scenery.body import Body, Floats
from sim.scenery.light import SKY, SUN, SUN_SHARE, TO_SUN, shadow_offset
from sim.scenery.mesh import VERTEX, Mesh, mesh_node
from sim.scenery.tailor import tailored
from sim.scenery.wardrobe import Carries, Look, look_of

_FAR_M = 110.0  # nobody is drawn beyond
_FINE_M = 16.0  # nearer, the finer mesh
_SHADOW_FAR_M = 35.0  # farther away a shadow is a few pixels
_STEP_M = 0.72  # one step of a walker 1.7 m tall
_WORKS = (Posture.KNEELING, Posture.SWEEPING)
_SHADOW_PX = 64
_SHADOW_M = 5.2  # side of the square that the shadow is painted on
_SHADOW_DARK = 0.42


def look_for(person: Person) -> Look:
    """The looks of somebody, with the tool that their work needs."""
    return look_of(person.look, posture=person.posture)


def person_pose(person: Person, look: Look) -> Pose:
    """How somebody holds themselves at this moment."""
    phase = math.pi * person.stride_m / (_STEP_M * look.tall)
    moving = person.speed_mps > 0.05
    if person.posture in LYING:
        upright = pose(Posture.STANDING, look=person.look)
        return between(upright, pose(person.posture, look=person.look), person.fallen)
    held = pose(person.posture, look=person.look, phase_rad=phase, moving=moving)
    if person.posture in ON_FOOT:
        carrying(held, look.carries)
    return held


class Figure:
    """Drawn from the first `move` on."""

    def __init__(self, root: Any, shadows: Any, person: Person) -> None:
        self._looks = look_for(person)
        self.node = root.attach_new_node(person.person_id)
        self._drawn: dict[bool, _Drawn] = {}
        self._shadow = _Shadow(shadows)
        self._state: tuple[object, ...] | None = None

    def fits(self, person: Person) -> bool:
        """Whether it still looks like them: who kneels down to work puts a vest on."""
        return self._looks is look_for(person)

    def hide(self) -> None:
        """Out of sight."""
        self.node.hide()
        self._shadow.node.hide()

    def remove(self) -> None:
        """For good."""
        self.node.remove_node()
        self._shadow.node.remove_node()

    def move(self, person: Person, *, away_m: float) -> None:
        """Where the person is now, seen from `away_m` metres."""
        if away_m > _FAR_M:
            self.hide()
            return
        fine = away_m < _FINE_M
        self.node.show()
        shaded = away_m < _SHADOW_FAR_M
        if shaded:
            self._shadow.node.show()
        else:
            self._shadow.node.hide()
        at = person.position_m
        self.node.set_pos(at.x_m, at.y_m, 0)
        self._shadow.node.set_pos(at.x_m, at.y_m, 0)
        state = (
            fine,
            shaded,
            person.posture,
            person.fallen,
            person.heading_rad,
            person.stride_m,
            person.speed_mps > 0.05,
        )
        if state == self._state:
            return
        if fine not in self._drawn:
            self._drawn[fine] = _Drawn(self.node, tailored(self._looks, fine=fine))
        for drawn in self._drawn.values():
            drawn.node.hide()
        self._state = state
        drawn = self._drawn[fine]
        drawn.node.show()
        points, normals = drawn.body.posed(person_pose(person, self._looks), heading_rad=person.heading_rad)
        drawn.write(points, normals)
        if shaded:
            self._shadow.paint(points, drawn.body)


class _Drawn:
    """A mesh in Panda3D's memory whose vertices are written for each pose."""

    def __init__(self, root: Any, body: Body) -> None:
        self.body = body
        self._table = np.zeros(len(body.points), dtype=VERTEX)
        self._table["c"][:, 3] = 255
        geom_node = mesh_node("person", self._table, body.triangles, usage=GeomEnums.UH_dynamic)
        geom_node.set_bounds(BoundingSphere(Point3(0, 0, 1.0), 2.4))
        geom_node.set_final(True)
        self._geom = geom_node.modify_geom(0)
        self.node = root.attach_new_node(geom_node)

    def write(self, points: Floats, normals: Floats) -> None:
        self._table["v"], self._table["n"] = points, normals
        self._table["c"][:, :3] = _lit(self.body.rgb, points, normals)
        self._geom.modify_vertex_data().modify_array_handle(0).copy_data_from(self._table.tobytes())


def _lit(rgb: Floats, points: Floats, normals: Floats) -> npt.NDArray[np.uint8]:
    """Sun, sky, and the light that a pale ground throws back; what is near the ground gets less of the sky."""
    sun = np.maximum(0.0, normals @ np.array(TO_SUN))[:, None] * np.array(SUN) * SUN_SHARE
    open_to_sky = 0.80 + 0.20 * np.minimum(1.0, points[:, 2:3] / 0.5)
    sky = (0.86 + 0.16 * normals[:, 2:3]) * open_to_sky * np.array(SKY)
    return np.asarray(np.clip(rgb * (sun + sky), 0.0, 1.0) * 255.0 + 0.5, dtype=np.uint8)


class _Shadow:
    """The body's outline cast along the sun on a square of ground, soft at its edge."""

    def __init__(self, shadows: Any) -> None:
        dx, dy = shadow_offset(1.0)
        self._slope = np.array([dx, dy])
        self._middle = self._slope * 0.85
        mesh = Mesh(baked=False)
        half, (mx, my) = _SHADOW_M / 2, self._middle
        west, east, south, north = mx - half, mx + half, my - half, my + half
        mesh.polygon(
            [(west, south, 0), (east, south, 0), (east, north, 0), (west, north, 0)],
            (1, 1, 1),
            uv=[(0, 0), (1, 0), (1, 1), (0, 1)],
        )
        self.node = shadows.attach_new_node(mesh.node("shadow"))
        self._texture = Texture("shadow")
        self._texture.setup_2d_texture(_SHADOW_PX, _SHADOW_PX, Texture.T_unsigned_byte, Texture.F_rgba)
        for wrap in (self._texture.set_wrap_u, self._texture.set_wrap_v):
            wrap(SamplerState.WM_clamp)
        self._texture.set_minfilter(SamplerState.FT_linear)
        self._texture.set_magfilter(SamplerState.FT_linear)
        self._texture.set_quality_level(Texture.QL_best)
        self.node.set_texture(self._texture)
        self._pixels = np.zeros((_SHADOW_PX, _SHADOW_PX, 4), dtype=np.uint8)
        self._pixels[..., :3] = (30, 18, 13)

    def paint(self, points: Floats, body: Body) -> None:
        """Each part of the body throws the outline of its own."""
        flat = points[:, :2] + points[:, 2:3] * self._slope - self._middle + _SHADOW_M / 2
        spots = np.asarray(flat * (8 * _SHADOW_PX / _SHADOW_M), dtype=np.int32)
        mask = np.zeros((_SHADOW_PX, _SHADOW_PX), dtype=np.uint8)
        for rows in body.parts:
            cv2.fillConvexPoly(mask, cv2.convexHull(spots[rows]), 255, lineType=cv2.LINE_8, shift=3)
        soft = cv2.GaussianBlur(mask, (5, 5), 0.9)
        self._pixels[..., 3] = (soft * _SHADOW_DARK).astype(np.uint8)
        self._texture.set_ram_image(self._pixels.tobytes())


def carrying(held: Pose, carries: Carries) -> None:
    """Arms as what is carried wants them; changes the pose."""

    def arm(side: str, forward: float, out: float, elbow: float, twist: float) -> None:
        sign = 1.0 if side == "l" else -1.0
        held[BONE[f"upper_arm_{side}"]] = (sign * out, -forward, sign * twist)
        held[BONE[f"forearm_{side}"]] = (0.0, -elbow, 0.0)

    match carries:
        case Carries.BOX:
            for side in "lr":
                arm(side, 0.45, 0.10, 1.15, 0.0)
        case Carries.UMBRELLA:
            arm("r", 0.35, 0.0, 1.75, 0.15)
        case Carries.SHOPPING_BAG:
            arm("r", 0.03, 0.12, 0.08, 0.0)
        case _:
            pass
