"""The chain of evidence in the store: links are added in the transaction of what they tell of, and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, insert, select

from mission_planner.incidents.chain import Head, Link, LinkKind, digest_of, forged, genesis, stamp
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import chain, pruned
from mission_planner.store.sql import append as insert_row

PAGE = 2_000
_HEAD = "chain.head"


def append(tx: Tx, kind: LinkKind, subject: str, content: Any, *, about: str = "") -> int:
    """Add a link for a record that this transaction writes; its number.

    Args:
        content: the record in JSON's own types.
        about: incident id; "" for none.
    """
    at = stamp(datetime.now(UTC))  # wall: what is told of has its own site time
    row = forged(head(tx), at=at, kind=kind, subject=subject, about=about, digest=digest_of(content))
    insert_row(tx, chain, row)
    newest = Head(seq=row["seq"], hash=row["hash"])
    tx.memory.keep(_HEAD, newest)
    return newest.seq


def head(tx: Tx) -> Head:
    """The newest link."""
    return tx.memory.of(_HEAD, partial(_newest, tx))


def head_at(tx: Tx) -> tuple[Head, str | None]:
    """The newest link, and when it was made; None for a chain without links."""
    newest = head(tx)
    return newest, tx.conn.scalar(select(chain.c.at).where(chain.c.seq == newest.seq))


def get(tx: Tx, seq: int) -> Link | None:
    """One link."""
    row = tx.conn.execute(select(chain).where(chain.c.seq == seq)).one_or_none()
    return _link(row) if row is not None else None


def since(tx: Tx, seq: int = 0) -> Iterator[Sequence[Link]]:
    """Links after `seq`, in pages."""
    while rows := tx.conn.execute(select(chain).where(chain.c.seq > seq).order_by(chain.c.seq).limit(PAGE)).all():
        yield [_link(row) for row in rows]
        seq = rows[-1].seq


def first_about(tx: Tx, about: str) -> int | None:
    """The first link about an incident."""
    seq: int | None = tx.conn.scalar(select(chain.c.seq).where(chain.c.about == about).order_by(chain.c.seq).limit(1))
    return seq


def seqs_of(tx: Tx, kind: LinkKind, subjects: Sequence[str]) -> list[int]:
    """The links of these records."""
    query = select(chain.c.seq).where(chain.c.kind == kind.value, chain.c.subject.in_(subjects))
    return list(tx.conn.scalars(query.order_by(chain.c.seq)))


def bury(tx: Tx, kind: LinkKind, subjects: Sequence[str], *, because: str) -> None:
    """Say that the records of these links are removed by policy: their links stay, and this one tells of them."""
    seqs = seqs_of(tx, kind, subjects)
    if not seqs:
        return
    body = {"kind": kind.value, "because": because, "seqs": ranges_of(seqs)}
    seq = append(tx, LinkKind.PRUNED, because, body)
    tx.conn.execute(insert(pruned).values(seq=seq, body=body))


def buried(tx: Tx) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every burial: the number of its link, and its body."""
    for row in tx.conn.execute(select(pruned).order_by(pruned.c.seq)):
        yield row.seq, row.body


def ranges_of(numbers: Sequence[int]) -> list[list[int]]:
    """Rising numbers as [first, last] pairs."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _newest(tx: Tx) -> Head:
    row = tx.conn.execute(select(chain.c.seq, chain.c.hash).order_by(chain.c.seq.desc()).limit(1)).one_or_none()
    return Head(seq=row.seq, hash=row.hash) if row is not None else genesis(tx.site_id)


def _link(row: Row[Any]) -> Link:
    return Link(
        seq=row.seq,
        at=row.at,
        kind=LinkKind(row.kind),
        subject=row.subject,
        about=row.about,
        digest=row.digest,
        previous=row.previous,
        hash=row.hash,
    )
