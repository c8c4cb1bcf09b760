"""One incident becomes part of another, and comes out of it again: sources, clock, looks and robots go along.

A merged incident keeps what it holds, so that reopening it is whole; the other one gets copies of its sources, marked
with where they came from. Only what has not ended is merged into, and reopening cuts the tie: no circle can come about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from mission_planner.bus import Work
from mission_planner.incidents import attendance, escalation, phrases, sending, verification
from mission_planner.incidents.grouping import LOCI_KEPT
from mission_planner.incidents.naming import named
from mission_planner.incidents.sla import SlaClock
from mission_planner.store import assignments, clocks, devices, incidents, notices, queue
from mission_planner.store.assignments import Outcome
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from patrol_core.errors import Conflict
from patrol_core.incident import (
    Arrive,
    Dispatch,
    Incident,
    IncidentState,
    Locus,
    Verification,
    clear_since,
    decide,
    possible,
)
from patrol_core.kind import KINDS, IncidentKind, Priority
from patrol_core.source import SourceKind

_LOOKED_AT = (Verification.WAITING, Verification.SENT)
_NOT_LOOKED_AT = (Verification.NOT_NEEDED, Verification.FAILED)


def target_of(work: Work, before: IncidentRow, after: IncidentRow) -> IncidentRow:
    """The incident that `after` says it is part of.

    Raises:
        NotFound: no such incident.
        Conflict: it has ended.
    """
    into = after.incident.merged_into or before.incident.incident_id
    target = incidents.get(work.tx, into)
    if target.incident.state.ended:
        raise Conflict(
            f"expected an incident that has not ended to merge into; it is {target.incident.state}",
            zh="要并入的事件已经结束，请另选一件",
        )
    return target


def follow(work: Work, before: IncidentRow, after: IncidentRow, by: str) -> None:
    """What merging brings with it; `after` is the merged one, `before` how it was."""
    target = target_of(work, before, after)
    incident, incident_id = target.incident, target.incident.incident_id
    came = after.incident
    loci = _joined(incident.loci, came)
    grown = _with(incident, loci, [incident.kind, *(o.kind for o in loci)])
    target = replace(target, incident=replace(grown, changed_at=work.now))
    target = _take_clock(work, before, target)
    target = _take_order(work, before, target)
    incidents.put(work.tx, target)
    line = phrases.took_in(named(work.site, after))
    incidents.add_entry(work.tx, incident_id, at=work.now, kind="took_in", text=line, by=by)
    devices.hand_over(work.tx, _devices(came.loci), incident_id)
    _tell_devices(work, came.loci)
    target = attendance.hand_over(work, after, target, by)
    gave_up_robot = came.waiting_robot_id is not None
    verification.call_off(work, incidents.get(work.tx, came.incident_id) if gave_up_robot else after, by)
    if before.incident.verification in _LOOKED_AT and target.incident.verification in _NOT_LOOKED_AT:
        verification.send_somebody(work, target)
    work.changed(Subject.INCIDENT, incident_id)


def undo(work: Work, before: IncidentRow, after: IncidentRow, by: str) -> IncidentRow:
    """The merged one stands for itself again: its sources leave the other, and it knows their newest words."""
    keys = {(locus.source, locus.kind) for locus in after.incident.loci}
    came_as, above = before.incident.incident_id, before.incident.merged_into
    newest: dict[object, Locus] = {}
    first = True
    while above is not None:
        row = incidents.get(work.tx, above)
        gone = [o for o in row.incident.loci if o.via == came_as and (o.source, o.kind) in keys]
        newest = newest or {(o.source, o.kind): replace(o, via=None) for o in gone}
        loci = tuple(o for o in row.incident.loci if o not in gone)
        rest = replace(_with(row.incident, loci, [o.kind for o in loci]), changed_at=work.now)
        incidents.put(work.tx, replace(row, incident=rest))
        if first:
            line = phrases.gave_back(named(work.site, after))
            incidents.add_entry(work.tx, above, at=work.now, kind="gave_back", text=line, by=by)
        work.changed(Subject.INCIDENT, above)
        came_as, above, first = above, row.incident.merged_into, False
    mine = tuple(
        replace(newest[o.source, o.kind], via=o.via) if (o.source, o.kind) in newest else o for o in after.incident.loci
    )
    devices.hand_over(work.tx, _devices(mine), after.incident.incident_id)
    _tell_devices(work, mine)
    return replace(after, incident=replace(after.incident, loci=mine, source_cleared_at=clear_since(mine)))


def pictures(work: Work, row: IncidentRow) -> tuple[str, ...]:
    """One picture of each incident that is part of this one, where it has any: they are proof of the whole."""
    found: list[str] = []
    waiting = [row.incident.incident_id]
    while waiting:
        for part in queue.merged_into(work.tx, waiting.pop()):
            waiting.append(part.incident_id)
            found += [part.brief.thumbnail] if part.brief.thumbnail else []
    return tuple(found)


def _joined(loci: tuple[Locus, ...], came: Incident) -> tuple[Locus, ...]:
    """Both, each source once; of too many the newest that came stay away."""
    known = {(o.source, o.kind) for o in loci}
    more = (replace(o, via=came.incident_id) for o in came.loci if (o.source, o.kind) not in known)
    return (*loci, *more)[:LOCI_KEPT]


def _with(incident: Incident, loci: tuple[Locus, ...], kinds: Sequence[IncidentKind]) -> Incident:
    """It has these sources, and is as grave as the gravest of these kinds; its hazard stays, by it it is found."""
    family = KINDS[incident.kind].family
    kind = min((k for k in kinds if KINDS[k].family is family), key=_gravity, default=incident.kind)
    gravest = min(kinds, key=_gravity, default=kind)
    return replace(
        incident, loci=loci, kind=kind, priority=KINDS[gravest].priority, source_cleared_at=clear_since(loci)
    )


def _gravity(kind: IncidentKind) -> Priority:
    return KINDS[kind].priority


def _take_clock(work: Work, before: IncidentRow, target: IncidentRow) -> IncidentRow:
    """Nobody has either: the clock of the graver one, of two alike the one that tells sooner, runs on for both."""
    mine = clocks.find(work.tx, before.incident.incident_id)
    its = clocks.find(work.tx, target.incident.incident_id)
    nobody_has = before.incident.state is target.incident.state is IncidentState.OPEN
    if mine is None or not nobody_has:
        return target
    mine = replace(mine, stopped_at=None)  # it ran until this moment
    if its is not None and _promise(its) <= _promise(mine):
        return target
    clocks.put(work.tx, target.incident.incident_id, mine)
    return replace(target, due_at=mine.due_at)


def _promise(clock: SlaClock) -> tuple[float, datetime]:
    """How soon its ladder calls people, and when it does next."""
    return clock.ladder.acknowledge_s, clock.next_at or clock.resolve_by


def _take_order(work: Work, before: IncidentRow, target: IncidentRow) -> IncidentRow:
    """Who was sent to the part is sent to the whole, with what is left of their time, unless somebody is already."""
    if before.incident.assignee is None:
        return target
    order = assignments.running(work.tx, before.incident.incident_id)
    incident_id = target.incident.incident_id
    taken = assignments.running(work.tx, incident_id) is not None
    if order is None or taken or Dispatch not in possible(target.incident.state):
        return target
    assignments.end(work.tx, order.incident_id, work.now, Outcome.REPLACED)
    assignments.put(work.tx, replace(order, assignment_id=work.new_id(), incident_id=incident_id))
    sent = decide(target.incident, Dispatch(by=before.incident.owner or order.by, to=order.username), work.now)
    sent = replace(sent, assigned_at=order.ordered_at)
    if order.arrived_at is not None:
        sent = replace(decide(sent, Arrive(by=order.username), work.now), arrived_at=order.arrived_at)
    target = escalation.note_decision(work, replace(target, incident=sent))
    line = phrases.order_came_along(sending.name_of(work.tx, order.username))
    incidents.add_entry(work.tx, incident_id, at=work.now, kind="dispatched", text=line)
    if order.arrived_at is None:
        notices.add(work.tx, incident_id, at=work.now, action=NoticeAction.ORDER, people=[order.username])
    return target


def _devices(loci: Iterable[Locus]) -> list[str]:
    return sorted({o.source.source_id for o in loci if o.source.kind is SourceKind.DEVICE})


def _tell_devices(work: Work, loci: Iterable[Locus]) -> None:
    for device_id in _devices(loci):
        if device_id in work.site.devices:
            work.changed(Subject.SENSOR, device_id)
