"""Escalation on a real store: who is told, when, and that restarts and calendars change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mission_planner.bus import Work
from mission_planner.incidents import escalation, lifecycle
from mission_planner.incidents.calendar_jump import Anchor
from mission_planner.incidents.cursor import TakeReports, take_reports
from mission_planner.incidents.escalation import Escalate, MindCalendar
from mission_planner.incidents.lifecycle import DecideIncident
from mission_planner.people import accounts
from mission_planner.people.duty import PutShift, put_shift
from mission_planner.people.roles import Role
from mission_planner.store import clocks, inbox, incidents, notices
from mission_planner.store.events import Subject
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.notices import NoticeAction
from mission_planner.store.protocol import Tx
from mission_planner.store.sqlite import SqliteStore
from patrol_core.ids import uuid7
from patrol_core.incident import Acknowledge, Close, IncidentCommand, Reopen
from patrol_core.site import Site
from tests.unit.mission_planner.world import AT, work

pytestmark = pytest.mark.anyio
BOOT = datetime(2026, 3, 1, tzinfo=UTC)


class Desk:
    """One smoke alarm of a tiny site, and time as the test says."""

    def __init__(self, store: SqliteStore, site: Site) -> None:
        self.store = store
        self.site = site
        self.now = AT
        self.last: Work | None = None

    async def alarm(self, payload: str = '{"state": "alarm"}') -> UUID:
        report = Report(
            report_id=uuid7().hex,
            kind=ReportKind.MQTT,
            topic="tiny/sensors/smoke-1/event",
            body=payload,
            received_at=self.now,
        )

        def run(tx: Tx) -> UUID:
            inbox.keep(tx, [report])
            take_reports(self._work(tx), TakeReports())
            return incidents.newest(tx, states=(), kinds=(), limit=1, after=None).items[0].incident.incident_id

        return await self.store.write(run)

    async def look(self, seconds: float) -> int:
        """The ticker's look, so long after the alarm."""
        self.now = AT + timedelta(seconds=seconds)
        return await self.store.write(lambda tx: escalation.escalate(self._work(tx), Escalate()))

    async def decide(self, incident_id: UUID, command: IncidentCommand) -> None:
        decided = DecideIncident(incident_id=incident_id, command=command)
        await self.store.write(lambda tx: lifecycle.decide_incident(self._work(tx), decided))

    async def on_duty(self, username: str, name: str, role: Role, begin: datetime, end: datetime) -> None:
        shift = PutShift(shift_id=uuid7(), username=username, role=role, starts_at=begin, ends_at=end)

        def put(tx: Tx) -> None:
            accounts.create(tx, username=username, display_name=name, password_hash="x", roles=[role], now=AT)
            put_shift(self._work(tx), shift)

        await self.store.write(put)

    async def calendar(self, boottime_s: float, calendar: datetime) -> timedelta:
        moment = Anchor(boot_id="b1", boottime_s=boottime_s, calendar=calendar)
        return await self.store.write(lambda tx: escalation.mind_calendar(self._work(tx), MindCalendar(moment=moment)))

    async def told(self, incident_id: UUID) -> list[tuple[NoticeAction, int]]:
        log = await self.store.read(lambda tx: notices.of_incident(tx, incident_id))
        return [(notice.action, notice.number) for notice in log]

    async def lines(self, incident_id: UUID) -> list[str]:
        entries = await self.store.read(lambda tx: incidents.entries(tx, incident_id))
        return [entry.text.zh for entry in entries if entry.kind == "escalated"]

    def _work(self, tx: Tx) -> Work:
        self.last = work(tx, self.site, now=self.now)
        return self.last


@pytest.fixture
def desk(store: SqliteStore, site: Site) -> Desk:
    return Desk(store, site)


async def test_an_incident_nobody_takes_is_told_to_more_and_more_people(desk: Desk) -> None:
    incident_id = await desk.alarm()
    for seconds in (14, 15, 59, 60, 200):
        await desk.look(seconds)
    trigger = NoticeAction.TRIGGER
    assert await desk.told(incident_id) == [(trigger, 0), (trigger, 1), (trigger, 2), (trigger, 3)]
    assert await desk.lines(incident_id) == [
        "15 秒无人接手，已提醒：值班员",
        "60 秒无人接手，已提醒：值班员、网格员",
        "3 分钟无人接手，已提醒：值班员、网格员、负责人",
    ]
    assert desk.last is not None
    assert Subject.INCIDENT in desk.last.changed_subjects


async def test_acknowledging_stops_the_ladder_and_reopening_starts_it_from_its_foot(desk: Desk) -> None:
    incident_id = await desk.alarm()
    await desk.decide(incident_id, Acknowledge(by="li"))
    assert await desk.look(10_000) == 0
    await desk.decide(incident_id, Close(by="li", note="误触"))
    assert await desk.look(20_000) == 0
    await desk.decide(incident_id, Reopen(by="li"))
    assert await desk.look(20_014) == 0
    assert await desk.look(20_015) == 1
    trigger = NoticeAction.TRIGGER
    told = await desk.told(incident_id)
    assert told == [
        (trigger, 0),
        (NoticeAction.ACKNOWLEDGE, 0),
        (NoticeAction.RESOLVE, 0),
        (trigger, 0),
        (trigger, 1),
    ]


async def test_those_on_duty_are_named_in_the_telling_and_in_the_timeline(desk: Desk) -> None:
    await desk.on_duty("zhang", "张三", Role.OPERATOR, AT, AT + timedelta(hours=8))
    await desk.on_duty("li", "李四", Role.FIELD, AT, AT + timedelta(hours=8))
    await desk.on_duty("night", "夜班", Role.OPERATOR, AT + timedelta(hours=8), AT + timedelta(hours=16))
    incident_id = await desk.alarm()
    await desk.look(15)
    await desk.look(60)
    assert await desk.lines(incident_id) == [
        "15 秒无人接手，已提醒：值班员（当班：张三）",
        "60 秒无人接手，已提醒：值班员、网格员（当班：李四、张三）",
    ]
    log = await desk.store.read(lambda tx: notices.of_incident(tx, incident_id))
    assert [notice.people for notice in log] == [("zhang",), ("zhang",), ("li", "zhang")]


async def test_a_report_nobody_understands_is_escalated_too(desk: Desk) -> None:
    incident_id = await desk.alarm("ALARM?!")
    clock = await desk.store.read(lambda tx: clocks.find(tx, incident_id))
    assert clock is not None
    assert clock.next_at is not None


@pytest.mark.parametrize("days", [-30, 30])
async def test_a_calendar_that_is_set_neither_calls_people_early_nor_forgets_them(desk: Desk, days: int) -> None:
    await desk.calendar(0, AT)
    incident_id = await desk.alarm()
    jumped = AT + timedelta(days=days, seconds=10)
    assert await desk.calendar(10, jumped) == timedelta(days=days)
    desk_offset = (jumped - AT).total_seconds() - 10
    assert await desk.look(desk_offset + 14) == 0, "14 s have passed, not 30 days"
    assert await desk.look(desk_offset + 15) == 1
    assert [number for _, number in await desk.told(incident_id)] == [0, 1]


async def test_a_calendar_that_is_set_after_the_ticker_looked_at_it_calls_nobody_early(desk: Desk) -> None:
    incident_id = await desk.alarm()
    looked = Anchor(boot_id="b1", boottime_s=10, calendar=AT + timedelta(seconds=10))
    desk.now = AT + timedelta(days=30, seconds=10)
    set_by_now = Anchor(boot_id="b1", boottime_s=10.001, calendar=desk.now)

    def look(tx: Tx) -> int:
        return escalation.escalate(replace(desk._work(tx), moment=set_by_now), Escalate(looked=looked))

    assert await desk.store.write(look) == 0
    assert [number for _, number in await desk.told(incident_id)] == [0]


async def test_the_calendar_is_judged_across_a_restart_of_the_center(desk: Desk) -> None:
    await desk.calendar(1000, BOOT)
    assert await desk.calendar(9000, BOOT + timedelta(seconds=8000)) == timedelta(0)
    assert await desk.calendar(9500, BOOT + timedelta(days=2, seconds=8500)) == timedelta(days=2)
    assert await desk.calendar(9600, BOOT + timedelta(days=2, seconds=8600)) == timedelta(0), "judged anew from there"
