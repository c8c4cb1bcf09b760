"""What a robot says about itself, from its executor and its sensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patrol_core.geometry import Pose2
from patrol_core.part import PartReport
from patrol_core.robot import Activity, MissionProgress, RobotState
from patrol_core.site import NO_WORDS, Language, Text
from patrol_onboard import phrases
from patrol_onboard.attention import HeldSighting
from patrol_onboard.executor import Executor
from patrol_onboard.memory import HeldMission, PauseCause
from patrol_onboard.phases import (
    Approach,
    ApproachTravelling,
    Attend,
    Attending,
    Dwelling,
    Held,
    Looking,
    Returning,
    Standing,
    Travelling,
    Turn,
    Waiting,
    Watching,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Where the robot is, how fast it moves, whether its lights are on, what it can say; unknown where too old."""

    pose: Pose2 | None = None  # frame `map`
    speed_mps: float | None = None
    lights_on: bool | None = None
    speaks: tuple[Language, ...] = ()  # nothing where its voice is silent


def robot_state(
    executor: Executor,
    motion: Motion,
    *,
    boot_id: UUID,
    sequence: int,
    stamped_at: datetime,
    parts: tuple[PartReport, ...] = (),
) -> RobotState:
    """The report for this moment."""
    activity, because = doing(executor, stamped_at)
    return RobotState(
        robot_id=executor.robot_id,
        boot_id=boot_id,
        sequence=sequence,
        stamped_at=stamped_at,
        pose=motion.pose,
        speed_mps=motion.speed_mps,
        battery_pct=executor.battery.pct,
        charging=executor.battery.charging,
        activity=activity,
        because=because,
        order_epoch=executor.memory.order_epoch,
        refused=executor.memory.refused,
        missions=tuple(progress(held) for held in executor.memory.missions),
        parts=parts,
        lights_on=motion.lights_on,
        speaks=motion.speaks,
        speech=executor.memory.speech,
    )


def doing(executor: Executor, now: datetime) -> tuple[Activity, Text]:
    """What the robot does, and why, as a sentence."""
    match executor.phase:
        case Travelling(want=visit):
            held, checkpoint = executor.aim(visit)
            return Activity.TRAVELLING, phrases.heading_to(held.mission, checkpoint.name)
        case Dwelling(want=visit) | Looking(want=visit):
            held, checkpoint = executor.aim(visit)
            return Activity.INSPECTING, phrases.looking_at(held.mission, checkpoint.name)
        case Returning():
            return Activity.RETURNING, _why_home(executor, now) or phrases.IDLE_TO_DOCK
        case ApproachTravelling(want=turn):
            return Activity.APPROACHING, _of(executor, turn, phrases.coming_near)
        case Watching(want=turn):
            return Activity.APPROACHING, _of(executor, turn, phrases.watching)
        case Attending(want=turn):
            return Activity.ATTENDING, _of(executor, turn, phrases.attending)
        case Waiting(because=because, want=Approach() | Attend()):
            return Activity.APPROACHING, because
        case Waiting(because=because):
            return Activity.HOLDING, because
        case Held(want=stand):
            return Activity.HOLDING, stand.because
        case Standing():
            charging = executor.at_dock and executor.battery.charging is True
            return Activity.CHARGING if charging else Activity.IDLE, _why_home(executor, now)


def progress(held: HeldMission) -> MissionProgress:
    """Where the robot stands with one mission."""
    mission = held.mission
    next_checkpoint = None if mission.state.ended else mission.next_checkpoint
    return MissionProgress(
        mission_id=mission.mission_id,
        epoch=held.epoch,
        state=mission.state,
        because=mission.because,
        done=len(mission.ledger),
        total=len(mission.checkpoints),
        next_checkpoint_id=next_checkpoint.checkpoint_id if next_checkpoint else None,
    )


def _of(executor: Executor, turn: Turn, say: Callable[[HeldSighting], Text]) -> Text:
    """A sentence about whom it turns to, with the battery's where that will end it."""
    held = executor.memory.sighting(turn.sighting_id)
    because = say(held) if held is not None else NO_WORDS
    pct, policy = executor.battery.pct, executor.policy
    if pct is not None and pct < policy.reserve_pct:
        return phrases.battery_warns(because, pct, policy.verify_floor_pct)
    return because


def _why_home(executor: Executor, now: datetime) -> Text:
    """Why the robot is in its dock, or on its way there; empty when only because it has nothing to do."""
    waiting = executor.memory.unended()
    if executor.memory.gone_to_charge and (left := executor.memory.attended) is not None:
        return phrases.left_to_charge(left, executor.policy.verify_floor_pct, executor.policy.resume_pct)
    if executor.alone_too_long(now) and any(h.paused_by is PauseCause.TOLD_TO_STAND for h in waiting):
        return phrases.LINK_LOST_TO_DOCK
    return waiting[0].mission.because if waiting else NO_WORDS
