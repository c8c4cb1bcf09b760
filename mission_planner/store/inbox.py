"""The inbox: reports as they came, before anybody understood them, and how far the cursor has taken them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import cursor, inbox
from mission_planner.store.sql import insert_all_new, upsert

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
    insert_all_new(
        tx,
        inbox,
        [
            {
                "report_id": r.report_id,
                "site_id": tx.site_id,
                "kind": r.kind.value,
                "topic": r.topic,
                "body": r.body,
                "received_at": r.received_at,
                "state": ReportState.NEW.value,
                "because": "",
            }
            for r in reports
        ],
    )


def waiting(tx: Tx, limit: int) -> tuple[Kept, ...]:
    """Reports past the cursor, in the order they were committed."""
    position = tx.conn.scalar(select(cursor.c.position).where(cursor.c.name == CURSOR)) or 0
    return _kept(tx, select(inbox).where(inbox.c.seq > position).order_by(inbox.c.seq).limit(limit))


def settle(tx: Tx, seq: int, state: ReportState, because: str = "") -> None:
    """Say what became of a report, and move the cursor past it."""
    tx.conn.execute(update(inbox).where(inbox.c.seq == seq).values(state=state.value, because=because))
    upsert(tx, cursor, {"name": CURSOR, "position": seq})


def set_aside_now(tx: Tx, seq: int, because: str) -> None:
    """It cannot be used; the cursor is moved by whoever takes those around it."""
    tx.conn.execute(update(inbox).where(inbox.c.seq == seq).values(state=ReportState.ASIDE.value, because=because))


def settle_all(tx: Tx, first: int, last: int) -> None:
    """Everything from `first` to `last` that was not set aside is done; the cursor stands behind it."""
    these = (inbox.c.seq >= first, inbox.c.seq <= last, inbox.c.state == ReportState.NEW.value)
    tx.conn.execute(update(inbox).where(*these).values(state=ReportState.DONE.value))
    upsert(tx, cursor, {"name": CURSOR, "position": last})


def counts(tx: Tx) -> dict[ReportState, int]:
    """How many reports stand in each state."""
    rows = tx.conn.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state.value, 0) for state in ReportState}


def set_aside(tx: Tx, limit: int) -> tuple[Kept, ...]:
    """The newest reports that could not be taken through."""
    aside = select(inbox).where(inbox.c.state == ReportState.ASIDE.value)
    return _kept(tx, aside.order_by(inbox.c.seq.desc()).limit(limit))


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
