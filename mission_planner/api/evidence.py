"""Evidence: pictures come from robots, resumable, named by their SHA-256; people look at them.

The upload follows tus in its headers (`Upload-Offset`, `Upload-Length`): HEAD says how much is here, PATCH adds a
piece, PUT sends a small picture in one go.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from mission_planner.api import errors
from mission_planner.api.deps import Center, may, robot_may
from mission_planner.bus import Act
from mission_planner.incidents.arrival import TakePicture
from mission_planner.incidents.evidence import MAX_BLOB_BYTES, Blob, WrongOffset
from mission_planner.people.roles import Action
from mission_planner.store import evidence
from mission_planner.store.protocol import Tx

router = APIRouter(prefix="/evidence", tags=["evidence"], responses=errors.ANSWERS)

MAX_PIECE_BYTES = 4 * 1024 * 1024

Robot = Annotated[str, robot_may(Action.EVIDENCE_UPLOAD)]


@router.get("/{digest}", dependencies=[may(Action.EVIDENCE_VIEW)], response_class=FileResponse)
async def read_evidence(digest: str, center: Center) -> FileResponse:
    """The picture. Its name is its content, so a browser may keep it for good."""
    blob = await asyncio.to_thread(center.blobs.get, digest)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    return FileResponse(blob.path, media_type=blob.media_type, headers=headers)


@router.head("/{digest}")
async def offset(digest: str, center: Center, robot_id: Robot) -> Response:
    """How many bytes are here, in `Upload-Offset`; the whole size once it is complete."""
    have = await asyncio.to_thread(center.blobs.offset, digest)
    blob = await asyncio.to_thread(center.blobs.find, digest)
    if blob is not None and not await center.store.read(lambda tx: _known(tx, digest)):
        await _arrived(center, blob, robot_id)  # the power went between its last byte and its record
    return Response(headers={"Upload-Offset": str(have), "Cache-Control": "no-store"})


@router.patch("/{digest}", status_code=204)
async def append(
    *,
    digest: str,
    request: Request,
    center: Center,
    robot_id: Robot,
    upload_offset: Annotated[int, Header(ge=0)],
    upload_length: Annotated[int, Header(ge=1, le=MAX_BLOB_BYTES)],
) -> Response:
    """Add a piece. 409 with `Upload-Offset` where it does not join; 422 when the whole has another hash."""
    data = await body_of(request, MAX_PIECE_BYTES)
    try:
        blob = await asyncio.to_thread(center.blobs.append, digest, upload_offset, data, total=upload_length)
    except WrongOffset as error:
        return errors.answer(409, "wrong_offset", str(error), None, {"Upload-Offset": str(error.offset)})
    if blob is not None:
        await _arrived(center, blob, robot_id)
    return Response(status_code=204, headers={"Upload-Offset": str(upload_offset + len(data))})


@router.put("/{digest}", status_code=201)
async def put(digest: str, request: Request, center: Center, robot_id: Robot) -> Response:
    """A whole picture in one go; 422 when it has another hash."""
    data = await body_of(request, MAX_BLOB_BYTES)
    blob = await asyncio.to_thread(center.blobs.put, digest, data)
    await _arrived(center, blob, robot_id)
    return Response(status_code=201, headers={"Upload-Offset": str(blob.size_bytes)})


def _known(tx: Tx, digest: str) -> bool:
    row = evidence.find(tx, digest)
    return row is not None and row.complete


async def _arrived(center: Center, blob: Blob, robot_id: str) -> None:
    command = TakePicture(digest=blob.digest, size=blob.size_bytes, media_type=blob.media_type, robot_id=robot_id)
    await center.bus.handle(command, act=Act(who=f"robot:{robot_id}", action=Action.EVIDENCE_UPLOAD.value))


async def body_of(request: Request, at_most: int) -> bytes:
    """The body, without ever holding more than is allowed."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > at_most:
            raise HTTPException(413, f"expected at most {at_most} bytes; came more")
        pieces.append(piece)
    return b"".join(pieces)
