"""After every event: which mission must pause, and which may go on by itself."""

from __future__ import annotations

from functools import partial

from patrol_core.mission import MissionKind, MissionState
from patrol_onboard import phrases
from patrol_onboard.battery_rules import Bar, Battery, bar
from patrol_onboard.memory import HeldMission, Memory, PauseCause
from patrol_onboard.order_rules import pause, resume
from patrol_onboard.policy import Policy


def settled(memory: Memory, battery: Battery, policy: Policy) -> Memory:
    """The memory with every pause that has lost its cause lifted, and every new cause applied.

    Looks at incidents come first, so that at most one mission is underway.
    """
    for held in memory.unended():
        if held.paused_by is None or held.paused_by.lifts_itself:
            why = _bar(held, memory, battery, policy)
            memory = memory.changed(held.mission.mission_id, partial(_after, why=why))
    return memory


def _bar(held: HeldMission, memory: Memory, battery: Battery, policy: Policy) -> Bar | None:
    why = bar(held.mission.kind, battery, policy, charging_up=held.paused_by is PauseCause.BATTERY)
    if why is not None:
        return why
    if (turned := memory.attended) is not None:
        return Bar(cause=PauseCause.SIGHTING, because=phrases.stopped_for(turned))
    if held.mission.kind is MissionKind.PATROL and (verify := memory.unended(MissionKind.VERIFY)):
        return Bar(cause=PauseCause.VERIFY, because=phrases.verifying_first(verify[0].mission.name))
    return None


def _after(held: HeldMission, why: Bar | None) -> HeldMission:
    paused = held.mission.state is MissionState.PAUSED
    if why is None:
        return resume(held) if paused else held
    if paused and held.paused_by is why.cause and why.cause is not PauseCause.SIGHTING:
        return held  # the reason stays as it was first said
    if paused and held.paused_by is why.cause and held.mission.because == why.because:
        return held
    return pause(held, why.cause, why.because)
