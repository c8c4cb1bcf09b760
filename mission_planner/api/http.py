"""The HTTP application: every router, one place for errors, OpenAPI under /api."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from mission_planner.api import (
    accounts,
    bundles,
    duty,
    errors,
    events,
    evidence,
    findings,
    flood,
    incidents,
    ingest,
    missions,
    notices,
    pages,
    patrols,
    photos,
    probes,
    registry,
    robots,
    sensors,
    session,
    site,
    video,
)
from mission_planner.api.limits import BodyLimit
from mission_planner.api.services import Services

NOUNS = (
    session,
    accounts,
    duty,
    site,
    robots,
    patrols,
    missions,
    flood,
    incidents,
    photos,
    notices,
    findings,
    registry,
    sensors,
    ingest,
    bundles,
    evidence,
    events,
    video,
)


def http_app(services: Services) -> FastAPI:
    """The app on these services."""
    app = FastAPI(
        title="Ronda center",
        version=version("ronda"),
        description="Patrols, robots, incidents and evidence of one community.",
        openapi_url="/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
    )
    app.state.services = services
    errors.install(app)
    app.add_middleware(BodyLimit)
    api = APIRouter(prefix="/api/v1")
    for noun in NOUNS:
        api.include_router(noun.router)
    app.include_router(api)
    app.include_router(probes.router)
    app.include_router(pages.pages())
    return app
