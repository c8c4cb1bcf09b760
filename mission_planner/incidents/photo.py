"""A person adds a photo of the place: it proves as a robot's picture does, and is in the timeline with their name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.incidents import phrases
from mission_planner.incidents.chain import LinkKind, picture_content
from mission_planner.store import chain, evidence, incidents
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow
from patrol_core.errors import Conflict

MOST_PICTURES = 100  # of one incident, robots' included; more are refused


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto(Command[UUID]):
    """A photo whose bytes are kept already."""

    incident_id: UUID
    by: str
    digest: str  # SHA-256 hex
    size: int  # bytes
    media_type: str

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"

    @property
    def detail(self) -> str:
        return f"photo {self.digest}, {self.size} bytes"


def add_photo(work: Work, command: AddPhoto) -> UUID:
    """Handler of AddPhoto; the same photo once more changes nothing.

    Raises:
        NotFound: no such incident.
        Conflict: the photo was taken of something else, or there are too many.
    """
    row = incidents.get(work.tx, command.incident_id)
    known = evidence.find(work.tx, command.digest)
    if command.digest in row.incident.evidence and known is not None and known.complete:
        return command.incident_id
    _check(row.incident.evidence, known, command)
    kept = replace(
        known or EvidenceRow(digest=command.digest, taken_at=work.now),
        incident_id=command.incident_id,
        size=command.size,
        media_type=command.media_type,
        complete=True,
        pruned_at=None,
    )
    evidence.put(work.tx, kept)
    content = picture_content(digest=command.digest, size=command.size, media_type=command.media_type)
    chain.append(work.tx, LinkKind.PICTURE, command.digest, content, about=str(command.incident_id))
    shown = tuple(dict.fromkeys((*row.incident.evidence, command.digest)))
    incidents.put(work.tx, replace(row, incident=replace(row.incident, evidence=shown, changed_at=work.now)))
    incidents.add_entry(
        work.tx,
        command.incident_id,
        at=work.now,
        kind="photo",
        text=phrases.PHOTO_ADDED,
        by=command.by,
        picture=command.digest,
    )
    work.changed(Subject.INCIDENT, command.incident_id)
    return command.incident_id


def _check(shown: tuple[str, ...], known: EvidenceRow | None, command: AddPhoto) -> None:
    """Nothing, or why it proves nothing here."""
    if known is not None and known.complete and known.incident_id != command.incident_id:
        raise Conflict(
            "expected a photo of this place; this very file was handed in before, for something else",
            zh="这张照片以前在别处用过，请拍一张现场的新照片",
        )
    if len(shown) >= MOST_PICTURES:
        raise Conflict(
            f"expected at most {MOST_PICTURES} photos of one incident",
            zh=f"一起事件最多 {MOST_PICTURES} 张照片",
        )
