"""Accounts, for those who manage them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mission_planner.api import errors
from mission_planner.api.deps import Caller, Center, may
from mission_planner.api.views.people import StaffView, staff_view
from mission_planner.people import accounts
from mission_planner.people.accounts import normal_username
from mission_planner.people.management import ChangeAccount, CreateAccount
from mission_planner.people.passwords import MAX_CHARS
from mission_planner.people.roles import Action, Role

router = APIRouter(prefix="/accounts", tags=["accounts"], responses=errors.ANSWERS)


class NewAccount(BaseModel):
    """A new person at the center."""

    username: str = Field(max_length=64)
    display_name: str = Field(default="", max_length=64)
    roles: set[Role]
    password: str = Field(max_length=MAX_CHARS)


class AccountChange(BaseModel):
    """What is not given stays as it is."""

    display_name: str | None = Field(default=None, max_length=64)
    roles: set[Role] | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=MAX_CHARS)


@router.get("", dependencies=[may(Action.ACCOUNT_MANAGE)])
async def list_accounts(center: Center) -> list[StaffView]:
    """All accounts by name."""
    return await center.see(lambda see: [staff_view(account) for account in accounts.everyone(see.tx)])


@router.post("", status_code=201)
async def create_account(
    body: NewAccount, center: Center, caller: Annotated[Caller, may(Action.ACCOUNT_MANAGE)]
) -> StaffView:
    """Let somebody in. 409 where the name is taken, 422 where the password is too easy."""
    username = normal_username(body.username)
    command = CreateAccount(
        username=username,
        display_name=body.display_name,
        roles=frozenset(body.roles),
        password_hash=await center.login.hash_for(username, body.password),
    )
    return staff_view(await center.bus.handle(command, act=caller.act))


@router.patch("/{username}")
async def change_account(
    username: str, body: AccountChange, center: Center, caller: Annotated[Caller, may(Action.ACCOUNT_MANAGE)]
) -> StaffView:
    """Name, roles, shut out or let in, new password. Shutting out and a new password end their sessions at once."""
    hashed = await center.login.hash_for(username, body.password) if body.password is not None else None
    command = ChangeAccount(
        username=username,
        display_name=body.display_name,
        roles=frozenset(body.roles) if body.roles is not None else None,
        disabled=body.disabled,
        password_hash=hashed,
    )
    account = await center.bus.handle(command, act=caller.act)
    if hashed is not None or body.disabled:
        center.stream.ask_again()
    return staff_view(account)
