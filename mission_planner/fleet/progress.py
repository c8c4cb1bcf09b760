"""What robots say about themselves and their missions, taken into the center's records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mission_planner.bus import Command, Work
from mission_planner.fleet import missions as rules
from mission_planner.fleet import ordering, phrases, runs
from mission_planner.incidents import attendance, verification
from mission_planner.store import evidence, missions, orders, robots
from mission_planner.store.events import Subject
from mission_planner.store.evidence import EvidenceRow
from mission_planner.store.missions import MissionRow
from mission_planner.store.robots import LastWord
from patrol_core.errors import NotFound
from patrol_core.mission import LedgerEntry, Mission, MissionState
from patrol_core.orders import OrderKind
from patrol_core.robot import RobotState
from patrol_core.site import NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeState(Command[None]):
    """A robot said something that matters, or its last word is to be kept again."""

    word: LastWord
    matters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLink(Command[None]):
    """A robot fell silent, or is heard again: browsers are told."""

    robot_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropStrangers(Command[None]):
    """At the start: robots that the site no longer has will never end their missions."""


def drop_strangers(work: Work, _command: DropStrangers) -> None:
    """Handler of DropStrangers."""
    for row in missions.active(work.tx):
        if row.mission.robot_id not in work.site.robots:
            _settle(work, row, rules.reached(row.mission, MissionState.CANCELLED, phrases.NOT_OF_THIS_SITE))


def take_state(work: Work, command: TakeState) -> None:
    """Handler of TakeState: orders it took, missions it follows, missions it lost."""
    state = command.word.state
    robots.put_last_word(work.tx, command.word)
    if not command.matters:
        return
    if state.order_epoch <= orders.newest_epoch(work.tx, state.robot_id):
        orders.take(work.tx, state.robot_id, state.order_epoch, work.now)
    told = {p.mission_id: p for p in state.missions}
    for row in missions.active(work.tx, state.robot_id):
        progress = told.get(row.mission_id)
        if progress is not None:
            _settle(work, row, rules.follow(row.mission, progress))
        elif row.start_epoch <= state.order_epoch:
            _not_told(work, row, state)
    attendance.settle(work, state)
    work.changed(Subject.ROBOT, state.robot_id)


def note_link(work: Work, command: NoteLink) -> None:
    """Handler of NoteLink; the robot's missions show its silence too."""
    work.changed(Subject.ROBOT, command.robot_id)
    for row in missions.active(work.tx, command.robot_id):
        work.changed(Subject.MISSION, row.mission_id)


def take_entry(work: Work, entry: LedgerEntry) -> None:
    """An entry of a robot's ledger, from the inbox.

    Raises:
        NotFound: no such mission.
    """
    row = missions.find(work.tx, entry.mission_id)
    if row is None:
        raise NotFound("mission", entry.mission_id)
    if all(c.checkpoint_id != entry.checkpoint_id for c in row.mission.checkpoints):
        raise NotFound(f'checkpoint of mission "{entry.mission_id}"', entry.checkpoint_id)
    for digest in entry.photos:
        known = evidence.find(work.tx, digest) or EvidenceRow(digest=digest)
        evidence.put(
            work.tx,
            replace(
                known,
                robot_id=entry.robot_id,
                taken_at=entry.at,
                checkpoint_id=entry.checkpoint_id,
                mission_id=entry.mission_id,
            ),
        )
    if not missions.add_entry(work.tx, entry):
        return  # visited twice: the first entry counts
    verification.note_entry(work, row.mission, entry)
    _settle(work, row, rules.with_entry(row.mission, entry))


def _not_told(work: Work, row: MissionRow, state: RobotState) -> None:
    """The robot took the order that starts the mission, and does not name the mission."""
    refusal = rules.refused(state, row.start_epoch)
    if refusal is not None:
        _settle(work, row, rules.reached(row.mission, MissionState.REFUSED, refusal))
    elif row.mission.next_checkpoint is None:
        _settle(work, row, rules.reached(row.mission, MissionState.DONE, NO_WORDS))
    elif orders.kind_of(work.tx, state.robot_id, row.order_epoch) is OrderKind.CANCEL:
        if row.order_epoch <= state.order_epoch:
            _settle(work, row, rules.reached(row.mission, MissionState.CANCELLED, state.refused))
    else:
        ordering.order_again(work, row)


def _settle(work: Work, before: MissionRow, mission: Mission) -> None:
    """Store what changed, and let the run and the incident know when it ended."""
    if mission == before.mission:
        return
    started = mission.state is not MissionState.ASSIGNED
    row = replace(
        before,
        mission=mission,
        started_at=before.started_at or (work.now if started else None),
        ended_at=before.ended_at or (_ended_at(mission, work.now) if mission.state.ended else None),
    )
    missions.put(work.tx, row)
    work.changed(Subject.MISSION, mission.mission_id)
    if mission.state.ended and not before.mission.state.ended:
        verification.note_end(work, mission)
        if row.run_id is not None:
            runs.note_end(work, row.run_id)


def _ended_at(mission: Mission, now: datetime) -> datetime:
    """When its last checkpoint ended; now where it was called off."""
    if mission.state is MissionState.DONE and mission.ledger:
        return max(entry.at for entry in mission.ledger.values())
    return now
