"""An admin manages accounts, and cannot lock everybody out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mission_planner.people import management, sessions
from mission_planner.people.accounts import Account
from mission_planner.people.management import ChangeAccount, CreateAccount
from mission_planner.people.roles import Role
from patrol_core.errors import Conflict, InvalidInput, NotFound
from tests.unit.mission_planner.incidents.clockwork import Clockwork


@pytest.fixture
def office() -> Iterator[Clockwork]:
    clockwork = Clockwork()
    create(clockwork, "admin", Role.ADMIN)
    yield clockwork
    clockwork.close()


def create(office: Clockwork, username: str, *roles: Role) -> Account:
    command = CreateAccount(username=username, display_name="", roles=frozenset(roles), password_hash="$hash")
    return office.run(lambda w: management.create_account(w, command))


def change(office: Clockwork, username: str, **changes: Any) -> Account:
    command = ChangeAccount(username=username, **changes)
    return office.run(lambda w: management.change_account(w, command))


def test_what_is_not_given_stays_as_it_is(office: Clockwork) -> None:
    create(office, "li", Role.FIELD)
    after = change(office, "li", display_name="李四")
    assert (after.display_name, after.roles, after.disabled) == ("李四", {Role.FIELD}, False)


@pytest.mark.parametrize("changes", [{"disabled": True}, {"roles": frozenset({Role.OPERATOR})}])
def test_the_last_admin_can_neither_shut_themselves_out_nor_give_up_the_role(
    office: Clockwork, changes: dict[str, Any]
) -> None:
    with pytest.raises(Conflict, match="last account that can manage accounts"):
        change(office, "admin", **changes)
    create(office, "second", Role.ADMIN)
    change(office, "admin", **changes)


@pytest.mark.parametrize("changes", [{"disabled": True}, {"password_hash": "$other"}])
def test_the_sessions_of_who_is_shut_out_or_has_a_new_password_end(office: Clockwork, changes: dict[str, Any]) -> None:
    create(office, "li", Role.FIELD)
    now = datetime.now(UTC)
    token = office.run(lambda w: sessions.begin(w.tx, "li", now=now))
    change(office, "li", **changes)
    assert office.run(lambda w: sessions.find(w.tx, token, now=now)) is None


def test_an_account_has_at_least_one_role_and_must_exist(office: Clockwork) -> None:
    create(office, "li", Role.FIELD)
    with pytest.raises(InvalidInput, match="roles: expected at least one"):
        change(office, "li", roles=frozenset())
    with pytest.raises(NotFound):
        change(office, "nobody", display_name="x")


def test_the_record_of_what_was_done_holds_no_password(office: Clockwork) -> None:
    command = ChangeAccount(username="li", password_hash="$secret", disabled=True)
    assert command.detail == "disabled; new password"
    assert "$secret" not in repr(command) + command.target
    assert "$secret" not in repr(
        CreateAccount(username="li", display_name="", roles=frozenset({Role.FIELD}), password_hash="$secret")
    )
