"""Tell somebody, and when nobody takes it, tell more people: by stored clocks, for ever, across restarts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from mission_planner.bus import Command, Work
from mission_planner.incidents import flood_watch, sending, sla
from mission_planner.incidents.calendar_jump import Anchor, jump, set_since
from mission_planner.incidents.notify import phrases
from mission_planner.incidents.sla import SlaClock, Telling
from mission_planner.people import duty
from mission_planner.store import clocks, incidents, notices, source_states
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from mission_planner.store.shifts import OnDuty
from patrol_core.incident import IncidentState

log = logging.getLogger(__name__)

BATCH = 100  # clocks in one transaction: reports get their turn in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(Command[int]):
    """Time went on: tell whoever is due to be told; answers how many clocks were looked at."""

    looked: Anchor | None = None  # when the calendar was looked at, and the clocks moved with it


@dataclass(frozen=True, slots=True, kw_only=True)
class MindCalendar(Command[timedelta]):
    """Judge the calendar by a moment; answers how far it was set since the last one."""

    moment: Anchor


def begin(work: Work, row: IncidentRow) -> None:
    """An incident opened: its clock starts, and the first rung's people hear of it at once."""
    incident = row.incident
    clock = sla.started(incident.priority, incident.opened_at, work.moment)
    clocks.put(work.tx, incident.incident_id, clock)
    if flood_watch.opened(work, row):
        _tell_first_rung(work, row, clock)


def begin_again(work: Work, row: IncidentRow) -> IncidentRow:
    """It is not over after all and nobody has it: the ladder it opened with, from its foot."""
    incident = row.incident
    before = clocks.find(work.tx, incident.incident_id)
    clock = (
        sla.restarted(before, work.now, work.moment)
        if before is not None
        else sla.started(incident.priority, work.now, work.moment)
    )
    clocks.put(work.tx, incident.incident_id, clock)
    _tell_first_rung(work, row, clock)
    return replace(row, due_at=clock.due_at)


def hasten(work: Work, row: IncidentRow) -> None:
    """A second source says so: everybody of the ladder hears of it now."""
    incident_id = row.incident.incident_id
    clock = clocks.find(work.tx, incident_id)
    if clock is None:
        return
    after, tellings = sla.hastened(clock, work.now)
    clocks.put(work.tx, incident_id, after)
    for telling in tellings:
        present = duty.present(work.tx, work.now, telling.tell)
        text = phrases.told_at_once(telling.tell, duty.names(present))
        incidents.add_entry(work.tx, incident_id, at=work.now, kind="escalated", text=text)
        if flood_watch.told_alone(work, row):
            _note(work, incident_id, telling, present)


def note_decision(work: Work, row: IncidentRow) -> IncidentRow:
    """A person has it or ended it: nobody else needs to be called; whoever was sent hears how it ended."""
    incident = row.incident
    clock = clocks.find(work.tx, incident.incident_id)
    if clock is not None:
        clock = sla.stopped(clock, work.now)
        clocks.put(work.tx, incident.incident_id, clock)
    action = NoticeAction.RESOLVE if incident.state.ended else NoticeAction.ACKNOWLEDGE
    people = [incident.assignee] if incident.assignee and incident.state.ended else []
    notices.add(work.tx, incident.incident_id, at=work.now, action=action, people=people)
    return replace(row, due_at=clock.due_at) if clock is not None else row


def escalate(work: Work, command: Escalate) -> int:
    """Handler of Escalate: in a flood many fall due at once, and what they write is written together."""
    if set_since(command.looked, work.moment):
        return 0
    waiting = clocks.due(work.tx, work.now, BATCH)
    with work.tx.gather():
        for incident_id, clock in waiting:
            _tell_what_is_due(work, incident_id, clock)
    return len(waiting)


def _tell_what_is_due(work: Work, incident_id: UUID, clock: SlaClock) -> None:
    row = incidents.open_index(work.tx).rows.get(incident_id)
    if row is None or row.incident.state is not IncidentState.OPEN:
        clocks.put(work.tx, incident_id, sla.stopped(clock, work.now))
        return
    after, tellings = sla.due(clock, work.now)
    clocks.put(work.tx, incident_id, after)
    for telling in tellings:
        waited_s = (telling.due_at - clock.origin_at).total_seconds()
        present = duty.present(work.tx, work.now, telling.tell)
        text = phrases.told(telling.tell, waited_s, telling.missed, duty.names(present))
        log.warning("incident %s: nobody has it; told again (%d): %s", incident_id, telling.number, text.en)
        incidents.add_entry(work.tx, incident_id, at=work.now, kind="escalated", text=text)
        if flood_watch.told_alone(work, row):
            _note(work, incident_id, telling, present)
    work.changed(Subject.INCIDENT, incident_id)


def _tell_first_rung(work: Work, row: IncidentRow, clock: SlaClock) -> None:
    tell = clock.ladder.rung(1).tell
    people = duty.usernames(duty.present(work.tx, work.now, tell))
    notices.add(work.tx, row.incident.incident_id, at=work.now, action=NoticeAction.TRIGGER, tell=tell, people=people)


def _note(work: Work, incident_id: UUID, telling: Telling, present: Sequence[OnDuty]) -> None:
    notices.add(
        work.tx,
        incident_id,
        at=work.now,
        action=NoticeAction.TRIGGER,
        number=telling.number,
        tell=telling.tell,
        people=duty.usernames(present),
    )


def mind_calendar(work: Work, command: MindCalendar) -> timedelta:
    """Handler of MindCalendar: clocks, dwells and shelvings move with a calendar that was set."""
    before = clocks.anchor(work.tx)
    by = jump(before, command.moment) if before is not None else timedelta(0)
    if before is None or by or before.boot_id != command.moment.boot_id:
        clocks.keep_anchor(work.tx, command.moment)
    if before is not None and by:
        moving = clocks.running(work.tx)
        log.warning("the calendar was set by %s; %d running clocks move with it", by, len(moving))
        for incident_id, clock in moving:
            after = sla.moved(clock, by, before, command.moment)
            clocks.put(work.tx, incident_id, after)
            incidents.set_due(work.tx, incident_id, after.due_at)
            work.changed(Subject.INCIDENT, incident_id)
        source_states.move(work.tx, by)
        sending.move_clocks(work, by, before, command.moment)
    return by
