"""Whatever is changed, taken out, put in or put in another order is named; a bundle is verified by any machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents import chain as form
from mission_planner.incidents.bundle import verify_bundle
from mission_planner.incidents.chain import Head, Link, LinkKind, canonical, digest_of, forge, genesis, walk
from mission_planner.incidents.chain_check import Verdict, verify
from mission_planner.store import evidence
from mission_planner.store.opening import reading
from patrol_core.errors import InvalidInput, Unavailable
from tests.unit.mission_planner.world import World, soon, world

pytestmark = pytest.mark.anyio
DEVICE = "smoke-b1-1-1102"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
DIGEST = hashlib.sha256(JPEG).hexdigest()


def links(count: int) -> list[Link]:
    made, head = [], genesis("tiny")
    for number in range(1, count + 1):
        link = forge(
            head,
            at="2026-03-02T08:00:00.000000Z",
            kind=LinkKind.AUDIT,
            subject=str(number),
            about="",
            digest=digest_of({"n": number}),
        )
        made.append(link)
        head = Head(seq=link.seq, hash=link.hash)
    return made


def faults(chain: list[Link]) -> list[str]:
    return [fault for _, fault in walk(chain, genesis("tiny")) if fault]


def test_the_form_is_the_one_that_stored_chains_were_made_with() -> None:
    assert canonical({"b": [1, "烟"], "a": None}) == '{"a":null,"b":[1,"烟"]}'.encode()
    first = links(1)[0]
    whole = b'{"about":"","at":"2026-03-02T08:00:00.000000Z","digest":"%s","kind":"audit","previous":"%s",'
    whole += b'"seq":1,"subject":"1"}'
    start = hashlib.sha256(b'{"ronda":"evidence chain 1","site":"tiny"}').hexdigest()
    assert first.previous == start
    record = hashlib.sha256(b'{"n":1}').hexdigest()
    assert first.hash == hashlib.sha256(whole % (record.encode(), start.encode())).hexdigest()


RECORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abzAZ_", max_size=4), inner, max_size=4),
    max_leaves=8,
)


@given(content=RECORDS)
def test_the_form_is_what_any_writer_of_sorted_json_without_spaces_makes(content: object) -> None:
    assert canonical(content) == json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_chain_as_it_was_made_is_whole() -> None:
    assert faults(links(20)) == []


@given(at=st.integers(0, 19), name=st.sampled_from(["at", "subject", "about", "digest", "previous", "hash", "kind"]))
def test_any_changed_word_of_any_link_is_named_at_that_link(at: int, name: str) -> None:
    chain = links(20)
    other = LinkKind.FINDING if name == "kind" else "f" * 64
    chain[at] = Link(**{**asdict(chain[at]), name: other})
    named = f"({'finding' if name == 'kind' else 'audit'} {other if name == 'subject' else at + 1})"
    assert faults(chain)[0].startswith(f"link {at + 1} {named}")


@given(at=st.integers(0, 18))
def test_a_link_that_was_taken_out_is_named(at: int) -> None:
    chain = links(20)
    del chain[at]
    assert faults(chain)[0].startswith(f"link {at + 1} taken out: after link {at} comes link {at + 2}")


@given(at=st.integers(0, 18))
def test_two_links_in_another_order_are_named(at: int) -> None:
    chain = links(20)
    chain[at], chain[at + 1] = chain[at + 1], chain[at]
    assert "taken out" in faults(chain)[0]
    assert any("were put in another order" in fault for fault in faults(chain))


@given(st.text(max_size=80))
def test_a_head_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="expected NUMBER:SHA-256"):
        Head.parse(words)


def test_a_head_is_read_back() -> None:
    head = Head(seq=7, hash="0123456789abcdef" * 4)
    assert Head.parse(f" {head}\n") == head


# --- a center's own store ----------------------------------------------------------------------------------------


class Kept:
    """A center's folder after an incident was opened, seen, acknowledged and closed; tests spoil copies of it."""

    def __init__(self, folder: Path, incident_id: str, bundle: bytes) -> None:
        self.folder, self.incident_id, self.bundle = folder, incident_id, bundle

    def copy(self, to: Path) -> Kept:
        shutil.copytree(self.folder, to)
        return Kept(to, self.incident_id, self.bundle)

    def sql(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / "center.db")) as db:
            for statement in statements:
                assert db.execute(statement).rowcount != 0, statement
            db.commit()

    def one(self, query: str) -> object:
        with closing(sqlite3.connect(self.folder / "center.db")) as db:
            return db.execute(query).fetchone()[0]

    def verify(self, known: Head | None = None) -> Verdict:
        with reading(None, file=self.folder / "center.db") as tx:
            return verify(tx, self.folder / "evidence" / "blobs", known=known)

    @property
    def head(self) -> Head:
        return self.verify().head


@pytest.fixture(scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    folder = tmp_path_factory.mktemp("chain") / "center"
    async with world(folder) as center:
        yield Kept(folder, *await story(center))


async def story(center: World) -> tuple[str, bytes]:
    """An alarm, a robot's look with its picture, an end; the incident and its bundle."""
    center.robot("r1").speak()
    await center.alarm(DEVICE, value=0.31, unit="%/m")

    async def sent() -> dict | None:
        items = (await center.get("/missions", kind="verify"))["items"]
        return items[0] if items else None

    mission = await soon(sent)
    center.robot("r1").take_orders()
    center.robot("r1").report(UUID(mission["mission_id"]), "scene", photos=(DIGEST,))
    token = next((center.center.settings.data / "enroll").glob("r1.token")).read_text().strip()
    put = await center.http.put(
        f"/evidence/{DIGEST}", content=JPEG, headers={"Authorization": f"Bearer {token}", "Cookie": ""}
    )
    assert put.status_code == 201, put.text

    async def seen() -> dict | None:
        items = (await center.get("/incidents", kind="smoke"))["items"]
        return next((i for i in items if any(p["complete"] for p in i["evidence"])), None)

    incident = await soon(seen)
    path = f"/incidents/{incident['incident_id']}"
    await center.post(f"{path}/acknowledge")
    await center.post(f"{path}/note", {"note": "厨房油烟"})
    bundle = await center.http.get(f"{path}/bundle")
    assert bundle.status_code == 200, bundle.text
    head = await center.get("/evidence/chain/head")
    assert head["at"] is not None
    return incident["incident_id"], bundle.content


@pytest.fixture
def kept(made: Kept, tmp_path: Path) -> Kept:
    return made.copy(tmp_path / "copy")


async def test_what_a_center_did_is_whole_from_the_beginning(kept: Kept) -> None:
    verdict = kept.verify()
    assert verdict.faults == []
    assert verdict.links >= 8
    assert verdict.pictures == 1
    kinds = {
        str(kept.one(f"SELECT count(*) > 0 FROM chain WHERE kind = '{kind}'")) for kind in LinkKind if kind != "pruned"
    }
    assert kinds == {"1"}


async def test_a_flipped_byte_in_a_picture_is_named(kept: Kept) -> None:
    path = kept.folder / "evidence" / "blobs" / DIGEST[:2] / DIGEST
    path.write_bytes(JPEG[:-1] + bytes([JPEG[-1] ^ 1]))
    (fault,) = kept.verify().faults
    assert f"(picture {DIGEST}): its bytes were changed: their SHA-256 is " in fault
    path.unlink()
    (fault,) = kept.verify().faults
    assert fault.endswith(f"(picture {DIGEST}): its bytes are gone")


SPOILED: dict[str, tuple[list[str], str]] = {
    "an edited audit record": (
        ["UPDATE audit SET who = 'somebody' WHERE id = (SELECT max(id) FROM audit)"],
        "(audit {audit}): its record was changed after it was linked",
    ),
    "a deleted audit record": (
        ["DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"],
        "(audit {audit}): its record is gone, and no policy removed it",
    ),
    "an audit record put in": (
        ["INSERT INTO audit VALUES (999, '2026-03-02T08:00:00.000000Z', 'x', 'y', '', '')"],
        "audit 999 has no link: it was put in, or its link was taken out",
    ),
    "an edited line of a timeline": (
        ["""UPDATE timeline SET text = '{"zh": "无", "en": "nothing"}' WHERE id = 1"""],
        "(timeline 1): its record was changed after it was linked",
    ),
    "an edited finding": (
        ["UPDATE findings SET body = replace(body, '0.31', '0.01')"],
        "its record was changed after it was linked",
    ),
    "a link that was taken out with its record": (
        ["DELETE FROM timeline WHERE id = 1", "DELETE FROM chain WHERE kind = 'timeline' AND subject = '1'"],
        "taken out: after link ",
    ),
    "two links that changed places": (
        [
            "UPDATE chain SET seq = -1 WHERE seq = 3",
            "UPDATE chain SET seq = 3 WHERE seq = 4",
            "UPDATE chain SET seq = 4 WHERE seq = -1",
        ],
        "link 3 (",
    ),
    "a link that was written anew": (
        ["UPDATE chain SET digest = '" + "0" * 64 + "' WHERE seq = 2"],
        "link 2 (",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
async def test_the_first_broken_link_is_named(kept: Kept, what: str) -> None:
    newest = kept.one("SELECT max(id) FROM audit")
    statements, expected = SPOILED[what]
    kept.sql(*statements)
    assert expected.format(audit=newest) in kept.verify().faults[0]


async def test_a_tail_cut_off_with_its_records_is_seen_only_against_a_head_kept_elsewhere(kept: Kept) -> None:
    known = kept.head
    assert kept.verify(known).whole
    newest = kept.one("SELECT max(id) FROM audit")
    kept.sql(
        f"DELETE FROM audit WHERE id = {newest}", f"DELETE FROM chain WHERE kind = 'audit' AND subject = '{newest}'"
    )
    assert kept.verify().whole, "nothing in the store itself can tell"
    (fault,) = kept.verify(known).faults
    assert fault == (
        f"the chain ends at link {known.seq - 1}; the head kept elsewhere is link {known.seq}: 1 links were cut off"
    )


async def test_a_chain_made_anew_from_the_start_is_seen_against_a_head_kept_elsewhere(kept: Kept) -> None:
    known = kept.head
    site = str(kept.one("SELECT site_id FROM robot_tokens"))
    kept.sql("UPDATE audit SET who = 'somebody' WHERE id = 1")
    with closing(sqlite3.connect(kept.folder / "center.db")) as db:
        db.row_factory = sqlite3.Row
        head = genesis(site)
        for row in db.execute("SELECT * FROM chain ORDER BY seq").fetchall():
            digest = row["digest"]
            if (row["kind"], row["subject"]) == ("audit", "1"):
                a = db.execute("SELECT * FROM audit WHERE id = 1").fetchone()
                content = {k: a[k] for k in ("at", "who", "action", "target", "detail")}
                digest = digest_of(content)
            made = forge(
                head,
                at=row["at"],
                kind=LinkKind(row["kind"]),
                subject=row["subject"],
                about=row["about"],
                digest=digest,
            )
            db.execute(
                "UPDATE chain SET digest = ?, previous = ?, hash = ? WHERE seq = ?",
                (digest, made.previous, made.hash, made.seq),
            )
            head = Head(seq=made.seq, hash=made.hash)
        db.commit()
    assert kept.verify().whole, "whoever may write everything can make everything anew"
    (fault,) = kept.verify(known).faults
    assert fault.startswith(f"link {known.seq} is another than the one kept elsewhere: expected {known.hash}")


async def test_a_picture_the_records_do_not_know_is_recorded_when_its_robot_asks(tmp_path: Path) -> None:
    async with world(tmp_path / "c") as center:
        center.center.services.blobs.put(DIGEST, JPEG)  # its name was made, and then the power went
        token = (tmp_path / "c" / "enroll" / "r1.token").read_text().strip()
        asked = await center.http.head(f"/evidence/{DIGEST}", headers={"Authorization": f"Bearer {token}"})
        assert asked.headers["Upload-Offset"] == str(len(JPEG))
        row = await center.center.services.store.read(lambda tx: evidence.find(tx, DIGEST))
        assert row is not None
        assert (row.complete, row.size, row.robot_id) == (True, len(JPEG), "r1")
    with reading(None, file=tmp_path / "c" / "center.db") as tx:
        assert verify(tx, tmp_path / "c" / "evidence" / "blobs").pictures == 1


# --- bundles -----------------------------------------------------------------------------------------------------


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


# --- the command -------------------------------------------------------------------------------------------------


def ronda(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("ronda")), "evidence", *words]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Another machine: a folder with nothing of the center's."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield folder


async def test_the_command_exports_what_another_machine_verifies(kept: Kept, elsewhere: Path) -> None:
    data = str(kept.folder)
    said = ronda("head", "--data", data, cwd=elsewhere)
    assert said.returncode == 0, said.stderr
    head = said.stdout.strip()
    assert head == str(kept.head)
    checked = ronda("verify", "--data", data, "--head", head, cwd=elsewhere)
    assert (checked.returncode, "whole:" in checked.stdout) == (0, True), checked.stdout + checked.stderr
    made = ronda("export", "--incident", kept.incident_id, "--data", data, "-o", "b.zip", cwd=elsewhere)
    assert made.returncode == 0, made.stderr
    shutil.rmtree(kept.folder)
    checked = ronda("verify", "b.zip", "--head", head, cwd=elsewhere)
    assert (checked.returncode, "whole:" in checked.stdout) == (0, True), checked.stdout + checked.stderr


async def test_the_command_says_what_is_broken_and_fails(kept: Kept, elsewhere: Path) -> None:
    kept.sql("UPDATE audit SET who = 'somebody' WHERE id = 1")
    checked = ronda("verify", "--data", str(kept.folder), cwd=elsewhere)
    assert checked.returncode == 1
    assert "BROKEN: link " in checked.stdout
    assert "(audit 1): its record was changed after it was linked" in checked.stdout


async def test_a_folder_without_a_store_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="expected a store"), reading(None, file=tmp_path / "center.db"):
        pass


async def test_moments_are_hashed_in_utc_to_the_microsecond() -> None:
    assert form.stamp(datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == "2026-03-02T08:00:00.000000Z"
