"""What every route asks for: the services, who is asking, and the right to do it."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from mission_planner.api.services import Services
from mission_planner.bus import Act
from mission_planner.people import robots
from mission_planner.people.roles import Action, require
from mission_planner.people.sessions import Session
from mission_planner.store.sql import MAX_PAGE
from patrol_core.errors import NotAllowed, NotAuthenticated

COOKIE = "ronda_session"
CSRF_HEADER = "X-Ronda"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def services_of(request: Request) -> Services:
    """The services of this app."""
    services: Services = request.app.state.services
    return services


Center = Annotated[Services, Depends(services_of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person who is logged in and has the right the route named."""

    session: Session
    action: Action

    @property
    def username(self) -> str:
        return self.session.account.username

    @property
    def act(self) -> Act:
        """For the audit record."""
        return Act(who=self.username, action=self.action.value)


class _May:
    """The dependency behind `may`; tests read `action` from it."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Caller:
        guard_against_forgery(request)
        session = await services_of(request).login.session(request.cookies.get(COOKIE))
        require(self.action, session.account.roles)
        return Caller(session=session, action=self.action)


class _RobotMay(_May):
    """As `_May`, for robots: they come with a bearer token."""

    async def __call__(self, request: Request) -> Any:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise NotAuthenticated("expected the robot's token as `Authorization: Bearer …`; came none")
        return await services_of(request).store.read(lambda tx: robots.verify(tx, token.strip()))


class _DeviceMay(_May):
    """As `_May`, for devices and gateways: they come with their credential, as Basic or Bearer."""

    async def __call__(self, request: Request) -> Any:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        username, password = credential_in(kind.lower(), given.strip())
        who = await services_of(request).doorkeeper.identify(username, password)
        if who is None:
            raise NotAuthenticated("expected the credential of a registered device or gateway; came another")
        return who


def credential_in(kind: str, given: str) -> tuple[str | None, str]:
    """User name and password of an Authorization header; a bearer has no user name.

    Raises:
        NotAuthenticated: there is none, or it is malformed.
    """
    if kind == "bearer" and given:
        return None, given
    if kind == "basic":
        with suppress(ValueError):
            username, colon, password = base64.b64decode(given, validate=True).decode().rpartition(":")
            if colon:
                return username, password
    raise NotAuthenticated("expected the device's credential as `Authorization: Basic …` or `Bearer …`; came none")


def may(action: Action) -> Any:
    """Needs this action: `caller: Annotated[Caller, may(Action.SITE_VIEW)]`."""
    return Depends(_May(action))


def robot_may(action: Action) -> Any:
    """Needs a robot's token; gives the robot's id."""
    return Depends(_RobotMay(action))


def device_may(action: Action) -> Any:
    """Needs the credential of a device or gateway; gives its `Identity`."""
    return Depends(_DeviceMay(action))


def guard_against_forgery(request: Request) -> None:
    """A browser sends this header only from our own pages: other sites' forms cannot set it.

    Raises:
        NotAllowed: a method that changes something came without it.
    """
    if request.method not in SAFE_METHODS and CSRF_HEADER not in request.headers:
        raise NotAllowed(f'expected the header "{CSRF_HEADER}: 1" with {request.method}; came none')


def peer_of(request: Request) -> str:
    """The address of the other end."""
    return request.client.host if request.client else "unknown"


Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="how many at most")]
