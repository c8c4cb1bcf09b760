"""The pictures a robot keeps: whole, bounded, and never dropped for something newer."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from patrol_onboard.photo import Photo
from patrol_onboard.photo_store import PhotoStore, PhotoStoreFull


def photo(content: bytes) -> Photo:
    return Photo(digest=hashlib.sha256(content).hexdigest(), jpeg=content, taken_at=datetime(2026, 3, 2, tzinfo=UTC))


def test_a_kept_picture_is_a_file_named_by_its_digest(tmp_path: Path) -> None:
    store, picture = PhotoStore(tmp_path), photo(b"jpeg")
    store.keep(picture, urgent=False)
    assert (tmp_path / f"{picture.digest}.jpg").read_bytes() == b"jpeg"
    assert [k.digest for k in store.waiting()] == [picture.digest]


def test_the_oldest_comes_first(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    pictures = [photo(bytes([n])) for n in range(5)]
    for n, picture in enumerate(pictures):
        store.keep(picture, urgent=False)
        os.utime(tmp_path / f"{picture.digest}.jpg", (1_000 + n, 1_000 + n))
    assert [k.digest for k in store.waiting()] == [p.digest for p in pictures]


def test_at_the_bound_a_patrol_picture_is_refused_and_one_of_an_incident_has_room(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path, capacity_bytes=10, reserve_bytes=5)
    store.keep(photo(b"0123456789"), urgent=False)
    with pytest.raises(PhotoStoreFull, match="at most 10 bytes"):
        store.keep(photo(b"a"), urgent=False)
    store.keep(photo(b"abcde"), urgent=True)
    with pytest.raises(PhotoStoreFull):
        store.keep(photo(b"b"), urgent=True)
    assert len(store.waiting()) == 2


def test_a_picture_that_is_there_already_is_fine_even_at_the_bound(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path, capacity_bytes=4)
    store.keep(photo(b"jpeg"), urgent=False)
    store.keep(photo(b"jpeg"), urgent=False)
    assert len(store.waiting()) == 1


def test_a_forgotten_picture_is_gone_and_forgetting_again_is_fine(tmp_path: Path) -> None:
    store, picture = PhotoStore(tmp_path), photo(b"jpeg")
    store.keep(picture, urgent=False)
    store.forget(picture.digest)
    store.forget(picture.digest)
    assert store.waiting() == ()


def test_half_a_picture_of_a_crash_is_swept_away_and_strangers_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "abc.new").write_bytes(b"half")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    assert PhotoStore(tmp_path).waiting() == ()
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_a_picture_held_back_is_for_the_center_only_when_it_is_offered(tmp_path: Path) -> None:
    store, picture = PhotoStore(tmp_path), photo(b"jpeg")
    store.keep(picture, urgent=True, held=True)
    assert store.waiting() == ()
    assert store.offer(picture.digest)
    assert [k.digest for k in store.waiting()] == [picture.digest]
    assert store.offer(picture.digest), "once more is no fault"
    assert not store.offer("0" * 64)


def test_pictures_held_back_count_and_are_forgotten_except_those_that_are_named(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path, capacity_bytes=10, reserve_bytes=0)
    one, two = photo(b"01234"), photo(b"56789")
    store.keep(one, urgent=True, held=True)
    store.keep(two, urgent=True, held=True)
    with pytest.raises(PhotoStoreFull):
        store.keep(photo(b"a"), urgent=False)
    store.forget_held(but={two.digest})
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{two.digest}.held"]
    store.drop_held(two.digest)
    assert not list(tmp_path.iterdir())


def test_a_picture_that_was_offered_is_not_dropped_with_those_held_back(tmp_path: Path) -> None:
    store, picture = PhotoStore(tmp_path), photo(b"jpeg")
    store.keep(picture, urgent=True, held=True)
    store.offer(picture.digest)
    store.drop_held(picture.digest)
    store.forget_held()
    assert [k.digest for k in store.waiting()] == [picture.digest]
