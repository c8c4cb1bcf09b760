"""Orders to people: who is sent, why that person, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from mission_planner import wording
from mission_planner.bus import Command, Work
from mission_planner.incidents import order_clock, phrases
from mission_planner.incidents.calendar_jump import Anchor
from mission_planner.people import accounts, duty
from mission_planner.people.roles import Action, Role
from mission_planner.store import assignments, incidents, notices
from mission_planner.store.assignments import Assignment, Outcome
from mission_planner.store.events import Subject
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from patrol_core.errors import Conflict, InvalidInput
from patrol_core.incident import Dispatch, decide
from patrol_core.site import Text

GOING = (Role.FIELD, Role.OPERATOR, Role.ADMIN)  # whose work it is to go, in this order
WAS_THERE = timedelta(hours=1)  # where somebody arrived so long ago still says where they may be


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who may be sent, and what speaks for them."""

    username: str
    display_name: str
    role: Role
    on_duty: bool
    busy_with: int  # orders they have not done yet
    away_m: float | None  # from where they arrived last; None where that is unknown or too long ago
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOrder(Command[UUID]):
    """The person who was sent says that they go."""

    incident_id: UUID
    by: str

    @property
    def target(self) -> str:
        return f"incident {self.incident_id}"


def candidates(tx: Tx, row: IncidentRow, now: datetime | None) -> tuple[Candidate, ...]:
    """Everybody who may be sent: those on duty first, then by role, by what they have in hand, and by how near."""
    able = [a for a in accounts.everyone(tx) if Action.INCIDENT_ARRIVE in a.actions]
    on_duty = {p.shift.username: p.shift.role for p in duty.present(tx, now, GOING)} if now is not None else {}
    loads = assignments.loads(tx, [a.username for a in able])
    found = []
    for account in able:
        duty_role = on_duty.get(account.username)
        role = duty_role or next((role for role in GOING if role in account.roles), Role.FIELD)
        busy_with = loads[account.username]
        away_m = _away_m(tx, row, account.username, now) if now is not None else None
        found.append(
            Candidate(
                username=account.username,
                display_name=account.display_name,
                role=role,
                on_duty=duty_role is not None,
                busy_with=busy_with,
                away_m=away_m,
                why=phrases.fitness(role, duty_role is not None, busy_with, away_m),
            )
        )
    return tuple(sorted(found, key=_rank))


def choose(tx: Tx, row: IncidentRow, to: str | None, now: datetime) -> Candidate:
    """The named person, or the best of those on duty.

    Raises:
        InvalidInput: nobody of that name may be sent.
        Conflict: nobody is named, and nobody is on duty.
    """
    people = candidates(tx, row, now)
    if to is not None:
        found = next((person for person in people if person.username == to), None)
        if found is None:
            raise InvalidInput(
                f'expected an account of somebody who goes to incidents; came "{to}"',
                where="to",
                zh=f"“{to}”不是可以派去现场的人",
            )
        return found
    best = best_on_duty(people)
    if best is None:
        raise Conflict(phrases.NOBODY_ON_DUTY.en, zh=phrases.NOBODY_ON_DUTY.zh)
    return best


def best_on_duty(people: Sequence[Candidate], but: Collection[str] = ()) -> Candidate | None:
    """The first of those who are on duty and go, leaving out some; None where that is nobody."""
    able = (p for p in people if p.on_duty and p.role is not Role.ADMIN and p.username not in but)
    return next(able, None)


def send(
    work: Work,
    row: IncidentRow,
    person: Candidate,
    *,
    by: str | None,
    note: str,
    instead_of: Assignment | None = None,
) -> None:
    """The order stands in the store, in the timeline, and in the log of tellings; who had one hears that it is over.

    Args:
        by: account that gives it; None where nobody took the order it follows.
        instead_of: the order that nobody took.
    """
    incident_id = row.incident.incident_id
    clock, outcome = order_clock.started(row.incident.priority, work.now, work.moment), Outcome.REPLACED
    line = phrases.person_sent(person.display_name, person.why)
    if instead_of is not None and instead_of.clock is not None:
        waited_s = (work.now - instead_of.clock.ordered_at).total_seconds()
        line = phrases.order_handed_on(name_of(work.tx, instead_of.username), waited_s, line)
        clock = order_clock.handed_on(instead_of.clock, instead_of.username, work.now, work.moment)
        outcome = Outcome.NOT_TAKEN
    before = assignments.running(work.tx, incident_id)
    if before is not None and before.username != person.username:
        _tell_handed_on(work, before)
    assignments.end(work.tx, incident_id, work.now, outcome)
    order = Assignment(
        assignment_id=work.new_id(),
        incident_id=incident_id,
        username=person.username,
        by=by or (instead_of.by if instead_of is not None else ""),
        because=person.why,
        note=note,
        ordered_at=work.now,
        clock=clock,
    )
    assignments.put(work.tx, order)
    line = wording.with_note(line, note)
    incidents.add_entry(work.tx, incident_id, at=work.now, kind="dispatched", text=line, by=by)
    notices.add(work.tx, incident_id, at=work.now, action=NoticeAction.ORDER, people=[person.username])


def take_order(work: Work, command: TakeOrder) -> UUID:
    """Handler of TakeOrder; once more changes nothing.

    Raises:
        NotFound: no such incident.
        Conflict: it is not theirs to take; says whose it is.
    """
    row = incidents.get(work.tx, command.incident_id)
    order = assignments.running(work.tx, command.incident_id)
    if order is None or not may_take(order, command.by):
        refusal = _whose(work.tx, order)
        raise Conflict(refusal.en, zh=refusal.zh)
    if order.taken_at is None:
        name = name_of(work.tx, command.by)
        text = phrases.took_order(name)
        if order.username != command.by:
            text = phrases.took_order_late(name, name_of(work.tx, order.username))
            row, order = _give_back(work, row, order, command.by)
        assignments.put(work.tx, replace(order, taken_at=work.now))
        incidents.add_entry(work.tx, command.incident_id, at=work.now, kind="taken", text=text, by=command.by)
        incidents.put(work.tx, replace(row, incident=replace(row.incident, changed_at=work.now)))
        if order.clock is not None and order.clock.ups:  # those above were called: they hear that somebody goes
            notices.add(work.tx, command.incident_id, at=work.now, action=NoticeAction.ACKNOWLEDGE)
        work.changed(Subject.INCIDENT, command.incident_id)
    return command.incident_id


def may_take(running: Assignment, username: str) -> bool:
    """Whether it is theirs to say that they go: who was sent, or who was asked before; a late yes beats nobody."""
    if running.username == username:
        return True
    return running.next_at is not None and running.clock is not None and username in running.clock.asked


def _give_back(work: Work, row: IncidentRow, order: Assignment, username: str) -> tuple[IncidentRow, Assignment]:
    """The order goes back to who was asked before: nobody has taken it yet."""
    _tell_handed_on(work, order)
    assignments.end(work.tx, order.incident_id, work.now, Outcome.REPLACED)
    sent = decide(row.incident, Dispatch(by=username, to=username), work.now)
    back = replace(
        order,
        assignment_id=work.new_id(),
        username=username,
        because=phrases.ANSWERED_LATE,
        ordered_at=work.now,
    )
    return replace(row, incident=sent), back


def _tell_handed_on(work: Work, order: Assignment) -> None:
    """Who had the order hears that another goes."""
    notices.add(work.tx, order.incident_id, at=work.now, action=NoticeAction.HANDED_ON, people=[order.username])


def _whose(tx: Tx, order: Assignment | None) -> Text:
    """Who is sent there now, and how far they are."""
    if order is None:
        return phrases.NO_ORDER
    there, taken = order.arrived_at is not None, order.taken_at is not None
    return phrases.order_is_with(name_of(tx, order.username), taken=taken, there=there)


def move_clocks(work: Work, by: timedelta, before: Anchor, now: Anchor) -> None:
    """The calendar was set: what was 40 s away is 40 s away."""
    for order in assignments.untaken(work.tx):
        if order.clock is not None:
            assignments.put(work.tx, replace(order, clock=order_clock.moved(order.clock, by, before, now)))
            work.changed(Subject.INCIDENT, order.incident_id)


def note_arrival(work: Work, row: IncidentRow) -> None:
    """Somebody is there: who was sent, or one who went unasked."""
    incident_id, who = row.incident.incident_id, row.incident.assignee or ""
    order = assignments.running(work.tx, incident_id) or Assignment(
        assignment_id=work.new_id(),
        incident_id=incident_id,
        username=who,
        by=who,
        because=phrases.WENT_UNASKED,
        note="",
        ordered_at=work.now,
    )
    assignments.put(work.tx, replace(order, taken_at=order.taken_at or work.now, arrived_at=work.now))


def _rank(person: Candidate) -> tuple[bool, int, int, float, str]:
    away_m = person.away_m if person.away_m is not None else float("inf")
    return (not person.on_duty, GOING.index(person.role), person.busy_with, away_m, person.username)


def _away_m(tx: Tx, row: IncidentRow, username: str, now: datetime) -> float | None:
    """People carry no receiver: where they arrived last is all that is known."""
    there = row.incident.position_m
    last = assignments.last_arrival(tx, username, now - WAS_THERE)
    seen = incidents.find(tx, last) if last is not None else None
    if there is None or seen is None or seen.incident.position_m is None:
        return None
    return there.distance_m(seen.incident.position_m)


def name_of(tx: Tx, username: str) -> str:
    """What people call them."""
    account = accounts.find(tx, username)
    return account.display_name if account is not None else username
