"""The media node between the graph and asyncio: requests in, answers out, whatever happens in between."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from patrol_core.site import Text
from patrol_interfaces import msg
from patrol_wire.topics import RobotTopics
from patrol_wire.values import time_to
from rclpy.context import Context
from rclpy.node import Node
from teleop.media_node import MediaEars, MediaNode, OfferAnswered, OfferHeard, RosCamera, seen_from
from teleop.pictures import Picture
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually
from tests.unit.teleop.cameras import BEGAN

TOPICS = RobotTopics(site_id="xinghe", robot_id="r1")


class Desk:
    """Answers as a test says."""

    def __init__(self) -> None:
        self.heard: list[OfferHeard] = []
        self.closed: list[str] = []
        self.fails = False

    async def open(self, heard: OfferHeard) -> OfferAnswered:
        self.heard.append(heard)
        if self.fails:
            raise RuntimeError("a surprise")
        return OfferAnswered(answer_sdp="v=0", because=Text(zh="", en=""))

    async def close(self, session_id: str) -> bool:
        self.closed.append(session_id)
        return session_id == "s1"


@contextmanager
def loop_in_a_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MediaNode, Node, Desk]]:
    """A media node that is served, another node on the same graph, and the desk behind the first."""
    with router() as override, context(override) as opened, loop_in_a_thread() as loop:
        made = _media_node(opened, monkeypatch)
        desk = Desk()
        made.attend(loop, MediaEars(open=desk.open, close=desk.close))
        with spun(made), spun(Node("center", context=opened)) as center:
            yield made, center, desk


def _media_node(opened: Context, monkeypatch: pytest.MonkeyPatch) -> MediaNode:
    """As the supervisor starts it: in this context, with the robot's parameters."""
    begin = Node.__init__
    parameters = ["--ros-args", "-p", "site_id:=xinghe", "-p", "robot_id:=r1"]
    with monkeypatch.context() as patch:
        patch.setattr(Node, "__init__", lambda self, name: begin(self, name, context=opened, cli_args=parameters))
        return MediaNode()


def call(node: Node, topic: Any, **fields: str) -> Any:
    client = node.create_client(topic.type, topic.name)
    assert client.wait_for_service(5)
    return client.call(topic.type.Request(**fields), timeout_sec=30)


def test_an_offer_is_carried_in_and_its_answer_out(graph: tuple[MediaNode, Node, Desk]) -> None:
    _, center, desk = graph
    fields = {"session_id": "s1", "camera_id": "front", "viewer": "op", "offer_sdp": "v=0", "ice_servers": "[]"}
    answer = call(center, TOPICS.open_video, **fields)
    assert (answer.accepted, answer.answer_sdp) == (True, "v=0")
    assert desk.heard == [OfferHeard(**fields)]
    assert [call(center, TOPICS.close_video, session_id=s).known for s in ("s1", "s2")] == [True, False]


def test_an_offer_that_makes_it_fail_is_refused_in_words_and_the_next_is_served(
    graph: tuple[MediaNode, Node, Desk],
) -> None:
    _, center, desk = graph
    desk.fails = True
    refused = call(center, TOPICS.open_video, session_id="s1")
    assert not refused.accepted
    assert refused.because_en == "the media process failed at this offer; the robot's log has it"
    assert refused.because_zh
    desk.fails = False
    assert call(center, TOPICS.open_video, session_id="s2").accepted


def test_pictures_come_only_while_they_are_wanted(graph: tuple[MediaNode, Node, Desk]) -> None:
    media, robot, _ = graph
    publisher = robot.create_publisher(TOPICS.image.type, TOPICS.image.name, TOPICS.image.qos)
    taken: list[Picture] = []
    camera = RosCamera(media, lambda: 7.0, lambda seen: None)
    assert eventually(media.camera_is_published, what="the publisher known")
    assert publisher.get_subscription_count() == 0
    camera.start(taken.append)
    eventually(lambda: publisher.get_subscription_count() == 1, what="the subscription")
    image = TOPICS.image.type(height=2, width=2, encoding="rgb8", step=6)
    image.header.stamp = time_to(BEGAN)
    image.data = bytes(range(12))

    def publish() -> list[Picture]:
        publisher.publish(image)
        return taken

    (picture, *_) = eventually(publish, what="a picture")
    assert (picture.stamped_at, picture.heard_s, picture.width_px, picture.encoding) == (BEGAN, 7.0, 2, "rgb8")
    assert bytes(picture.data) == bytes(range(12))
    camera.stop()
    eventually(lambda: publisher.get_subscription_count() == 0, what="no subscription")


def test_boxes_as_they_are_drawn() -> None:
    box = msg.DetectionBox(track_id="t1", kind="person", verdict="", score=0.5, right=1.0, distance_m=math.nan)
    seen = seen_from(msg.Detections(picture_stamp=time_to(BEGAN), camera_id="front", model="m", boxes=[box]))
    assert (seen.stamped_at, seen.camera_id, seen.model) == (BEGAN, "front", "m")
    assert seen.boxes[0].box == (0.0, 0.0, 1.0, 0.0)
