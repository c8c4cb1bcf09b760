"""Photographs on their way to the center: kept whole, bounded, sent again until they are there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from patrol_core.errors import Unavailable
from patrol_vision.pictures_out import FolderFull, PicturesOut
from patrol_vision.settings import token_from
from tests.helpers.waiting import eventually
from tests.unit.patrol_onboard.evidence_server import TOKEN, EvidenceServer


@contextmanager
def sending(folder: Path, url: str, **options) -> Iterator[PicturesOut]:
    out = PicturesOut(
        folder, center_url=url, token=lambda: TOKEN, retry_first_s=0.05, retry_max_s=0.1, timeout_s=2.0, **options
    )
    out.start()
    try:
        yield out
    finally:
        out.close()


def digest(jpeg: bytes) -> str:
    return hashlib.sha256(jpeg).hexdigest()


def test_a_picture_is_sent_and_then_leaves_the_folder(tmp_path):
    with EvidenceServer() as center, sending(tmp_path, center.url) as out:
        assert out.keep(b"jpeg") == digest(b"jpeg")
        eventually(lambda: center.complete == {digest(b"jpeg"): b"jpeg"})
        eventually(lambda: not list(tmp_path.iterdir()))


def test_a_center_that_refuses_is_asked_again(tmp_path):
    with EvidenceServer() as center, sending(tmp_path, center.url) as out:
        center.fail = [503, 500]
        out.keep(b"jpeg")
        eventually(lambda: center.complete == {digest(b"jpeg"): b"jpeg"}, within_s=60)


def test_what_was_left_is_sent_after_the_next_start(tmp_path):
    with sending(tmp_path, "http://127.0.0.1:9") as out:
        out.keep(b"jpeg")
    assert [path.name for path in tmp_path.iterdir()] == [f"{digest(b'jpeg')}.jpg"]
    with EvidenceServer() as center, sending(tmp_path, center.url):
        eventually(lambda: center.complete == {digest(b"jpeg"): b"jpeg"})


def test_at_its_bound_a_new_one_is_refused_and_the_old_stays(tmp_path):
    with sending(tmp_path, "http://127.0.0.1:9", capacity_bytes=10) as out:
        out.keep(b"12345678")
        with pytest.raises(FolderFull, match="at most 10 bytes"):
            out.keep(b"abc")
        assert len(list(tmp_path.glob("*.jpg"))) == 1


def test_half_written_ones_are_swept_at_the_start(tmp_path):
    (tmp_path / "x.new").write_bytes(b"half")
    with sending(tmp_path, "http://127.0.0.1:9"):
        assert not list(tmp_path.iterdir())


def test_a_missing_token_is_said_with_its_path(tmp_path):
    with pytest.raises(Unavailable, match="token"):
        token_from(tmp_path / "token")()
