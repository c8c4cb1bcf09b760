"""What a robot's word does to a mission, and which orders it has yet to take. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from patrol_core.mission import TRANSITIONS, LedgerEntry, Mission, MissionEvent, MissionState, advance
from patrol_core.orders import Order
from patrol_core.robot import MissionProgress, RobotState
from patrol_core.site import NO_WORDS, Text


def follow(mission: Mission, progress: MissionProgress) -> Mission:
    """The mission as the robot tells it, by way of the state table.

    Between two of its words a robot may have gone through several states; the shortest way through the table is
    taken. A word the table cannot lead to (an older one, or about a mission that ended here) changes nothing.
    """
    return reached(mission, progress.state, progress.because)


def with_entry(mission: Mission, entry: LedgerEntry) -> Mission:
    """The mission with one more entry; the last one ends it, whatever the robot has had time to say."""
    entered = mission.with_entry(entry)
    if entered.next_checkpoint is None and not entered.state.ended:
        return reached(entered, MissionState.DONE, NO_WORDS)
    return entered


def reached(mission: Mission, state: MissionState, because: Text) -> Mission:
    """The mission in `state`, through the table; unchanged where the table has no way."""
    if mission.state is state:
        return replace(mission, because=because) if because != mission.because else mission
    for event in _way(mission.state, state):
        mission = advance(mission, event(because=because))
    return mission


def refused(state: RobotState, start_epoch: int) -> Text | None:
    """Why the robot refused the order of that epoch; None when it did not, or when it no longer says."""
    return state.refused if state.order_epoch == start_epoch and state.refused else None


def to_resend(orders: Sequence[Order], state: RobotState | None) -> tuple[Order, ...]:
    """Orders the robot has not said it took, in rising epoch."""
    taken = state.order_epoch if state is not None else 0
    return tuple(sorted((o for o in orders if o.epoch > taken), key=lambda o: o.epoch))


def next_epoch(given: int, state: RobotState | None) -> int:
    """The epoch of the next order: above what was given, and above what the robot has already taken.

    The robot may be ahead of a center that lost its data; an order below its epoch would be ignored.
    """
    return max(given, state.order_epoch if state is not None else 0) + 1


def _way(start: MissionState, goal: MissionState) -> tuple[type[MissionEvent], ...]:
    """The fewest events from one state to the other; empty where there is no way."""
    queue: deque[tuple[MissionState, tuple[type[MissionEvent], ...]]] = deque([(start, ())])
    seen = {start}
    while queue:
        state, events = queue.popleft()
        if state is goal:
            return events
        for (before, event), after in TRANSITIONS.items():
            if before is state and after not in seen:
                seen.add(after)
                queue.append((after, (*events, event)))
    return ()
