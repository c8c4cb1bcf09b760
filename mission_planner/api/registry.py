"""The registry of fixed sensors: import and export, and what devices and gateways log in with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.api.limits import MAX_IMPORT_BYTES
from mission_planner.api.views.sensors import ImportView, SecretView, import_view
from mission_planner.incidents.registry.credentials import GATEWAY, Give, GiveGateway, Revoke
from mission_planner.incidents.registry.export import csv_of
from mission_planner.incidents.registry.registry import registry_of
from mission_planner.incidents.registry.rows import Format
from mission_planner.people.roles import Action

router = APIRouter(prefix="/sensors", tags=["sensors"], responses=errors.ANSWERS)


@router.post("/import")
async def import_devices(
    request: Request,
    center: Center,
    caller: Annotated[Caller, may(Action.SENSOR_EDIT)],
    dry_run: Annotated[bool, Query(description="say what would happen, keep nothing")] = False,
) -> ImportView:
    """Register devices from a file: text/csv with a header line, or application/yaml, in UTF-8, at most 64 MiB.

    Columns: id, kind, name_zh, name_en, building, unit, floor, flat, spot_zh, spot_en, lat, lon, x_m, y_m, height_m,
    external_id, gateway, silent_after_h, unused_after_h; of these id, kind, a name, and a position or building are
    needed. A device that is known is changed; none is ever taken out. Nothing is kept when any row is wrong.
    """
    form = _format(request.headers.get("content-type", ""))
    with spooled(center.settings.data) as path:
        size = 0
        with path.open("wb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > MAX_IMPORT_BYTES:
                    raise HTTPException(413, f"expected at most {MAX_IMPORT_BYTES} bytes; came more")
                await asyncio.to_thread(file.write, piece)
        report = await center.importer.take(path, form, dry_run=dry_run, by=caller.username)
    return import_view(report, center.site)


@router.get("/export", dependencies=[may(Action.SENSOR_VIEW)], response_class=StreamingResponse)
async def export_devices(center: Center) -> StreamingResponse:
    """Every sensor as CSV, as an import takes it."""
    headers = {"Content-Disposition": 'attachment; filename="devices.csv"'}
    return StreamingResponse(csv_of(registry_of(center.site.devices)), media_type="text/csv", headers=headers)


class GatewayBody(BaseModel):
    """What a gateway may use besides the topics of the devices registered behind it."""

    topics: list[str] = Field(default=[], max_length=50, description='topic filters, as "zigbee2mqtt/#"')


@router.post("/gateways/{gateway_id}/credential")
async def give_gateway_credential(
    gateway_id: str, body: GatewayBody, center: Center, caller: Annotated[Caller, may(Action.SENSOR_EDIT)]
) -> SecretView:
    """A new user name and password for a gateway, shown once; its old one ends."""
    command = GiveGateway(gateway_id=gateway_id, topics=tuple(body.topics))
    return SecretView.model_validate(await center.bus.handle(command, act=caller.act))


@router.delete("/gateways/{gateway_id}/credential", status_code=204)
async def revoke_gateway_credential(
    gateway_id: str, center: Center, caller: Annotated[Caller, may(Action.SENSOR_EDIT)]
) -> None:
    """End it, and the connections that were made with it."""
    await center.bus.handle(Revoke(username=GATEWAY + gateway_id), act=caller.act)
    center.disconnect_device(GATEWAY + gateway_id)


@router.post("/{device_id}/credential")
async def give_credential(
    device_id: str, center: Center, caller: Annotated[Caller, may(Action.SENSOR_EDIT)]
) -> SecretView:
    """A new user name and password for a sensor, shown once; its old one ends."""
    command = Give(device_id=device_id)
    return SecretView.model_validate(await center.bus.handle(command, act=caller.act))


@router.delete("/{device_id}/credential", status_code=204)
async def revoke_credential(device_id: str, center: Center, caller: Annotated[Caller, may(Action.SENSOR_EDIT)]) -> None:
    """End it, and the connections that were made with it."""
    await center.bus.handle(Revoke(username=device_id), act=caller.act)
    center.disconnect_device(device_id)


def _format(media_type: str) -> Format:
    kind = media_type.partition(";")[0].strip().lower()
    if kind in ("text/csv", "application/csv"):
        return Format.CSV
    if kind in ("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml"):
        return Format.YAML
    raise HTTPException(415, f"expected text/csv or application/yaml; came {kind or 'no Content-Type'!r:.60}")


@contextmanager
def spooled(folder: Path) -> Iterator[Path]:
    """A file of its own beside the data, gone afterwards."""
    with TemporaryDirectory(prefix="import-", dir=folder) as own:
        yield Path(own) / "devices"
