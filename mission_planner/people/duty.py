"""The duty roster: who is on duty now, and what makes a shift a possible one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from mission_planner.bus import Command, Work
from mission_planner.people import accounts
from mission_planner.people.roles import Role
from mission_planner.store import shifts
from mission_planner.store.protocol import Tx
from mission_planner.store.shifts import OnDuty, Shift
from patrol_core.errors import Conflict, InvalidInput, NotFound

_PRESENT = "duty.present"
LONGEST = timedelta(hours=24)
YEARS = range(2000, 2101)  # far from where calendars end, whatever the zone
ON_DUTY_ROLES = (Role.OPERATOR, Role.FIELD, Role.ADMIN)  # those the ladder tells


@dataclass(frozen=True, slots=True, kw_only=True)
class PutShift(Command[Shift]):
    """Put a person on duty, or change when."""

    shift_id: UUID
    username: str
    role: Role
    starts_at: datetime  # local time of the site where it has no UTC offset, as is the next
    ends_at: datetime

    @property
    def target(self) -> str:
        return f"shift {self.shift_id}"

    @property
    def detail(self) -> str:
        return f"{self.username} {self.role} {self.starts_at.isoformat()}/{self.ends_at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveShift(Command[None]):
    """Take a shift out of the roster."""

    shift_id: UUID

    @property
    def target(self) -> str:
        return f"shift {self.shift_id}"


def put_shift(work: Work, command: PutShift) -> Shift:
    """Handler of PutShift.

    Raises:
        InvalidInput: nobody of that name, a role they do not have, or times that cannot be.
        Conflict: they have another shift then.
    """
    zone = ZoneInfo(work.site.timezone)
    starts_at = moment(command.starts_at, zone, "starts_at")
    ends_at = moment(command.ends_at, zone, "ends_at")
    _check_person(work.tx, command.username, command.role)
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise InvalidInput(
            f"expected an end after the start and within {LONGEST.total_seconds() / 3600:.0f} h of it; "
            f"came {_span(starts_at, ends_at, zone)}",
            where="ends_at",
            zh=f"下班须在上班之后，且不超过 {LONGEST.total_seconds() / 3600:.0f} 小时",
        )
    for other in shifts.of_person(work.tx, command.username, starts_at, ends_at):
        if other.shift_id != command.shift_id:
            taken = _span(other.starts_at, other.ends_at, zone)
            raise Conflict(
                f"expected a time at which {command.username} has no other shift; came "
                f"{_span(starts_at, ends_at, zone)}, and there is one {taken}",
                zh=f"这段时间已经排了班：{taken}",
            )
    shift = Shift(
        shift_id=command.shift_id,
        username=command.username,
        role=command.role,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    shifts.put(work.tx, shift)
    return shift


def remove_shift(work: Work, command: RemoveShift) -> None:
    """Handler of RemoveShift; raises NotFound."""
    if shifts.find(work.tx, command.shift_id) is None:
        raise NotFound("shift", command.shift_id)
    shifts.remove(work.tx, command.shift_id)


def moment(given: datetime, zone: ZoneInfo, where: str) -> datetime:
    """The moment meant, in UTC; without an offset it is the clock on the site's wall.

    Raises:
        InvalidInput: that clock shows this time never, or twice, on that day; or it is in no year of duty.
    """
    if given.year not in YEARS:
        raise InvalidInput(
            f"expected a year from {YEARS[0]} to {YEARS[-1]}; came {given.isoformat()}",
            where=where,
            zh=f"年份须在 {YEARS[0]} 到 {YEARS[-1]} 之间",
        )
    if given.tzinfo is not None:
        return given.astimezone(UTC)
    first, second = given.replace(tzinfo=zone, fold=0), given.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise InvalidInput(
            f"expected a time that the clocks of {zone.key} show once on that day, or one with its UTC offset; "
            f"came {given.isoformat()}, when they are changed",
            where=where,
            zh="那时正在调钟（夏令时），这个时间没有或有两次，请另选",
        )
    return first.astimezone(UTC)


def present(tx: Tx, at: datetime, roles: Collection[Role]) -> tuple[OnDuty, ...]:
    """Who of these roles is on duty."""
    known: tuple[datetime, tuple[OnDuty, ...]] | None = tx.memory.known(_PRESENT)
    if known is None or known[0] != at or tx.gathering is None:  # a thousand incidents may open in one moment
        known = (at, shifts.at(tx, at))
        tx.memory.keep(_PRESENT, known)
    return tuple(person for person in known[1] if person.shift.role in roles)


def usernames(people: Sequence[OnDuty]) -> list[str]:
    """Their accounts."""
    return [person.shift.username for person in people]


def names(people: Sequence[OnDuty]) -> list[str]:
    """What people call them."""
    return [person.display_name for person in people]


def _check_person(tx: Tx, username: str, role: Role) -> None:
    account = accounts.find(tx, username)
    if account is None or account.disabled:
        raise InvalidInput(
            f'expected an account that may log in; came "{username}"',
            where="username",
            zh=f"“{username}”不是可以登录的账号",
        )
    if role not in account.roles or role not in ON_DUTY_ROLES:
        able = [r.value for r in ON_DUTY_ROLES if r in account.roles]
        raise InvalidInput(
            f"expected a role of {username} that has duty: {able}; came {role.value}",
            where="role",
            zh=f"“{account.display_name}”没有这个可值班的角色",
        )


def _span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    begin, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return f"from {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({zone.key})"
