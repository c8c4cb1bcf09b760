"""The renderer: a process of its own that holds the stage, asked for one picture at a time.

Panda3D keeps one engine for a process and a software renderer keeps one core busy, so it lives apart. Requests and
answers are small and go through a socket; pixels go through memory that both map. One request is on its way at a time,
and the picture is copied out before the next is asked for: so one frame of shared memory is enough, and none is ever
torn or old.
"""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np
import numpy.typing as npt

from maps.scene import scene_of
from patrol_core.errors import Unavailable
from patrol_core.site import DeviceKind, Site
from sim.view import CAMERA_HEIGHT_PX, CAMERA_WIDTH_PX, Outline, SmokeSource, WorldView

FRAME_BYTES = CAMERA_WIDTH_PX * CAMERA_HEIGHT_PX * 3
_START_WITHIN_S = 60.0  # building the scene takes 2 s on a free core
_ANSWER_WITHIN_S = 10.0
_POLL_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the renderer must know once."""

    scene_json: str
    smoke: tuple[SmokeSource, ...]
    world: int = 0  # another number, other textures


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRobot:
    """A picture from a robot's camera."""

    view: WorldView
    robot_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPoint:
    """A picture from anywhere, with everybody who is in the view."""

    view: WorldView
    x_m: float
    y_m: float
    z_m: float
    heading_rad: float
    tilt_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsSeen:
    """How much of each person the last picture shows."""


Request = FromRobot | FromPoint | WhoIsSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The renderer's answer: the stage is built, or the picture lies in the shared memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The renderer's answer to `WhoIsSeen`."""

    outlines: Mapping[str, Outline]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The renderer could not do it; why."""

    because: str


def setup_of(site: Site, *, world: int = 0) -> Setup:
    """Everything the renderer shows of a site, painted as usual, or as `world` has it."""
    return Setup(
        world=world,
        scene_json=scene_of(site).to_json(),
        smoke=tuple(
            SmokeSource(
                device_id=device.device_id,
                building_id=device.place.building_id,
                at_m=(device.position_m.x_m, device.position_m.y_m),
                height_m=((device.place.floor or 1) - 0.45) * site.buildings[device.place.building_id].floor_height_m,
            )
            for device in site.devices.values()
            if device.kind is DeviceKind.SMOKE and device.place.building_id is not None
        ),
    )


class Renderer:
    """The renderer as its owner sees it. Not thread-safe. Construction returns at once; the first picture waits."""

    def __init__(self, setup: Setup) -> None:
        ours, theirs = socket.socketpair()
        memory = os.memfd_create("ronda-frame")
        os.ftruncate(memory, FRAME_BYTES)
        self._memory = mmap.mmap(memory, FRAME_BYTES)
        argv = [sys.executable, "-P", "-m", "sim.render_process", str(theirs.fileno()), str(memory)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            argv, pass_fds=(theirs.fileno(), memory), stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        os.close(memory)
        self._connection = Connection(ours.detach())
        self._connection.send(setup)
        self._ready = False

    @property
    def process_id(self) -> int:
        return self._process.pid

    def wait_ready(self) -> None:
        """Return when the stage is built; raises Unavailable where it cannot be."""
        if not self._ready:
            self._answer(_START_WITHIN_S)
            self._ready = True

    def render(self, view: WorldView, robot_id: str) -> npt.NDArray[np.uint8]:
        """What a robot's camera sees: rows × columns × RGB.

        Raises:
            Unavailable: the renderer is dead, silent, or says why it cannot; close it and make another.
        """
        return self._picture(FromRobot(view=view, robot_id=robot_id))

    def shoot(
        self, view: WorldView, *, x_m: float, y_m: float, z_m: float, heading_rad: float, tilt_rad: float
    ) -> npt.NDArray[np.uint8]:
        """The picture from any point; raises as `render`."""
        return self._picture(
            FromPoint(view=view, x_m=x_m, y_m=y_m, z_m=z_m, heading_rad=heading_rad, tilt_rad=tilt_rad)
        )

    def outlines(self) -> Mapping[str, Outline]:
        """How much of each person the last picture shows, by person id; raises as `render`."""
        answer = self._ask(WhoIsSeen())
        if not isinstance(answer, Seen):
            raise Unavailable(f"expected the renderer to say who is seen; came {answer!r}")
        return answer.outlines

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._memory.close()

    def _picture(self, request: Request) -> npt.NDArray[np.uint8]:
        self._ask(request)
        pixels = np.frombuffer(self._memory[:], dtype=np.uint8)
        return pixels.reshape(CAMERA_HEIGHT_PX, CAMERA_WIDTH_PX, 3)

    def _ask(self, request: Request) -> Ready | Seen:
        self.wait_ready()
        try:
            self._connection.send(request)
        except OSError:
            raise self._dead() from None
        return self._answer(_ANSWER_WITHIN_S)

    def _answer(self, within_s: float) -> Ready | Seen:
        deadline_s = time.monotonic() + within_s
        try:
            while not self._connection.poll(_POLL_S):
                if self._process.poll() is not None:
                    raise self._dead()
                if time.monotonic() > deadline_s:
                    raise Unavailable(f"the renderer has been silent for {within_s:.0f} s")
            answer: Ready | Seen | Failed = self._connection.recv()
        except (EOFError, OSError):
            raise self._dead() from None
        if isinstance(answer, Failed):
            raise Unavailable(f"the renderer cannot draw: {answer.because}")
        return answer

    def _dead(self) -> Unavailable:
        code = self._process.poll()
        return Unavailable("the renderer died" + (f" (exit code {code})" if code is not None else ""))
