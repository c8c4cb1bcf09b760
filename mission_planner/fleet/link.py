"""The center as a peer on the ROS graph: the only place of this package that knows rclpy.

The executor spins in a thread of its own. A callback converts its message and hands it to the asyncio thread; it waits
for nothing. Where the embedded ROS is installed this process also hosts the center's Zenoh router; on a machine with
real ROS 2 that is `rmw_zenohd`'s work.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import rclpy
from mission_planner.fleet.port import Ears
from mission_planner.video import phrases
from mission_planner.video.port import VideoAnswer, VideoOffer
from patrol_core.errors import InvalidInput, Unavailable
from patrol_core.orders import Order
from patrol_core.site import Site, Text
from patrol_interfaces.msg import ReportAck
from patrol_interfaces.srv import CloseVideo, OpenVideo
from patrol_wire import convert, values
from patrol_wire.topics import CLOCK, RobotTopics, SiteTopics, Topic
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, ShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile

T = TypeVar("T")
log = logging.getLogger(__name__)

ACKS_AT_ONCE = 100
JOIN_S = 2.0
_OVERRIDE = "ZENOH_CONFIG_OVERRIDE"


class RosLink:
    """Satisfies `RobotPort`."""

    def __init__(self, site: Site, *, router_port: int, follow_clock: bool) -> None:
        self._site = site
        self._router_port = router_port
        self._follow_clock = follow_clock
        self._context: Context | None = None
        self._router: Any = None
        self._thread: threading.Thread | None = None
        self._died: asyncio.Future[None] | None = None
        self._orders: dict[str, Any] = {}
        self._open_video: dict[str, Any] = {}
        self._close_video: dict[str, Any] = {}
        self._ack: Any = None
        self._trouble: str | None = "not started"

    @property
    def trouble(self) -> str | None:
        return self._trouble

    async def start(self, ears: Ears) -> None:
        loop = asyncio.get_running_loop()
        self._died = loop.create_future()
        self._start_router()
        with _connected_to(f"tcp/127.0.0.1:{self._router_port}"):
            await asyncio.to_thread(self._join_graph, ears, loop)
        self._trouble = None

    async def watch(self) -> None:
        if self._died is None:
            raise Unavailable("the link to the robots is not started")
        await self._died

    def publish(self, order: Order) -> None:
        publisher = self._orders.get(order.robot_id)
        if publisher is not None and self._trouble is None:
            publisher.publish(convert.order_to(order))

    def acknowledge(self, report_ids: Sequence[UUID]) -> None:
        if self._ack is None or self._trouble is not None:
            return  # they come again, and are acknowledged then
        for i in range(0, len(report_ids), ACKS_AT_ONCE):
            self._ack.publish(ReportAck(report_ids=[str(r) for r in report_ids[i : i + ACKS_AT_ONCE]]))

    async def open_video(self, offer: VideoOffer) -> VideoAnswer:
        request = OpenVideo.Request(
            session_id=offer.session_id,
            camera_id=offer.camera_id,
            viewer=offer.viewer,
            offer_sdp=offer.offer_sdp,
            ice_servers=offer.ice_servers,
        )
        response = await self._asked(self._open_video, offer.robot_id, request)
        because = Text(zh=response.because_zh, en=response.because_en)
        return VideoAnswer(answer_sdp=response.answer_sdp if response.accepted else None, because=because)

    async def close_video(self, robot_id: str, session_id: str) -> bool:
        response = await self._asked(self._close_video, robot_id, CloseVideo.Request(session_id=session_id))
        return bool(response.known)

    async def _asked(self, clients: Mapping[str, Any], robot_id: str, request: Any) -> Any:
        """A service's response; the ROS thread hands it over and waits for nothing."""
        client = clients.get(robot_id)
        if client is None or self._trouble is not None:
            raise Unavailable(f"robot {robot_id} cannot be asked: {self._trouble or 'it is not of this site'}")
        if not client.service_is_ready():
            missing = phrases.missing(robot_id)
            raise Unavailable(missing.en, zh=missing.zh)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Any] = loop.create_future()
        call = client.call_async(request)
        call.add_done_callback(lambda done: _hand_over(loop, _settle, answered, done))
        try:
            return await answered
        finally:
            client.remove_pending_request(call)

    async def close(self) -> None:
        self._trouble = "closed"
        await asyncio.to_thread(self._leave)

    def _start_router(self) -> None:
        try:
            from ros_wire.router import Router, RouterError
        except ImportError:
            log.info("real ROS 2 here: expecting rmw_zenohd to route on port %d", self._router_port)
            return
        try:
            self._router = Router(listen=[f"tcp/127.0.0.1:{self._router_port}"])
        except RouterError as error:
            raise Unavailable(
                f"port {self._router_port} is taken, the robots' router cannot listen there: "
                f"set RONDA_ROUTER_PORT to a free port ({error})"
            ) from None

    def _join_graph(self, ears: Ears, loop: asyncio.AbstractEventLoop) -> None:
        self._context = Context()
        rclpy.init(context=self._context)
        node = Node("center", context=self._context, namespace=f"/{self._site.site_id}")
        site_topics = SiteTopics(site_id=self._site.site_id)
        hear = _Hearing(node, loop, ears.not_understood)
        hear.subscribe(site_topics.findings, convert.finding_from, ears.finding)
        hear.subscribe(site_topics.ledger, convert.ledger_entry_from, ears.entry)
        hear.subscribe(site_topics.speeches, convert.speech_from, ears.speech)
        self._ack = _publisher(node, site_topics.ack)
        for robot_id in self._site.robots:
            topics = RobotTopics(site_id=self._site.site_id, robot_id=robot_id)
            hear.subscribe(topics.state, convert.state_from, ears.state)
            self._orders[robot_id] = _publisher(node, topics.orders)
            for clients, topic in ((self._open_video, topics.open_video), (self._close_video, topics.close_video)):
                clients[robot_id] = node.create_client(topic.type, topic.name)
        if self._follow_clock:
            hear.subscribe(CLOCK, lambda message: values.time_from(message.clock), ears.clock)
        executor = SingleThreadedExecutor(context=self._context)
        executor.add_node(node)
        self._thread = threading.Thread(target=self._spin, args=(executor, loop), name="ros", daemon=True)
        self._thread.start()

    def _spin(self, executor: SingleThreadedExecutor, loop: asyncio.AbstractEventLoop) -> None:
        try:
            executor.spin()
        except (ExternalShutdownException, ShutdownException):
            pass
        except Exception as error:
            log.exception("the ROS thread died")
            self._trouble = f"the ROS thread died: {error}"
            loop.call_soon_threadsafe(self._die, error)

    def _die(self, error: Exception) -> None:
        if self._died is not None and not self._died.done():
            self._died.set_exception(Unavailable(f"the link to the robots died: {error}"))

    def _leave(self) -> None:
        if self._context is not None and self._context.ok():
            rclpy.shutdown(context=self._context)
        if self._thread is not None:
            self._thread.join(JOIN_S)
            self._thread = None
        if self._router is not None:
            self._router.close()
            self._router = None


class _Hearing:
    """Makes subscriptions whose messages arrive, converted, in the asyncio thread."""

    def __init__(self, node: Node, loop: asyncio.AbstractEventLoop, not_understood: Callable[[str, str], None]) -> None:
        self._node = node
        self._loop = loop
        self._not_understood = not_understood

    def subscribe(self, topic: Topic, convert_from: Callable[[Any], T], hear: Callable[[T], None]) -> None:
        def on_message(message: Any) -> None:
            try:
                value = convert_from(message)
            except InvalidInput as error:
                _hand_over(self._loop, self._not_understood, topic.name, str(error))
                return
            _hand_over(self._loop, hear, value)

        self._node.create_subscription(topic.type, topic.name, on_message, _qos(topic))


def _hand_over(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(call, *arguments)
    except RuntimeError:
        log.debug("a message came after the loop had closed")


def _settle(answered: asyncio.Future[Any], call: Any) -> None:
    """The outcome of a service call, in the asyncio thread."""
    if answered.done():
        return
    error = call.exception()
    if error is not None:
        answered.set_exception(Unavailable(f"the robot did not answer: {error}"))
    elif call.cancelled() or call.result() is None:
        answered.set_exception(Unavailable("the robot did not answer: the call was given up"))
    else:
        answered.set_result(call.result())


@contextmanager
def _connected_to(endpoint: str) -> Iterator[None]:
    """Sessions opened here join our router, unless whoever started us named another."""
    given = os.environ.get(_OVERRIDE)
    if "connect/endpoints" in (given or ""):
        yield
        return
    os.environ[_OVERRIDE] = ";".join(filter(None, (given, f'connect/endpoints=["{endpoint}"]')))
    try:
        yield
    finally:
        if given is None:
            del os.environ[_OVERRIDE]
        else:
            os.environ[_OVERRIDE] = given


def _publisher(node: Node, topic: Topic) -> Any:
    return node.create_publisher(topic.type, topic.name, _qos(topic))


def _qos(topic: Topic) -> QoSProfile:
    if topic.qos is None:
        raise TypeError(f"{topic.name} is an action, not a topic")
    return topic.qos
