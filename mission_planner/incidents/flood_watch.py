"""Counts alarms as incidents open, bundles tellings while a flood lasts, and ends it when it is over."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from mission_planner.bus import Command, Work
from mission_planner.incidents import flood as floods
from mission_planner.incidents.notify import phrases
from mission_planner.people import duty
from mission_planner.people.roles import Role
from mission_planner.store import flood as kept
from mission_planner.store import incidents, notices
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from mission_planner.store.open_incidents import OUTDOORS
from patrol_core.kind import KINDS, Priority

log = logging.getLogger(__name__)

KEY = "flood"  # subject of its events


@dataclass(frozen=True, slots=True, kw_only=True)
class MindFlood(Command[bool]):
    """Time went on: tell of bundles that grew, end what is over; answers whether there is a flood."""


def opened(work: Work, row: IncidentRow) -> bool:
    """An incident opened: count it; whether it is to be told by itself."""
    before = kept.get(work.tx)
    after = floods.alarmed(before, work.now)
    kept.put(work.tx, after)
    if after.active and not before.active:
        log.warning("a flood of alarms: %d in ten minutes, %d operators", after.recent(work.now), after.operators)
        work.changed(Subject.FLOOD, KEY)
    return told_alone(work, row)


def told_alone(work: Work, row: IncidentRow) -> bool:
    """Whether a telling about this incident goes out by itself; else it is counted with its bundle's."""
    incident = row.incident
    if incident.priority is Priority.LIFE:
        return True
    before = kept.get(work.tx)
    after, head = floods.told_with(
        before,
        family=KINDS[incident.kind].family,
        building_id=(incident.place.building_id if incident.place else None) or OUTDOORS,
        incident_id=incident.incident_id,
        now=work.now,
    )
    if after != before:
        kept.put(work.tx, after)
    if head is None or head == incident.incident_id:
        return True
    incidents.add_entry(work.tx, incident.incident_id, at=work.now, kind="bundled", text=phrases.BUNDLED)
    work.changed(Subject.FLOOD, KEY)
    return False


def mind_flood(work: Work, _command: MindFlood) -> bool:
    """Handler of MindFlood."""
    before = kept.get(work.tx)
    operators = len(duty.present(work.tx, work.now, (Role.OPERATOR,)))
    after, due = floods.judged(before, work.now, operators)
    for bundle in due:
        row = incidents.find(work.tx, bundle.head)
        if row is None:
            continue
        text = phrases.bundle_told(bundle.untold)
        incidents.add_entry(work.tx, bundle.head, at=work.now, kind="bundled", text=text)
        if not row.incident.state.ended:
            people = duty.usernames(duty.present(work.tx, work.now, (Role.OPERATOR,)))
            notices.add(
                work.tx, bundle.head, at=work.now, action=NoticeAction.TRIGGER, tell=(Role.OPERATOR,), people=people
            )
        work.changed(Subject.INCIDENT, bundle.head)
    if after != before:
        kept.put(work.tx, after)
    if (after.active, after.bundled, after.limit) != (before.active, before.bundled, before.limit):
        work.changed(Subject.FLOOD, KEY)
    if before.active and not after.active:
        log.warning("the flood of alarms is over: %d tellings were bundled", before.bundled)
    return after.active
