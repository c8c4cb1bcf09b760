"""Photos that people take of the place of an incident."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.api.evidence import body_of
from mission_planner.api.incidents import read_incident
from mission_planner.api.views.incidents import IncidentView
from mission_planner.incidents.evidence import MAX_BLOB_BYTES, media_type
from mission_planner.incidents.photo import AddPhoto
from mission_planner.people.roles import Action
from mission_planner.store import incidents
from patrol_core.errors import InvalidInput

router = APIRouter(prefix="/incidents", tags=["incidents"], responses=errors.ANSWERS)

PICTURE = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/{incident_id}/photos",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"image/jpeg": PICTURE, "image/png": PICTURE}}},
)
async def add_photo(
    incident_id: UUID, request: Request, center: Center, caller: Annotated[Caller, may(Action.INCIDENT_NOTE)]
) -> IncidentView:
    """Add a photo, JPEG or PNG: it is proof when the incident is closed. 422 where it is another kind of file."""
    await center.store.read(lambda tx: incidents.get(tx, incident_id))  # before its bytes lie on the disk
    data = await body_of(request, MAX_BLOB_BYTES)
    if media_type(data[:16]) is None:
        raise InvalidInput("expected a photo, JPEG or PNG; came another kind of file", zh="请选一张 JPEG 或 PNG 照片")
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    blob = await asyncio.to_thread(center.blobs.put, digest, data)
    command = AddPhoto(
        incident_id=incident_id,
        by=caller.username,
        digest=blob.digest,
        size=blob.size_bytes,
        media_type=blob.media_type,
    )
    await center.bus.handle(command, act=caller.act)
    return await read_incident(incident_id, center)
