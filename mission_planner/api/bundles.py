"""The chain of evidence and bundles of it: what another machine verifies with `ronda evidence verify`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.api.views.common import View
from mission_planner.incidents.bundle import write_bundle
from mission_planner.people import audit
from mission_planner.people.roles import Action
from mission_planner.store import chain, incidents
from mission_planner.store.protocol import Tx

router = APIRouter(tags=["evidence"], responses=errors.ANSWERS)

IN_MEMORY_BYTES = 8 * 1024 * 1024  # a larger bundle goes through a temporary file
PIECE_BYTES = 256 * 1024


class HeadView(View):
    """The newest link of the chain. Kept elsewhere, it proves that nothing before it was changed since."""

    seq: int
    hash: str
    at: datetime | None


@router.get("/evidence/chain/head", dependencies=[may(Action.EVIDENCE_VIEW)])
async def read_head(center: Center) -> HeadView:
    """The head, for anchoring elsewhere."""
    head, at = await center.store.read(chain.head_at)
    return HeadView(seq=head.seq, hash=head.hash, at=datetime.fromisoformat(at) if at else None)


@router.get(
    "/incidents/{incident_id}/bundle",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "the bundle"}},
)
async def bundle(
    incident_id: UUID, center: Center, caller: Annotated[Caller, may(Action.EVIDENCE_EXPORT)]
) -> StreamingResponse:
    """Everything about an incident, with its part of the chain; that it was taken out is in the chain, too."""

    def note(tx: Tx) -> None:
        incidents.get(tx, incident_id)
        now, target = datetime.now(UTC), f"incident {incident_id}"
        audit.record(tx, now=now, who=caller.username, action=caller.action.value, target=target)

    await center.store.write(note)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed when it was sent
    try:
        await center.store.read(lambda tx: write_bundle(tx, incident_id, center.blobs.folder, file))
    except BaseException:
        file.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="incident-{incident_id}.zip"', "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece
