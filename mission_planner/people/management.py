"""Accounts as an admin manages them: made, given roles, shut out, given a new password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from mission_planner.bus import Command, Work
from mission_planner.people import accounts
from mission_planner.people.accounts import Account
from mission_planner.people.roles import Role
from patrol_core.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAccount(Command[Account]):
    """A new person at the center."""

    username: str
    display_name: str
    roles: frozenset[Role]
    password_hash: str = field(repr=False)

    @property
    def target(self) -> str:
        return f"account {self.username}"[:128]

    @property
    def detail(self) -> str:
        return ", ".join(sorted(self.roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAccount(Command[Account]):
    """What is not given stays as it is."""

    username: str
    display_name: str | None = None
    roles: frozenset[Role] | None = None
    disabled: bool | None = None
    password_hash: str | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        return f"account {self.username}"[:128]

    @property
    def detail(self) -> str:
        said = [
            f"name {self.display_name}" if self.display_name is not None else "",
            f"roles {', '.join(sorted(self.roles))}" if self.roles is not None else "",
            "" if self.disabled is None else "disabled" if self.disabled else "let in",
            "new password" if self.password_hash is not None else "",
        ]
        return "; ".join(part for part in said if part)


def create_account(work: Work, command: CreateAccount) -> Account:
    """Handler of CreateAccount; raises what `accounts.create` raises."""
    return accounts.create(
        work.tx,
        username=command.username,
        display_name=command.display_name,
        password_hash=command.password_hash,
        roles=command.roles,
        now=datetime.now(UTC),
    )


def change_account(work: Work, command: ChangeAccount) -> Account:
    """Handler of ChangeAccount.

    Raises:
        NotFound: no such account.
        InvalidInput: no role is left.
        Conflict: it is the last one that can manage accounts.
    """
    if command.display_name is not None:
        accounts.rename(work.tx, command.username, command.display_name)
    if command.roles is not None:
        accounts.set_roles(work.tx, command.username, command.roles)
    if command.disabled is not None:
        accounts.set_disabled(work.tx, command.username, command.disabled)
    if command.password_hash is not None:
        accounts.set_password(work.tx, command.username, command.password_hash)
    account = accounts.find(work.tx, command.username)
    if account is None:
        raise NotFound("account", command.username)
    return account
