"""The chain of evidence: every link holds the digest of one record and the hash of the link before it.

    digest(content) = SHA-256 of canonical JSON: sorted keys, no spaces, UTF-8
    hash(link)      = SHA-256 of the canonical JSON of {seq, at, kind, subject, about, digest, previous}
    previous(1)     = SHA-256 of the canonical JSON of {"ronda": "evidence chain 1", "site": site_id}

Whoever knows one hash of it (anchored elsewhere) can prove that nothing before it was changed, added or taken out. This
form is for ever: stored chains were made with it, and a test pins it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from patrol_core.errors import InvalidInput

_encoder = msgspec.json.Encoder(order="sorted")


class LinkKind(StrEnum):
    """What a link holds the digest of."""

    AUDIT = "audit"  # one record of who did what; subject: its number
    TIMELINE = "timeline"  # one line of an incident: opened, decided, noted, seen; subject: its number
    FINDING = "finding"  # what a source said, as it was understood; subject: its id
    PICTURE = "picture"  # bytes that came; subject: their SHA-256
    PRUNED = "pruned"  # records that were removed by policy; subject: the policy's class


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link."""

    seq: int  # 1, 2, 3 …
    at: str  # UTC, wall, ISO 8601 with microseconds: as it was hashed
    kind: LinkKind
    subject: str
    about: str  # incident id; "" where it is about none
    digest: str  # SHA-256 hex, as are the next two
    previous: str
    hash: str

    @property
    def name(self) -> str:
        """How it is called in a sentence."""
        return f"link {self.seq} ({self.kind.value} {self.subject})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest link, or any other that somebody keeps elsewhere."""

    seq: int  # 0 for a chain without links
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, words: str) -> Head:
        """The inverse of str; raises InvalidInput."""
        seq, _, digest = words.strip().partition(":")
        hexadecimal = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
        if not (seq.isascii() and seq.isdigit() and hexadecimal):
            raise InvalidInput(f"expected NUMBER:SHA-256, as `ronda evidence head` says it; came {words!r:.90}")
        return cls(seq=int(seq), hash=digest)


def canonical(content: Any) -> bytes:
    """JSON's own types, no fractions, as bytes that are the same everywhere."""
    try:
        return _encoder.encode(content)
    except OverflowError:  # a number that no record has; whoever checks a stranger's bundle may meet one
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest_of(content: Any) -> str:
    """SHA-256 hex of the canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()


def genesis(site_id: str) -> Head:
    """What the first link of a site follows."""
    return Head(seq=0, hash=digest_of({"ronda": "evidence chain 1", "site": site_id}))


def stamp(at: datetime) -> str:
    """A moment as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def forged(head: Head, *, at: str, kind: LinkKind, subject: str, about: str, digest: str) -> dict[str, Any]:
    """The link after `head`, field by field."""
    whole = {  # in the order of their names
        "about": about,
        "at": at,
        "digest": digest,
        "kind": kind.value,
        "previous": head.hash,
        "seq": head.seq + 1,
        "subject": subject,
    }
    return {**whole, "hash": digest_of(whole)}


def forge(head: Head, *, at: str, kind: LinkKind, subject: str, about: str, digest: str) -> Link:
    """The link after `head`."""
    fields = forged(head, at=at, kind=kind, subject=subject, about=about, digest=digest)
    return Link(**{**fields, "kind": kind})


def walk(links: Iterable[Link], start: Head) -> Iterator[tuple[Link, str | None]]:
    """Each link, and in words what is wrong with it; None where nothing is.

    Args:
        start: what the first of `links` has to follow.
    """
    head = start
    for link in links:
        yield link, _fault(head, link)
        head = Head(seq=link.seq, hash=link.hash)


def _fault(head: Head, link: Link) -> str | None:
    if link.seq <= head.seq:
        return f"{link.name} comes after link {head.seq}: links were put in another order"
    if link.seq != head.seq + 1:
        gone = f"link {head.seq + 1}" if link.seq == head.seq + 2 else f"links {head.seq + 1} to {link.seq - 1}"
        return f"{gone} taken out: after link {head.seq} comes {link.name}"
    right = forge(
        Head(seq=head.seq, hash=link.previous),
        at=link.at,
        kind=link.kind,
        subject=link.subject,
        about=link.about,
        digest=link.digest,
    )
    if right.hash != link.hash:
        return f"{link.name} was changed: expected the hash {right.hash}; came {link.hash}"
    if link.previous != head.hash:
        return f"{link.name} does not follow the one before it: expected {head.hash}; came {link.previous}"
    return None


# --- what is digested of each record -----------------------------------------------------------------------------


def audit_content(*, at: str, who: str, action: str, target: str, detail: str) -> dict[str, Any]:
    """Of one audit record; `at` as `stamp` writes it."""
    return {"at": at, "who": who, "action": action, "target": target, "detail": detail}


def timeline_content(
    *, incident_id: str, at: str, kind: str, text: Any, by: str | None, picture: str | None
) -> dict[str, Any]:
    """Of one line of a timeline; `text` as {"zh", "en"}."""
    return {"incident_id": incident_id, "at": at, "kind": kind, "text": text, "by": by, "picture": picture}


def finding_content(*, finding_id: str, body: str) -> dict[str, Any]:
    """Of one finding; `body` as it is stored."""
    return {"finding_id": finding_id, "body": body}


def picture_content(*, digest: str, size: int, media_type: str) -> dict[str, Any]:
    """Of bytes that came; `digest` is their SHA-256."""
    return {"sha256": digest, "size": size, "media_type": media_type}
