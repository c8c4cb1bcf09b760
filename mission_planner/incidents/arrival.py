"""A picture's bytes have come: whoever shows it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mission_planner.bus import Command, Work
from mission_planner.incidents.chain import LinkKind, picture_content
from mission_planner.store import chain, evidence
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePicture(Command[None]):
    """A robot uploaded a picture, whole."""

    digest: str
    size: int  # bytes
    media_type: str
    robot_id: str

    @property
    def target(self) -> str:
        return f"evidence {self.digest}"

    @property
    def detail(self) -> str:
        return f"{self.size} bytes"


def take_picture(work: Work, command: TakePicture) -> None:
    """Handler of TakePicture; a picture may come before or after the report that names it."""
    known = evidence.find(work.tx, command.digest) or EvidenceRow(digest=command.digest)
    if known.complete:
        return
    row = replace(
        known,
        robot_id=known.robot_id or command.robot_id,
        size=command.size,
        media_type=command.media_type,
        complete=True,
        pruned_at=None,
    )
    evidence.put(work.tx, row)
    content = picture_content(digest=command.digest, size=command.size, media_type=command.media_type)
    chain.append(work.tx, LinkKind.PICTURE, command.digest, content, about=str(row.incident_id or ""))
    if row.mission_id is not None:
        work.changed(Subject.MISSION, row.mission_id)
    if row.incident_id is not None:
        work.changed(Subject.INCIDENT, row.incident_id)
    if row.robot_id in work.site.robots:
        work.changed(Subject.ROBOT, row.robot_id)
