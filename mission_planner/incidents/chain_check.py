"""Goes through a whole chain of evidence and says in words what was changed, taken out or put in."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, select

from mission_planner.incidents.chain import (
    Head,
    Link,
    LinkKind,
    audit_content,
    digest_of,
    finding_content,
    genesis,
    picture_content,
    stamp,
    timeline_content,
    walk,
)
from mission_planner.store import chain
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import audit, evidence, findings, timeline
from mission_planner.store.schema import chain as links

MOST_FAULTS = 20  # told one by one; the rest is counted


@dataclass(slots=True)
class Verdict:
    """What was looked at and what was found."""

    head: Head
    links: int = 0
    pictures: int = 0
    pruned: int = 0
    faults: list[str] = field(default_factory=list)  # the first is the first broken link
    more: int = 0  # faults beyond those

    @property
    def whole(self) -> bool:
        return not self.faults

    def fault(self, words: str) -> None:
        """Note what is wrong."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(words)
        else:
            self.more += 1


def verify(tx: Tx, blobs: Path, *, known: Head | None = None) -> Verdict:
    """The whole chain from its beginning, every record it tells of, and every picture's bytes.

    Args:
        blobs: the folder with `<first two digits>/<SHA-256>`.
        known: a head that was kept elsewhere.
    """
    verdict = Verdict(head=chain.head(tx))
    graves = _Graves(tx)
    for page in _walked(tx, verdict):
        _look_up(tx, page, graves, blobs, verdict)
    _unlinked(tx, verdict)
    if known is not None:
        compare(known, verdict.head, chain.get(tx, known.seq), verdict)
    return verdict


def compare(known: Head, head: Head, link: Link | None, verdict: Verdict) -> None:
    """Hold the chain against a head that was kept elsewhere."""
    if known.seq > head.seq:
        verdict.fault(
            f"the chain ends at link {head.seq}; the head kept elsewhere is link {known.seq}: "
            f"{known.seq - head.seq} links were cut off"
        )
    elif known.seq and (link is None or link.hash != known.hash):
        came = link.hash if link is not None else "none"
        verdict.fault(f"link {known.seq} is another than the one kept elsewhere: expected {known.hash}; came {came}")


def check_picture(path: Path, digest: str) -> str | None:
    """In words what is wrong with a picture's bytes; None where nothing is."""
    try:
        with path.open("rb") as file:
            came = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "its bytes are gone"
    except OSError as error:
        return f"its bytes cannot be read: {error.strerror}"
    return None if came == digest else f"its bytes were changed: their SHA-256 is {came}"


class _Graves:
    """Which links' records were removed by policy. Holds ranges, not numbers."""

    def __init__(self, tx: Tx) -> None:
        self.bodies: dict[int, dict[str, Any]] = dict(chain.buried(tx))
        told = select(links.c.seq, links.c.digest).where(links.c.kind == LinkKind.PRUNED.value)
        right = [r.seq for r in tx.conn.execute(told) if digest_of(self.bodies.get(r.seq)) == r.digest]
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted((first, last) for seq in right for first, last in self.bodies[seq]["seqs"]):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(last, self._lasts[-1])
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def __contains__(self, seq: int) -> bool:
        at = bisect_right(self._firsts, seq) - 1
        return at >= 0 and seq <= self._lasts[at]


def _walked(tx: Tx, verdict: Verdict) -> Iterator[Sequence[Link]]:
    head = genesis(tx.site_id)
    for page in chain.since(tx):
        for link, fault in walk(page, head):
            if fault is not None:
                verdict.fault(fault)
            head = Head(seq=link.seq, hash=link.hash)
        verdict.links += len(page)
        yield page


def _look_up(tx: Tx, page: Sequence[Link], graves: _Graves, blobs: Path, verdict: Verdict) -> None:
    """Hold the links of a page against what they tell of."""
    by_kind: dict[LinkKind, list[Link]] = {}
    for link in page:
        by_kind.setdefault(link.kind, []).append(link)
    for kind, several in by_kind.items():
        contents = _CONTENTS[kind](tx, [link.subject for link in several]) if kind in _CONTENTS else None
        for link in several:
            if kind is LinkKind.PRUNED:
                verdict.pruned += 1
                content = graves.bodies.get(link.seq)
                if digest_of(content) != link.digest:
                    verdict.fault(f"{link.name}: its record was changed after it was linked")
                continue
            content = (contents or {}).get(link.subject)
            if link.seq in graves:
                continue
            if content is None:
                verdict.fault(f"{link.name}: its record is gone, and no policy removed it")
            elif digest_of(content) != link.digest:
                verdict.fault(f"{link.name}: its record was changed after it was linked")
            elif kind is LinkKind.PICTURE:
                verdict.pictures += 1
                wrong = check_picture(blobs / link.subject[:2] / link.subject, link.subject)
                if wrong is not None:
                    verdict.fault(f"{link.name}: {wrong}")


def _unlinked(tx: Tx, verdict: Verdict) -> None:
    """Records without a link: somebody put them in, or took their link out."""
    for kind, subject, here in _SUBJECTS:
        linked = exists().where(links.c.kind == kind.value, links.c.subject == subject)
        query = select(subject).where(here, ~linked) if here is not None else select(subject).where(~linked)
        for found in tx.conn.scalars(query.limit(MOST_FAULTS + 1)):
            verdict.fault(f"{kind.value} {found} has no link: it was put in, or its link was taken out")


_SUBJECTS: Sequence[tuple[LinkKind, ColumnElement[Any], ColumnElement[bool] | None]] = (
    (LinkKind.AUDIT, cast(audit.c.id, String), None),
    (LinkKind.TIMELINE, cast(timeline.c.id, String), None),
    (LinkKind.FINDING, cast(findings.c.finding_id, String), None),
    (LinkKind.PICTURE, cast(evidence.c.digest, String), evidence.c.complete),
)


def _audits(tx: Tx, subjects: Sequence[str]) -> dict[str, Any]:
    rows = tx.conn.execute(select(audit).where(audit.c.id.in_([int(s) for s in subjects])))
    return {
        str(r.id): audit_content(at=stamp(r.at), who=r.who, action=r.action, target=r.target, detail=r.detail)
        for r in rows
    }


def _lines(tx: Tx, subjects: Sequence[str]) -> dict[str, Any]:
    rows = tx.conn.execute(select(timeline).where(timeline.c.id.in_([int(s) for s in subjects])))
    return {str(r.id): line_content(r) for r in rows}


def line_content(row: Any) -> dict[str, Any]:
    """What is digested of one row of a timeline."""
    return timeline_content(
        incident_id=str(row.incident_id),
        at=stamp(row.at),
        kind=row.kind,
        text=row.text,
        by=row.by,
        picture=row.picture,
    )


def _findings(tx: Tx, subjects: Sequence[str]) -> dict[str, Any]:
    rows = tx.conn.execute(select(findings).where(findings.c.finding_id.in_([UUID(s) for s in subjects])))
    return {str(r.finding_id): finding_content(finding_id=str(r.finding_id), body=r.body) for r in rows}


def _pictures(tx: Tx, subjects: Sequence[str]) -> dict[str, Any]:
    rows = tx.conn.execute(select(evidence).where(evidence.c.digest.in_(subjects), evidence.c.complete))
    return {r.digest: picture_content(digest=r.digest, size=r.size, media_type=r.media_type) for r in rows}


_CONTENTS = {
    LinkKind.AUDIT: _audits,
    LinkKind.TIMELINE: _lines,
    LinkKind.FINDING: _findings,
    LinkKind.PICTURE: _pictures,
}
