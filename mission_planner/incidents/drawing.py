"""From the arrivals through and into the inbox: one transaction, exactly once.

Only here does somebody look what makes a message unique.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mission_planner.bus import Command, Work
from mission_planner.incidents.cursor import FEW, TakeReports, pace, take_reports, take_together
from mission_planner.incidents.ingest.adapter import message_id
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.incidents.reports import decode_payload, encode_payload
from mission_planner.store import inbox
from mission_planner.store.arrival_table import drawn as drawn_upto
from mission_planner.store.arrival_table import position
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Arrival, ArrivalKeeper, ArrivalRow, Tx, Urgency
from patrol_core.ids import uuid7

log = logging.getLogger(__name__)

BESIDE = 0.25  # of what a transaction takes, also beside so many calls: nothing else stands still behind them
UNREADABLE = "unreadable arrivals"  # in place of a topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one transaction did."""

    drawn: int  # rows of the arrivals that were drawn in
    upto: Mapping[Urgency, int]  # the last of them
    taken: int  # reports taken through
    full: bool  # as many as one transaction takes: more may wait


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeArrivals(Command[Taken]):
    """Take some of what stands in the inbox through; where nothing does, of what has arrived."""

    arrivals: ArrivalKeeper | None  # None: nothing is to be drawn in


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What had arrived, and is this transaction's from now on."""

    reports: Sequence[Report]  # each once, the most urgent first and then as they came, without those in the inbox
    rows: int
    upto: Mapping[Urgency, int]  # without urgencies of which nothing was drawn


def take_arrivals(work: Work, command: TakeArrivals) -> Taken:
    """Handler of TakeArrivals."""
    about = pace(work).batch
    if command.arrivals is None or inbox.anything_waits(work.tx):
        taken = take_reports(work, TakeReports())
        return Taken(drawn=0, upto={}, taken=taken, full=taken >= about)
    drawn = draw_in(command.arrivals, work.tx, about)
    taken = _take(work, drawn.reports) if drawn.reports else 0
    return Taken(drawn=drawn.rows, upto=drawn.upto, taken=taken, full=taken >= about)


def draw_in(keeper: ArrivalKeeper, tx: Tx, about: int) -> Drawn:
    """The oldest calls, then other arrivals, about so many; the transaction takes them, or keeps them in the inbox."""
    by_id: dict[str, Report] = {}
    upto, count = dict[Urgency, int](), 0
    for urgency in Urgency:
        share = max(about - len(by_id), int(about * BESIDE))
        rows = keeper.after(urgency, position(tx, urgency), share)
        for report in (report for row in rows for report in _reports_of(row)):
            by_id.setdefault(report.report_id, report)
        if rows:
            count, upto[urgency] = count + len(rows), rows[-1].seq
            drawn_upto(tx, urgency, rows[-1].seq)
    known = inbox.known_of(tx, by_id)
    new = [report for report_id, report in by_id.items() if report_id not in known]
    return Drawn(reports=new, rows=count, upto=upto)


def _take(work: Work, reports: Sequence[Report]) -> int:
    """Straight through, into the inbox as what has been taken; what does not go so waits in the inbox. How many did."""
    if len(reports) >= FEW:
        fates = take_together(work, reports)
        if fates is not None:
            inbox.keep_settled(work.tx, reports, fates)
            return len(reports)
    inbox.keep(work.tx, reports)
    return take_reports(work, TakeReports())


def report_from(arrival: Arrival) -> Report:
    """As the inbox keeps it."""
    kind, known, topic, body, received_at = arrival
    report_id = known or _id_of(topic, body)
    return Report(report_id=report_id, kind=ReportKind(kind), topic=topic, body=body, received_at=received_at)


def report_of(message: RawMessage) -> Report:
    """A message as the inbox keeps it."""
    body = encode_payload(message.payload)
    return report_from(Arrival(ReportKind.MQTT.value, None, message.topic, body, message.received_at))


def _reports_of(row: ArrivalRow) -> list[Report]:
    if row.unreadable is None:
        return [report_from(arrival) for arrival in row.arrivals]
    came = encode_payload(row.unreadable)  # the cursor sets it aside, and somebody looks
    return [report_from(Arrival(ReportKind.MQTT.value, f"unreadable-{row.seq}", UNREADABLE, came, None))]


def _id_of(topic: str, body: str) -> str:
    """A message without anything that makes it unique gets an id of its own: it can come twice, never be lost."""
    try:
        found = message_id(topic, decode_payload(body))
    except Exception:
        log.exception("arrivals: what makes a message on %.80r unique could not be said", topic)  # it blocks nobody
        found = None
    return found or uuid7().hex
