"""Tellings in the console: each account keeps what it was told until it has read it; browsers hear of it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mission_planner.bus import AUDIENCE
from mission_planner.people import accounts
from mission_planner.people.accounts import Account
from mission_planner.store import account_notices, events
from mission_planner.store.events import Subject
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.protocol import Store, Tx

CALLS = (
    NoticeAction.TRIGGER,
    NoticeAction.ORDER,
    NoticeAction.UNTAKEN,
)  # somebody must act; the others tell those who were sent only


class InApp:
    """Satisfies `Channel`.

    Args:
        changed: called when browsers have something to hear.
    """

    name = "in_app"

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    async def carry(self, waiting: Sequence[Notice]) -> None:
        if await self._store.write(lambda tx: _deliver(tx, waiting)):
            self._changed()

    async def close(self) -> None:
        """Nothing is open."""


def _deliver(tx: Tx, waiting: Sequence[Notice]) -> bool:
    """Put each into the hands of those it is for; whether any was new."""
    people = [account for account in accounts.everyone(tx) if not account.disabled]
    given = {notice.seq: [account.username for account in people if _is_for(notice, account)] for notice in waiting}
    new = account_notices.deliver(tx, given)
    audience = AUDIENCE[Subject.NOTICE].value
    with tx.gather():
        for notice in waiting:
            if notice.seq in new:
                events.add(tx, at=notice.at, subject=Subject.NOTICE, subject_id=str(notice.seq), audience=audience)
    account_notices.prune(tx, _usernames(people))
    return bool(new)


def _is_for(notice: Notice, account: Account) -> bool:
    if account.username in notice.people:
        return True
    return notice.action in CALLS and not account.roles.isdisjoint(notice.tell)


def _usernames(people: Iterable[Account]) -> list[str]:
    return [account.username for account in people]
