"""What each order does to the robot's memory: taken, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from patrol_core.errors import PatrolError
from patrol_core.mission import (
    Accepted,
    Cancelled,
    Mission,
    MissionKind,
    MissionState,
    Preempted,
    Resumed,
    advance,
)
from patrol_core.orders import Order, OrderKind
from patrol_core.site import NO_WORDS, Text
from patrol_onboard import phrases, speech_rules
from patrol_onboard.battery_rules import Battery, refusal
from patrol_onboard.memory import HeldMission, Memory, PauseCause
from patrol_onboard.policy import Policy
from patrol_onboard.sighting_rules import released


class OrderRefused(PatrolError):
    """The robot cannot do what the order asks; its text is the sentence for the console."""


def take(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    """The memory after an order; one that is not newer than the newest taken changes nothing.

    Gaps in the epochs are accepted: the center gave up on what lay between.
    """
    if order.epoch <= memory.order_epoch:
        return memory
    heard = replace(memory, order_epoch=order.epoch, refused=NO_WORDS)
    try:
        return _RULES[order.kind](heard, order, battery, policy)
    except OrderRefused as refused:
        return replace(heard, refused=phrases.said_by(refused))


def pause(held: HeldMission, cause: PauseCause, because: Text) -> HeldMission:
    """The mission paused for `cause`; one that is paused already changes its cause and reason only."""
    if held.mission.state is MissionState.UNDERWAY:
        return replace(held, mission=advance(held.mission, Preempted(because=because)), paused_by=cause)
    return replace(held, mission=replace(held.mission, because=because), paused_by=cause)


def resume(held: HeldMission) -> HeldMission:
    """The mission underway again."""
    return replace(held, mission=advance(held.mission, Resumed()), paused_by=None)


def _start(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    if (known := memory.held(order.mission_id)) is not None:
        if known.mission.state.ended:
            raise OrderRefused(phrases.already_ended(known.mission))
        return memory.changed(known.mission.mission_id, lambda h: replace(h, epoch=order.epoch))
    mission = _mission_of(order)
    if busy := memory.unended(mission.kind):
        raise OrderRefused(phrases.busy(busy[0].mission))
    if why := refusal(mission.kind, battery, policy):
        raise OrderRefused(why)
    if mission.kind is MissionKind.VERIFY and memory.attended is not None:
        raise OrderRefused(phrases.OCCUPIED)  # another robot may go
    new = HeldMission(mission=advance(mission, Accepted(because=order.because)), epoch=order.epoch)
    if mission.kind is MissionKind.PATROL:
        return replace(memory, missions=(*memory.missions, new))  # waits by itself while a look is not over (settling)
    because = phrases.going_to_look(mission)
    others = tuple(
        pause(h, PauseCause.VERIFY, because) if h.mission.state is MissionState.UNDERWAY else h for h in memory.missions
    )
    return replace(memory, missions=(*others, new))


def _mission_of(order: Order) -> Mission:
    if order.mission_id is None or order.mission_kind is None or not order.checkpoints:
        raise OrderRefused(phrases.NOT_COMPLETE)
    if len({c.checkpoint_id for c in order.checkpoints}) < len(order.checkpoints):
        raise OrderRefused(phrases.TWIN_CHECKPOINTS)
    return Mission(
        mission_id=order.mission_id,
        kind=order.mission_kind,
        robot_id=order.robot_id,
        name=order.name,
        checkpoints=order.checkpoints,
        speed_mps=order.speed_mps,
        incident_id=order.incident_id,
    )


def _cancel(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    held = _unended(memory, order)
    because = order.because or phrases.CANCELLED
    return memory.changed(
        held.mission.mission_id,
        lambda h: replace(h, mission=advance(h.mission, Cancelled(because=because)), epoch=order.epoch, paused_by=None),
    )


def _pause(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    held = _unended(memory, order)
    because = order.because or phrases.TOLD_TO_STAND
    return memory.changed(
        held.mission.mission_id,
        lambda h: replace(pause(h, PauseCause.TOLD_TO_STAND, because), epoch=order.epoch),
    )


def _resume(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    held = _unended(memory, order)
    paused = held.mission.state is MissionState.PAUSED
    if paused and (why := _no_resume(held.mission.kind, battery, policy)):
        raise OrderRefused(why)
    return memory.changed(held.mission.mission_id, lambda h: replace(resume(h) if paused else h, epoch=order.epoch))


def _no_resume(kind: MissionKind, battery: Battery, policy: Policy) -> Text:
    if battery.pct is None and kind is MissionKind.PATROL:
        return phrases.BATTERY_UNKNOWN_NO_RESUME
    return refusal(kind, battery, policy)


def _dock(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    if (turned := memory.attended) is not None and turned.told:
        raise OrderRefused(phrases.RELEASE_FIRST)
    because = order.because or phrases.TOLD_TO_DOCK
    return replace(
        memory,
        missions=tuple(
            h if h.mission.state.ended else replace(pause(h, PauseCause.TOLD_TO_DOCK, because), epoch=order.epoch)
            for h in memory.missions
        ),
    )


def _release(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    return released(memory, policy, order.issued_at)  # where nobody waits there is nothing to do, and no fault


def _lights(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    return replace(memory, lights_ordered=order.kind is OrderKind.LIGHTS_ON)


def _speak(memory: Memory, order: Order, battery: Battery, policy: Policy) -> Memory:
    return speech_rules.ordered(memory, order, policy)


def _unended(memory: Memory, order: Order) -> HeldMission:
    held = memory.held(order.mission_id)
    if held is None:
        raise OrderRefused(phrases.NO_SUCH_MISSION)
    if held.mission.state.ended:
        raise OrderRefused(phrases.already_ended(held.mission))
    return held


_RULES: Mapping[OrderKind, Callable[[Memory, Order, Battery, Policy], Memory]] = {
    OrderKind.START: _start,
    OrderKind.CANCEL: _cancel,
    OrderKind.PAUSE: _pause,
    OrderKind.RESUME: _resume,
    OrderKind.DOCK: _dock,
    OrderKind.RELEASE: _release,
    OrderKind.LIGHTS_ON: _lights,
    OrderKind.LIGHTS_OFF: _lights,
    OrderKind.SPEAK: _speak,
}
