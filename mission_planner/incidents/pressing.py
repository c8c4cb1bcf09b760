"""An order that nobody takes is said again, handed on and handed up: by stored clocks, for ever, across restarts."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from mission_planner.bus import Command, Work
from mission_planner.incidents import lifecycle, order_clock, phrases
from mission_planner.incidents.calendar_jump import Anchor, set_since
from mission_planner.incidents.order_clock import TELLINGS, OrderClock, Step
from mission_planner.incidents.sending import Candidate, best_on_duty, candidates, name_of
from mission_planner.people import duty
from mission_planner.people.roles import Role
from mission_planner.store import assignments, incidents, notices
from mission_planner.store.assignments import Assignment, Outcome
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from patrol_core.incident import Dispatch, possible
from patrol_core.site import Text

log = logging.getLogger(__name__)

BATCH = 50  # orders in one transaction: reports get their turn in between
ABOVE = (Role.OPERATOR, Role.ADMIN)  # who hears of it when nobody else is on duty


@dataclass(frozen=True, slots=True, kw_only=True)
class PressOrders(Command[int]):
    """Time went on: orders nobody has taken go their next step; answers how many were looked at."""

    looked: Anchor | None = None  # as in `Escalate`


def press_orders(work: Work, command: PressOrders) -> int:
    """Handler of PressOrders."""
    if set_since(command.looked, work.moment):
        return 0
    waiting = assignments.due(work.tx, work.now, BATCH)
    for order in waiting:
        row = incidents.find(work.tx, order.incident_id)
        if row is None or order.clock is None or Dispatch not in possible(row.incident.state):
            assignments.end(work.tx, order.incident_id, work.now, Outcome.CALLED_OFF)
            continue
        step, following = _next(work.tx, row, order, order.clock, work.now)
        if step is Step.ON and following is not None:
            log.warning("incident %s: %s does not take the order", order.incident_id, order.username)
            lifecycle.hand_on(work, row, following, order)
            continue
        _say(work, order, order.clock, step)
    return len(waiting)


def told_next(tx: Tx, row: IncidentRow, order: Assignment, now: datetime) -> Text | None:
    """Who hears of it next when the order is not taken; None where nobody waits for that."""
    if order.next_at is None or order.clock is None:
        return None
    step, following = _next(tx, row, order, order.clock, now)
    if step is Step.ON and following is not None:
        return phrases.told_next([following.display_name])
    return phrases.told_next([name_of(tx, order.username)], ABOVE if step is Step.UP else ())


def _next(
    tx: Tx, row: IncidentRow, order: Assignment, clock: OrderClock, now: datetime
) -> tuple[Step, Candidate | None]:
    """The next step, and who is sent then."""
    if clock.told < TELLINGS:  # nobody else is looked for yet
        return order_clock.step(clock, others=False), None
    following = best_on_duty(candidates(tx, row, now), but=(order.username, *clock.asked))
    return order_clock.step(clock, others=following is not None), following


def _say(work: Work, order: Assignment, clock: OrderClock, step: Step) -> None:
    """The person hears it again, and those above where there is nobody else."""
    incident_id, who = order.incident_id, name_of(work.tx, order.username)
    waited_s = (work.now - clock.ordered_at).total_seconds()
    notices.add(
        work.tx, incident_id, at=work.now, action=NoticeAction.ORDER, number=clock.told, people=[order.username]
    )
    if step is Step.UP:  # after the order: the newest word is what leaves the house
        present = duty.present(work.tx, work.now, ABOVE)
        clock = order_clock.up(clock, work.now, work.moment)
        line = phrases.order_handed_up(who, waited_s, ABOVE, duty.names(present))
        notices.add(
            work.tx,
            incident_id,
            at=work.now,
            action=NoticeAction.UNTAKEN,
            number=clock.ups,
            tell=ABOVE,
            people=duty.usernames(present),
        )
    else:
        clock = order_clock.again(clock, work.now, work.moment)
        line = phrases.order_said_again(who, waited_s)
    log.warning("incident %s: %s", incident_id, line.en)
    assignments.put(work.tx, replace(order, clock=clock))
    incidents.add_entry(work.tx, incident_id, at=work.now, kind="untaken", text=line)
    work.changed(Subject.INCIDENT, incident_id)
