"""Who may do what: one table of roles and actions. Every route names the action it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from patrol_core.errors import NotAllowed


class Action(StrEnum):
    """Something a route does. The console hides what the account's actions do not name."""

    ACCOUNT_OWN = "account.own"  # see oneself, change one's own password, log out
    ACCOUNT_MANAGE = "account.manage"
    AUDIT_VIEW = "audit.view"
    SITE_VIEW = "site.view"  # map, names, status of the parts
    EVENTS_VIEW = "events.view"  # the event stream; each event is filtered by its own action besides
    ROBOT_VIEW = "robot.view"
    ROBOT_ORDER = "robot.order"  # dock, pause, resume
    PATROL_VIEW = "patrol.view"
    PATROL_EDIT = "patrol.edit"
    PATROL_RUN = "patrol.run"
    MISSION_VIEW = "mission.view"
    MISSION_ORDER = "mission.order"  # cancel, pause, resume
    INCIDENT_VIEW = "incident.view"
    INCIDENT_ACKNOWLEDGE = "incident.acknowledge"
    INCIDENT_NOTE = "incident.note"
    INCIDENT_VERIFY = "incident.verify"
    INCIDENT_DISPATCH = "incident.dispatch"
    INCIDENT_ARRIVE = "incident.arrive"  # without incident.dispatch: one's own orders only, as the next
    INCIDENT_RESOLVE = "incident.resolve"
    INCIDENT_MERGE = "incident.merge"
    INCIDENT_CLOSE = "incident.close"
    INCIDENT_FALSE_ALARM = "incident.false_alarm"
    INCIDENT_REOPEN = "incident.reopen"
    INCIDENT_RELEASE = "incident.release"  # the robot that waits there
    DUTY_VIEW = "duty.view"
    DUTY_EDIT = "duty.edit"
    FINDING_VIEW = "finding.view"
    SENSOR_VIEW = "sensor.view"
    SENSOR_SHELVE = "sensor.shelve"
    SENSOR_EDIT = "sensor.edit"  # register devices, give them credentials
    SENSOR_REPORT = "sensor.report"  # devices and gateways, by their credential
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_EXPORT = "evidence.export"  # take a bundle out of the house; who did is recorded
    WATCH_VIDEO = "video.watch"  # live; who watched which camera is recorded
    EVIDENCE_UPLOAD = "evidence.upload"  # robots, by their token


class Role(StrEnum):
    """What a person is to the site."""

    ADMIN = "admin"
    OPERATOR = "operator"  # sits at the console
    FIELD = "field"  # goes there: guard, fitter
    FAMILY = "family"  # of a resident
    VIEWER = "viewer"  # a screen on a wall, a visitor from the street office


_LOOK = frozenset(
    {
        Action.ACCOUNT_OWN,
        Action.SITE_VIEW,
        Action.EVENTS_VIEW,
        Action.ROBOT_VIEW,
        Action.PATROL_VIEW,
        Action.MISSION_VIEW,
        Action.INCIDENT_VIEW,
        Action.FINDING_VIEW,
        Action.SENSOR_VIEW,
        Action.EVIDENCE_VIEW,
    }
)
_HANDLE = frozenset(
    {
        Action.INCIDENT_ACKNOWLEDGE,
        Action.INCIDENT_NOTE,
        Action.INCIDENT_ARRIVE,
        Action.INCIDENT_RESOLVE,
        Action.INCIDENT_CLOSE,
        Action.INCIDENT_RELEASE,
        Action.DUTY_VIEW,
    }
)

ROLES: Mapping[Role, frozenset[Action]] = {
    Role.ADMIN: frozenset(Action) - {Action.EVIDENCE_UPLOAD, Action.SENSOR_REPORT},
    Role.OPERATOR: _LOOK
    | _HANDLE
    | {
        Action.INCIDENT_VERIFY,
        Action.INCIDENT_DISPATCH,
        Action.INCIDENT_MERGE,
        Action.INCIDENT_FALSE_ALARM,
        Action.INCIDENT_REOPEN,
        Action.SENSOR_SHELVE,
        Action.EVIDENCE_EXPORT,
        Action.ROBOT_ORDER,
        Action.PATROL_EDIT,
        Action.PATROL_RUN,
        Action.MISSION_ORDER,
        Action.WATCH_VIDEO,
    },
    Role.FIELD: _LOOK | _HANDLE,
    Role.VIEWER: _LOOK,
    # Nothing yet says whose family someone is, and a neighbour's alarm is not theirs to see.
    Role.FAMILY: frozenset({Action.ACCOUNT_OWN}),
}

ROBOT_ACTIONS = frozenset({Action.EVIDENCE_UPLOAD})
DEVICE_ACTIONS = frozenset({Action.SENSOR_REPORT})


def actions_of(roles: Iterable[Role]) -> frozenset[Action]:
    """Everything that any of the roles carries."""
    return frozenset(action for role in roles for action in ROLES[role])


def require(action: Action, roles: Iterable[Role]) -> None:
    """Nothing, or NotAllowed naming the roles that carry the action."""
    held = frozenset(roles)
    if action not in actions_of(held):
        carrying = ", ".join(role for role in Role if action in ROLES[role]) or "no role of people"
        mine = ", ".join(sorted(held)) or "no role"
        raise NotAllowed(f'"{action}" needs one of: {carrying}; the account has: {mine}')
