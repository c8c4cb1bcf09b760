"""Fixed sensors, as the API shows them. One that never spoke is unknown, not normal."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import Point, See, Text, View, words
from mission_planner.incidents.registry.entry import RAISES, Entry, Lane, Origin, lane_of
from mission_planner.incidents.registry.health import Health, HealthNow, health_of
from mission_planner.incidents.registry.importing import Report
from mission_planner.incidents.registry.last import STATE_NAMES, time_of
from mission_planner.incidents.registry.names import KIND_NAMES
from mission_planner.incidents.registry.registry import registry_of
from mission_planner.store.devices import DeviceRow
from patrol_core import site
from patrol_core.errors import NotFound
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Device, DeviceKind, Site


class HealthView(View):
    """How a device fares."""

    state: Health
    since: datetime | None
    text: Text


class DevicePlaceView(View):
    """Where it is, part by part."""

    building_id: str | None
    unit: str | None
    floor: int | None
    flat: str | None


class RaisedView(View):
    """A kind of incident that a device may open."""

    kind: IncidentKind
    kind_name: Text
    life: bool


class DeviceView(View):
    """A fixed sensor."""

    device_id: str
    kind: DeviceKind
    kind_name: Text
    name: Text
    position: Point
    place: Text
    place_detail: DevicePlaceView
    state: Literal["normal", "alarm", "unknown"]
    value: float | None
    unit: str | None
    battery_pct: float | None
    last_seen_at: datetime | None
    last_value_at: datetime | None
    incident_id: UUID | None
    health: HealthView
    lane: Lane
    origin: Origin = Field(description="who registered it: the site file, or an import")
    external_id: str | None = Field(description="what other systems call it")
    gateway: str | None = Field(description="who may speak for it")
    raises: list[RaisedView] = Field(description="what its alarms may mean; what is about life is never shelved")


class SummaryView(View):
    """All devices, counted."""

    total: int
    by_health: dict[Health, int]
    by_state: dict[Literal["normal", "alarm", "unknown"], int]


class HistoryPointView(View):
    """What a device said at a moment; of an hour that is long past, its mean."""

    at: datetime
    value: float | None
    state: Literal["normal", "alarm", "unknown"]


class HistoryView(View):
    """What a device said, oldest first."""

    points: list[HistoryPointView]
    unit: str | None


class ProblemView(View):
    """One thing that is wrong in a file of devices."""

    line: int
    column: str | None = Field(description="name of the column; null where it is about the whole line")
    expected: Text
    came: Text


class SampleView(View):
    """A device as it would be registered."""

    device_id: str
    kind: DeviceKind
    kind_name: Text
    name: Text
    position: Point
    place: Text
    place_detail: DevicePlaceView
    lane: Lane
    external_id: str | None
    gateway: str | None


class ImportView(View):
    """What an import would do, or did. Nothing is kept where there is an error."""

    rows: int
    added: int
    changed: int
    unchanged: int
    errors: list[ProblemView] = Field(description="the first hundred")
    errors_total: int
    sample: list[SampleView] = Field(description="the first ten that are new or changed")


class SecretView(View):
    """Shown once: only a hash is kept."""

    username: str
    password: str


def device_view(see: See, device_id: str, row: DeviceRow | None) -> DeviceView:
    """One sensor, its last word, and how it fares.

    Raises:
        NotFound: the site has no such device.
    """
    registry = registry_of(see.site.devices)
    words_now = registry.words
    position = registry.position(device_id)
    if position is None:
        raise NotFound("sensor", device_id)
    entry = registry.entry_at(position)
    device = entry.device
    heard_at = words_now.heard_at(position)
    state = STATE_NAMES[int(words_now.state[position])]
    return DeviceView(
        device_id=device.device_id,
        kind=device.kind,
        kind_name=words(KIND_NAMES[device.kind]),
        name=words(device.name),
        position=Point(x_m=device.position_m.x_m, y_m=device.position_m.y_m),
        place=words(_place(see.site, device)),
        place_detail=_detail(device),
        state="alarm" if state == "alarm" else "normal" if state == "normal" else "unknown",
        value=words_now.value_of(position),
        unit=words_now.unit_of(position) or None,
        battery_pct=words_now.battery_of(position),
        last_seen_at=heard_at,
        last_value_at=time_of(int(words_now.valued_ms[position])),
        incident_id=row.incident_id if row else None,
        health=health_view(health_of(words_now, position, see.now)),
        lane=lane_of(device.kind),
        origin=entry.origin,
        external_id=entry.external_id or None,
        gateway=entry.gateway or None,
        raises=[
            RaisedView(kind=kind, kind_name=words(KINDS[kind].name), life=KINDS[kind].life)
            for kind in RAISES[device.kind]
        ],
    )


def health_view(now: HealthNow) -> HealthView:
    """In words."""
    return HealthView(state=now.state, since=now.since, text=words(now.text))


def import_view(report: Report, of: Site) -> ImportView:
    """What an import would do, or did."""
    return ImportView(
        rows=report.rows,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        errors=[
            ProblemView(line=p.line, column=p.column, expected=words(p.expected), came=words(p.came))
            for p in report.problems
        ],
        errors_total=report.problems_total,
        sample=[_sample(entry, of) for entry in report.sample],
    )


def _sample(entry: Entry, of: Site) -> SampleView:
    device = entry.device
    return SampleView(
        device_id=device.device_id,
        kind=device.kind,
        kind_name=words(KIND_NAMES[device.kind]),
        name=words(device.name),
        position=Point(x_m=device.position_m.x_m, y_m=device.position_m.y_m),
        place=words(_place(of, device)),
        place_detail=_detail(device),
        lane=lane_of(device.kind),
        external_id=entry.external_id or None,
        gateway=entry.gateway or None,
    )


def _place(of: Site, device: Device) -> site.Text:
    """In words; a building that an older site file had is named by its id."""
    place = device.place
    if place.building_id is not None and place.building_id not in of.buildings:
        return site.Text(zh=place.building_id, en=place.building_id)
    return place.text(of.buildings)


def _detail(device: Device) -> DevicePlaceView:
    place = device.place
    return DevicePlaceView(building_id=place.building_id, unit=place.unit, floor=place.floor, flat=place.flat)
