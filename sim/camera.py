"""The robots' cameras while the simulator runs live: the newest moment is drawn, older ones are dropped and counted."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from patrol_core.errors import Unavailable
from sim.renderer import Renderer, Setup
from sim.view import WorldView

_RESTART_AFTER_S, _RESTART_MAX_S = 1.0, 30.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFrame:
    """A picture and the moment it shows."""

    robot_id: str
    tick: int
    elapsed_s: float
    picture: npt.NDArray[np.uint8]  # rows × columns × RGB


class Cameras:
    """Draws for whoever wants; a thread of its own waits for the renderer.

    `on_frame` is called in that thread. Overflow: for each robot one wish is kept, a newer one replaces it and
    `dropped` counts it. A renderer that dies is said and started again; until then there are no pictures, never old
    ones.
    """

    def __init__(self, setup: Setup, *, on_frame: Callable[[CameraFrame], None]) -> None:
        self._setup = setup
        self._on_frame = on_frame
        self._wishes: dict[str, WorldView] = {}  # in the order they came
        self._changed = threading.Condition()
        self._closing = False
        self._renderer: Renderer | None = Renderer(setup)
        self._pause_s = _RESTART_AFTER_S
        self.dropped = 0
        self.restarts = 0
        self._thread = threading.Thread(target=self._run, name="cameras", daemon=True)
        self._thread.start()

    @property
    def process_id(self) -> int | None:
        """The renderer's, while there is one."""
        renderer = self._renderer
        return renderer.process_id if renderer else None

    def want(self, robot_id: str, view: WorldView) -> None:
        """A picture of this moment, unless a newer one is wanted before its turn. Returns at once."""
        with self._changed:
            if robot_id in self._wishes:
                self.dropped += 1
            self._wishes[robot_id] = view
            self._changed.notify()

    def close(self) -> None:
        """End the thread and the renderer."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout=2.0)
        if self._renderer is not None:
            self._renderer.close()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wishes and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                robot_id = next(iter(self._wishes))
                view = self._wishes.pop(robot_id)
            try:
                if self._renderer is None:
                    self._renderer = Renderer(self._setup)
                picture = self._renderer.render(view, robot_id)
            except Unavailable as error:
                self._start_again(error)
                continue
            self._on_frame(CameraFrame(robot_id=robot_id, tick=view.tick, elapsed_s=view.elapsed_s, picture=picture))

    def _start_again(self, error: Unavailable) -> None:
        """Say it, forget what is outdated, and let the next wish find a new renderer."""
        if self._closing:
            return
        log.error("%s; no pictures until it is back, starting it again in %.0f s", error, self._pause_s)
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
        self.restarts += 1
        with self._changed:  # a renderer that cannot start must not keep a core busy
            self._changed.wait_for(lambda: self._closing, timeout=self._pause_s)
            self._wishes.clear()
        self._pause_s = min(2 * self._pause_s, _RESTART_MAX_S)
