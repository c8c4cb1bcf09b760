"""What may be removed by policy, and its removal: looked for on a snapshot, removed in small transactions.

Each class has a `find` (on a reader, so that nobody waits for it) and a `remove` that looks again before it removes.
What the chain of evidence tells of gets a link that says so; its own link stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update

from mission_planner.incidents.chain import LinkKind
from mission_planner.store import chain
from mission_planner.store.inbox import ReportState
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import audit, events, evidence, findings, inbox, incidents, notices, timeline
from mission_planner.store.schema import chain as links

BATCH = 500  # rows in one transaction

Before = datetime  # UTC; site time, or wall for the audit record


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One class of what is kept."""

    name: str
    find: Callable[..., Sequence[Any]]  # (tx, before) -> keys, at most BATCH
    remove: Callable[..., int]  # (tx, before, keys, now: site time) -> how many were removed


def _young_or_open(before: Before) -> ColumnElement[bool]:
    """Of an incident: it has not ended, or not long enough ago."""
    return or_(incidents.c.ended.is_(False), incidents.c.changed_at >= before)


def _held(table: Table, before: Before) -> ColumnElement[bool]:
    """A row of an incident that is open, or has not ended long enough ago."""
    return exists().where(incidents.c.incident_id == table.c.incident_id, _young_or_open(before))


_TAKEN = (ReportState.DONE.value, ReportState.COUNTED.value)
_SHOWN = exists().where(timeline.c.picture == evidence.c.digest)  # in some incident's timeline


def _picture_held(before: Before) -> ColumnElement[bool]:
    shown = exists().where(
        timeline.c.picture == evidence.c.digest,
        timeline.c.incident_id == incidents.c.incident_id,
        _young_or_open(before),
    )
    return or_(_held(evidence, before), shown)


def _routine(before: Before) -> ColumnElement[bool]:
    """A picture of no incident; one whose report never came is as old as its link."""
    came = select(func.max(links.c.at)).where(
        links.c.kind == LinkKind.PICTURE.value, links.c.subject == evidence.c.digest
    )
    age = func.coalesce(evidence.c.taken_at, came.scalar_subquery(), type_=evidence.c.taken_at.type)
    return and_(evidence.c.complete, evidence.c.incident_id.is_(None), ~_SHOWN, age < before)


def _of_incident(before: Before) -> ColumnElement[bool]:
    return and_(evidence.c.complete, or_(evidence.c.incident_id.is_not(None), _SHOWN), ~_picture_held(before))


def _plain(
    name: str, key: Any, may: Callable[[Before], ColumnElement[bool]], bury: LinkKind | None = None, subject: Any = None
) -> Class:
    """A class whose rows are deleted."""

    def find(tx: Tx, before: Before) -> Sequence[Any]:
        return list(tx.conn.scalars(select(key).where(may(before)).order_by(key).limit(BATCH)))

    def remove(tx: Tx, before: Before, keys: Sequence[Any], now: datetime) -> int:
        sure = list(
            tx.conn.execute(select(key, subject if subject is not None else key).where(key.in_(keys), may(before)))
        )
        if bury is not None:
            chain.bury(tx, bury, [str(row[1]) for row in sure], because=name)
        tx.conn.execute(delete(key.table).where(key.in_([row[0] for row in sure])))
        return len(sure)

    return Class(name=name, find=find, remove=remove)


def _pictures(name: str, may: Callable[[Before], ColumnElement[bool]]) -> Class:
    """A class of pictures: the row stays and says when it was removed."""

    def find(tx: Tx, before: Before) -> Sequence[Any]:
        return list(tx.conn.scalars(select(evidence.c.digest).where(may(before)).limit(BATCH)))

    def remove(tx: Tx, before: Before, keys: Sequence[Any], now: datetime) -> int:
        sure = list(tx.conn.scalars(select(evidence.c.digest).where(evidence.c.digest.in_(keys), may(before))))
        chain.bury(tx, LinkKind.PICTURE, sure, because=name)
        tx.conn.execute(update(evidence).where(evidence.c.digest.in_(sure)).values(complete=False, pruned_at=now))
        return len(sure)

    return Class(name=name, find=find, remove=remove)


CLASSES: Sequence[Class] = (
    _pictures("pictures", _routine),
    _pictures("evidence", _of_incident),
    _plain(
        "reports",
        inbox.c.seq,
        lambda before: and_(inbox.c.state.in_(_TAKEN), inbox.c.received_at < before),
    ),
    _plain(
        "findings",
        findings.c.seq,
        lambda before: and_(findings.c.observed_at < before, ~_held(findings, before)),
        LinkKind.FINDING,
        findings.c.finding_id,
    ),
    _plain("notices", notices.c.seq, lambda before: and_(notices.c.at < before, ~_held(notices, before))),
    _plain("events", events.c.id, lambda before: events.c.at < before),
    _plain("audit", audit.c.id, lambda before: audit.c.at < before, LinkKind.AUDIT),
)


def without_use(tx: Tx) -> Sequence[str]:
    """Pictures that were removed and whose bytes may still be there."""
    query = select(evidence.c.digest).where(evidence.c.pruned_at.is_not(None), evidence.c.size.is_not(None))
    return list(tx.conn.scalars(query.limit(BATCH)))


def bytes_gone(tx: Tx, digests: Sequence[str]) -> None:
    """Their bytes are not there any more."""
    here = update(evidence).where(evidence.c.digest.in_(digests), evidence.c.pruned_at.is_not(None))
    tx.conn.execute(here.values(size=None))
