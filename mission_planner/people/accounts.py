"""Accounts: who there is, in the store. Passwords come here hashed; see `passwords`."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update

from mission_planner.people.roles import Action, Role, actions_of
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import accounts, sessions
from patrol_core.errors import Conflict, InvalidInput, NotFound

_MAX_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may log in."""

    username: str
    display_name: str
    roles: frozenset[Role]
    created_at: datetime  # UTC, wall
    disabled: bool = False

    @property
    def actions(self) -> frozenset[Action]:
        """What it may do; nothing when disabled."""
        return frozenset() if self.disabled else actions_of(self.roles)


def normal_username(text: str) -> str:
    """The form names are kept and compared in.

    Raises:
        InvalidInput: empty, too long, or with characters other than letters, digits and `._-@`.
    """
    name = unicodedata.normalize("NFKC", text).casefold().strip()
    if not 1 <= len(name) <= _MAX_NAME:
        raise InvalidInput(
            f"expected 1 to {_MAX_NAME} characters; came {len(name)}",
            where="username",
            zh=f"用户名须有 1 到 {_MAX_NAME} 个字符",
        )
    if wrong := sorted({c for c in name if not (c.isalnum() or c in "._-@")}):
        raise InvalidInput(
            f"expected letters, digits and . _ - @; came also {wrong[:5]}",
            where="username",
            zh=f"用户名只能用文字、数字和 . _ - @，不能有 {' '.join(wrong[:5])}",
        )
    return name


def create(
    tx: Tx, *, username: str, display_name: str, password_hash: str, roles: Iterable[Role], now: datetime
) -> Account:
    """A new account.

    Args:
        now: UTC, wall.

    Raises:
        InvalidInput: the name, or no role.
        Conflict: the name is taken.
    """
    name = normal_username(username)
    held = _checked(roles)
    if find(tx, name) is not None:
        raise Conflict(f'an account "{name}" exists already', zh=f"用户名“{name}”已有人用")
    account = Account(username=name, display_name=display_name.strip() or name, roles=held, created_at=now)
    tx.conn.execute(
        insert(accounts).values(
            username=account.username,
            display_name=account.display_name,
            password_hash=password_hash,
            roles=sorted(held),
            created_at=now,
            disabled=False,
        )
    )
    return account


def find(tx: Tx, username: str) -> Account | None:
    """The account of a name in its normal form, or None."""
    row = tx.conn.execute(select(accounts).where(accounts.c.username == username)).one_or_none()
    return _account(row) if row is not None else None


def everyone(tx: Tx) -> tuple[Account, ...]:
    """All accounts by name."""
    return tuple(_account(row) for row in tx.conn.execute(select(accounts).order_by(accounts.c.username)))


def names(tx: Tx, usernames: Collection[str]) -> dict[str, str]:
    """What people call these; those that are no account are left out."""
    query = select(accounts.c.username, accounts.c.display_name).where(accounts.c.username.in_(usernames))
    return {row.username: row.display_name for row in tx.conn.execute(query)}


def password_hash(tx: Tx, username: str) -> str | None:
    """The kept hash, or None where there is no such account."""
    return tx.conn.scalar(select(accounts.c.password_hash).where(accounts.c.username == username))


def set_password(tx: Tx, username: str, new_hash: str, *, keep_session: str | None = None) -> None:
    """Replace the password, and end the account's sessions but the one named by its token hash.

    Raises:
        NotFound: no such account.
    """
    _update(tx, username, password_hash=new_hash)
    tx.conn.execute(
        delete(sessions).where(sessions.c.username == username, sessions.c.token_hash != (keep_session or ""))
    )


def renew_hash(tx: Tx, username: str, *, old: str, new: str) -> None:
    """The same password under newer parameters; nothing when it was changed meanwhile."""
    tx.conn.execute(
        update(accounts)
        .where(accounts.c.username == username, accounts.c.password_hash == old)
        .values(password_hash=new)
    )


def rename(tx: Tx, username: str, display_name: str) -> None:
    """What people call them; an empty one is their user name.

    Raises:
        NotFound: no such account.
    """
    _update(tx, username, display_name=display_name.strip() or username)


def set_roles(tx: Tx, username: str, roles: Iterable[Role]) -> None:
    """What they are to the site; what they may do changes with their next request.

    Raises:
        NotFound: no such account.
        InvalidInput: no role.
        Conflict: it is the last one that can manage accounts.
    """
    held = _checked(roles)
    if Action.ACCOUNT_MANAGE not in actions_of(held):
        _keep_one_manager(tx, username)
    _update(tx, username, roles=sorted(held))


def set_disabled(tx: Tx, username: str, disabled: bool) -> None:
    """Shut an account out, or let it in again. Its sessions end at once.

    Raises:
        NotFound: no such account.
        Conflict: it is the last one that can manage accounts.
    """
    if disabled:
        _keep_one_manager(tx, username)
    _update(tx, username, disabled=disabled)
    if disabled:
        tx.conn.execute(delete(sessions).where(sessions.c.username == username))


def _checked(roles: Iterable[Role]) -> frozenset[Role]:
    held = frozenset(roles)
    if not held:
        raise InvalidInput(
            f"expected at least one of {[r.value for r in Role]}; came none", where="roles", zh="请至少选一个角色"
        )
    return held


def _keep_one_manager(tx: Tx, username: str) -> None:
    """Nobody could ever let anybody in again."""
    account = find(tx, username)
    if account is None:
        raise NotFound("account", username)
    if _manages(account) and not any(_manages(a) for a in everyone(tx) if a.username != username):
        raise Conflict(
            f'"{username}" is the last account that can manage accounts; make another one first',
            zh=f"“{username}”是最后一个能管理账号的人，请先让别人也能管理",
        )


def _manages(account: Account) -> bool:
    return Action.ACCOUNT_MANAGE in account.actions


def _update(tx: Tx, username: str, **values: object) -> None:
    if tx.conn.execute(update(accounts).where(accounts.c.username == username).values(**values)).rowcount != 1:
        raise NotFound("account", username)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        username=row.username,
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in row.roles),
        created_at=row.created_at,
        disabled=row.disabled,
    )
