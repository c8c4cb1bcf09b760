"""Fixed sensors of the site: what each last said, how it fares, what it said before."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, Limit, may
from mission_planner.api.views.common import Page, See, Text, View, text, words
from mission_planner.api.views.findings import SourceView, source_view
from mission_planner.api.views.sensors import DeviceView, HistoryPointView, HistoryView, SummaryView, device_view
from mission_planner.api.words import words_of
from mission_planner.incidents.registry.health import Health
from mission_planner.incidents.registry.registry import registry_of
from mission_planner.incidents.registry.search import DeviceWord, Wanted, counted, find, words_in
from mission_planner.incidents.shelving import Shelve, Unshelve
from mission_planner.people.roles import Action
from mission_planner.store import devices, inbox, source_states
from patrol_core.errors import NotFound
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import DeviceKind

router = APIRouter(prefix="/sensors", tags=["sensors"], responses=errors.ANSWERS)


class AsideView(View):
    """A message nobody could use, as it came."""

    report_id: str
    topic: str
    body: str
    received_at: datetime | None
    because: str


@router.get("", dependencies=[may(Action.SENSOR_VIEW)])
async def list_sensors(  # noqa: PLR0917 - parameters of a query have names
    center: Center,
    kind: Annotated[str, Query(description="kinds, comma-separated; empty for all")] = "",
    q: Annotated[str, Query(description="part of its id, name or place", max_length=100)] = "",
    health: Annotated[str, Query(description="ok, silent, battery_low, never_heard; comma-separated")] = "",
    state: Annotated[str, Query(description="normal, alarm, unknown; comma-separated")] = "",
    limit: Limit = 100,
    after: str | None = None,
) -> Page[DeviceView]:
    """Sensors by id."""
    wanted = Wanted(
        kinds=frozenset(words_of(DeviceKind, kind, "kind")),
        healths=frozenset(words_of(Health, health, "health")),
        states=frozenset(words_of(DeviceWord, state, "state")),
        words=words_in(q),
    )

    def draw(see: See) -> Page[DeviceView]:
        found = find(see.site, wanted, now=see.now, limit=limit + 1, after=after)
        shown = found[:limit]
        rows = devices.several(see.tx, shown)
        items = [device_view(see, device_id, rows.get(device_id)) for device_id in shown]
        return Page(items=items, next=shown[-1] if len(found) > limit else None)

    return await center.see(draw)


@router.get("/summary", dependencies=[may(Action.SENSOR_VIEW)])
async def summary(center: Center) -> SummaryView:
    """All sensors, counted."""

    def draw(see: See) -> SummaryView:
        by_health, by_state = counted(see.site, see.now)
        return SummaryView(
            total=len(see.site.devices), by_health=by_health, by_state={s.value: n for s, n in by_state.items()}
        )

    return await center.see(draw)


class ShelvedView(View):
    """A source that opens no incidents for a while, and what it said meanwhile."""

    source: SourceView
    kind: IncidentKind
    kind_name: Text
    until: datetime
    by: str | None = Field(description="account; null for the center itself")
    because: Text | None
    kept_back: int = Field(description="alarms since, that opened nothing")


class ShelveBody(BaseModel):
    """For how long, and why."""

    kind: IncidentKind
    minutes: int = Field(ge=1, le=7 * 24 * 60)
    note: str = Field(max_length=2_000)


class UnshelveBody(BaseModel):
    """Which of its alarms to listen to again."""

    kind: IncidentKind


@router.get("/shelved", dependencies=[may(Action.SENSOR_VIEW)])
async def list_shelved(center: Center, limit: Limit = 100) -> Page[ShelvedView]:
    """What is shelved now, the first to expire first. Nothing about life is ever among it."""

    def draw(see: See) -> Page[ShelvedView]:
        rows = source_states.shelved(see.tx, see.now, limit) if see.now is not None else ()
        items = [
            ShelvedView(
                source=source_view(see, row.source),
                kind=row.kind,
                kind_name=words(KINDS[row.kind].name),
                until=row.state.shelved_until,
                by=row.state.shelved_by,
                because=text(row.state.because),
                kept_back=row.state.kept_back,
            )
            for row in rows
            if row.state.shelved_until is not None
        ]
        return Page(items=items, next=None)

    return await center.see(draw)


@router.post("/{device_id}/shelve", status_code=204)
async def shelve(
    device_id: str, body: ShelveBody, center: Center, caller: Annotated[Caller, may(Action.SENSOR_SHELVE)]
) -> None:
    """Open no incidents of this kind from this sensor for a while. Refused for kinds about life."""
    until = center.clock.now() + timedelta(minutes=body.minutes)
    command = Shelve(device_id=device_id, kind=body.kind, until=until, by=caller.username, note=body.note)
    await center.bus.handle(command, act=caller.act)


@router.post("/{device_id}/unshelve", status_code=204)
async def unshelve(
    device_id: str, body: UnshelveBody, center: Center, caller: Annotated[Caller, may(Action.SENSOR_SHELVE)]
) -> None:
    """Listen to it again."""
    await center.bus.handle(Unshelve(device_id=device_id, kind=body.kind), act=caller.act)


@router.get("/set-aside", dependencies=[may(Action.SENSOR_VIEW)])
async def list_set_aside(center: Center, limit: Limit = 50) -> Page[AsideView]:
    """The newest reports nobody could use, with the reason: of sensors, and of robots."""

    def draw(see: See) -> Page[AsideView]:
        kept = inbox.set_aside(see.tx, limit)
        return Page(
            items=[
                AsideView(
                    report_id=k.report.report_id,
                    topic=k.report.topic,
                    body=k.report.body[:2_000],
                    received_at=k.report.received_at,
                    because=k.because,
                )
                for k in kept
            ],
            next=None,
        )

    return await center.see(draw)


@router.get("/{device_id}/history", dependencies=[may(Action.SENSOR_VIEW)])
async def read_history(
    device_id: str,
    center: Center,
    hours: Annotated[float, Query(gt=0, le=24 * 400)] = 24,
) -> HistoryView:
    """What it said, oldest first: every kept value of the newest days, hourly means before; at most 2,000 points."""
    registry = registry_of(center.site.devices)
    position = registry.position(device_id)
    if position is None:
        raise NotFound("sensor", device_id)
    now = center.clock.now()
    points = await asyncio.to_thread(center.history.of, device_id, now - timedelta(hours=hours), now)
    return HistoryView(
        points=[HistoryPointView(at=p.at, value=p.value, state=p.state) for p in points],
        unit=registry.words.unit_of(position) or None,
    )


@router.get("/{device_id}", dependencies=[may(Action.SENSOR_VIEW)])
async def read_sensor(device_id: str, center: Center) -> DeviceView:
    """One sensor."""
    return await center.see(lambda see: device_view(see, device_id, devices.find(see.tx, device_id)))
