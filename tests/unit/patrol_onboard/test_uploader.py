"""Pictures on their way to the center: through restarts, cut lines and refusals, none is lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patrol_onboard.photo_store import PhotoStore
from patrol_onboard.uploader import Uploader, UploadPolicy, token_from
from tests.unit.patrol_onboard.evidence_server import TOKEN, EvidenceServer
from tests.unit.patrol_onboard.test_photo_store import photo

FAST = UploadPolicy(bytes_per_s=1e9, chunk_bytes=1000, retry_first_s=0.01, retry_max_s=0.05, timeout_s=5)


@pytest.fixture
def center() -> Iterator[EvidenceServer]:
    with EvidenceServer() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def keep(store: PhotoStore, *contents: bytes) -> list[str]:
    """Keep pictures, each a second older than the next; their digests."""
    digests = []
    for n, content in enumerate(contents):
        picture = photo(content)
        store.keep(picture, urgent=False)
        path = next(k.path for k in store.waiting() if k.digest == picture.digest)
        os.utime(path, (1_000 + n, 1_000 + n))
        digests.append(picture.digest)
    return digests


def upload_until(
    condition: Callable[[], bool],
    store: PhotoStore,
    center: EvidenceServer,
    *,
    policy: UploadPolicy = FAST,
    token: Callable[[], str] = lambda: TOKEN,
    urgent: tuple[str, ...] = (),
) -> float:
    """Run an uploader until `condition`; how long it took."""

    async def run() -> float:
        uploader = Uploader(store, center_url=center.url, token=token, policy=policy)
        for digest in urgent:
            uploader.notice(digest, urgent=True)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        task = loop.create_task(uploader.run())
        try:
            async with asyncio.timeout(60):
                while not condition():
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0.005)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return loop.time() - began_s

    return asyncio.run(run())


def test_a_small_picture_goes_in_one_piece_and_leaves_the_store(store: PhotoStore, center: EvidenceServer) -> None:
    (digest,) = keep(store, b"small")
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete == {digest: b"small"}
    assert center.calls == [("PUT", 5)]


def test_a_big_picture_goes_in_chunks(store: PhotoStore, center: EvidenceServer) -> None:
    content = os.urandom(2_500)
    (digest,) = keep(store, content)
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete[digest] == content
    assert center.calls == [("PATCH", 1000), ("PATCH", 1000), ("PATCH", 500)]


def test_a_line_cut_in_the_middle_costs_no_more_than_a_chunk(store: PhotoStore, center: EvidenceServer) -> None:
    content = os.urandom(10_000)
    (digest,) = keep(store, content)
    center.fail = [None] * 5 + [0]  # type: ignore[list-item]
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete[digest] == content
    assert sum(length for _, length in center.calls) <= 10_000


def test_what_the_center_has_already_is_not_sent_again(store: PhotoStore, center: EvidenceServer) -> None:
    (digest,) = keep(store, b"here already")
    center.take(digest, b"here already")
    upload_until(lambda: not store.waiting(), store, center)
    assert center.calls == []


def test_after_a_restart_of_the_robot_the_upload_goes_on_where_it_was(
    store: PhotoStore, center: EvidenceServer
) -> None:
    content = os.urandom(5_000)
    (digest,) = keep(store, content)
    upload_until(
        lambda: len(center.parts.get(digest, b"")) >= 2_000,
        store,
        center,
        policy=UploadPolicy(bytes_per_s=20_000, chunk_bytes=1000),
    )
    assert store.waiting()
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete[digest] == content
    assert sum(length for _, length in center.calls) == 5_000


def test_a_center_in_trouble_gets_it_later(store: PhotoStore, center: EvidenceServer) -> None:
    (digest,) = keep(store, b"patience")
    center.fail = [503, 503, 500]
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete[digest] == b"patience"


def test_a_center_that_counts_otherwise_is_asked_again(store: PhotoStore, center: EvidenceServer) -> None:
    content = os.urandom(3_000)
    (digest,) = keep(store, content)
    center.fail = [409]
    upload_until(lambda: not store.waiting(), store, center)
    assert center.complete[digest] == content


def test_a_picture_the_center_will_not_have_does_not_block_the_others(
    store: PhotoStore, center: EvidenceServer
) -> None:
    bad, good, better = keep(store, b"bad", b"good", b"better")
    center.refused = {bad}
    upload_until(lambda: [k.digest for k in store.waiting()] == [bad], store, center)
    assert center.order == [good, better]


def test_pictures_of_an_incident_go_first(store: PhotoStore, center: EvidenceServer) -> None:
    first, second, fire = keep(store, b"first", b"second", b"fire")
    upload_until(lambda: not store.waiting(), store, center, urgent=(fire,))
    assert center.order == [fire, first, second]


def test_the_line_is_left_free_for_reports(store: PhotoStore, center: EvidenceServer) -> None:
    keep(store, os.urandom(4_000))
    took_s = upload_until(
        lambda: not store.waiting(), store, center, policy=UploadPolicy(bytes_per_s=10_000, chunk_bytes=1000)
    )
    assert took_s >= 0.4


def test_a_picture_that_rotted_on_disk_is_set_aside_and_not_sent(store: PhotoStore, center: EvidenceServer) -> None:
    keep(store, b"whole")
    path = store.waiting()[0].path
    path.write_bytes(b"rotten")
    upload_until(lambda: not store.waiting(), store, center)
    assert center.calls == []
    assert path.with_suffix(".broken").read_bytes() == b"rotten"


def test_a_token_that_comes_later_is_waited_for(
    store: PhotoStore, center: EvidenceServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (digest,) = keep(store, b"enrolled")
    token_file = tmp_path / "token"
    upload_until(lambda: "expected the robot's token in" in caplog.text, store, center, token=token_from(token_file))
    token_file.write_text("wrong\n")
    upload_until(lambda: "came 401" in caplog.text, store, center, token=token_from(token_file))
    assert digest not in center.complete
    token_file.write_text(f"{TOKEN}\n")
    upload_until(lambda: not store.waiting(), store, center, token=token_from(token_file))


def test_a_picture_kept_while_the_uploader_waits_is_sent(store: PhotoStore, center: EvidenceServer) -> None:
    async def run() -> None:
        uploader = Uploader(store, center_url=center.url, token=lambda: TOKEN, policy=FAST)
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            task = tasks.create_task(uploader.run())
            for content in (b"one", b"two"):
                (digest,) = keep(store, content)
                uploader.notice(digest, urgent=False)
                while store.waiting():
                    await asyncio.sleep(0.005)
            task.cancel()

    asyncio.run(run())
    assert sorted(center.complete.values()) == [b"one", b"two"]
