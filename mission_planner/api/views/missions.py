"""Missions and their ledgers, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from mission_planner.api.views.common import Picture, Pose, See, Text, View, pictures, pose, words
from mission_planner.store.missions import MissionRow
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, MissionState, Outcome
from patrol_core.robot import Link


class LedgerEntryView(View):
    """What happened at a checkpoint."""

    outcome: Outcome
    because: Text
    at: datetime
    pose: Pose | None
    photos: list[Picture]


class CheckpointView(View):
    """A stop of a mission."""

    checkpoint_id: str
    name: Text
    pose: Pose
    entry: LedgerEntryView | None


class MissionView(View):
    """One robot's task."""

    mission_id: UUID
    kind: MissionKind
    robot_id: str
    patrol_id: UUID | None
    run_id: UUID | None
    incident_id: UUID | None
    name: Text
    state: MissionState
    because: Text
    ordered_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    link: Link
    silence_s: float | None
    checkpoints: list[CheckpointView]
    done: int
    total: int
    next_checkpoint_id: str | None
    chosen_because: Text


def mission_view(see: See, row: MissionRow) -> MissionView:
    """One mission; its link is the robot's."""
    mission = row.mission
    now = see.fleet.get(mission.robot_id)
    following = mission.next_checkpoint
    return MissionView(
        mission_id=mission.mission_id,
        kind=mission.kind,
        robot_id=mission.robot_id,
        patrol_id=row.patrol_id,
        run_id=row.run_id,
        incident_id=mission.incident_id,
        name=words(mission.name),
        state=mission.state,
        because=words(mission.because),
        ordered_at=row.ordered_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        link=now.link if now else Link.NEVER,
        silence_s=now.silence_s if now else None,
        checkpoints=[_checkpoint(see, c, mission.ledger.get(c.checkpoint_id)) for c in mission.checkpoints],
        done=len(mission.ledger),
        total=len(mission.checkpoints),
        next_checkpoint_id=following.checkpoint_id if following and not mission.state.ended else None,
        chosen_because=words(row.chosen_because),
    )


def _checkpoint(see: See, checkpoint: Checkpoint, entry: LedgerEntry | None) -> CheckpointView:
    viewpoint = see.site.viewpoints.get(checkpoint.checkpoint_id)
    names = {checkpoint.checkpoint_id: checkpoint.name.zh}
    stands = checkpoint.pose
    return CheckpointView(
        checkpoint_id=checkpoint.checkpoint_id,
        name=words(viewpoint.name) if viewpoint else words(checkpoint.name),
        pose=Pose(x_m=stands.x_m, y_m=stands.y_m, heading_rad=stands.heading_rad),
        entry=LedgerEntryView(
            outcome=entry.outcome,
            because=words(entry.because),
            at=entry.at,
            pose=pose(entry.pose),
            photos=pictures(see, entry.photos, names),
        )
        if entry is not None
        else None,
    )
