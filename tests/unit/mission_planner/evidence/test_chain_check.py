"""Whatever is changed in a center's store or among its pictures is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mission_planner.incidents.chain import Head, LinkKind, digest_of, forge, genesis
from mission_planner.incidents.chain_check import verify
from mission_planner.store import evidence
from mission_planner.store.opening import reading
from patrol_core.errors import Unavailable
from tests.unit.mission_planner.evidence.kept import DIGEST, JPEG, Kept
from tests.unit.mission_planner.world import world

pytestmark = pytest.mark.anyio


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


async def test_a_folder_without_a_store_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="expected a store"), reading(None, file=tmp_path / "center.db"):
        pass
