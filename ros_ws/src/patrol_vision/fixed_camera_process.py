"""Composes one fixed camera of the site: a source, eyes, and the way of its findings to the center."""

from __future__ import annotations

import logging
import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patrol_core.codec import to_json
from patrol_core.errors import OutboxFull, PatrolError
from patrol_core.outbox import Outbox
from patrol_core.site import Site
from patrol_vision.blindness import BlindCheck, BlindPolicy
from patrol_vision.eyes import Eyes
from patrol_vision.fall import FallWatch
from patrol_vision.fall_policy import fixed_camera_policy
from patrol_vision.fixed_camera import Reporter, model_of, site_camera
from patrol_vision.look import Look
from patrol_vision.models import load_finder
from patrol_vision.pace import Pace, PacePolicy
from patrol_vision.pictures_out import PicturesOut
from patrol_vision.pose import PersonFinder
from patrol_vision.settings import CameraSettings, token_from
from patrol_vision.sources import FrameSource
from patrol_vision.sources.opening import open_source
from patrol_vision.watcher import Watcher

if TYPE_CHECKING:
    from patrol_vision.camera_node import CameraNode

_FAILED = 1  # exit code
_FROZEN_S = 120.0  # real sensors are never so quiet
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraOptions:
    """What the command line says."""

    camera_id: str
    source: str
    hfov_deg: float
    rate_hz: float


class FixedCameraProcess:
    """The parts, and the threads they run in."""

    def __init__(
        self,
        site: Site,
        options: CameraOptions,
        settings: CameraSettings,
        *,
        node: CameraNode,
        outbox: Outbox,
        load: Callable[[str | None], PersonFinder] = load_finder,
    ) -> None:
        """Raises NotFound, InvalidInput: there is no such camera, or no such source."""
        self._camera = site_camera(site, options.camera_id)
        self._model = model_of(self._camera, hfov_rad=math.radians(options.hfov_deg))
        self._outbox = outbox
        self._pictures = PicturesOut(
            settings.data / "photos", center_url=settings.center_url, token=token_from(settings.token_file)
        )
        self._reporter = Reporter(options.camera_id)
        self._source: FrameSource = open_source(options.source, clock=node.times, rate_hz=options.rate_hz)
        self._watcher = Watcher(
            source=self._source,
            load=lambda: load(settings.model),
            eyes=self._eyes,
            pose_at=lambda _: self._camera.pose,
            tell=self._tell,
            pace=Pace(PacePolicy(rate_hz=options.rate_hz, suspect_rate_hz=options.rate_hz)),
        )
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)

    @property
    def source_name(self) -> str:
        """Without a password."""
        return self._source.name

    def start(self) -> None:
        """Begin to look and to send."""
        self._pictures.start()
        self._thread.start()

    def end(self) -> None:
        """Stop; what was not acknowledged is told after the next start."""
        self._watcher.end()
        self._source.close()
        self._thread.join(2.0)
        self._pictures.close()

    def _eyes(self, finder: PersonFinder) -> Eyes:
        watch = FallWatch(fixed_camera_policy(), self._camera.camera_id, finder.name)
        return Eyes(finder, self._model, watch, blind=BlindCheck(BlindPolicy(frozen_still_s=_FROZEN_S)))

    def _tell(self, look: Look, _size_px: tuple[int, int]) -> None:
        for sighting in look.sightings:
            telling = self._reporter.hear(sighting)
            if telling is None:
                continue
            finding = telling.finding
            log.info("%s: %s", finding.certainty, finding.note)
            try:
                if telling.photo_jpeg:
                    self._pictures.keep(telling.photo_jpeg)
            except (PatrolError, OSError) as error:
                log.error("the picture of finding %s was not kept: %s", finding.finding_id, error)
            try:
                self._outbox.put(finding.finding_id, "finding", to_json(finding), urgent=True)
            except OutboxFull as error:
                log.error("finding %s was not told: %s", finding.finding_id, error)

    def _run(self) -> None:
        try:
            self._watcher.run()
        except Exception:
            log.exception("looking failed")
            os._exit(_FAILED)
