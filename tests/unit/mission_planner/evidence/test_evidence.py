"""Evidence on disk: whole or not there, however its upload was broken off."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mission_planner.incidents import evidence
from mission_planner.incidents.evidence import ABANDONED_S, BlobStore, WrongOffset, media_type
from patrol_core.errors import Conflict, InvalidInput, NotFound, Unavailable

JPEG = b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(5_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)


def files(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_a_picture_in_one_piece(blobs: BlobStore, tmp_path: Path) -> None:
    blob = blobs.put(sha(JPEG), JPEG)
    assert (blob.size_bytes, blob.media_type) == (len(JPEG), "image/jpeg")
    assert blob.path.read_bytes() == JPEG
    assert blobs.get(sha(JPEG)) == blob
    assert blobs.put(sha(JPEG), JPEG) == blob, "again is no error"
    assert files(tmp_path) == [f"blobs/{sha(JPEG)[:2]}/{sha(JPEG)}"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=20))
def test_pieces_of_any_size_make_the_same_blob(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    blobs = BlobStore(tmp_path_factory.mktemp("blobs"))
    digest, at, blob = sha(JPEG), 0, None
    while at < len(JPEG):
        assert blob is None
        assert blobs.offset(digest) == at
        piece = JPEG[at : at + sizes[at % len(sizes)]]
        blob = blobs.append(digest, at, piece, total=len(JPEG))
        at += len(piece)
    assert blob is not None
    assert blob.path.read_bytes() == JPEG
    assert blobs.offset(digest) == len(JPEG)


def test_an_upload_goes_on_after_a_restart(blobs: BlobStore, tmp_path: Path) -> None:
    blobs.append(sha(JPEG), 0, JPEG[:2_000], total=len(JPEG))
    again = BlobStore(tmp_path)
    assert again.find(sha(JPEG)) is None, "half is not there"
    with pytest.raises(NotFound, match="no evidence"):
        again.get(sha(JPEG))
    assert again.offset(sha(JPEG)) == 2_000
    assert again.append(sha(JPEG), 2_000, JPEG[2_000:], total=len(JPEG)) is not None


def test_a_piece_that_does_not_join_is_told_where_to_go_on(blobs: BlobStore) -> None:
    blobs.append(sha(JPEG), 0, JPEG[:100], total=len(JPEG))
    for offset in (0, 50, 200):
        with pytest.raises(WrongOffset, match=f"begins at byte 100; came one at {offset}") as refused:
            blobs.append(sha(JPEG), offset, JPEG[offset:], total=len(JPEG))
        assert refused.value.offset == 100


def test_the_last_piece_sent_again_gets_the_same_answer(blobs: BlobStore) -> None:
    blobs.put(sha(JPEG), JPEG)
    assert blobs.append(sha(JPEG), 4_000, JPEG[4_000:], total=len(JPEG)) == blobs.get(sha(JPEG))


def test_bytes_of_another_hash_are_refused_and_gone(blobs: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="expected bytes of this SHA-256; came "):
        blobs.put(sha(PNG), JPEG)
    assert files(tmp_path) == []
    assert blobs.offset(sha(PNG)) == 0
    blobs.put(sha(PNG), PNG)


def test_what_is_no_picture_is_refused_whatever_it_calls_itself(blobs: BlobStore, tmp_path: Path) -> None:
    page = b"<html><script>alert(1)</script>"
    with pytest.raises(InvalidInput, match="expected a JPEG or PNG picture"):
        blobs.put(sha(page), page)
    assert files(tmp_path) == []


def test_the_size_is_capped_before_anything_is_written(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path, max_blob_bytes=1_000)
    for total in (1_001, 0, -1):
        with pytest.raises(InvalidInput, match=f"expected 1 to 1000 bytes; came {total}"):
            blobs.append(sha(JPEG), 0, b"", total=total)
    with pytest.raises(InvalidInput, match="expected at most 10 more bytes; came 20"):
        blobs.append(sha(JPEG), 0, JPEG[:20], total=10)
    assert files(tmp_path) == []


def test_another_size_midway_starts_over(blobs: BlobStore) -> None:
    blobs.append(sha(JPEG), 0, JPEG[:100], total=len(JPEG))
    with pytest.raises(InvalidInput, match=f"expected {len(JPEG)} bytes in all, as before; came 200"):
        blobs.append(sha(JPEG), 100, JPEG[100:200], total=200)
    assert blobs.offset(sha(JPEG)) == 0


@pytest.mark.parametrize(
    "digest",
    ["", "..", "../../etc/passwd", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 62 + "/x", "a" * 63 + "\n", "١" * 64],
)
def test_no_name_but_a_digest_reaches_the_disk(blobs: BlobStore, digest: str) -> None:
    for use in (
        lambda: blobs.find(digest),
        lambda: blobs.offset(digest),
        lambda: blobs.put(digest, JPEG),
        lambda: blobs.append(digest, 0, JPEG, total=len(JPEG)),
        lambda: blobs.discard(digest),
    ):
        with pytest.raises(InvalidInput, match="64 lower-case hex digits"):
            use()


def test_one_whole_but_not_renamed_when_the_power_went_is_finished_when_asked(blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "partial" / f"{sha(JPEG)}-{len(JPEG)}").write_bytes(JPEG)
    assert blobs.offset(sha(JPEG)) == len(JPEG)
    assert blobs.get(sha(JPEG)).path.read_bytes() == JPEG


def test_one_whose_bytes_the_power_took_is_begun_again(blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "partial" / f"{sha(JPEG)}-{len(JPEG)}").write_bytes(bytes(len(JPEG)))
    assert blobs.offset(sha(JPEG)) == 0, "a sender that heard the full size would forget its picture"
    blobs.put(sha(JPEG), JPEG)


def test_a_full_disk_refuses_and_keeps_what_was_there(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs.append(sha(JPEG), 0, JPEG[:1_000], total=len(JPEG))
    real = os.fsync

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence.os, "fsync", full)
    with pytest.raises(Unavailable, match="could not be written: No space left on device"):
        blobs.append(sha(JPEG), 1_000, JPEG[1_000:2_000], total=len(JPEG))
    monkeypatch.setattr(evidence.os, "fsync", real)
    assert blobs.offset(sha(JPEG)) == 1_000
    assert blobs.append(sha(JPEG), 1_000, JPEG[1_000:], total=len(JPEG)) is not None


def test_two_uploads_of_the_same_at_once_do_not_mix(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on = threading.Event(), threading.Event()
    real = os.fsync

    def slow(handle: int) -> None:
        inside.set()
        assert go_on.wait(60)
        real(handle)

    monkeypatch.setattr(evidence.os, "fsync", slow)
    first = threading.Thread(target=lambda: blobs.append(sha(JPEG), 0, JPEG[:1_000], total=len(JPEG)))
    first.start()
    assert inside.wait(60)
    with pytest.raises(Conflict, match="another upload"):
        blobs.append(sha(JPEG), 0, JPEG[:1_000], total=len(JPEG))
    go_on.set()
    first.join(30)
    assert blobs.offset(sha(JPEG)) == 1_000


def test_too_many_half_uploads_are_refused_and_known_ones_go_on(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MAX_PARTIALS", 2)
    for i in range(2):
        blobs.append(sha(bytes([i])), 0, b"x", total=10)
    with pytest.raises(Conflict, match="at most 2 uploads under way"):
        blobs.append(sha(b"third"), 0, b"x", total=10)
    blobs.append(sha(bytes([0])), 1, b"x", total=10)
    blobs.discard(sha(bytes([0])))
    blobs.append(sha(b"third"), 0, b"x", total=10)


def test_half_uploads_nobody_came_back_for_are_swept(blobs: BlobStore) -> None:
    blobs.append(sha(JPEG), 0, JPEG[:100], total=len(JPEG))
    now_s = time.time()
    assert blobs.sweep(now_s=now_s + ABANDONED_S - 60) == 0
    assert blobs.sweep(now_s=now_s + ABANDONED_S + 60) == 1
    assert blobs.offset(sha(JPEG)) == 0


def test_folders_are_private(blobs: BlobStore, tmp_path: Path) -> None:
    blobs.put(sha(JPEG), JPEG)
    for folder in (tmp_path / "blobs", tmp_path / "partial", tmp_path / "blobs" / sha(JPEG)[:2]):
        assert folder.stat().st_mode & 0o077 == 0


def test_media_types_are_read_from_the_bytes() -> None:
    assert [media_type(d[:16]) for d in (JPEG, PNG, b"GIF89a", b"")] == ["image/jpeg", "image/png", None, None]


class Uploads(RuleBasedStateMachine):
    """Any order of pieces, restarts, wrong pieces and discards: a blob is there only when it is right."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.blobs = BlobStore(self.root)
        self.data = JPEG[:300]
        self.digest = sha(self.data)
        self.have = 0
        self.spoiled = False

    @rule(size=st.integers(1, 120), spoil=st.booleans())
    @precondition(lambda self: self.have < 300)
    def piece(self, size: int, spoil: bool) -> None:
        piece = self.data[self.have : self.have + size]
        if spoil:
            piece = bytes(b ^ 0xFF for b in piece)
        self.spoiled |= spoil
        whole = self.have + len(piece) == 300
        if whole and self.spoiled:
            with pytest.raises(InvalidInput):
                self.blobs.append(self.digest, self.have, piece, total=300)
            self.have, self.spoiled = 0, False
        else:
            done = self.blobs.append(self.digest, self.have, piece, total=300)
            assert (done is not None) is whole
            self.have += len(piece)

    @rule(offset=st.integers(0, 400))
    @precondition(lambda self: self.have < 300)
    def wrong_offset(self, offset: int) -> None:
        if offset != self.have:
            with pytest.raises(WrongOffset):
                self.blobs.append(self.digest, offset, b"", total=300)

    @rule()
    def restart(self) -> None:
        self.blobs = BlobStore(self.root)

    @rule()
    def discard(self) -> None:
        self.blobs.discard(self.digest)
        if self.have < 300:
            self.have, self.spoiled = 0, False

    @invariant()
    def there_only_when_right(self) -> None:
        assert self.blobs.offset(self.digest) == self.have
        blob = self.blobs.find(self.digest)
        assert (blob is not None) is (self.have == 300)
        assert blob is None or blob.path.read_bytes() == self.data

    def teardown(self) -> None:
        self.folder.cleanup()


Uploads.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestUploads = Uploads.TestCase
