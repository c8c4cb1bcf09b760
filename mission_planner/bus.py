"""Commands in, durable changes and effects out: every change of the center's data passes here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from mission_planner.fleet.live import Fleet, FleetNow
from mission_planner.fleet.standing import Standing
from mission_planner.incidents.calendar_jump import Anchor, anchor_now
from mission_planner.people import audit
from mission_planner.people.roles import Action
from mission_planner.planning.distances import Distances
from mission_planner.store import events
from mission_planner.store.events import Subject, Thing
from mission_planner.store.protocol import Store, Tx
from patrol_core.clock import Clock
from patrol_core.ids import IdSource, id_text, uuid7
from patrol_core.orders import Order
from patrol_core.site import Site

R = TypeVar("R")

AUDIENCE: Mapping[Subject, Action] = {
    Subject.INCIDENT: Action.INCIDENT_VIEW,
    Subject.MISSION: Action.MISSION_VIEW,
    Subject.PATROL: Action.PATROL_VIEW,
    Subject.ROBOT: Action.ROBOT_VIEW,
    Subject.SENSOR: Action.SENSOR_VIEW,
    Subject.FINDING: Action.FINDING_VIEW,
    Subject.FLOOD: Action.INCIDENT_VIEW,
    Subject.NOTICE: Action.INCIDENT_VIEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[R]):
    """Something to be done; R is what doing it answers."""

    @property
    def target(self) -> str:
        """What it is done to, for the audit record."""
        return ""

    @property
    def detail(self) -> str:
        """With which words, for the audit record."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A person does it, by a right they have."""

    who: str  # account
    action: str  # as in the role table


@dataclass(slots=True, kw_only=True)
class Work:
    """What a handler works with: one transaction, and the moment it happens in. Runs in the store's writer thread."""

    tx: Tx
    site: Site
    now: datetime  # UTC site time
    fleet: FleetNow
    distances: Distances
    standing: Standing
    new_id: IdSource
    moment: Anchor | None = None  # `now` on the machine's two clocks; None where site time is not the machine's
    looks: int = 0  # incidents for which a robot was looked for
    orders: list[Order] = field(default_factory=list)
    changed_subjects: list[Subject] = field(default_factory=list)
    hurried: dict[Thing, None] = field(default_factory=dict)  # in order, each once
    by_hand: bool = False  # a person does it

    def changed(self, subject: Subject, subject_id: object) -> None:
        """Let browsers hear of it once it is committed."""
        audience = AUDIENCE[subject].value
        text = id_text(subject_id) if isinstance(subject_id, UUID) else str(subject_id)
        events.add(self.tx, at=self.now, subject=subject, subject_id=text, audience=audience)
        self.changed_subjects.append(subject)
        if self.by_hand:
            self.hurried[subject, text] = None

    def hurry(self, subject: Subject, subject_id: UUID) -> None:
        """Let browsers hear of this change before those that wait, where many do."""
        self.hurried[subject, id_text(subject_id)] = None

    def part(self, **given: Any) -> Work:
        """As this one with nothing asked for yet, for what may be undone alone."""
        return replace(self, orders=[], changed_subjects=[], hurried={}, **given)

    def take_over(self, part: Work) -> None:
        """What a part asked for that was not undone."""
        self.orders.extend(part.orders)
        self.changed_subjects.extend(part.changed_subjects)
        self.hurried.update(part.hurried)

    def send(self, order: Order) -> None:
        """Let the robot have the order once it is committed."""
        self.orders.append(order)


Handler = Callable[[Work, Any], Any]


class Bus:
    """Runs a command's handler in a transaction, and performs what it asked for after the commit."""

    def __init__(
        self,
        *,
        store: Store,
        site: Site,
        fleet: Fleet,
        clock: Clock,
        handlers: Mapping[type[Command[Any]], Handler],
        after_commit: Callable[[Work], None],
        vital: frozenset[type[Command[Any]]] = frozenset(),
        new_id: IdSource = uuid7,
    ) -> None:
        self._store = store
        self._site = site
        self._fleet = fleet
        self._clock = clock
        self._handlers = handlers
        self._after_commit = after_commit
        self._vital = vital  # done on a full disk, too
        self._new_id = new_id
        self._underway: set[asyncio.Task[Any]] = set()
        self._distances = Distances(site.lanes)
        self._standing = Standing(site)

    async def handle(self, command: Command[R], *, act: Act | None = None) -> R:
        """Do it, durably.

        Args:
            act: who does it; written into the audit record in the same transaction.

        Raises:
            PatrolError: as the handler says; nothing was changed.
            Unavailable: the store takes no writes now.
            ClockUnknown: the simulator has not said its time yet.
        """
        # In a task of its own: a caller that goes away must not keep orders and events from following their commit.
        task = asyncio.ensure_future(self._handle(command, act))
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)
        return await asyncio.shield(task)

    async def _handle(self, command: Command[R], act: Act | None) -> R:
        handler = self._handlers[type(command)]
        now, moment, fleet = self._clock.now(), anchor_now(), self._fleet.now()

        def run(tx: Tx) -> tuple[R, Work]:
            work = Work(
                tx=tx,
                site=self._site,
                now=now,
                moment=moment,
                fleet=fleet,
                distances=self._distances,
                standing=self._standing,
                new_id=self._new_id,
                by_hand=act is not None,
            )
            result: R = handler(work, command)
            if act is not None:
                audit.record(
                    tx,
                    now=datetime.now(UTC),
                    who=act.who,
                    action=act.action,
                    target=command.target,
                    detail=command.detail,
                )
            return result, work

        result, work = await self._store.write(run, vital=type(command) in self._vital)
        self._after_commit(work)
        return result
