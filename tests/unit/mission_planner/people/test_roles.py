"""The table of roles and actions holds what its comments say."""

from __future__ import annotations

import pytest

from mission_planner.people.roles import DEVICE_ACTIONS, ROBOT_ACTIONS, ROLES, Action, Role, actions_of, require
from patrol_core.errors import NotAllowed


def test_every_role_has_a_row() -> None:
    assert set(ROLES) == set(Role)


def test_everyone_may_log_out_and_change_their_own_password() -> None:
    assert all(Action.ACCOUNT_OWN in actions for actions in ROLES.values())


def test_the_admin_may_do_what_any_person_may() -> None:
    assert ROLES[Role.ADMIN] == frozenset(Action) - ROBOT_ACTIONS - DEVICE_ACTIONS
    assert all(actions <= ROLES[Role.ADMIN] for actions in ROLES.values())


def test_only_robots_upload_evidence() -> None:
    assert not any(actions & ROBOT_ACTIONS for actions in ROLES.values())


def test_only_the_admin_manages_accounts_and_reads_the_audit_record() -> None:
    for action in (Action.ACCOUNT_MANAGE, Action.AUDIT_VIEW):
        assert [role for role in Role if action in ROLES[role]] == [Role.ADMIN]


def test_a_viewer_changes_nothing() -> None:
    assert all(action.value.endswith((".view", ".own")) for action in ROLES[Role.VIEWER])


def test_family_sees_no_neighbours_alarm() -> None:
    assert ROLES[Role.FAMILY] == {Action.ACCOUNT_OWN}


def test_a_field_worker_closes_incidents_and_orders_no_robots() -> None:
    assert Action.INCIDENT_CLOSE in ROLES[Role.FIELD]
    assert not {Action.ROBOT_ORDER, Action.MISSION_ORDER, Action.PATROL_EDIT} & ROLES[Role.FIELD]


def test_several_roles_add_up() -> None:
    assert actions_of([Role.FAMILY, Role.VIEWER]) == ROLES[Role.VIEWER]
    assert actions_of([]) == frozenset()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_require_lets_through_what_the_table_holds_and_nothing_else(role: Role, action: Action) -> None:
    if action in ROLES[role]:
        require(action, [role])
    else:
        with pytest.raises(NotAllowed, match=f'"{action}" needs one of: .*; the account has: {role}'):
            require(action, [role])
