"""A bundle is verified by any machine, and whatever is changed in it is named."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mission_planner.incidents.bundle import verify_bundle
from mission_planner.incidents.chain import Head
from patrol_core.errors import InvalidInput
from tests.unit.mission_planner.evidence.kept import DIGEST, Kept

pytestmark = pytest.mark.anyio


@pytest.fixture
def bundle(made: Kept, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(made.bundle)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """The bundle with its files changed; None takes one out."""
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in more.items():
            new.writestr(name, data)
    return out


def with_sums(path: Path) -> Path:
    """As a careful forger would: the manifest's sums made right again."""
    with zipfile.ZipFile(path) as bundle:
        sums = {n: hashlib.sha256(bundle.read(n)).hexdigest() for n in bundle.namelist() if n != "manifest.json"}

    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), "files": sums}).encode() if name == "manifest.json" else data

    moved = path.with_name("forged.zip")
    path.rename(moved)
    return rewritten(moved, change)


async def test_a_bundle_is_whole_and_fits_the_head_that_is_kept_elsewhere(bundle: Path, kept: Kept) -> None:
    verdict = verify_bundle(bundle)
    assert verdict.faults == []
    assert verdict.pictures == 1
    assert verify_bundle(bundle, known=verdict.head).whole
    assert kept.verify(verdict.head).whole, "the bundle's head is a link of the center's chain"
    strange = Head(seq=verdict.head.seq, hash="0" * 64)
    assert "is another than the one kept elsewhere" in verify_bundle(bundle, known=strange).faults[0]
    later = Head(seq=verdict.head.seq + 5, hash="0" * 64)
    assert "5 links were cut off" in verify_bundle(bundle, known=later).faults[0]


async def test_a_flipped_byte_in_a_bundles_picture_is_named(bundle: Path) -> None:
    changed = rewritten(bundle, lambda n, d: d[:-1] + b"?" if n.startswith("pictures/") else d)
    assert f"picture {DIGEST}: its bytes were changed" in verify_bundle(changed).faults[0]
    gone = rewritten(bundle, lambda n, d: None if n.startswith("pictures/") else d)
    assert any(f"picture {DIGEST}: its bytes are gone" in fault for fault in verify_bundle(gone).faults)


async def test_a_forger_who_makes_the_sums_right_is_named_by_the_chain(bundle: Path) -> None:
    def other_words(name: str, data: bytes) -> bytes:
        return data.replace("厨房油烟".encode(), "没有".encode()) if name in ("timeline.json", "audit.json") else data

    found = verify_bundle(with_sums(rewritten(bundle, other_words))).faults
    assert "its record was changed after it was linked" in found[0]

    def without_the_audit(name: str, data: bytes) -> bytes:
        return b"{}" if name == "audit.json" else data

    found = verify_bundle(with_sums(rewritten(bundle, without_the_audit))).faults
    assert "its record is not in the bundle" in found[0]

    def shorter(name: str, data: bytes) -> bytes:
        return b"".join(data.splitlines(keepends=True)[:-1]) if name == "chain.ndjson" else data

    found = verify_bundle(with_sums(rewritten(bundle, shorter))).faults
    assert any("the manifest names link" in fault for fault in found)


async def test_a_file_put_into_a_bundle_is_named(bundle: Path) -> None:
    assert verify_bundle(rewritten(bundle, lambda _, d: d, **{"note.txt": b"x"})).faults == [
        "note.txt is not in the manifest: it was put in"
    ]


async def test_what_is_no_bundle_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pytest.raises(InvalidInput, match="expected a bundle of evidence"):
        verify_bundle(path)
    path.write_bytes(b"no zip")
    with pytest.raises(InvalidInput, match="expected a bundle of evidence"):
        verify_bundle(path)
