"""What machines ask: is the process alive, is it ready, what are its figures. Open to all, tells no content."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from mission_planner.api.deps import Center
from patrol_core.part import PartState

router = APIRouter(tags=["probes"])


class AliveView(BaseModel):
    """The process answers."""

    alive: bool = True


class MissingView(BaseModel):
    """A part without which the center is not ready."""

    name: str
    because: str


class ReadyView(BaseModel):
    """Whether the center does its work."""

    ready: bool
    missing: list[MissingView]


@router.get("/healthz")
async def alive() -> AliveView:
    """200 while the process answers at all."""
    return AliveView()


@router.get("/readyz", responses={503: {"model": ReadyView}})
async def ready(center: Center, response: Response) -> ReadyView:
    """503 with the reasons until every part it needs is up."""
    missing = [
        MissingView(name=p.name, because=p.because.en if p.because else PartState.UNAVAILABLE.value)
        for p in center.health.missing()
    ]
    if missing:
        response.status_code = 503
    return ReadyView(ready=not missing, missing=missing)


@router.get("/metrics", response_class=Response)
async def metrics(center: Center) -> Response:
    """Prometheus text format."""
    body, media_type = await center.metrics.text()
    return Response(body, media_type=media_type)
