"""The voice process on the graph: sentences to say in; how far they have come, what can be said, how it fares out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from patrol_core.clock import FollowedClock
from patrol_core.errors import InvalidInput
from patrol_core.heartbeat import EVERY_S
from patrol_core.part import PartReport
from patrol_core.site import Language
from patrol_core.speech import Speech
from patrol_wire import convert, values
from patrol_wire.topics import CLOCK, RobotTopics, Topic
from rclpy.context import Context
from rclpy.node import Node

log = logging.getLogger(__name__)


class VoiceNode(Node):
    """Hears and speaks for the voice. Its callbacks run in rclpy's thread and only hand on."""

    def __init__(self, *, context: Context | None = None) -> None:
        """Raises InvalidInput where a parameter is missing."""
        super().__init__("voice", context=context)
        site_id = str(self.declare_parameter("site_id", "").value)
        self.robot_id = str(self.declare_parameter("robot_id", "").value)
        if not site_id or not self.robot_id:
            raise InvalidInput("expected the parameters site_id and robot_id; came none", where="voice node")
        self.topics = RobotTopics(site_id=site_id, robot_id=self.robot_id)
        self._states = self._speaks(self.topics.speech_state)
        self._loudspeaker = self._speaks(self.topics.loudspeaker)
        self._parts = self._speaks(self.topics.parts)

    def attend(self, *, asked: Callable[[Speech], None], beat: Callable[[], None]) -> None:
        """Begin to hear; the callbacks are called in rclpy's thread."""

        def on_speech(message: Any) -> None:
            try:
                asked(convert.speech_from(message))
            except InvalidInput as error:
                log.error("a sentence was set aside: %s", error)

        topic = self.topics.speech
        self.create_subscription(topic.type, topic.name, on_speech, topic.qos or 1)
        self._alive: Any = self.create_timer(EVERY_S, beat)

    def follow(self, clock: FollowedClock) -> None:
        """Let the simulator's `/clock` lead site time."""
        self.create_subscription(
            CLOCK.type, CLOCK.name, lambda message: clock.follow(values.time_from(message.clock)), CLOCK.qos or 1
        )

    def tell(self, speech: Speech) -> None:
        """How far a sentence has come."""
        self._states.publish(convert.speech_to(speech))

    def say_how(self, part: PartReport, languages: Sequence[Language]) -> None:
        """How the voice fares, and what it can say."""
        self._parts.publish(convert.part_to(part))
        self._loudspeaker.publish(convert.loudspeaker_to(languages))

    def _speaks(self, topic: Topic) -> Any:
        return self.create_publisher(topic.type, topic.name, topic.qos or 1)
