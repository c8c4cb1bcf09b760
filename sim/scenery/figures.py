"""People who walk and robots that roll: jointed figures of balls and tubes, moved to where the world says they are."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from panda3d.core import AmbientLight, DirectionalLight, Material, NodePath, TransparencyAttrib, Vec3, Vec4

from patrol_core.geometry import Point2, Pose2
from sim.people import Person
from sim.scenery.light import SKY, SUN, SUN_SHARE, TO_SUN, Rgb, shadow_offset
from sim.scenery.mesh import Mesh

_STEP_M = 0.72  # one step of a walker 1.7 m tall
_SKIN: tuple[Rgb, ...] = ((0.87, 0.70, 0.58), (0.80, 0.62, 0.48), (0.92, 0.76, 0.65))
_HAIR: tuple[Rgb, ...] = ((0.08, 0.07, 0.07), (0.14, 0.11, 0.09), (0.45, 0.45, 0.46))
_TOPS: tuple[Rgb, ...] = (
    (0.75, 0.16, 0.16), (0.16, 0.32, 0.60), (0.92, 0.90, 0.86), (0.18, 0.45, 0.34), (0.88, 0.66, 0.20),
    (0.40, 0.28, 0.52), (0.90, 0.52, 0.50), (0.30, 0.34, 0.38), (0.42, 0.66, 0.76),
)  # fmt: skip
_TROUSERS: tuple[Rgb, ...] = ((0.15, 0.18, 0.28), (0.22, 0.22, 0.23), (0.52, 0.46, 0.38), (0.28, 0.36, 0.50))
_FAR_M = 110.0  # nobody is drawn beyond


class Figures:
    """Everybody who moves, below a node. Call `place` for each picture."""

    def __init__(self, root: Any, ground: Any) -> None:
        self._root = root.attach_new_node("figures")
        self._shadows = ground.attach_new_node("figures' shadows")
        self._shadows.set_bin("background", 900)
        self._shadows.set_depth_write(False)
        self._shadows.set_depth_test(False)
        self._shadows.set_transparency(TransparencyAttrib.M_alpha)
        self._people: dict[str, _Walker] = {}
        self._robots: dict[str, tuple[Any, Any]] = {}
        _light(self._root)

    def place(self, people: Sequence[Person], robots: Mapping[str, Pose2], *, eye: Point2, own: str | None) -> None:
        """Put everybody where they are; `own` is the robot that carries the camera and does not see itself."""
        here = {person.person_id for person in people}
        for person_id, walker in self._people.items():
            if person_id not in here:
                walker.hide()
        for person in people:
            if person.person_id not in self._people:
                self._people[person.person_id] = _Walker(self._root, self._shadows, person)
            self._people[person.person_id].move(person, visible=person.position_m.distance_m(eye) < _FAR_M)
        for number, robot_id in enumerate(sorted(robots)):
            if robot_id not in self._robots:
                self._robots[robot_id] = (_robot(self._root, number), _shadow(self._shadows, 0.75, 0.62, 0.5))
        for robot_id, things in self._robots.items():
            pose = robots.get(robot_id)
            for thing in things:
                if pose is None or robot_id == own:
                    thing.hide()
                else:
                    thing.show()
                    thing.set_pos(pose.x_m, pose.y_m, 0)
            if pose is not None:
                things[0].set_h(math.degrees(pose.heading_rad))


class _Walker:
    """One person: a body with two arms and two legs that swing with the way walked."""

    def __init__(self, root: Any, shadows: Any, person: Person) -> None:
        pick = random.Random(person.look)  # noqa: S311 - clothes, not secrets
        top, trousers = pick.choice(_TOPS), pick.choice(_TROUSERS)
        skin, hair = pick.choice(_SKIN), pick.choice(_HAIR)
        self._tall = pick.uniform(0.90, 1.06)
        stout = pick.uniform(0.92, 1.15)
        self._body = root.attach_new_node(person.person_id)
        self._body.set_scale(self._tall)
        self._body.attach_new_node(_trunk(top, trousers, skin, hair, stout, bag=pick.random() < 0.35, pick=pick))
        self._arms = [self._limb(side * 0.235 * stout, 1.40, _arm(top, skin)) for side in (-1, 1)]
        self._legs = [self._limb(side * 0.10, 0.90, _thigh(trousers)) for side in (-1, 1)]
        self._knees = []
        for leg in self._legs:
            knee = leg.attach_new_node(_shank(trousers))
            knee.set_pos(0, 0, -0.44)
            self._knees.append(knee)
        self._shadow = _shadow(shadows, 0.28, 0.24, 1.5 * self._tall)

    def _limb(self, y: float, z: float, mesh: Any) -> Any:
        limb = self._body.attach_new_node(mesh)
        limb.set_pos(0, y, z)
        return limb

    def hide(self) -> None:
        """Out of sight."""
        self._body.hide()
        self._shadow.hide()

    def move(self, person: Person, *, visible: bool) -> None:
        if not visible:
            self.hide()
            return
        self._body.show()
        self._shadow.show()
        at = person.position_m
        self._shadow.set_pos(at.x_m, at.y_m, 0)
        phase = math.pi * person.stride_m / (_STEP_M * self._tall)
        swing = 26.0 * math.sin(phase) if person.speed_mps > 0.05 else 0.0
        self._body.set_pos(at.x_m, at.y_m, -0.03 * abs(swing) / 26.0)
        self._body.set_h(math.degrees(person.heading_rad))
        for side, leg, knee, arm in zip((1, -1), self._legs, self._knees, self._arms, strict=True):
            leg.set_r(-side * swing)
            lifted = person.speed_mps > 0.05 and side * math.cos(phase) > 0
            knee.set_r(34.0 * abs(math.cos(phase)) if lifted else 4.0)
            arm.set_r(0.75 * side * swing)


def _trunk(top: Rgb, trousers: Rgb, skin: Rgb, hair: Rgb, stout: float, *, bag: bool, pick: random.Random) -> Any:
    mesh = Mesh(baked=False)
    mesh.ball((0, 0, 1.20), (0.125 * stout, 0.205 * stout, 0.34), top, rings=7, sides=10)
    mesh.ball((0, 0, 1.38), (0.11, 0.225 * stout, 0.12), top)
    mesh.ball((0, 0, 0.93), (0.125 * stout, 0.175 * stout, 0.15), trousers)
    mesh.tube((0, 0, 1.44), 0.12, 0.052, skin)
    mesh.ball((0.012, 0, 1.62), (0.096, 0.082, 0.122), skin, rings=7, sides=10)
    mesh.ball((-0.018, 0, 1.665), (0.100, 0.090, 0.098), hair)
    mesh.ball((0.10, 0, 1.61), (0.018, 0.014, 0.022), skin, rings=4, sides=6)
    if pick.random() < 0.4:
        mesh.ball((-0.055, 0, 1.57), (0.07, 0.088, 0.13), hair)  # long hair
    if bag:
        mesh.box((-0.17, 0, 1.22), (0.14, 0.28, 0.40), pick.choice(_TOPS))
    return mesh.node("trunk")


def _arm(top: Rgb, skin: Rgb) -> Any:
    mesh = Mesh(baked=False)
    mesh.ball((0, 0, -0.15), (0.055, 0.052, 0.19), top, rings=5, sides=7)
    mesh.ball((0.03, 0, -0.42), (0.040, 0.038, 0.16), skin, rings=5, sides=7)
    mesh.ball((0.06, 0, -0.58), (0.045, 0.028, 0.055), skin, rings=4, sides=6)
    return mesh.node("arm")


def _thigh(trousers: Rgb) -> Any:
    mesh = Mesh(baked=False)
    mesh.ball((0, 0, -0.21), (0.088, 0.082, 0.27), trousers, rings=6, sides=8)
    return mesh.node("thigh")


def _shank(trousers: Rgb) -> Any:
    mesh = Mesh(baked=False)
    mesh.ball((0, 0, -0.19), (0.062, 0.058, 0.23), trousers, rings=6, sides=8)
    mesh.ball((0.06, 0, -0.425), (0.135, 0.050, 0.045), (0.16, 0.15, 0.15), rings=4, sides=8)
    return mesh.node("shank")


def _robot(root: Any, number: int) -> Any:
    """A patrol robot: white body on four wheels, a mast with camera and lidar, its own accent colour."""
    accent = ((0.95, 0.55, 0.10), (0.10, 0.55, 0.78), (0.30, 0.70, 0.30), (0.75, 0.25, 0.55))[number % 4]
    dark: Rgb = (0.14, 0.15, 0.17)
    white: Rgb = (0.93, 0.94, 0.95)
    mesh = Mesh(baked=False)
    for x in (-0.26, 0.26):
        for y in (-0.27, 0.27):
            side = math.copysign(1.0, y)
            mesh.disc((x, y + side * 0.05, 0.16), 0.16, dark, normal=(0, side, 0), sides=12)
            mesh.disc((x, y + side * 0.055, 0.16), 0.08, (0.6, 0.6, 0.62), normal=(0, side, 0), sides=8)
            mesh.ball((x, y, 0.16), (0.16, 0.055, 0.16), dark, rings=6, sides=10)
    mesh.box((0, 0, 0.26), (0.78, 0.46, 0.20), dark)
    mesh.box((0, 0, 0.44), (0.82, 0.52, 0.22), white, taper=0.9)
    mesh.box((0, 0, 0.36), (0.84, 0.54, 0.045), accent)
    mesh.box((0.395, 0, 0.45), (0.03, 0.30, 0.05), (0.55, 0.95, 0.95))
    mesh.box((-0.39, 0, 0.45), (0.03, 0.34, 0.05), (0.95, 0.20, 0.15))
    mesh.box((-0.12, 0, 0.60), (0.34, 0.34, 0.12), accent, taper=0.85)
    mesh.tube((0.22, 0, 0.54), 0.24, 0.045, dark, sides=8)
    mesh.box((0.24, 0, 0.85), (0.16, 0.24, 0.14), white)
    mesh.box((0.325, 0, 0.85), (0.02, 0.18, 0.09), dark)
    mesh.tube((-0.12, 0, 0.66), 0.09, 0.075, dark, sides=10)
    mesh.ball((-0.12, 0, 0.755), (0.075, 0.075, 0.02), (0.3, 0.3, 0.33), rings=4, sides=10)
    return root.attach_new_node(mesh.node("robot"))


def _shadow(root: Any, along_m: float, across_m: float, height_m: float) -> Any:
    """A dark ellipse on the ground that stretches away from the sun."""
    dx, dy = shadow_offset(height_m)
    reach_m, heading = math.hypot(dx, dy), math.atan2(dy, dx)
    mesh = Mesh(baked=False)
    mesh.stand((0, 0), heading)
    half = (reach_m + along_m) / 2 + along_m / 2
    sides = 12
    middle = mesh.vertex((reach_m / 2, 0, 0), (0, 0, 1), (0.05, 0.07, 0.12), alpha=0.38)
    ring = [
        mesh.vertex(
            (reach_m / 2 + half * math.cos(2 * math.pi * i / sides), across_m * math.sin(2 * math.pi * i / sides), 0),
            (0, 0, 1),
            (0.05, 0.07, 0.12),
            alpha=0.16,
        )
        for i in range(sides)
    ]
    for i in range(sides):
        mesh.triangle(middle, ring[i], ring[(i + 1) % sides])
    return root.attach_new_node(mesh.node("shadow"))


def _light(node: Any) -> None:
    """The scene's fixed light, for what turns and cannot have it baked in."""
    sun = DirectionalLight("sun")
    sun.set_color(Vec4(*(SUN_SHARE * c for c in SUN), 1))
    sun.set_direction(Vec3(*(-c for c in TO_SUN)))
    sky = AmbientLight("sky")
    sky.set_color(Vec4(*(0.93 * c for c in SKY), 1))
    matt = Material("matt")  # without one, the software renderer multiplies by the vertex colour twice
    matt.set_ambient(Vec4(1, 1, 1, 1))
    matt.set_diffuse(Vec4(1, 1, 1, 1))
    node.set_material(matt)
    for light in (sun, sky):
        path = NodePath(light)
        path.reparent_to(node)
        node.set_light(path)
