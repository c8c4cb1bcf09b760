"""From the arrivals into the inbox and through: one transaction, exactly once.

Only here does somebody look what makes a message unique.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from mission_planner.bus import Command, Work
from mission_planner.incidents.cursor import TakeReports, decode_payload, encode_payload, take_reports
from mission_planner.incidents.ingest.adapter import message_id
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.store import arrivals, inbox
from mission_planner.store.inbox import Report, ReportKind
from mission_planner.store.protocol import Arrival, ArrivalKeeper, ArrivalRow, Tx
from patrol_core.ids import uuid7

log = logging.getLogger(__name__)

UNREADABLE = "unreadable arrivals"  # in place of a topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one transaction did."""

    drawn: int  # reports put into the inbox
    upto: int  # the last row of the arrivals that is in it
    taken: int  # reports taken through


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeArrivals(Command[Taken]):
    """Draw in what has arrived, some of it, and take some of what stands in the inbox through."""

    arrivals: ArrivalKeeper | None  # None: nothing is to be drawn in


def take_arrivals(work: Work, command: TakeArrivals) -> Taken:
    """Handler of TakeArrivals."""
    drawn, upto = draw_in(command.arrivals, work.tx) if command.arrivals is not None else (0, 0)
    return Taken(drawn=drawn, upto=upto, taken=take_reports(work, TakeReports()))


def draw_in(keeper: ArrivalKeeper, tx: Tx) -> tuple[int, int]:
    """Put the oldest rows into the inbox, and how far with them; how many reports (at least one a row), and how far."""
    upto = arrivals.position(tx)
    rows = keeper.after(upto)
    if not rows:
        return 0, upto
    reports = [report for row in rows for report in _reports_of(row)]
    inbox.keep(tx, reports)
    arrivals.drawn(tx, rows[-1].seq)
    return max(len(reports), len(rows)), rows[-1].seq


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
