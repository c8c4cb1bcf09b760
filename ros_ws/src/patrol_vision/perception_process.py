"""Composes the perception process of one robot: its node, its model set, its eyes, and the thread that looks."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

from patrol_vision.eyes import Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.models import load_finder
from patrol_vision.pace import Pace
from patrol_vision.pose import PersonFinder
from patrol_vision.settings import CAMERA_ID, VisionSettings
from patrol_vision.watcher import Watcher

if TYPE_CHECKING:
    from patrol_vision.vision_node import VisionNode

_FAILED = 1  # exit code
log = logging.getLogger(__name__)


class PerceptionProcess:
    """The eyes of one robot. A look that fails for no known reason ends the process; its supervisor starts it again."""

    def __init__(self, node: VisionNode, settings: VisionSettings) -> None:
        self._node = node
        self._settings = settings
        self._watcher = Watcher(
            source=node.source,
            load=lambda: load_finder(settings.model),
            eyes=self._eyes,
            pose_at=node.poses.at,
            tell=node.tell,
            pace=Pace(node.pace_policy),
        )
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._node.attend(lambda: self._watcher.condition)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._watcher.end()
        self._node.source.close()
        self._thread.join(2.0)

    def _eyes(self, finder: PersonFinder) -> Eyes:
        return Eyes(finder, self._node.camera, FallWatch(self._node.fall_policy, CAMERA_ID, finder.name))

    def _run(self) -> None:
        try:
            self._watcher.run()
        except Exception:
            log.exception("looking failed")
            os._exit(_FAILED)
