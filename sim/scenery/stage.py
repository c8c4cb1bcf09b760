"""The stage: the site's scenery, the things that move on it, and one camera that goes wherever a picture is wanted."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt
from panda3d.core import Camera as PandaCamera
from panda3d.core import (
    FrameBufferProperties,
    GraphicsEngine,
    GraphicsOutput,
    GraphicsPipe,
    GraphicsPipeSelection,
    NodePath,
    PerspectiveLens,
    RenderState,
    Texture,
    TransformState,
    WindowProperties,
    load_prc_file_data,
)

from maps.scene.model import Scene
from patrol_core.errors import Unavailable
from patrol_core.geometry import Pose2
from sim.scenery.clutter import Clutter
from sim.scenery.figures import Figures
from sim.scenery.ground import Ground
from sim.scenery.houses import Houses
from sim.scenery.sky import add_sky
from sim.scenery.smoke import Smoke
from sim.scenery.things import add_things
from sim.scenery.trees import add_trees
from sim.view import (
    CAMERA_AHEAD_M,
    CAMERA_HEIGHT_PX,
    CAMERA_HFOV_DEG,
    CAMERA_TILT_RAD,
    CAMERA_UP_M,
    CAMERA_WIDTH_PX,
    Outline,
    SmokeSource,
    WorldView,
)

_CODE_SLACK = 24  # of 255: the software renderer rounds
_EDGE = 10  # of 255: a difference to the blurred picture above this is an edge


class Stage:
    """Not thread-safe; one for each process (Panda3D keeps its engine for itself)."""

    def __init__(self, scene: Scene, smoke: tuple[SmokeSource, ...] = ()) -> None:
        """Build everything; raises Unavailable where the software renderer cannot be loaded."""
        load_prc_file_data(
            "",
            "notify-level-x11display fatal\nnotify-level-device fatal\naudio-library-name null\n",
        )
        self._engine = GraphicsEngine.get_global_ptr()
        pipe = GraphicsPipeSelection.get_global_ptr().make_pipe("TinyOffscreenGraphicsPipe", "p3tinydisplay")
        if pipe is None:
            raise Unavailable("Panda3D's software renderer cannot be loaded; it needs the system package libx11-6")
        depth = FrameBufferProperties()
        depth.set_rgba_bits(8, 8, 8, 8)
        depth.set_depth_bits(24)
        size = WindowProperties.size(CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX)
        self._buffer = self._engine.make_output(pipe, "camera", 0, depth, size, GraphicsPipe.BF_refuse_window)
        self._root = NodePath("stage")
        scenery = self._scenery = self._root.attach_new_node("scenery")
        lens = PerspectiveLens()
        aspect = CAMERA_HEIGHT_PX / CAMERA_WIDTH_PX
        half = math.tan(math.radians(CAMERA_HFOV_DEG / 2))
        lens.set_fov(CAMERA_HFOV_DEG, math.degrees(2 * math.atan(half * aspect)))
        lens.set_near_far(0.15, 420.0)
        camera = PandaCamera("camera")
        camera.set_lens(lens)
        self._camera = self._root.attach_new_node(camera)
        self._buffer.make_display_region().set_camera(self._camera)
        self._frame = Texture("frame")
        self._buffer.add_render_texture(self._frame, GraphicsOutput.RTM_copy_ram)
        self._sky = add_sky(scenery)
        ground = scenery.attach_new_node("ground")
        Ground(ground).add(scene)
        houses = Houses(scenery.attach_new_node("houses"))
        for building in scene.buildings:
            houses.add(building)
        add_things(scenery.attach_new_node("things"), scene)
        add_trees(scenery.attach_new_node("trees"), scene.trees)
        self._clutter = Clutter(scenery.attach_new_node("clutter"))
        self._figures = Figures(self._root, ground)
        self._smoke = Smoke(self._root, scene, smoke)

    def robot_camera(self, view: WorldView, robot_id: str) -> npt.NDArray[np.uint8]:
        """What a robot's camera sees in this moment of the world: rows × columns × RGB; black where it is covered.

        Raises:
            KeyError: no such robot in the view.
        """
        pose = view.robots[robot_id]
        if robot_id in view.covered:
            return np.zeros((CAMERA_HEIGHT_PX, CAMERA_WIDTH_PX, 3), dtype=np.uint8)
        self.set_scene(view, pose, own=robot_id)
        return self.shoot(
            pose.x_m + CAMERA_AHEAD_M * math.cos(pose.heading_rad),
            pose.y_m + CAMERA_AHEAD_M * math.sin(pose.heading_rad),
            CAMERA_UP_M,
            pose.heading_rad,
            CAMERA_TILT_RAD,
        )

    def set_scene(self, view: WorldView, eye: Pose2, *, own: str | None = None) -> None:
        """Put everybody and the smoke where the view has them; `own` is the robot that carries the camera.

        People whom a camera with that pose cannot see are left out.
        """
        self._figures.place(view.people, view.robots, eye=eye, own=own, lights=view.lights)
        self._clutter.place(view.things)
        self._smoke.show(view.smoke, view.elapsed_s)

    def shoot(self, x_m: float, y_m: float, z_m: float, heading_rad: float, tilt_rad: float) -> npt.NDArray[np.uint8]:
        """The picture from a point; heading counter-clockwise from east, tilt upward. Rows × columns × RGB."""
        self._camera.set_pos(x_m, y_m, z_m)
        self._camera.set_hpr(math.degrees(heading_rad) - 90.0, math.degrees(tilt_rad), 0)
        self._sky.set_pos(x_m, y_m, z_m)
        return _smoothed(self._drawn())

    def outlines(self) -> dict[str, Outline]:
        """How much of each person the last `shoot` shows; those out of the picture are left out."""
        nodes = self._figures.shown()
        self._scenery.set_color((0, 0, 0, 1), 100)  # still hides whom it hid; textures keep their holes
        self._smoke.root.hide()
        for i, node in enumerate(nodes.values()):
            node.set_color(*_code(i), 1.0, 100)
        try:
            together = self._drawn()
            seen = {person_id: _coloured(together, i) for i, person_id in enumerate(nodes)}
            self._scenery.hide()
            for node in nodes.values():
                node.hide()
            found = {}
            for i, (person_id, node) in enumerate(nodes.items()):
                if seen[person_id].any():
                    node.show()
                    found[person_id] = _outline(seen[person_id], int(_coloured(self._drawn(), i).sum()))
                    node.hide()
            return found
        finally:
            for node in nodes.values():
                node.clear_color()
                node.show()
            self._scenery.clear_color()
            self._scenery.show()
            self._smoke.root.show()

    def _drawn(self) -> npt.NDArray[np.uint8]:
        self._engine.render_frame()
        TransformState.garbage_collect()  # Panda3D caches every matrix it ever saw, unless it is told
        RenderState.garbage_collect()
        raw = np.frombuffer(self._frame.get_ram_image(), dtype=np.uint8)
        rows, columns = self._frame.get_y_size(), self._frame.get_x_size()
        upright = cv2.flip(raw.reshape(rows, columns, 4), 0)
        return np.asarray(cv2.cvtColor(upright, cv2.COLOR_BGRA2RGB), dtype=np.uint8)


def _code(number: int) -> tuple[float, float, float]:
    """A colour of its own for each of 124 people, far from that of any other and from black."""
    digits = (number + 1) % 125
    return (digits % 5 / 4, digits // 5 % 5 / 4, digits // 25 / 4)


def _coloured(picture: npt.NDArray[np.uint8], number: int) -> npt.NDArray[np.bool_]:
    """Where the person of a number is."""
    low, high = ([round(255 * c) + way for c in _code(number)] for way in (-_CODE_SLACK, _CODE_SLACK))
    return np.asarray(cv2.inRange(picture, np.array(low, dtype=float), np.array(high, dtype=float)) > 0)


def _outline(visible: npt.NDArray[np.bool_], whole_px: int) -> Outline:
    ys, xs = np.nonzero(visible)
    box_px = (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return Outline(visible_px=len(xs), whole_px=whole_px, box_px=box_px)


def _smoothed(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with its staircase edges softened: the software renderer has no antialiasing, and this costs 1 ms."""
    soft = cv2.GaussianBlur(picture, (3, 3), 0.7)
    edges = cv2.cvtColor(cv2.absdiff(picture, soft), cv2.COLOR_RGB2GRAY)
    cv2.copyTo(soft, cv2.inRange(edges, _EDGE, 255), picture)
    return picture
