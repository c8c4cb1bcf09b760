"""A viewer's queue is bounded, and what leaves it can always be decoded."""

from __future__ import annotations

from typing import Any

import pytest

from teleop.encoder import EncodedPicture
from teleop.viewer_queue import ViewerQueue
from tests.unit.teleop.cameras import BEGAN

pytestmark = pytest.mark.anyio


def picture(n: int, *, key: bool = False) -> EncodedPicture:
    return EncodedPicture(payloads=(), rtp=n, key=key, stamped_at=BEGAN, heard_s=0.0)


class Asked:
    """Counts how often a key frame was asked for."""

    times = 0

    def __call__(self) -> None:
        self.times += 1


def queue_that_is_read(depth: int = 3) -> tuple[ViewerQueue, Asked]:
    asked = Asked()
    queue = ViewerQueue(want_key=asked, depth=depth)
    queue.begin()
    return queue, asked


async def taken(queue: ViewerQueue, count: int) -> list[Any]:
    out = []
    for _ in range(count):
        encoded = await queue.next()
        out.append(encoded and encoded.rtp)
    return out


async def test_nothing_is_kept_for_one_who_does_not_read_yet() -> None:
    asked = Asked()
    queue = ViewerQueue(want_key=asked)
    queue.put(picture(1, key=True))
    queue.begin()
    queue.put(picture(2, key=True))
    assert await taken(queue, 1) == [2]
    assert asked.times == 1


async def test_the_first_picture_is_a_key_frame() -> None:
    queue, asked = queue_that_is_read()
    for encoded in (picture(1), picture(2, key=True), picture(3)):
        queue.put(encoded)
    assert await taken(queue, 2) == [2, 3]
    assert asked.times == 2


async def test_a_full_queue_drops_to_the_next_key_frame_and_asks_for_it() -> None:
    queue, asked = queue_that_is_read(depth=3)
    queue.put(picture(0, key=True))
    for n in range(1, 6):
        queue.put(picture(n))
    assert asked.times > 1
    queue.put(picture(6, key=True))
    queue.put(picture(7))
    assert await taken(queue, 2) == [6, 7]
    assert queue.dropped == 6


async def test_a_full_queue_never_holds_more_than_its_depth_even_of_key_frames() -> None:
    queue, _ = queue_that_is_read(depth=3)
    for n in range(10):
        queue.put(picture(n, key=True))
    assert await taken(queue, 1) == [9]


async def test_an_ended_queue_says_so_to_one_who_waits() -> None:
    queue, _ = queue_that_is_read()
    queue.put(picture(1, key=True))
    queue.end()
    queue.put(picture(2, key=True))
    assert await queue.next() is None
