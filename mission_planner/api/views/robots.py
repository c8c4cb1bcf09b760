"""Robots, as the API shows them: each value as old as `silence_s` says."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import Picture, Pose, See, Text, View, picture, pose, text, words
from mission_planner.fleet.live import FleetNow, RobotNow, parts_of
from mission_planner.fleet.sentences import READY
from mission_planner.fleet.speaking import pending
from mission_planner.store import evidence, missions, orders
from mission_planner.store.missions import MissionRow
from patrol_core.mission import MissionKind, MissionState
from patrol_core.part import PartState
from patrol_core.robot import Activity, Link, RobotState
from patrol_core.site import NO_WORDS, Language, RobotKind
from patrol_core.speech import MOST_CHARACTERS, SpeechState

_FIRST = (MissionState.UNDERWAY, MissionState.PAUSED, MissionState.ASSIGNED)


class RobotMissionView(View):
    """What a robot is on."""

    mission_id: UUID
    kind: MissionKind
    name: Text
    state: MissionState
    done: int
    total: int
    next_checkpoint_id: str | None


class RobotPartView(View):
    """A part of a robot, and why it fares as it does; one that is silent is unavailable."""

    name: str
    state: PartState
    because: Text
    version: str
    age_s: float


class CameraView(View):
    """A camera that can be watched."""

    camera_id: str
    name: Text


class SpeechView(View):
    """The newest sentence it was ordered to say."""

    order_id: UUID
    words: Text
    language: Language
    urgent: bool
    incident_id: UUID | None
    state: SpeechState | Literal["ordered"] = Field(description="`ordered` until the robot says that it has it")
    because: Text | None
    at: datetime = Field(description="of the newest change")


class ReadyView(View):
    """A sentence that is ready."""

    sentence_id: str
    words: Text
    urgent: bool


class SentencesView(View):
    """What robots can be made to say."""

    language: Language = Field(description="in which robots of this site speak, where they can")
    longest: int = Field(description="characters of words of one's own, in each language")
    ready: list[ReadyView]


class RobotView(View):
    """A robot of the site."""

    robot_id: str
    name: Text
    kind: RobotKind
    dock_id: str
    link: Link
    last_seen_at: datetime | None
    silence_s: float | None
    pose: Pose | None
    speed_mps: float | None
    battery_pct: float | None
    charging: bool | None
    activity: Activity | None
    because: Text
    mission: RobotMissionView | None
    latest_picture: Picture | None
    refused: Text | None
    parts: list[RobotPartView]
    lights_on: bool | None
    speaks: list[Language] = Field(description="what its loudspeaker can say now; empty where it cannot speak")
    speech: SpeechView | None
    cameras: list[CameraView]


class PoseRow(View):
    """A robot's line in the coalesced `poses` event."""

    robot_id: str
    pose: Pose | None
    speed_mps: float | None
    battery_pct: float | None
    charging: bool | None
    activity: Activity | None
    because: Text
    link: Link
    silence_s: float | None
    next_checkpoint_id: str | None
    done: int | None
    total: int | None


def robot_view(see: See, now: RobotNow) -> RobotView:
    """One robot."""
    state = now.state
    robot_id = now.robot.robot_id
    newest = evidence.newest_of_robot(see.tx, robot_id)
    return RobotView(
        robot_id=robot_id,
        name=words(now.robot.name),
        kind=now.robot.kind,
        dock_id=now.robot.dock_id,
        link=now.link,
        last_seen_at=now.last_seen_at,
        silence_s=now.silence_s,
        pose=pose(state.pose) if state else None,
        speed_mps=state.speed_mps if state else None,
        battery_pct=state.battery_pct if state else None,
        charging=state.charging if state else None,
        activity=state.activity if state else None,
        because=words(state.because if state else NO_WORDS),
        mission=_mission(missions.active(see.tx, robot_id)),
        latest_picture=picture(see, newest) if newest else None,
        refused=text(state.refused or None) if state else None,
        parts=[
            RobotPartView(
                name=p.report.name,
                state=p.report.state,
                because=words(p.report.because),
                version=p.report.version,
                age_s=p.age_s,
            )
            for p in parts_of(now)
        ],
        lights_on=state.lights_on if state and now.link is Link.ONLINE else None,
        speaks=list(state.speaks) if state and now.link is Link.ONLINE else [],
        speech=_speech(see, robot_id, state),
        cameras=[CameraView(camera_id=c.camera_id, name=words(c.name)) for c in now.robot.cameras],
    )


def pose_rows(fleet: FleetNow) -> list[PoseRow]:
    """All robots, from memory alone."""
    return [_pose_row(now) for now in fleet.values()]


def _pose_row(now: RobotNow) -> PoseRow:
    state = now.state
    told = {p.state: p for p in reversed(state.missions)} if state else {}
    progress = next((told[s] for s in _FIRST if s in told), None)
    return PoseRow(
        robot_id=now.robot.robot_id,
        pose=pose(state.pose) if state else None,
        speed_mps=state.speed_mps if state else None,
        battery_pct=state.battery_pct if state else None,
        charging=state.charging if state else None,
        activity=state.activity if state else None,
        because=words(state.because if state else NO_WORDS),
        link=now.link,
        silence_s=now.silence_s,
        next_checkpoint_id=progress.next_checkpoint_id if progress else None,
        done=progress.done if progress else None,
        total=progress.total if progress else None,
    )


def _mission(rows: tuple[MissionRow, ...]) -> RobotMissionView | None:
    """The one it does, or the one it will go on with."""
    if not rows:
        return None
    mission = min(rows, key=lambda r: _FIRST.index(r.mission.state)).mission
    following = mission.next_checkpoint
    return RobotMissionView(
        mission_id=mission.mission_id,
        kind=mission.kind,
        name=words(mission.name),
        state=mission.state,
        done=len(mission.ledger),
        total=len(mission.checkpoints),
        next_checkpoint_id=following.checkpoint_id if following else None,
    )


def sentences_view(language: Language) -> SentencesView:
    """All that are ready."""
    ready = [ReadyView(sentence_id=r.sentence_id, words=words(r.words), urgent=r.urgent) for r in READY.values()]
    return SentencesView(language=language, longest=MOST_CHARACTERS, ready=ready)


def _speech(see: See, robot_id: str, state: RobotState | None) -> SpeechView | None:
    """The one on its way to the robot, else the one the robot tells of."""
    order = pending(orders.untaken(see.tx, robot_id))
    if order is not None and order.language is not None:
        return SpeechView(
            order_id=order.order_id,
            words=words(order.words),
            language=order.language,
            urgent=order.urgent,
            incident_id=order.incident_id,
            state="ordered",
            because=None,
            at=order.issued_at,
        )
    speech = state.speech if state else None
    if speech is None:
        return None
    return SpeechView(
        order_id=speech.order_id,
        words=words(speech.words),
        language=speech.language,
        urgent=speech.urgent,
        incident_id=speech.incident_id,
        state=speech.state,
        because=text(speech.because or None),
        at=speech.at,
    )
