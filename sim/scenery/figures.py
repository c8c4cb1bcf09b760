"""People and robots on the stage, moved to where the world says they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

from panda3d.core import AmbientLight, DirectionalLight, Material, NodePath, TransparencyAttrib, Vec3, Vec4

from patrol_core.geometry import Pose2, wrap_rad
from sim.person import Person
from sim.scenery.figure import Figure
from sim.scenery.light import SKY, SUN, SUN_SHARE, TO_SUN, Rgb, shadow_offset
from sim.scenery.mesh import Mesh

_ALWAYS_M = 15.0  # nearer, a camera that looks down may see them at any bearing
_HALF_VIEW_RAD = 0.85


class Figures:
    """Everybody who moves, below a node. Call `place` for each picture."""

    def __init__(self, root: Any, ground: Any) -> None:
        self.people_root = root.attach_new_node("people")
        self._root = root.attach_new_node("robots")
        self._shadows = ground.attach_new_node("figures' shadows")
        self._shadows.set_bin("background", 900)
        self._shadows.set_depth_write(False)
        self._shadows.set_depth_test(False)
        self._shadows.set_transparency(TransparencyAttrib.M_alpha)
        self._people: dict[str, Figure] = {}
        self._robots: dict[str, tuple[Any, Any, Any]] = {}
        _light(self._root)

    def shown(self) -> dict[str, Any]:
        """The node of everybody whom the last `place` put on the stage."""
        return {person_id: figure.node for person_id, figure in self._people.items() if not figure.node.is_hidden()}

    def place(
        self,
        people: Sequence[Person],
        robots: Mapping[str, Pose2],
        *,
        eye: Pose2,
        own: str | None,
        lights: Set[str] = frozenset(),
    ) -> None:
        """Put everybody where they are; `own` is the robot that carries the camera and does not see itself.

        Robots in `lights` have their lights on.
        """
        here = {person.person_id for person in people}
        for person_id in self._people.keys() - here:
            self._people[person_id].hide()
        for person in people:
            figure = self._people.get(person.person_id)
            if figure is None or not figure.fits(person):
                if figure is not None:
                    figure.remove()
                figure = self._people[person.person_id] = Figure(self.people_root, self._shadows, person)
            if _in_view(person, eye):
                figure.move(person, away_m=person.position_m.distance_m(eye.point))
            else:
                figure.hide()
        self._place_robots(robots, own, lights)

    def _place_robots(self, robots: Mapping[str, Pose2], own: str | None, lights: Set[str]) -> None:
        for number, robot_id in enumerate(sorted(robots)):
            if robot_id not in self._robots:
                body = _robot(self._root, number)
                self._robots[robot_id] = (body, _lamps(body), _shadow(self._shadows, 0.75, 0.62, 0.5))
        for robot_id, (body, lamps, shadow) in self._robots.items():
            pose = robots.get(robot_id)
            for thing in (body, shadow):
                if pose is None or robot_id == own:
                    thing.hide()
                else:
                    thing.show()
                    thing.set_pos(pose.x_m, pose.y_m, 0)
            if pose is not None:
                body.set_h(math.degrees(pose.heading_rad))
            if robot_id in lights:
                lamps.show()
            else:
                lamps.hide()


def _in_view(person: Person, eye: Pose2) -> bool:
    """Whether a camera there may see them or their shadow."""
    here = eye.point
    if here.distance_m(person.position_m) < _ALWAYS_M:
        return True
    return abs(wrap_rad(here.bearing_rad(person.position_m) - eye.heading_rad)) < _HALF_VIEW_RAD


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


def _lamps(body: Any) -> Any:
    """What shines when the lights are on: a band around the body and a beacon on the mast."""
    mesh = Mesh(baked=False)
    for x, size in ((0.415, (0.02, 0.40, 0.10)), (-0.415, (0.02, 0.40, 0.10))):
        mesh.box((x, 0, 0.47), size, (1.0, 0.98, 0.80))
    for y in (-0.265, 0.265):
        mesh.box((0, y, 0.47), (0.6, 0.02, 0.06), (1.0, 0.98, 0.80))
    mesh.ball((0.24, 0, 0.97), (0.07, 0.07, 0.06), (1.0, 0.80, 0.20), rings=5, sides=8)
    lamps = body.attach_new_node(mesh.node("lamps"))
    lamps.set_light_off(1)
    lamps.set_material_off(1)
    return lamps


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
