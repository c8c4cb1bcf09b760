"""Tell somebody, and when nobody takes it, tell more people: by stored clocks, for ever, across restarts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mission_planner import phrases
from mission_planner.bus import Command, Work
from mission_planner.incidents import sla
from mission_planner.incidents.calendar_jump import Anchor, jump
from mission_planner.incidents.sla import Telling
from mission_planner.store import clocks, incidents, notices
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from patrol_core.incident import IncidentState

log = logging.getLogger(__name__)

BATCH = 100  # clocks in one transaction: reports get their turn in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(Command[int]):
    """Time went on: tell whoever is due to be told; answers how many clocks were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MindCalendar(Command[timedelta]):
    """Judge the calendar by a moment; answers how far it was set since the last one."""

    moment: Anchor


def begin(work: Work, row: IncidentRow) -> None:
    """An incident opened: its clock starts, and the first rung's people hear of it at once."""
    incident = row.incident
    clock = sla.started(incident.priority, incident.opened_at)
    clocks.put(work.tx, incident.incident_id, clock)
    tell = clock.ladder.rung(1).tell
    notices.add(work.tx, incident.incident_id, at=work.now, action=NoticeAction.TRIGGER, tell=tell)


def hasten(work: Work, row: IncidentRow) -> None:
    """A second source says so: everybody of the ladder hears of it now."""
    incident_id = row.incident.incident_id
    clock = clocks.find(work.tx, incident_id)
    if clock is None:
        return
    after, tellings = sla.hastened(clock, work.now)
    clocks.put(work.tx, incident_id, after)
    for telling in tellings:
        incidents.add_entry(
            work.tx, incident_id, at=work.now, kind="escalated", text=phrases.told_at_once(telling.tell)
        )
        _note(work, incident_id, telling)


def note_decision(work: Work, row: IncidentRow) -> None:
    """A person acknowledged, ended or reopened it: nobody else needs to be called."""
    incident = row.incident
    clock = clocks.find(work.tx, incident.incident_id)
    if clock is not None:
        clocks.put(work.tx, incident.incident_id, sla.stopped(clock, work.now))
    action = NoticeAction.RESOLVE if incident.state.ended else NoticeAction.ACKNOWLEDGE
    notices.add(work.tx, incident.incident_id, at=work.now, action=action)


def escalate(work: Work, _command: Escalate) -> int:
    """Handler of Escalate."""
    waiting = clocks.due(work.tx, work.now, BATCH)
    for incident_id, clock in waiting:
        row = incidents.find(work.tx, incident_id)
        if row is None or row.incident.state is not IncidentState.OPEN:
            clocks.put(work.tx, incident_id, sla.stopped(clock, work.now))
            continue
        after, tellings = sla.due(clock, work.now)
        clocks.put(work.tx, incident_id, after)
        for telling in tellings:
            waited_s = (telling.due_at - clock.origin_at).total_seconds()
            text = phrases.told(telling.tell, waited_s, telling.missed)
            log.warning("incident %s: nobody has it; told again (%d): %s", incident_id, telling.number, text.en)
            incidents.add_entry(work.tx, incident_id, at=work.now, kind="escalated", text=text)
            _note(work, incident_id, telling)
        work.changed(Subject.INCIDENT, incident_id)
    return len(waiting)


def _note(work: Work, incident_id: UUID, telling: Telling) -> None:
    notices.add(
        work.tx, incident_id, at=work.now, action=NoticeAction.TRIGGER, number=telling.number, tell=telling.tell
    )


def mind_calendar(work: Work, command: MindCalendar) -> timedelta:
    """Handler of MindCalendar: running clocks move with a calendar that was set, so that none fires early or never."""
    before = clocks.anchor(work.tx)
    by = jump(before, command.moment) if before is not None else timedelta(0)
    if before is None or by or before.boot_id != command.moment.boot_id:
        clocks.keep_anchor(work.tx, command.moment)
    if by:
        moving = clocks.running(work.tx)
        log.warning("the calendar was set by %s; %d running clocks move with it", by, len(moving))
        for incident_id, clock in moving:
            clocks.put(work.tx, incident_id, sla.moved(clock, by))
            work.changed(Subject.INCIDENT, incident_id)
    return by
