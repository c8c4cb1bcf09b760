"""The mission process of one robot: orders, sightings, battery, odometry in; Nav2 goals, words, state, reports out."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from std_msgs.msg import Bool

from patrol_core.clock import Clock, FollowedClock
from patrol_core.codec import from_json
from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding
from patrol_core.geometry import Pose2
from patrol_core.heartbeat import EVERY_S
from patrol_core.mission import LedgerEntry
from patrol_core.outbox import Parcel
from patrol_core.part import PartReport
from patrol_core.robot import RobotState
from patrol_core.sighting import Sighting
from patrol_core.site import Language
from patrol_core.speech import Speech
from patrol_onboard import events as ev
from patrol_onboard.mission_process import MissionProcess
from patrol_onboard.parts_board import PartsBoard
from patrol_onboard.policy import Policy
from patrol_onboard.robot_state import Motion
from patrol_onboard.senses import battery_from, motion_from
from patrol_onboard.settings import settings_from
from patrol_wire import convert, values
from patrol_wire.running_node import run_process
from patrol_wire.spinning_node import spinning
from patrol_wire.topics import CLOCK, RobotTopics, SiteTopics, Topic
from rclpy.node import Node

MOTION_STALE_S = 2.0
BATTERY_STALE_S = 10.0
VOICE_STALE_S = 3.0
log = logging.getLogger(__name__)


class MissionNode(Node):
    """Hears and speaks for the mission. Its callbacks run in rclpy's thread and only hand on."""

    def __init__(self) -> None:
        super().__init__("mission")
        site_id = str(self.declare_parameter("site_id", "").value)
        self.robot_id = str(self.declare_parameter("robot_id", "").value)
        self.dock = Pose2(
            x_m=float(self.declare_parameter("dock_x_m", 0.0).value),
            y_m=float(self.declare_parameter("dock_y_m", 0.0).value),
            heading_rad=float(self.declare_parameter("dock_heading_rad", 0.0).value),
        )
        cameras = str(self.declare_parameter("camera_ids", "").value)
        self.camera_ids = tuple(filter(None, cameras.split(",")))
        self.policy = Policy(
            **{f.name: self.declare_parameter(f"policy.{f.name}", f.default).value for f in fields(Policy)}
        )
        if not site_id or not self.robot_id:
            raise InvalidInput("expected the parameters site_id and robot_id; came none", where="mission node")
        self.topics = RobotTopics(site_id=site_id, robot_id=self.robot_id)
        self._site = SiteTopics(site_id=site_id)
        self._odom: tuple[Any, float] | None = None
        self._lights_on: bool | None = None
        self._loudspeaker: tuple[tuple[Language, ...], float] | None = None
        self._battery_s = 0.0
        self._reports: dict[str, tuple[Any, type[Any], Callable[[Any], Any]]] = {
            "ledger": (self._speaks(self._site.ledger), LedgerEntry, convert.ledger_entry_to),
            "finding": (self._speaks(self._site.findings), Finding, convert.finding_to),
            "speech": (self._speaks(self._site.speeches), Speech, convert.speech_to),
        }

    def attend(
        self,
        clock: Clock,
        *,
        tell: Callable[[ev.Event], None],
        acknowledged: Callable[[list[UUID]], None],
        twin: Callable[[RobotState], None],
        sees: Callable[[Sighting], None],
        parts: PartsBoard,
        beat: Callable[[], None],
    ) -> None:
        """Begin to hear and speak. The callbacks are called in rclpy's thread."""
        self._times = clock
        self._parts = parts
        self._battery_s = clock.monotonic_s()
        self._state = self._speaks(self.topics.state)
        self._hears(self.topics.state, lambda message: twin(convert.state_from(message)))
        self._hears(self.topics.orders, lambda message: tell(ev.OrderReceived(order=convert.order_from(message))))
        self._hears(self.topics.battery, lambda message: self._on_battery(message, tell))
        self._hears(self.topics.odom, self._on_odom)
        self._hears(self.topics.sightings, lambda message: sees(convert.sighting_from(message)))
        self._hears(self.topics.parts, lambda message: parts.heard(convert.part_from(message), clock.monotonic_s()))
        self._hears(self.topics.lights_state, self._on_lights)
        self._alive: Any = self.create_timer(EVERY_S, beat)
        self._lights = self._speaks(self.topics.lights)
        self._speech = self._speaks(self.topics.speech)
        self._hears(self.topics.speech_state, lambda message: tell(ev.SpeechHeard(speech=convert.speech_from(message))))
        self._hears(self.topics.loudspeaker, self._on_loudspeaker)
        self._hears(self.topics.e_stop, lambda message: tell(ev.StopPressed() if message.data else ev.StopReleased()))
        self._hears(self._site.ack, lambda message: acknowledged([UUID(text) for text in message.report_ids]))

    def follow(self, clock: FollowedClock) -> None:
        """Let the simulator's `/clock` lead site time."""
        self._hears(CLOCK, lambda message: clock.follow(values.time_from(message.clock)))

    # ears

    def motion(self) -> Motion:
        """Where the robot is; unknown when odometry has been silent for `MOTION_STALE_S`."""
        heard = self._odom
        known = heard is not None and self._times.monotonic_s() - heard[1] <= MOTION_STALE_S
        moving = motion_from(heard[0]) if heard is not None and known else Motion()
        return replace(moving, lights_on=self._lights_on, speaks=self._can_say())

    def _can_say(self) -> tuple[Language, ...]:
        """What the voice says it can; nothing once it has been silent for `VOICE_STALE_S`."""
        heard = self._loudspeaker
        return heard[0] if heard is not None and self._times.monotonic_s() - heard[1] <= VOICE_STALE_S else ()

    def parts(self) -> tuple[PartReport, ...]:
        """How the robot's other processes fare."""
        return self._parts.reports(self._times.monotonic_s(), self._times.now())

    def battery_silent(self) -> bool:
        """Whether the battery has said nothing for `BATTERY_STALE_S`."""
        return self._times.monotonic_s() - self._battery_s > BATTERY_STALE_S

    def center_present(self) -> bool:
        """Whether anybody gives orders on the graph."""
        return bool(self.count_publishers(self.topics.orders.name) > 0)

    def _on_odom(self, message: Any) -> None:
        self._odom = (message, self._times.monotonic_s())

    def _on_lights(self, message: Any) -> None:
        self._lights_on = bool(message.data)

    def _on_loudspeaker(self, message: Any) -> None:
        self._loudspeaker = (convert.languages_from(message.languages), self._times.monotonic_s())

    def _on_battery(self, message: Any, tell: Callable[[ev.Event], None]) -> None:
        self._battery_s = self._times.monotonic_s()
        tell(battery_from(message))

    # mouth

    def publish_state(self, state: RobotState) -> None:
        """Say it once."""
        self._state.publish(convert.state_to(state))

    def publish_report(self, parcel: Parcel) -> None:
        """Say it once."""
        publisher, kind, to_message = self._reports[parcel.kind]
        publisher.publish(to_message(from_json(kind, parcel.body)))

    def publish_lights(self, on: bool) -> None:
        """Turn the lights on or off; latched, for a lights driver that starts later."""
        self._lights.publish(Bool(data=on))

    def publish_speech(self, speech: Speech) -> None:
        """Ask the voice for a sentence."""
        self._speech.publish(convert.speech_to(speech))

    # wiring

    def _speaks(self, topic: Topic) -> Any:
        return self.create_publisher(topic.type, topic.name, topic.qos or 1)

    def _hears(self, topic: Topic, callback: Callable[[Any], object]) -> None:
        def guarded(message: Any) -> None:
            try:
                callback(message)
            except (InvalidInput, ValueError) as error:
                log.error("%s: a message was set aside: %s", topic.name, error)

        self.create_subscription(topic.type, topic.name, guarded, topic.qos or 1)


def main(args: Sequence[str] | None = None) -> int:
    """Run the mission process; the exit code. ROS arguments give the parameters, the environment the rest."""
    return run_process(_run, args)


def _run() -> None:
    node = MissionNode()
    settings = settings_from(os.environ, node.robot_id)
    process = MissionProcess(node, settings)
    try:
        with spinning(node):
            asyncio.run(process.run())
    finally:
        process.close()


if __name__ == "__main__":
    sys.exit(main())
