"""The site and how the center fares."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from mission_planner.api import errors
from mission_planner.api.deps import Center, may
from mission_planner.api.views.common import Text, View, text, words
from mission_planner.people.roles import Action
from patrol_core.part import PartState

router = APIRouter(tags=["site"], responses=errors.ANSWERS)


class Origin(View):
    """Where the frame `map` touches the globe (WGS84)."""

    lat_deg: float
    lon_deg: float


class SiteView(View):
    """The community."""

    site_id: str
    name: Text
    timezone: str
    origin: Origin
    bounds: list[float]
    map: dict[str, Any]


class PartView(View):
    """One part of the center."""

    name: str
    state: PartState
    because: Text | None
    needed: bool = Field(description="whether the center's promise hangs on it")


class StatusView(View):
    """How the center fares."""

    site_time: datetime | None
    speed: float
    components: list[PartView]
    versions: dict[str, str]


@router.get("/site", dependencies=[may(Action.SITE_VIEW)])
async def read_site(center: Center) -> SiteView:
    """The map, and where it lies."""
    site = center.site
    return SiteView(
        site_id=site.site_id,
        name=words(site.name),
        timezone=site.timezone,
        origin=Origin(lat_deg=site.origin.lat_deg, lon_deg=site.origin.lon_deg),
        bounds=list(center.site_map["bbox"]),
        map=center.site_map,
    )


@router.get("/status", dependencies=[may(Action.SITE_VIEW)])
async def read_status(center: Center) -> StatusView:
    """Every part, with the reason where one is not well."""
    return StatusView(
        site_time=center.clock.now_or_none(),
        speed=center.settings.speed,
        components=[
            PartView(name=p.name, state=p.state, because=text(p.because), needed=p.needed)
            for p in center.health.parts()
        ],
        versions={"ronda": version("ronda")},
    )
