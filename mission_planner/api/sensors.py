"""Fixed sensors of the site, and what each last said."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from mission_planner.api import errors
from mission_planner.api.deps import Center, Limit, may
from mission_planner.api.views.common import Page, See, View
from mission_planner.api.views.sensors import KIND_NAMES, DeviceView, device_view
from mission_planner.api.words import words_of
from mission_planner.people.roles import Action
from mission_planner.store import devices, inbox
from patrol_core.errors import NotFound
from patrol_core.site import Device, DeviceKind, Site

router = APIRouter(prefix="/sensors", tags=["sensors"], responses=errors.ANSWERS)


class AsideView(View):
    """A message nobody could use, as it came."""

    report_id: str
    topic: str
    body: str
    received_at: datetime | None
    because: str


@router.get("", dependencies=[may(Action.SENSOR_VIEW)])
async def list_sensors(
    center: Center,
    kind: Annotated[str, Query(description="kinds, comma-separated; empty for all")] = "",
    q: Annotated[str, Query(description="part of its id, name or place", max_length=100)] = "",
    limit: Limit = 100,
    after: str | None = None,
) -> Page[DeviceView]:
    """Sensors by id."""
    kinds = words_of(DeviceKind, kind, "kind")
    found = [
        d
        for device_id, d in sorted(center.site.devices.items())
        if (after is None or device_id > after) and (not kinds or d.kind in kinds) and _fits(center.site, d, q)
    ]

    def draw(see: See) -> Page[DeviceView]:
        rows = devices.everything(see.tx)
        shown = [device_view(see, d, rows.get(d.device_id)) for d in found[:limit]]
        return Page(items=shown, next=found[limit - 1].device_id if len(found) > limit else None)

    return await center.see(draw)


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


@router.get("/{device_id}", dependencies=[may(Action.SENSOR_VIEW)])
async def read_sensor(device_id: str, center: Center) -> DeviceView:
    """One sensor."""
    device = center.site.devices.get(device_id)
    if device is None:
        raise NotFound("sensor", device_id)
    return await center.see(lambda see: device_view(see, device, devices.find(see.tx, device_id)))


def _fits(site: Site, device: Device, q: str) -> bool:
    if not q.strip():
        return True
    place = device.place.text(site.buildings)
    kind = KIND_NAMES[device.kind]
    text = " ".join((device.device_id, device.name.zh, device.name.en, place.zh, place.en, kind.zh, kind.en))
    return all(word in text.casefold() for word in q.casefold().split())
