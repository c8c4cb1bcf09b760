"""Whatever happens in whatever order, an order nobody takes is said exactly when it is due, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mission_planner.incidents import lifecycle, sending
from mission_planner.incidents.lifecycle import SendPerson
from mission_planner.incidents.pressing import BATCH, PressOrders, press_orders
from mission_planner.incidents.sending import TakeOrder
from mission_planner.people import accounts
from mission_planner.people.roles import Role
from mission_planner.store import assignments, shifts
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from mission_planner.store.shifts import Shift
from patrol_core.ids import uuid7
from patrol_core.incident import Arrive, Close, Reopen, Resolve
from patrol_core.kind import KINDS, IncidentKind, Priority
from tests.unit.mission_planner.incidents.machine import WALKS, ClockworkMachine
from tests.unit.mission_planner.world import AT

# written out once more, so that a wrong policy is not compared with itself: to take it, between tellings to those above
POLICIES_S = {Priority.LIFE: (60, 180), Priority.HIGH: (180, 900), Priority.MEDIUM: (900, 3600)}
ALARMS = (IncidentKind.SMOKE, IncidentKind.ELEVATOR, IncidentKind.WATER_NO_USE)
CREW = ("li", "wang", "zhao")


@dataclass
class Order:
    """What a person with a stopwatch expects of an order that nobody has taken."""

    who: str
    told_s: float
    asked: list[str]
    told: int = 1
    ups: int = 0


@dataclass
class Expected:
    """One incident."""

    kind: IncidentKind
    order: Order | None = None  # None: nobody is waited for
    ended: bool = False
    log: list[tuple[str, int]] = field(default_factory=list)  # who, or "above", and the number of the telling


class PressingMachine(ClockworkMachine):
    """The ticker's look is a rule like any other: it may come late, but never in vain."""

    @initialize()
    def start(self) -> None:
        self.clockwork.run(lambda w: _hire(w.tx))
        self.expected: dict[UUID, Expected] = {}
        self.look()
        self.alarm(IncidentKind.ELEVATOR)
        self.somebody_is_sent(0, CREW[0])

    @precondition(lambda self: len(self.expected) < 4)
    @rule(kind=st.sampled_from(ALARMS))
    def alarm(self, kind: IncidentKind) -> None:
        incident_id = self.clockwork.says(f"s-{len(self.expected)}", kind)
        assert incident_id is not None
        self.expected[incident_id] = Expected(kind=kind)

    @precondition(lambda self: self._open())
    @rule(pick=st.integers(0), who=st.sampled_from(CREW))
    def somebody_is_sent(self, pick: int, who: str) -> None:
        incident_id, expected = self._pick(pick)
        command = SendPerson(incident_id=incident_id, by="op", to=who)
        self.clockwork.run(lambda w: lifecycle.send_person(w, command))
        expected.order = Order(who=who, told_s=self.clockwork.passed_s, asked=[])
        expected.log.append((who, 0))

    @precondition(lambda self: any(e.order for e in self.expected.values()))
    @rule(pick=st.integers(0), how=st.sampled_from(["take", "take late", "arrive", "resolve", "close", "reopen"]))
    def it_is_stopped(self, pick: int, how: str) -> None:
        waiting = [(i, e) for i, e in self.expected.items() if e.order is not None]
        incident_id, expected = waiting[pick % len(waiting)]
        assert expected.order is not None
        if how.startswith("take"):
            asked = [expected.order.who] if how == "take" else [*expected.order.asked, expected.order.who]
            take = TakeOrder(incident_id=incident_id, by=asked[0])
            self.clockwork.run(lambda w: sending.take_order(w, take))
        elif how == "arrive":
            self.decide(incident_id, Arrive(by="op"))
        else:
            self.decide(incident_id, Resolve(by="op") if how == "resolve" else Close(by="op", note="好了"))
            if how == "reopen":
                self.decide(incident_id, Reopen(by="op"))
            expected.ended = how != "reopen"
        expected.order = None

    @rule(seconds=st.sampled_from([1, 30, 59, 60, 120, 181, 900, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.clockwork.passed_s += seconds

    @rule(by=st.sampled_from([timedelta(days=30), timedelta(days=-30), timedelta(hours=1), timedelta(minutes=-2)]))
    def somebody_sets_the_calendar(self, by: timedelta) -> None:
        self.clockwork.set_by += by

    @rule()
    def look(self) -> None:
        self.mind_calendar()
        while self.clockwork.run(lambda w: press_orders(w, PressOrders())) == BATCH:
            pass
        for expected in self.expected.values():
            self._step(expected)

    @invariant()
    def everybody_was_told_what_was_due_and_nothing_else(self) -> None:
        log = self.clockwork.told
        for incident_id, expected in self.expected.items():
            mine = [n for n in log if n.incident_id == incident_id]
            asked = [
                (n.people[0] if n.action is NoticeAction.ORDER else "above", n.number)
                for n in mine
                if n.action in (NoticeAction.ORDER, NoticeAction.UNTAKEN)
            ]
            assert asked == expected.log

    @invariant()
    def an_order_waits_for_the_one_who_was_sent_last_and_for_nobody_else(self) -> None:
        waiting = self.clockwork.run(lambda w: assignments.untaken(w.tx))
        assert {o.incident_id: o.username for o in waiting} == {
            i: e.order.who for i, e in self.expected.items() if e.order is not None
        }

    def _step(self, expected: Expected) -> None:
        order = expected.order
        if order is None:
            return
        take_s, repeat_s = POLICIES_S[KINDS[expected.kind].priority]
        if self.clockwork.passed_s - order.told_s < (repeat_s if order.ups else take_s):
            return
        others = [who for who in CREW if who not in (order.who, *order.asked)]
        if order.told == 2 and others:
            untaken = self.clockwork.run(lambda w: assignments.untaken(w.tx))
            who = next(o.username for o in untaken if self.expected[o.incident_id] is expected)
            assert who in others, "which of them is for the rule of who is sent, and for its own tests"
            expected.order = Order(who=who, told_s=self.clockwork.passed_s, asked=[*order.asked, order.who])
            expected.log.append((who, 0))
            return
        expected.log.append((order.who, order.told))
        order.told, order.told_s = order.told + 1, self.clockwork.passed_s
        if order.told > 2:
            order.ups += 1
            expected.log.append(("above", order.ups))

    def _open(self) -> list[tuple[UUID, Expected]]:
        return [(i, e) for i, e in self.expected.items() if not e.ended]

    def _pick(self, pick: int) -> tuple[UUID, Expected]:
        able = self._open()
        return able[pick % len(able)]


def _hire(tx: Tx) -> None:
    """People who are on duty whatever the calendar is set to."""
    for name, role in (("op", Role.OPERATOR), ("boss", Role.ADMIN), *((who, Role.FIELD) for who in CREW)):
        accounts.create(tx, username=name, display_name=name, password_hash="x", roles=[role], now=AT)
    for who in (*CREW, "boss"):
        role = Role.ADMIN if who == "boss" else Role.FIELD
        ends = timedelta(days=3650)
        shifts.put(tx, Shift(shift_id=uuid7(), username=who, role=role, starts_at=AT - ends, ends_at=AT + ends))


TestPressing = PressingMachine.TestCase
TestPressing.settings = WALKS
