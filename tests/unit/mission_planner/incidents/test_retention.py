"""What is older than its policy is removed, what is open is not, and the chain of evidence still verifies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from mission_planner.incidents.arrival import TakePicture, take_picture
from mission_planner.incidents.chain import Head
from mission_planner.incidents.chain_check import Verdict, verify
from mission_planner.incidents.evidence import BlobStore
from mission_planner.incidents.reception import take_finding
from mission_planner.incidents.retention import Pruner, Retention, retention_from
from mission_planner.people import audit
from mission_planner.store import chain, events, evidence, inbox, incidents, notices, schema
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.inbox import DONE, Fate, Report, ReportKind, ReportState
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from mission_planner.store.writer import GroupStore
from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.ids import uuid7
from patrol_core.incident import IncidentState
from patrol_core.kind import IncidentKind
from patrol_core.site import Site
from patrol_core.source import Source, SourceKind
from tests.unit.mission_planner.world import AT, work

pytestmark = pytest.mark.anyio
POLICY = Retention(
    pictures_days=30,
    evidence_days=100,
    reports_days=14,
    findings_days=60,
    notices_days=50,
    events_days=7,
    audit_days=90,
)


class House:
    """A store and its pictures, with a clock that tests move."""

    def __init__(self, store: GroupStore, folder: Path, site: Site) -> None:
        self.store, self.site, self.now = store, site, AT
        self.blobs = BlobStore(folder)
        self.pruner = Pruner(store=store, blobs=self.blobs, policy=POLICY)

    async def later(self, **ago: float) -> dict[str, int]:
        self.now += timedelta(**ago)
        return dict(await self.pruner.run(self.now, self.now))

    async def picture(self, number: int, **known: object) -> str:
        data = b"\xff\xd8\xff" + number.to_bytes(4, "big") * 50
        digest = hashlib.sha256(data).hexdigest()
        self.blobs.put(digest, data)
        row = EvidenceRow(digest=digest, taken_at=self.now, **known)  # type: ignore[arg-type]
        came = TakePicture(digest=digest, size=len(data), media_type="image/jpeg", robot_id="r1")

        def keep(tx: Tx) -> None:
            evidence.put(tx, row)
            take_picture(work(tx, self.site, now=self.now), came)

        await self.store.write(keep)
        return digest

    async def incident(self, *, ended: bool = False) -> object:
        finding = Finding(
            finding_id=uuid7(),
            source=Source(kind=SourceKind.DEVICE, source_id="smoke-1"),
            kind=IncidentKind.SMOKE,
            phase=Phase.RAISED,
            position_m=None,
            observed_at=self.now,
            confidence=1.0,
        )
        await self.store.write(lambda tx: take_finding(work(tx, self.site, now=self.now), finding))
        row = (await self.store.read(lambda tx: incidents.newest(tx, states=(), kinds=(), limit=1, after=None))).items[
            0
        ]
        if ended:
            await self.end(row.incident.incident_id)
        return row.incident.incident_id

    async def end(self, incident_id: object) -> None:
        def close(tx: Tx) -> None:
            row = incidents.get(tx, incident_id)  # type: ignore[arg-type]
            closed = replace(row.incident, state=IncidentState.CLOSED, changed_at=self.now)
            incidents.put(tx, replace(row, incident=closed))

        await self.store.write(close)

    async def count(self, table: object) -> int:
        return int(await self.store.read(lambda tx: tx.conn.scalar(select(func.count()).select_from(table))))  # type: ignore[arg-type,call-overload]

    async def verify(self, known: Head | None = None) -> Verdict:
        return await self.store.read(lambda tx: verify(tx, self.blobs.folder, known=known))


@pytest.fixture
def house(tmp_path: Path, site: Site) -> Iterator[House]:
    store = SqliteStore(tmp_path / "center.db", site_id="tiny")
    yield House(store, tmp_path / "evidence", site)
    store.close()


async def test_routine_pictures_go_after_their_days_and_say_so(house: House) -> None:
    old = await house.picture(1)
    assert "pictures" not in await house.later(days=20)
    young = await house.picture(2)
    known = await house.store.read(chain.head)
    assert (await house.later(days=11))["pictures"] == 1
    assert house.blobs.find(old) is None
    assert house.blobs.find(young) is not None
    row = await house.store.read(lambda tx: evidence.find(tx, old))
    assert row is not None
    assert (row.complete, row.pruned_at, row.size) == (False, house.now, None)
    verdict = await house.verify(known)
    assert (verdict.faults, verdict.pruned, verdict.pictures) == ([], 1, 1)


async def test_a_picture_whose_report_never_came_is_as_old_as_its_arrival(house: House) -> None:
    digest = await house.picture(1)
    await house.store.write(lambda tx: tx.conn.execute(update(schema.evidence).values(taken_at=None)) and None)
    house.now = datetime.now(UTC)
    assert "pictures" not in await house.later(days=29)
    assert (await house.later(days=2))["pictures"] == 1
    assert house.blobs.find(digest) is None


async def test_evidence_of_an_open_incident_is_never_removed(house: House) -> None:
    incident_id = await house.incident()
    digest = await house.picture(1, incident_id=incident_id)
    shown = await house.picture(2)
    await house.store.write(
        lambda tx: incidents.add_entry(
            tx,
            incident_id,  # type: ignore[arg-type]
            at=AT,
            kind="photo",
            text=house.site.name,
            picture=shown,
        )
    )
    await house.store.write(
        lambda tx: notices.add(tx, incident_id, at=AT, action=NoticeAction.TRIGGER)  # type: ignore[arg-type]
    )
    findings_before, notices_before = await house.count(schema.findings), await house.count(schema.notices)
    await house.later(days=5_000)
    assert house.blobs.find(digest) is not None
    assert house.blobs.find(shown) is not None
    assert (await house.count(schema.findings), await house.count(schema.notices)) == (findings_before, notices_before)
    await house.end(incident_id)
    assert "evidence" not in await house.later(days=99)
    gone = await house.later(days=2)
    assert gone["evidence"] == 2
    assert house.blobs.find(digest) is None
    assert house.blobs.find(shown) is None
    assert await house.count(schema.findings) == 0
    assert await house.count(schema.notices) == 0
    assert await house.count(schema.incidents) == 1, "what happened is kept for ever"
    assert await house.count(schema.timeline) > 0
    assert (await house.verify()).faults == []


async def test_reports_go_only_when_they_were_taken_through(house: House) -> None:
    def keep(tx: Tx) -> None:
        inbox.keep(
            tx,
            [
                Report(report_id=f"r{i}", kind=ReportKind.MQTT, topic="t", body="{}", received_at=AT)
                for i in range(1_200)
            ],
        )
        for kept in inbox.waiting(tx, 1_100):
            inbox.settle_all(tx, [kept.seq], [Fate(ReportState.ASIDE) if kept.seq == 7 else DONE])

    await house.store.write(keep)
    assert await house.later(days=15) == {"reports": 1_099}
    assert await house.count(schema.inbox) == 101


async def test_events_and_audit_records_go_and_the_chain_still_verifies(house: House) -> None:
    for number in range(5):
        at = AT + timedelta(days=number * 30)

        def note(tx: Tx, at: datetime = at) -> None:
            audit.record(tx, now=at, who="admin", action="incident.note", target="x")
            events.add(tx, at=at, subject=events.Subject.ROBOT, subject_id="r1")

        await house.store.write(note)
    house.now = AT + timedelta(days=125)
    assert await house.later(hours=1) == {"events": 4, "audit": 2}
    verdict = await house.verify()
    assert verdict.faults == []
    await house.store.write(lambda tx: tx.conn.execute(schema.audit.delete()) and None)
    assert "no policy removed it" in (await house.verify()).faults[0]


async def test_a_burial_that_was_made_up_is_named(house: House) -> None:
    await house.picture(1)
    await house.later(days=31)

    def forge(tx: Tx) -> None:
        body = tx.conn.scalar(select(schema.pruned.c.body))
        tx.conn.execute(update(schema.pruned).values(body={**body, "seqs": [[1, 9]]}))

    await house.store.write(forge)
    first, second, *_ = (await house.verify()).faults
    assert first.endswith("its record is gone, and no policy removed it"), "what was made up covers nothing"
    assert "(pruned pictures): its record was changed after it was linked" in second


async def test_bytes_that_a_crash_left_are_removed_in_the_next_round(house: House) -> None:
    digest = await house.picture(1)
    real, house.blobs.remove = house.blobs.remove, lambda _digest: (_ for _ in ()).throw(RuntimeError("crash"))  # type: ignore[method-assign,assignment]
    with pytest.raises(RuntimeError):
        await house.later(days=31)
    assert house.blobs.find(digest) is not None
    house.blobs.remove = real  # type: ignore[method-assign]
    assert await house.later(minutes=10) == {}
    assert house.blobs.find(digest) is None


async def test_space_that_became_free_is_used_again(house: House, tmp_path: Path) -> None:
    def fill(number: int) -> None:
        def keep(tx: Tx) -> None:
            reports = [
                Report(
                    report_id=f"{number}-{i}", kind=ReportKind.MQTT, topic="t", body="x" * 4_000, received_at=house.now
                )
                for i in range(1_000)
            ]
            inbox.keep(tx, reports)
            for kept in inbox.waiting(tx, 1_000):
                inbox.settle_all(tx, [kept.seq], [DONE])

        house.store.submit(keep).result(30)
        house.store.tend()

    fill(0)
    house.store._cut_log()  # type: ignore[attr-defined]
    full = (tmp_path / "center.db").stat().st_size
    for number in range(1, 6):
        await house.later(days=15)
        fill(number)
        house.store._cut_log()  # type: ignore[attr-defined]
    assert (tmp_path / "center.db").stat().st_size < 1.5 * full
    await house.later(days=15)
    for _ in range(4):
        house.store.tend()
    house.store._cut_log()  # type: ignore[attr-defined]
    assert (tmp_path / "center.db").stat().st_size < 0.5 * full


def test_the_policy_is_read_from_the_environment_and_refused_in_words() -> None:
    assert retention_from({}) == Retention()
    assert retention_from({"RONDA_KEEP_PICTURES_DAYS": "7", "RONDA_KEEP_AUDIT_DAYS": "0"}) == Retention(
        pictures_days=7, audit_days=0
    )
    for wrong in ("-1", "a week", "1.5", "99999"):
        with pytest.raises(InvalidInput, match="RONDA_KEEP_EVENTS_DAYS: expected whole days"):
            retention_from({"RONDA_KEEP_EVENTS_DAYS": wrong})


async def test_nought_days_keep_for_ever(tmp_path: Path, site: Site, house: House) -> None:
    digest = await house.picture(1)
    house.pruner = Pruner(store=house.store, blobs=house.blobs, policy=Retention(pictures_days=0, audit_days=0))
    await house.later(days=30_000)
    assert house.blobs.find(digest) is not None
