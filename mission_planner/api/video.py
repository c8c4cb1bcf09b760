"""Live video by WHEP (draft-ietf-wish-whep): an SDP offer in, the robot's answer out; pictures go past the center."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.people.roles import Action
from mission_planner.video.offers import checked
from patrol_core.errors import InvalidInput

router = APIRouter(tags=["video"], responses=errors.ANSWERS)

SDP = "application/sdp"

Viewer = Annotated[Caller, may(Action.WATCH_VIDEO)]


class IceServersView(BaseModel):
    """What a browser's RTCPeerConnection is given."""

    ice_servers: list[dict[str, Any]]


@router.get("/video/ice-servers", dependencies=[may(Action.WATCH_VIDEO)])
async def ice_servers(center: Center) -> IceServersView:
    """STUN and TURN servers of the site; none by default."""
    return IceServersView(ice_servers=[server.json() for server in center.video.ice_servers])


@router.post(
    "/robots/{robot_id}/cameras/{camera_id}/whep",
    status_code=201,
    response_class=Response,
    responses={201: {"content": {SDP: {}}, "description": "the SDP answer; `Location` ends the session"}},
)
async def watch(robot_id: str, camera_id: str, request: Request, center: Center, caller: Viewer) -> Response:
    """Watch a camera: the body is an SDP offer with all its candidates."""
    came = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if came != SDP:
        headers = {"Accept-Post": SDP}
        raise HTTPException(415, f"expected a body of type {SDP}; came {came or 'none'}", headers=headers)
    try:
        offer = checked(await request.body())
    except InvalidInput as error:
        raise HTTPException(400, error.what) from None
    opened = await center.video.open(caller.session, robot_id, camera_id, offer)
    response = Response(
        opened.answer_sdp,
        status_code=201,
        media_type=SDP,
        headers={"Location": f"/api/v1/video/{opened.session_id}", "Cache-Control": "no-store"},
    )
    for server in center.video.ice_servers:
        for link in server.links():
            response.headers.append("Link", link)
    return response


@router.delete("/video/{session_id}", status_code=200, response_class=Response)
async def leave(session_id: str, center: Center, caller: Viewer) -> Response:
    """End one's own session."""
    await center.video.close(session_id, username=caller.username)
    return Response()


@router.patch(
    "/video/{session_id}",
    response_class=Response,
    dependencies=[may(Action.WATCH_VIDEO)],
    responses={405: {"model": errors.ErrorView, "description": "always"}},
)
async def trickle(session_id: str) -> Response:
    """Refused: candidates come with the offer, and a session is not restarted but asked for again."""
    raise HTTPException(
        405,
        "expected all candidates in the offer (no trickle ICE, no ICE restart); POST a new offer instead",
        headers={"Allow": "DELETE"},
    )
