"""The inbox: reports as they came, before anybody understood them, and how far the cursor has taken them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, update

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import cursor, inbox, repeats
from mission_planner.store.sql import add_up, insert_all_new, known_among, upsert

CURSOR = "incidents"


class ReportKind(StrEnum):
    """How a report came, and so how it is read."""

    MQTT = "mqtt"
    FINDING = "finding"
    LEDGER = "ledger"
    SPEECH = "speech"


class ReportState(StrEnum):
    """What became of a report."""

    NEW = "new"
    DONE = "done"
    ASIDE = "aside"  # it could not be taken through; `because` says why
    COUNTED = "counted"  # a repeat, too soon to be news; its incident knows it already


class Fate(NamedTuple):
    """What becomes of one report."""

    state: ReportState
    because: str = ""
    counted_into: UUID | None = None


DONE = Fate(ReportState.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One raw report."""

    report_id: str  # what makes it unique; a known one is ignored
    kind: ReportKind
    topic: str  # MQTT topic, or the id of the robot it came from
    body: str
    received_at: datetime | None  # UTC site time; None where it was not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report in the inbox."""

    seq: int
    report: Report
    state: ReportState
    because: str


def keep(tx: Tx, reports: Sequence[Report]) -> None:
    """Put reports in; a known id is ignored."""
    insert_all_new(tx, inbox, [_row(tx, r, Fate(ReportState.NEW)) for r in reports])


def keep_settled(tx: Tx, reports: Sequence[Report], fates: Sequence[Fate]) -> None:
    """Put reports in that have been taken through; none of their ids is known, and nothing waits."""
    insert_all_new(tx, inbox, [_row(tx, r, fate) for r, fate in zip(reports, fates, strict=True)])
    _count(tx, fates)
    _pass(tx, tx.conn.scalar(select(func.max(inbox.c.seq))) or 0)


def known_of(tx: Tx, report_ids: Collection[str]) -> frozenset[str]:
    """Those of these that are in it."""
    return known_among(tx, inbox.c.report_id, report_ids) if report_ids else frozenset()


def anything_waits(tx: Tx) -> bool:
    """Whether there are reports past the cursor."""
    return bool(tx.conn.scalar(select(exists().where(inbox.c.seq > _position(tx)))))


def waiting(tx: Tx, limit: int) -> tuple[Kept, ...]:
    """Reports past the cursor, in the order they were committed."""
    return _kept(tx, select(inbox).where(inbox.c.seq > _position(tx)).order_by(inbox.c.seq).limit(limit))


def settle_all(tx: Tx, seqs: Sequence[int], fates: Sequence[Fate]) -> None:
    """Say what became of reports that stand one behind the other, and move the cursor past them."""
    others = [
        {"its_seq": seq, "state": f.state.value, "because": f.because, "incident_id": f.counted_into}
        for seq, f in zip(seqs, fates, strict=True)
        if f.state is not ReportState.DONE
    ]
    if others:
        tx.conn.execute(update(inbox).where(inbox.c.seq == bindparam("its_seq")), others)
        _count(tx, fates)
    these = (inbox.c.seq >= seqs[0], inbox.c.seq <= seqs[-1], inbox.c.state == ReportState.NEW.value)
    tx.conn.execute(update(inbox).where(*these).values(state=ReportState.DONE.value))
    _pass(tx, seqs[-1])


def counted(tx: Tx, incident_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many repeats were counted into each of these incidents; one without any is missing."""
    query = select(repeats.c.incident_id, repeats.c.count).where(repeats.c.incident_id.in_(incident_ids))
    return {row[0]: row[1] for row in tx.conn.execute(query)}


def counts(tx: Tx) -> dict[ReportState, int]:
    """How many reports stand in each state."""
    rows = tx.conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in ReportState}


def set_aside(tx: Tx, limit: int) -> tuple[Kept, ...]:
    """The newest reports that could not be taken through."""
    aside = select(inbox).where(inbox.c.state == ReportState.ASIDE.value)
    return _kept(tx, aside.order_by(inbox.c.seq.desc()).limit(limit))


def _position(tx: Tx) -> int:
    return tx.conn.scalar(select(cursor.c.position).where(cursor.c.name == CURSOR)) or 0


def _pass(tx: Tx, seq: int) -> None:
    upsert(tx, cursor, {"name": CURSOR, "position": seq})


def _count(tx: Tx, fates: Sequence[Fate]) -> None:
    more = Counter(fate.counted_into for fate in fates if fate.counted_into is not None)
    add_up(tx, repeats, [{"incident_id": incident_id, "count": n} for incident_id, n in more.items()])


def _row(tx: Tx, report: Report, fate: Fate) -> dict[str, object]:
    return {
        "report_id": report.report_id,
        "site_id": tx.site_id,
        "kind": report.kind.value,
        "topic": report.topic,
        "body": report.body,
        "received_at": report.received_at,
        "state": fate.state.value,
        "because": fate.because,
        "incident_id": fate.counted_into,
    }


def _kept(tx: Tx, query: object) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            seq=row.seq,
            report=Report(
                report_id=row.report_id,
                kind=ReportKind(row.kind),
                topic=row.topic,
                body=row.body,
                received_at=row.received_at,
            ),
            state=ReportState(row.state),
            because=row.because,
        )
        for row in tx.conn.execute(query)  # type: ignore[call-overload]
    )
