"""Logging in, being logged in, logging out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import COOKIE, Caller, Center, guard_against_forgery, may, peer_of
from mission_planner.people.accounts import Account
from mission_planner.people.passwords import MAX_CHARS
from mission_planner.people.roles import Action, Role
from mission_planner.people.sessions import LIFE

router = APIRouter(prefix="/session", tags=["session"], responses=errors.ANSWERS)


class Credentials(BaseModel):
    """Who says they are who."""

    username: str = Field(max_length=256)
    password: str = Field(max_length=MAX_CHARS)


class NewPassword(BaseModel):
    """One's own new password."""

    old: str = Field(max_length=MAX_CHARS)
    new: str = Field(max_length=MAX_CHARS)


class AccountView(BaseModel):
    """Who is logged in, and what they may do."""

    username: str
    display_name: str
    roles: list[Role]
    actions: list[Action]


class SessionView(BaseModel):
    """The session of this browser."""

    account: AccountView


def _view(account: Account) -> SessionView:
    return SessionView(
        account=AccountView(
            username=account.username,
            display_name=account.display_name,
            roles=sorted(account.roles),
            actions=sorted(account.actions),
        )
    )


@router.post("", responses={429: {"model": errors.ErrorView, "description": "too many attempts; try again later"}})
async def log_in(credentials: Credentials, request: Request, response: Response, center: Center) -> SessionView:
    """Log in; open to all, throttled."""
    guard_against_forgery(request)
    found = await center.login.log_in(credentials.username, credentials.password, peer=peer_of(request))
    response.set_cookie(
        COOKIE,
        found.token,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=center.secure_cookie,
    )
    return _view(found.account)


@router.get("")
async def who_am_i(caller: Annotated[Caller, may(Action.ACCOUNT_OWN)]) -> SessionView:
    """Who is logged in."""
    return _view(caller.session.account)


@router.delete("", status_code=204)
async def log_out(response: Response, center: Center, caller: Annotated[Caller, may(Action.ACCOUNT_OWN)]) -> None:
    """End this session."""
    await center.login.log_out(caller.session)
    await center.video.close_login(caller.session.token_hash)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=center.secure_cookie)


@router.put("/password", status_code=204)
async def change_password(
    change: NewPassword, request: Request, center: Center, caller: Annotated[Caller, may(Action.ACCOUNT_OWN)]
) -> None:
    """Change one's own password; one's other sessions end."""
    await center.login.change_password(caller.session, old=change.old, new=change.new, peer=peer_of(request))
