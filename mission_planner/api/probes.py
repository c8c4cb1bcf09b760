"""What machines ask: is the process alive, is it ready, what are its figures. Open to all, tells no content."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from mission_planner.api.deps import Center
from mission_planner.checks import STATES
from mission_planner.health import PartHealth

router = APIRouter(tags=["probes"])


class AliveView(BaseModel):
    """The process answers."""

    alive: bool = True


class MissingView(BaseModel):
    """A part that is not as it should be."""

    name: str
    because: str
    because_zh: str


class ReadyView(BaseModel):
    """Whether the center does its work."""

    ready: bool
    missing: list[MissingView] = Field(description="without these the center is not ready")
    degraded: list[MissingView] = Field(description="these do less than they should")


@router.get("/healthz")
async def alive() -> AliveView:
    """200 while the process answers at all."""
    return AliveView()


@router.get("/readyz", responses={503: {"model": ReadyView}})
async def ready(center: Center, response: Response) -> ReadyView:
    """503 with the reasons until every part it needs is up."""
    missing, degraded = _views(center.health.missing()), _views(center.health.degraded())
    if missing:
        response.status_code = 503
    return ReadyView(ready=not missing, missing=missing, degraded=degraded)


def _views(parts: Sequence[PartHealth]) -> list[MissingView]:
    views = []
    for part in parts:
        because = part.because or STATES[part.state]
        views.append(MissingView(name=part.name, because=because.en, because_zh=because.zh))
    return views


@router.get("/metrics", response_class=Response)
async def metrics(center: Center) -> Response:
    """Prometheus text format."""
    body, media_type = await center.metrics.text()
    return Response(body, media_type=media_type)
