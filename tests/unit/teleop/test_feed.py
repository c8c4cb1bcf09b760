"""One encoder for a camera, whoever watches; it lives from the first viewer to the last."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from teleop.encoder import EncodedPicture
from teleop.feed import CameraFeed
from teleop.rate import RatePolicy
from teleop.viewer_queue import ViewerQueue
from tests.unit.teleop.cameras import CameraOfATest, until

pytestmark = pytest.mark.anyio
EAGER = RatePolicy(key_every_s=0.0)


def feed_of(camera: CameraOfATest, policy: RatePolicy = EAGER) -> CameraFeed:
    return CameraFeed(camera, camera_id="front", monotonic_s=time.monotonic, policy=policy)


async def next_of(queue: ViewerQueue) -> EncodedPicture:
    encoded = await queue.next()
    assert encoded is not None
    return encoded


def reading(feed: CameraFeed, name: str) -> ViewerQueue:
    queue = feed.join(name)
    queue.begin()
    return queue


async def test_four_viewers_get_the_same_payloads_and_each_picture_is_encoded_once() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    queues = [reading(feed, str(n)) for n in range(4)]
    for _ in range(3):
        camera.give()
        payloads = [(await next_of(queue)).payloads for queue in queues]
        assert all(these is payloads[0] for these in payloads)
    assert feed.counts.encoded == 3
    for n in range(4):
        await feed.leave(str(n))


async def test_the_camera_runs_from_the_first_viewer_to_the_last() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    assert not camera.running
    feed.join("a")
    feed.join("b")
    assert camera.starts == 1
    await feed.leave("a")
    assert camera.running
    await feed.leave("b")
    assert not camera.running
    assert feed.begun_s is None
    reading(feed, "c")
    assert camera.starts == 2
    await feed.leave("c")


async def test_nothing_is_encoded_for_viewers_who_are_not_connected_yet() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    feed.join("a")
    camera.give()
    await until(lambda: feed.counts.pictures == 1)
    queue = reading(feed, "b")
    camera.give()
    await next_of(queue)
    assert feed.counts.encoded == 1
    for name in ("a", "b"):
        await feed.leave(name)


async def test_a_late_viewer_begins_with_a_key_frame() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    early = reading(feed, "early")
    for _ in range(3):
        camera.give()
        await next_of(early)
    late = reading(feed, "late")
    shown = camera.give()
    first = await next_of(late)
    assert first.key
    assert first.stamped_at == shown.stamped_at
    assert feed.counts.keys == 2
    for name in ("early", "late"):
        await feed.leave(name)


async def test_key_frames_come_no_faster_than_the_policy_allows_however_often_they_are_asked_for() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera, RatePolicy(key_every_s=1.0))
    queue = reading(feed, "a")
    keys = []
    for _ in range(25):  # two seconds at 12 pictures a second
        feed.want_key()
        camera.give()
        keys.append((await next_of(queue)).key)
    assert [n for n, key in enumerate(keys) if key] == [0, 12, 24]
    await feed.leave("a")


async def test_a_newer_picture_replaces_the_one_that_waits() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    queue = reading(feed, "a")
    given = [camera.give() for _ in range(5)]  # all before the loop runs once
    assert (await next_of(queue)).stamped_at == given[-1].stamped_at
    assert feed.counts.replaced == 4
    await feed.leave("a")


async def test_a_picture_that_cannot_be_shown_is_said_and_the_next_is_shown() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    queue = reading(feed, "a")
    camera.give(encoding="jpeg2000")
    await until(lambda: feed.trouble)
    assert "jpeg2000" in str(feed.trouble)
    camera.give()
    assert (await next_of(queue)).key
    assert feed.trouble is None
    assert feed.counts.refused == 1
    await feed.leave("a")


async def test_another_size_of_picture_gets_an_encoder_of_its_own_and_a_key_frame() -> None:
    camera = CameraOfATest()
    feed = feed_of(camera)
    queue = reading(feed, "a")
    camera.give()
    await next_of(queue)
    camera.give(width_px=160, step=960)
    assert (await next_of(queue)).key
    await feed.leave("a")


async def test_a_narrow_viewer_brings_the_picture_rate_down_to_ten() -> None:
    camera = CameraOfATest()
    clock = [100.0]
    feed = CameraFeed(camera, camera_id="front", monotonic_s=lambda: clock[0], policy=EAGER)
    queue = reading(feed, "a")
    feed.says("a", lambda says: replace(says, lost=0.9, lost_s=clock[0] + 1))
    for n in range(60):
        camera.give(fps=24.0, heard_s=100 + n / 24)
        clock[0] = 100 + n / 24
        await until(lambda n=n: feed.counts.encoded + feed.counts.skipped == n + 1)
        if feed.counts.skipped == 0 or feed.rate.fps == 30:
            await next_of(queue)
    assert feed.rate.fps == 10
    before = feed.counts.encoded
    for n in range(60, 84):  # one more second
        camera.give(fps=24.0, heard_s=100 + n / 24)
        await until(lambda n=n: feed.counts.encoded + feed.counts.skipped == n + 1)
    assert feed.counts.encoded - before == 10
    await feed.leave("a")
