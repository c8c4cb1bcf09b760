"""A look through a ROS camera: subscribed only for the look, and never an old or empty picture."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sensor_msgs.msg import Image

from patrol_onboard import phrases
from patrol_onboard.camera_driver import LookPolicy, RosCamera
from patrol_onboard.photo import Photo, Unusable
from patrol_wire.topics import RobotTopics
from patrol_wire.values import time_to
from rclpy.node import Node
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually
from tests.unit.patrol_onboard.pictures import Pixels, covered, shaken, street

TOPICS = RobotTopics(site_id="xinghe", robot_id="r1")


class Eye(Node):
    """A camera that shows the next picture of a list, and then the last one for ever."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("test_eye", **arguments)
        self.pictures: list[Pixels] = []
        self.late_s = 0.0
        self._image = self.create_publisher(Image, TOPICS.image.name, TOPICS.image.qos)
        self.create_timer(0.05, self._show)

    def _show(self) -> None:
        if not self.pictures or not self.watched:
            return
        picture = self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]
        message = Image(height=480, width=640, encoding="rgb8", step=1920, data=picture.tobytes())
        message.header.stamp = time_to(datetime.now(UTC) - timedelta(seconds=self.late_s))
        self._image.publish(message)

    @property
    def watched(self) -> bool:
        return bool(self._image.get_subscription_count() > 0)


@pytest.fixture(scope="module")
def parts() -> Iterator[tuple[Eye, RosCamera]]:
    with (
        router() as override,
        context(override) as theirs,
        context(override) as ours,
        spun(Eye(context=theirs)) as eye,
        spun(Node("mission", context=ours)) as node,
    ):
        yield eye, RosCamera(node, TOPICS, monotonic_s=time.monotonic, look=LookPolicy(patience_s=1.5, pause_s=0.05))


def look(camera: RosCamera, not_before: datetime | None = None) -> Photo:
    return asyncio.run(camera.take(not_before=not_before or datetime.now(UTC)))


def test_a_look_is_a_picture_taken_now(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures, eye.late_s = [street()], 0.0
    began = datetime.now(UTC)
    photo = look(camera)
    assert began <= photo.taken_at <= datetime.now(UTC)
    eventually(lambda: not eye.watched, what="the subscription withdrawn")


def test_a_blurred_picture_among_good_ones_costs_a_moment_only(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures, eye.late_s = [covered(), shaken(street()), street()], 0.0
    assert look(camera).jpeg


def test_a_covered_camera_is_given_up_with_its_reason(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures, eye.late_s = [covered()], 0.0
    with pytest.raises(Unusable, match=str(phrases.DARK)):
        look(camera)
    eventually(lambda: not eye.watched)


def test_a_camera_that_shows_the_past_is_no_evidence(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures, eye.late_s = [street()], 60.0
    with pytest.raises(Unusable, match=str(phrases.STALE_FRAME)):
        look(camera)


def test_a_dead_camera_is_said(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures = []
    with pytest.raises(Unusable, match=str(phrases.NO_FRAME)):
        look(camera)


def test_a_look_given_up_leaves_no_subscription(parts: tuple[Eye, RosCamera]) -> None:
    eye, camera = parts
    eye.pictures = []

    async def given_up() -> None:
        task = asyncio.create_task(camera.take(not_before=datetime.now(UTC)))
        while not eye.watched:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(given_up())
    eventually(lambda: not eye.watched)
