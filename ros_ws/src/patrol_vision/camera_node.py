"""One fixed camera on the graph: findings out of its outbox until the center acknowledges them."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from typing import Any
from uuid import UUID

from patrol_core.clock import FollowedClock, clock_at
from patrol_core.codec import from_json
from patrol_core.finding import Finding
from patrol_core.outbox import Outbox
from patrol_core.site import Site
from patrol_vision.fixed_camera_process import CameraOptions, FixedCameraProcess
from patrol_vision.settings import CameraSettings
from patrol_wire import convert, values
from patrol_wire.running_node import hold_ending, on_graph, until_told
from patrol_wire.spinning_node import spinning
from patrol_wire.topics import CLOCK, SiteTopics, ros_name
from rclpy.context import Context
from rclpy.node import Node

SEND_EVERY_S = 0.5
log = logging.getLogger(__name__)


class CameraNode(Node):
    """Callbacks run in rclpy's thread; they only read and mark the outbox."""

    def __init__(
        self, *, site_id: str, camera_id: str, outbox: Outbox, speed: float = 1.0, context: Context | None = None
    ) -> None:
        super().__init__(f"camera_{ros_name(camera_id)}", context=context)
        topics = SiteTopics(site_id=site_id)
        self._outbox = outbox
        self.times = clock_at(speed)
        if isinstance(self.times, FollowedClock):
            self.create_subscription(CLOCK.type, CLOCK.name, self._on_clock, CLOCK.qos or 1)
        reports = topics.findings
        self._findings: Any = self.create_publisher(reports.type, reports.name, reports.qos or 1)
        self.create_subscription(topics.ack.type, topics.ack.name, self._on_ack, topics.ack.qos or 1)
        self._timer: Any = self.create_timer(SEND_EVERY_S, self._send)

    def _send(self) -> None:
        for parcel in self._outbox.due(time.monotonic()):
            self._findings.publish(convert.finding_to(from_json(Finding, parcel.body)))

    def _on_ack(self, message: Any) -> None:
        for text in message.report_ids:
            try:
                self._outbox.acknowledge(UUID(text))
            except ValueError:
                log.error("an acknowledgement was set aside: expected a UUID; came %.60r", text)

    def _on_clock(self, message: Any) -> None:
        if isinstance(self.times, FollowedClock):
            self.times.follow(values.time_from(message.clock))


def run(site: Site, options: CameraOptions, settings: CameraSettings) -> int:
    """Look until SIGTERM or SIGINT; the exit code.

    Raises:
        PatrolError: it cannot start; the text says why.
    """
    hold_ending()
    settings.data.mkdir(parents=True, exist_ok=True)
    with on_graph(), closing(Outbox(settings.data / "outbox.sqlite")) as outbox:
        node = CameraNode(site_id=site.site_id, camera_id=options.camera_id, outbox=outbox, speed=settings.speed)
        process = FixedCameraProcess(site, options, settings, node=node, outbox=outbox)
        with spinning(node):
            process.start()
            log.info("camera %s looks through %s", options.camera_id, process.source_name)
            until_told()
            process.end()
    return 0
