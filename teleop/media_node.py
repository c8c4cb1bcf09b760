"""The media process on the graph: pictures and boxes in, viewers' offers in and answers out, how it fares out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from patrol_core.clock import FollowedClock
from patrol_core.errors import InvalidInput
from patrol_core.event_loop import call_in
from patrol_core.heartbeat import EVERY_S
from patrol_core.part import PartReport
from patrol_core.site import Text
from patrol_wire import convert, values
from patrol_wire.running_node import on_graph
from patrol_wire.topics import CLOCK, RobotTopics
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.task import Future
from teleop import phrases
from teleop.overlay import Seen, SeenBox
from teleop.pictures import Picture

CAMERA_ID = "front"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHeard:
    """A request of the open service, as text."""

    session_id: str
    camera_id: str
    viewer: str
    offer_sdp: str
    ice_servers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """Its response."""

    answer_sdp: str | None  # None: refused
    because: Text


_FAILED = OfferAnswered(answer_sdp=None, because=phrases.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaEars:
    """Who serves the viewers; both are awaited in the asyncio thread."""

    open: Callable[[OfferHeard], Awaitable[OfferAnswered]]
    close: Callable[[str], Awaitable[bool]]


class MediaNode(Node):
    """Its callbacks run in rclpy's thread and only hand on; a service answers when asyncio has answered."""

    def __init__(self) -> None:
        super().__init__("media")
        site_id = str(self.declare_parameter("site_id", "").value)
        self.robot_id = str(self.declare_parameter("robot_id", "").value)
        if not site_id or not self.robot_id:
            raise InvalidInput("expected the parameters site_id and robot_id; came none", where="media node")
        self.topics = RobotTopics(site_id=site_id, robot_id=self.robot_id)
        parts = self.topics.parts
        self._parts: Any = self.create_publisher(parts.type, parts.name, parts.qos or 1)

    def attend(self, loop: asyncio.AbstractEventLoop, ears: MediaEars) -> None:
        """Begin to serve viewers."""
        self._loop = loop
        self._tasks: set[asyncio.Task[None]] = set()  # asyncio keeps only weak references to them
        group = ReentrantCallbackGroup()  # an offer that takes long holds up no other
        for topic, answer in ((self.topics.open_video, self._on_open), (self.topics.close_video, self._on_close)):
            self.create_service(topic.type, topic.name, _awaiting(answer, ears), callback_group=group)

    def follow(self, clock: FollowedClock) -> None:
        """Let the simulator's `/clock` lead site time."""
        self.create_subscription(
            CLOCK.type, CLOCK.name, lambda message: clock.follow(values.time_from(message.clock)), CLOCK.qos or 1
        )

    def keep_alive(self, beat: Callable[[], None]) -> None:
        """Call `beat` every second, in rclpy's thread."""
        self._alive: Any = self.create_timer(EVERY_S, beat)

    def say(self, report: PartReport) -> None:
        """How a part fares."""
        self._parts.publish(convert.part_to(report))

    def camera_is_published(self) -> bool:
        """Whether somebody on the graph publishes the camera's pictures."""
        return self.count_publishers(self.topics.image.name) > 0

    async def _on_open(self, request: Any, response: Any, ears: MediaEars) -> Any:
        heard = OfferHeard(
            session_id=request.session_id,
            camera_id=request.camera_id,
            viewer=request.viewer,
            offer_sdp=request.offer_sdp,
            ice_servers=request.ice_servers,
        )
        answered: OfferAnswered = await self._asked(ears.open(heard), instead=_FAILED)
        response.accepted = answered.answer_sdp is not None
        response.answer_sdp = answered.answer_sdp or ""
        response.because_zh, response.because_en = answered.because.zh, answered.because.en
        return response

    async def _on_close(self, request: Any, response: Any, ears: MediaEars) -> Any:
        response.known = await self._asked(ears.close(request.session_id), instead=False)
        return response

    def _asked(self, work: Awaitable[Any], *, instead: Any) -> Any:
        """What asyncio makes of it, as a future of rclpy's: nothing waits in between.

        `instead` is the answer where it fails: one viewer's strange offer must not end the process for all others.
        """
        answer: Future[Any] = Future(executor=self.executor)

        async def do() -> None:
            try:
                answer.set_result(await work)
            except Exception:
                log.exception("a viewer could not be served")
                answer.set_result(instead)

        def begin() -> None:
            task = self._loop.create_task(do())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        call_in(self._loop, begin)
        return answer


class RosCamera:
    """The Camera port on `sensor_msgs/Image`. A camera that nobody watches is not subscribed to."""

    def __init__(self, node: MediaNode, monotonic_s: Callable[[], float], seen: Callable[[Seen], None]) -> None:
        """`seen` is called in rclpy's thread with the boxes of a picture."""
        self._node = node
        self._monotonic_s = monotonic_s
        self._seen = seen
        self._group = MutuallyExclusiveCallbackGroup()
        self._subscriptions: list[Any] = []

    def start(self, take: Callable[[Picture], None]) -> None:
        topics = self._node.topics

        def on_image(message: Any) -> None:
            take(self._picture(message))

        def on_boxes(message: Any) -> None:
            self._seen(seen_from(message))

        self._subscriptions = [
            self._node.create_subscription(card.type, card.name, callback, card.qos or 1, callback_group=self._group)
            for card, callback in ((topics.image, on_image), (topics.detections, on_boxes))
        ]

    def stop(self) -> None:
        subscriptions, self._subscriptions = self._subscriptions, []
        for subscription in subscriptions:
            self._node.destroy_subscription(subscription)

    def _picture(self, message: Any) -> Picture:
        return Picture(
            stamped_at=values.time_from(message.header.stamp),
            heard_s=self._monotonic_s(),
            width_px=message.width,
            height_px=message.height,
            encoding=message.encoding,
            step=message.step,
            data=message.data,
        )


def seen_from(message: Any) -> Seen:
    """`patrol_interfaces/Detections` as it is drawn."""
    return Seen(
        stamped_at=values.time_from(message.picture_stamp),
        camera_id=message.camera_id,
        model=message.model,
        boxes=[
            SeenBox(
                track_id=b.track_id,
                kind=b.kind,
                verdict=b.verdict,
                score=b.score,
                box=(b.left, b.top, b.right, b.bottom),
                distance_m=b.distance_m,
            )
            for b in message.boxes
        ],
    )


@contextmanager
def media_node(ros_arguments: Sequence[str]) -> Iterator[MediaNode]:
    """The node, on a graph joined for as long as the block lasts."""
    with on_graph(ros_arguments):
        yield MediaNode()


def _awaiting(answer: Callable[..., Any], ears: MediaEars) -> Callable[[Any, Any], Any]:
    async def callback(request: Any, response: Any) -> Any:
        return await answer(request, response, ears)

    return callback
