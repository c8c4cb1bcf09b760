"""A robot on the graph that does what a test says: state, a finding, its camera, its words; it obeys RELEASE."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from patrol_core.finding import Finding, Phase
from patrol_core.geometry import Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.orders import OrderKind
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, RobotState
from patrol_core.site import NO_WORDS, Language, Text
from patrol_core.source import Source, SourceKind
from patrol_core.speech import Speech, SpeechState
from patrol_wire import convert
from patrol_wire.topics import RobotTopics, SiteTopics, Topic
from rclpy.node import Node
from tests.browser.camera import Camera
from tests.helpers import ros

SITE_ID, ROBOT_ID = "xinghe", "r1"
STATE_EVERY_S = 0.5
BESIDE = Pose2(x_m=112.0, y_m=92.0, heading_rad=0.0)
LIES_AT = Point2(x_m=114.8, y_m=92.4)


@dataclass(slots=True)
class PlayedRobot:
    """Changes take effect with the next state."""

    node: Node
    camera: Camera
    activity: Activity = Activity.IDLE
    lights_on: bool = False
    vision: PartState = PartState.OK
    speaks: tuple[Language, ...] = ()
    speech: Speech | None = None
    silent: bool = False  # says nothing, as one out of reach
    released: threading.Event = field(default_factory=threading.Event)
    _publish: Callable[[RobotState], None] = field(init=False)
    _state: RobotState = field(init=False)

    def __post_init__(self) -> None:
        topics = RobotTopics(site_id=SITE_ID, robot_id=ROBOT_ID)
        states = self.node.create_publisher(topics.state.type, topics.state.name, topics.state.qos or 1)
        self._publish = lambda state: states.publish(convert.state_to(state))
        self._state = RobotState(
            robot_id=ROBOT_ID,
            boot_id=uuid7(),
            sequence=0,
            stamped_at=datetime.now(UTC),
            pose=BESIDE,
            speed_mps=0.0,
            battery_pct=81.0,
            charging=False,
            activity=self.activity,
            because=NO_WORDS,
            order_epoch=0,
            refused=NO_WORDS,
        )
        self.node.create_subscription(topics.orders.type, topics.orders.name, self._on_order, topics.orders.qos or 1)
        self.node.create_service(topics.open_video.type, topics.open_video.name, self._on_open)
        self.node.create_service(topics.close_video.type, topics.close_video.name, self._on_close)
        self.node.create_timer(STATE_EVERY_S, self.say)

    def say(self) -> None:
        """Publish how it stands now."""
        if self.silent:
            return
        now = datetime.now(UTC)
        self._state = replace(
            self._state,
            sequence=self._state.sequence + 1,
            stamped_at=now,
            activity=self.activity,
            lights_on=self.lights_on,
            speaks=self.speaks,
            speech=self.speech,
            parts=(self._part("vision", self.vision, now), self._part("media", PartState.OK, now)),
        )
        self._publish(self._state)

    def finds_somebody_fallen(self) -> None:
        """Confirmed, and it stays there with its lights on."""
        self.activity, self.lights_on = Activity.ATTENDING, True
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.ROBOT, source_id=ROBOT_ID),
            kind=IncidentKind.PERSON_FALLEN,
            phase=Phase.RAISED,
            position_m=LIES_AT,
            observed_at=datetime.now(UTC),
            confidence=0.93,
            certainty=Certainty.CONFIRMED,
            model="test 0a1b2c3d",
        )
        topic = SiteTopics(site_id=SITE_ID).findings
        self._tell_until_heard(topic, convert.finding_to(finding), finding.finding_id)

    def finishes(self, state: SpeechState, because: Text = NO_WORDS) -> None:
        """What it is saying is over; told in its state, and as a report until the center has it."""
        assert self.speech is not None
        self.speech = replace(self.speech, state=state, because=because, at=datetime.now(UTC))
        self._tell_until_heard(
            SiteTopics(site_id=SITE_ID).speeches, convert.speech_to(self.speech), self.speech.order_id
        )
        self.say()

    def _tell_until_heard(self, topic: Topic, message: Any, report_id: UUID) -> None:
        """As the outbox does."""
        publisher = self.node.create_publisher(topic.type, topic.name, topic.qos or 1)
        acknowledged: set[UUID] = set()
        acks = SiteTopics(site_id=SITE_ID).ack
        self.node.create_subscription(
            acks.type, acks.name, lambda m: acknowledged.update(map(UUID, m.report_ids)), acks.qos or 1
        )

        def send() -> None:
            if report_id in acknowledged:
                timer.cancel()
            else:
                publisher.publish(message)

        timer = self.node.create_timer(STATE_EVERY_S, send)

    def _part(self, name: str, state: PartState, now: datetime) -> PartReport:
        because = NO_WORDS if state is PartState.OK else Text(zh="每秒只看 2 张画面", en="looks at 2 pictures a second")
        return PartReport(name=name, state=state, because=because, version="test 0a1b2c3d", stamped_at=now)

    def _on_order(self, message: Any) -> None:
        order = convert.order_from(message)
        if order.epoch <= self._state.order_epoch:
            return
        self._state = replace(self._state, order_epoch=order.epoch)
        if order.kind is OrderKind.RELEASE:
            self.activity, self.lights_on = Activity.IDLE, False
            self.released.set()
        if order.kind is OrderKind.SPEAK and order.language is not None:
            self.speech = Speech(
                order_id=order.order_id,
                robot_id=ROBOT_ID,
                words=order.words,
                language=order.language,
                urgent=order.urgent,
                incident_id=order.incident_id,
                asked_at=order.issued_at,
                state=SpeechState.SAYING,
                at=datetime.now(UTC),
            )
        self.say()

    def _on_open(self, request: Any, response: Any) -> Any:
        if self.camera.refusal is None:
            response.answer_sdp = self.camera.answer(request.session_id, request.offer_sdp)
        response.accepted = self.camera.refusal is None
        refusal = self.camera.refusal or NO_WORDS
        response.because_zh, response.because_en = refusal.zh, refusal.en
        return response

    def _on_close(self, request: Any, response: Any) -> Any:
        response.known = self.camera.leave(request.session_id)
        return response


@contextmanager
def robot(router_port: int, camera: Camera) -> Iterator[PlayedRobot]:
    """A robot r1 at the center's router."""
    with ExitStack() as stack:
        context = stack.enter_context(ros.context(f'connect/endpoints=["tcp/127.0.0.1:{router_port}"]'))
        played = PlayedRobot(node=Node("played", context=context), camera=camera)
        stack.enter_context(ros.spun(played.node))
        yield played
