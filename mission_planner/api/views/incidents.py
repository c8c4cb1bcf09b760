"""Incidents with their evidence and timeline, as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import (
    Picture,
    Point,
    See,
    Sentence,
    Text,
    View,
    pictures,
    point,
    text,
    words,
)
from mission_planner.api.views.findings import FindingView, SourceView, finding_view, source_view
from mission_planner.api.views.people import OrderView, WhoView, order_views
from mission_planner.incidents import pressing
from mission_planner.incidents.sla import SlaClock
from mission_planner.incidents.sources import place_text, source_name
from mission_planner.incidents.weighing import weighed
from mission_planner.people.roles import Role
from mission_planner.store.assignments import Assignment
from mission_planner.store.dossiers import Dossiers, dossiers
from mission_planner.store.incidents import IncidentRow
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.queue import QueueRow
from patrol_core.incident import (
    Acknowledge,
    Arrive,
    Certainty,
    Close,
    Dispatch,
    Incident,
    IncidentCommand,
    IncidentState,
    MarkFalseAlarm,
    Merge,
    Reopen,
    Resolve,
    Verification,
    Verify,
    possible,
)
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Place
from patrol_core.site import Text as Said
from patrol_core.source import Source, SourceKind


class PlaceView(View):
    """Where people say it is."""

    building_id: str | None
    unit: str | None
    floor: int | None
    flat: str | None


class VerificationView(View):
    """How far looking at the place has come, and why."""

    state: Verification
    because: Text | None
    robot_id: str | None
    mission_id: UUID | None


class WaitingRobotView(View):
    """The robot that stands beside a person until it is released."""

    robot_id: str
    name: Text


class SlaView(View):
    """How soon somebody should have it, and who was told that nobody has."""

    acknowledge_by: datetime
    resolve_by: datetime
    next_at: datetime | None = Field(description="when more people are told; null once somebody has it")
    told: int = Field(description="how often people were told that nobody has it")
    tell: list[Role] = Field(description="who was told last")
    next_tell: list[Role] = Field(description="who is told next; empty once somebody has it")


class WordView(View):
    """What one word adds to how sure one may be."""

    text: Text
    log_odds: float = Field(description="above 0 speaks for it, below against it; as it counted at the last change")


class WeighingView(View):
    """How sure one may be that it is real. It ranks; nothing is hidden for a low figure."""

    probability: float
    words: list[WordView]


class LocusView(View):
    """One source of it."""

    source: SourceView
    kind: IncidentKind
    place: Text | None
    place_detail: PlaceView | None
    position: Point | None
    at: datetime
    cleared_at: datetime | None


class TimelineView(View):
    """One line of the timeline."""

    at: datetime
    kind: str
    text: Text
    by: str | None
    picture: Picture | None


class PartView(View):
    """An incident that is part of another."""

    incident_id: UUID
    kind_name: Text
    place: Text | None
    opened_at: datetime


class IncidentView(View):
    """One thing that happened at one place."""

    incident_id: UUID
    kind: IncidentKind
    kind_name: Text
    priority: int
    state: IncidentState
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    owner: str | None
    because: Sentence
    position: Point | None
    place: Text | None
    place_detail: PlaceView | None
    source: SourceView
    source_cleared_at: datetime | None
    verification: VerificationView
    evidence: list[Picture]
    findings: list[FindingView]
    findings_total: int
    repeats: int = Field(description="alarms its sources said again too soon to be news: counted, and no findings")
    timeline: list[TimelineView]
    certainty: Certainty | None
    waiting_robot: WaitingRobotView | None
    sla: SlaView | None
    weighing: WeighingView
    sources: list[LocusView]
    explained: int
    assignee: WhoView | None = Field(description="who was sent, or went")
    assigned_at: datetime | None
    arrived_at: datetime | None
    resolved_at: datetime | None
    orders: list[OrderView] = Field(description="to people, the oldest first")
    merged_into: UUID | None
    merged: list[PartView] = Field(description="incidents that are part of this one")
    may: list[str] = Field(description="what may be done to it in this state")


COMMANDS: Mapping[type[IncidentCommand], str] = {  # the words of the routes
    Acknowledge: "acknowledge",
    Verify: "verify",
    Dispatch: "dispatch",
    Arrive: "arrive",
    Resolve: "resolve",
    Close: "close",
    MarkFalseAlarm: "false-alarm",
    Merge: "merge",
    Reopen: "reopen",
}


def incident_view(see: See, row: IncidentRow) -> IncidentView:
    """One incident; `findings` are its newest."""
    return incident_views(see, [row])[0]


def incident_views(see: See, rows: Sequence[IncidentRow]) -> list[IncidentView]:
    """Several, in their order; what they hang on is read for all of them together."""
    beside = dossiers(see.tx, rows)
    return [_incident_view(see, row, beside) for row in rows]


def _incident_view(see: See, row: IncidentRow, beside: Dossiers) -> IncidentView:
    incident = row.incident
    dossier, names_of = beside.of[incident.incident_id], beside.names
    place = incident.place
    named = place_text(see.site, place)
    names = {"scene": named.zh} if named else None
    shown = pictures(see, [line.picture for line in dossier.lines if line.picture], names, beside.pictures)
    by_digest = {p.digest: p for p in shown}
    return IncidentView(
        incident_id=incident.incident_id,
        kind=incident.kind,
        kind_name=words(KINDS[incident.kind].name),
        priority=int(incident.priority),
        state=incident.state,
        opened_at=incident.opened_at,
        changed_at=incident.changed_at,
        closed_at=incident.closed_at,
        owner=incident.owner,
        because=incident.because,
        position=point(incident.position_m),
        place=text(named),
        place_detail=_place_detail(place),
        source=source_view(see, row.source),
        source_cleared_at=incident.source_cleared_at,
        verification=VerificationView(
            state=incident.verification,
            because=text(row.verification_because),
            robot_id=row.verify_robot_id,
            mission_id=incident.verify_mission_id,
        ),
        evidence=pictures(see, incident.evidence, names, beside.pictures),
        findings=[finding_view(see, kept, beside.pictures) for kept in dossier.findings],
        findings_total=dossier.findings_total,
        repeats=dossier.repeats,
        timeline=[
            TimelineView(
                at=e.at,
                kind=e.kind,
                text=words(e.text),
                by=e.by,
                picture=by_digest.get(e.picture) if e.picture else None,
            )
            for e in dossier.lines
        ],
        certainty=incident.certainty,
        waiting_robot=_waiting(see, incident.waiting_robot_id),
        weighing=_weighing(incident),
        sources=[
            LocusView(
                source=source_view(see, locus.source),
                kind=locus.kind,
                place=text(place_text(see.site, locus.place)),
                place_detail=_place_detail(locus.place),
                position=point(locus.position_m),
                at=locus.at,
                cleared_at=locus.cleared_at,
            )
            for locus in incident.loci
        ],
        explained=incident.explained,
        assignee=_who(incident.assignee, names_of),
        assigned_at=incident.assigned_at,
        arrived_at=incident.arrived_at,
        resolved_at=incident.resolved_at,
        orders=order_views(dossier.orders, names_of, partial(_told_next, see, row)),
        merged_into=incident.merged_into,
        merged=[_part(see, part) for part in dossier.merged],
        may=_possible(incident),
        sla=_sla(dossier.clock, dossier.notices),
    )


def _told_next(see: See, row: IncidentRow, order: Assignment) -> Said | None:
    return pressing.told_next(see.tx, row, order, see.now) if see.now is not None else None


def _place_detail(place: Place | None) -> PlaceView | None:
    if place is None:
        return None
    return PlaceView(building_id=place.building_id, unit=place.unit, floor=place.floor, flat=place.flat)


def _possible(incident: Incident) -> list[str]:
    releases = ["release"] if incident.waiting_robot_id is not None else []
    return [COMMANDS[command] for command in possible(incident.state)] + releases


def _who(username: str | None, names: Mapping[str, str]) -> WhoView | None:
    return WhoView(username=username, display_name=names.get(username, username)) if username is not None else None


def _part(see: See, row: QueueRow) -> PartView:
    place = text(place_text(see.site, row.brief.place))
    return PartView(
        incident_id=row.incident_id, kind_name=words(KINDS[row.kind].name), place=place, opened_at=row.opened_at
    )


def _weighing(incident: Incident) -> WeighingView:
    total = weighed(incident.weights, incident.changed_at)
    return WeighingView(
        probability=total.probability,
        words=[WordView(text=words(said), log_odds=log_odds) for said, log_odds in total.parts],
    )


def _sla(clock: SlaClock | None, told: Sequence[Notice]) -> SlaView | None:
    """None for an incident from before there were clocks."""
    if clock is None:
        return None
    return SlaView(
        acknowledge_by=clock.acknowledge_by,
        resolve_by=clock.resolve_by,
        next_at=clock.next_at,
        told=sum(notice.action is NoticeAction.TRIGGER and notice.number > 0 for notice in told),
        tell=list(clock.ladder.rung(max(clock.told, 1)).tell),
        next_tell=list(clock.ladder.rung(clock.told + 1).tell) if clock.next_at is not None else [],
    )


def _waiting(see: See, robot_id: str | None) -> WaitingRobotView | None:
    if robot_id is None:
        return None
    robot = Source(kind=SourceKind.ROBOT, source_id=robot_id)
    return WaitingRobotView(robot_id=robot_id, name=words(source_name(see.site, robot)))
