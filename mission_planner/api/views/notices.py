"""Tellings, as those who were told see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from mission_planner.api.views.common import See, Text, View, text, words
from mission_planner.incidents.notify import phrases
from mission_planner.incidents.sources import place_text
from mission_planner.people.roles import Role
from mission_planner.store import notices, queue
from mission_planner.store.account_notices import Delivered
from mission_planner.store.notices import Notice, NoticeAction
from mission_planner.store.queue import QueueRow
from patrol_core.errors import NotFound
from patrol_core.kind import KINDS


class NoticeView(View):
    """One telling."""

    seq: int
    at: datetime
    incident_id: UUID
    kind_name: Text
    priority: int
    place: Text | None
    action: NoticeAction = Field(
        description="trigger, untaken: somebody must act; order: the one in `people` must go; handed_on: need not go"
    )
    text: Text
    tell: list[Role]
    people: list[str] = Field(description="user names: those of `tell` on duty then, or the one who was sent")


class MyNoticeView(NoticeView):
    """One telling in the caller's hands."""

    read: bool


class UnreadView(View):
    """How many tellings wait to be read."""

    unread: int


def notice_view(see: See, seq: int) -> NoticeView:
    """One telling; raises NotFound."""
    notice = notices.find(see.tx, seq)
    if notice is None:
        raise NotFound("notice", seq)
    return _view(see, notice)


def notice_views(see: See, seqs: Sequence[int]) -> list[NoticeView]:
    """These tellings, as far as they and their incidents are there."""
    told = notices.several(see.tx, seqs)
    rows = {row.incident_id: row for row in queue.several(see.tx, sorted({notice.incident_id for notice in told}))}
    return [_drawn(see, notice, rows[notice.incident_id]) for notice in told if notice.incident_id in rows]


def my_notice_view(see: See, found: Delivered) -> MyNoticeView:
    """One telling, and whether the caller has read it."""
    return MyNoticeView(**dict(_view(see, found.notice)), read=found.read)


def _view(see: See, notice: Notice) -> NoticeView:
    rows = queue.several(see.tx, [notice.incident_id])
    if not rows:
        raise NotFound("incident", notice.incident_id)
    return _drawn(see, notice, rows[0])


def _drawn(see: See, notice: Notice, row: QueueRow) -> NoticeView:
    return NoticeView(
        seq=notice.seq,
        at=notice.at,
        incident_id=notice.incident_id,
        kind_name=words(KINDS[row.kind].name),
        priority=int(row.priority),
        place=text(place_text(see.site, row.brief.place)),
        action=notice.action,
        text=words(phrases.telling(notice.action.value, notice.number)),
        tell=list(notice.tell),
        people=list(notice.people),
    )
