"""The HTTP life lane: a device's word, answered once it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.exceptions import HTTPException

from mission_planner.api import errors
from mission_planner.api.deps import Center, device_may
from mission_planner.api.views.common import View
from mission_planner.incidents.drawing import report_of
from mission_planner.incidents.ingest.adapter import NotUnderstood, understand
from mission_planner.incidents.ingest.identity import Identity
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.people.roles import Action
from patrol_core.errors import InvalidInput, NotAllowed, NotFound

router = APIRouter(prefix="/ingest", tags=["ingest"], responses=errors.ANSWERS)

MAX_REPORT_BYTES = 64 * 1024


class KeptView(View):
    """It is on disk."""

    report_id: str = Field(description="the same when the same report is sent again, where it says boot and seq, or at")


@router.post("/{device_id}")
async def report(
    device_id: str,
    request: Request,
    center: Center,
    who: Annotated[Identity, device_may(Action.SENSOR_REPORT)],
) -> KeptView:
    """One report, as it would come by MQTT. 200 means that it is kept; anything else: send it again, or mend it.

    The body is the JSON of a sensor's message, at most 64 KiB. One that cannot be understood is refused with the
    reason, unless it may be a cry for help: that is kept, and people are told.
    """
    if not who.speaks_for(device_id):
        raise NotAllowed(f'expected a report of one\'s own device; "{who.name}" may not speak for "{device_id}"')
    if device_id not in center.site.devices:
        raise NotFound("sensor", device_id)
    body = await _body(request)
    now = center.clock.now_or_none()
    topic = f"{center.site.site_id}/sensors/{device_id}/event"
    if now is not None:
        meaning = understand(topic, body, site=center.site, received_at=now)
        if isinstance(meaning, NotUnderstood) and not meaning.claims_alarm:
            raise InvalidInput(meaning.because)
    message = RawMessage(
        topic=topic, payload=body, qos=1, retain=False, client_id="http", username=who.name, received_at=now
    )
    kept = report_of(message)
    await center.inlet.keep_reports([kept])
    return KeptView(report_id=kept.report_id)


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_REPORT_BYTES:
            raise HTTPException(413, f"expected at most {MAX_REPORT_BYTES} bytes; came more")
        pieces.append(piece)
    return b"".join(pieces)
