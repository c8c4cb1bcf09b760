"""The loop of every pair of eyes: take the newest picture, look, say what came of it, rest as the pace says."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.geometry import Pose2
from patrol_core.site import Text
from patrol_vision.eyes import Eyes
from patrol_vision.health import Condition
from patrol_vision.look import Frame, Look
from patrol_vision.pace import Pace
from patrol_vision.pose import PersonFinder
from patrol_vision.sources import FrameSource

log = logging.getLogger(__name__)

_WAIT_S = 0.5
NO_MODEL_AGAIN_S = 10.0


class Watcher:
    """Runs in a thread of its caller's; `condition` may be asked from any thread.

    Models that are missing are said, and looked for again every `again_s`: until then nothing is looked at.
    """

    def __init__(
        self,
        *,
        source: FrameSource,
        load: Callable[[], PersonFinder],
        eyes: Callable[[PersonFinder], Eyes],
        pose_at: Callable[[datetime], Pose2 | None],
        tell: Callable[[Look, tuple[int, int]], None],
        pace: Pace | None = None,
        again_s: float = NO_MODEL_AGAIN_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tell` gets each look, and the picture's width and height."""
        self._source = source
        self._load = load
        self._make_eyes = eyes
        self._pose_at = pose_at
        self._tell = tell
        self._pace = pace or Pace()
        self._again_s = again_s
        self._monotonic = monotonic
        self._ending = threading.Event()
        self._model: str | None = None
        self._no_model = "not loaded yet"
        self._blind: Text | None = None
        self._pose_unknown = False
        self._began_s: float | None = None

    @property
    def condition(self) -> Condition:
        """How it fares now."""
        began_s = self._began_s
        return Condition(
            model=self._model,
            no_model=self._no_model,
            no_pictures=self._source.trouble,
            blind=self._blind,
            pose_unknown=self._pose_unknown,
            degraded_hz=self._pace.degraded_hz,
            looking_s=self._monotonic() - began_s if began_s is not None else 0.0,
        )

    def end(self) -> None:
        """Let `run` return; from any thread."""
        self._ending.set()

    def run(self) -> None:
        """Until `end`."""
        eyes = self._loaded()
        while eyes is not None and not self._ending.is_set():
            shot = self._source.newest(_WAIT_S)
            if shot is None or self._ending.is_set():
                continue
            began_s = self._began_s = self._monotonic()
            pose = self._pose_at(shot.taken_at)
            try:
                look = eyes.look(Frame(picture=shot.picture, observed_at=shot.taken_at, robot_pose=pose))
            except InvalidInput as error:
                log.error("a picture was set aside: %s", error)
                self._ending.wait(_WAIT_S)
                continue
            finally:
                self._began_s = None
            if look.blind != self._blind:
                log.warning("%s", look.blind.en if look.blind else "the camera shows something again")
            self._blind, self._pose_unknown = look.blind, pose is None
            height_px, width_px = shot.picture.shape[:2]
            self._tell(look, (width_px, height_px))
            self._ending.wait(self._pace.pause_s(began_s=began_s, ended_s=self._monotonic(), suspects=eyes.suspects))

    def _loaded(self) -> Eyes | None:
        """The eyes, as soon as the models can be used; None when it ends before."""
        while not self._ending.is_set():
            try:
                finder = self._load()
            except Unavailable as error:
                if self._no_model != str(error):
                    log.error("nobody is looked for: %s", error)
                self._no_model = str(error)
                self._ending.wait(self._again_s)
                continue
            self._model, self._no_model = finder.name, ""
            log.info("looking with %s", finder.name)
            return self._make_eyes(finder)
        return None
