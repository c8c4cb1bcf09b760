"""What a robot should be doing, by its memory and the moment; and where it stands for whom its eyes saw. Pure."""

from __future__ import annotations

from patrol_core.geometry import Pose2
from patrol_onboard import phrases
from patrol_onboard.attention import Stage
from patrol_onboard.memory import HeldMission, Memory, PauseCause
from patrol_onboard.phases import Approach, ApproachTravelling, Attend, GoHome, Stand, Turn, Visit, Want


def wanted(memory: Memory, *, stopped: bool, alone_too_long: bool) -> Want:
    """The emergency stop first, then whom its eyes saw, then missions, then its dock."""
    if stopped:
        return Stand(because=phrases.STOPPED)
    if (turned := memory.attended) is not None and not memory.gone_to_charge:
        return (Attend if turned.told else Approach)(sighting_id=turned.sighting_id)
    held = memory.underway
    if held is not None and (checkpoint := held.mission.next_checkpoint) is not None:
        return Visit(mission_id=held.mission.mission_id, checkpoint_id=checkpoint.checkpoint_id)
    stands = None if alone_too_long else told_to_stand(memory)
    return Stand(because=stands.mission.because) if stands is not None else GoHome()


def told_to_stand(memory: Memory) -> HeldMission | None:
    """The mission with which somebody told the robot to stay where it is."""
    return next((h for h in memory.unended() if h.paused_by is PauseCause.TOLD_TO_STAND), None)


def place_ahead(memory: Memory, turn: Turn) -> Pose2 | None:
    """Where the robot should stand for this sighting, if it is not there yet."""
    held = memory.sighting(turn.sighting_id)
    return held.place if held is not None and held.stage is Stage.COMING else None


def goes_there(memory: Memory, phase: ApproachTravelling, want: Want) -> bool:
    """Whether the drive under way is the one that `want` asks for."""
    same = isinstance(want, Approach | Attend) and want.sighting_id == phase.want.sighting_id
    return same and place_ahead(memory, phase.want) == phase.pose
