"""What keeps alarms few: dwell before opening, shelving of what chatters (ISA-18.2). Life kinds pass at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from patrol_core.errors import InvalidInput
from patrol_core.finding import Finding, Phase
from patrol_core.kind import KINDS, IncidentKind
from patrol_core.site import Text

CHATTER_RAISES, CHATTER_WINDOW = 6, timedelta(minutes=10)
SHELVED_FOR = timedelta(hours=1)
SHELVE_MAX = timedelta(days=7)  # nothing is shelved for ever


class Passage(StrEnum):
    """What becomes of a finding that would open an incident."""

    OPEN = "open"
    HELD = "held"  # until it has lasted long enough
    SHELVED = "shelved"  # counted, and shown among the shelved
    NOTHING = "nothing"  # it ended before it had lasted


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of one source and kind while no incident is open about it."""

    raised_at: tuple[datetime, ...] = ()  # the newest, within the window
    pending: Finding | None = None  # the first word of a condition that has not lasted long enough
    due_at: datetime | None = None  # when it will have
    shelved_until: datetime | None = None
    shelved_by: str | None = None  # account; None for the system
    because: Text | None = None
    kept_back: int = 0  # findings counted while shelved

    @property
    def blank(self) -> bool:
        """Whether there is nothing to remember."""
        return not self.raised_at and self.pending is None and self.shelved_until is None


def moved(state: SourceState, by: timedelta) -> SourceState:
    """What is remembered after the calendar was set by so much."""
    return replace(
        state,
        raised_at=tuple(at + by for at in state.raised_at),
        due_at=state.due_at + by if state.due_at else None,
        shelved_until=state.shelved_until + by if state.shelved_until else None,
    )


def gate(state: SourceState, finding: Finding, now: datetime) -> tuple[SourceState, Passage]:
    """What becomes of a finding no open incident is about."""
    policy = KINDS[finding.kind]
    if policy.life:
        return state, Passage.OPEN
    state = unshelved(state, now)
    if finding.phase is Phase.CLEARED:
        return replace(state, pending=None, due_at=None), Passage.NOTHING
    raised_at = (*(t for t in state.raised_at if now - t <= CHATTER_WINDOW), now)[-CHATTER_RAISES:]
    state = replace(state, raised_at=raised_at)
    if state.shelved_until is not None:
        return replace(state, kept_back=state.kept_back + 1), Passage.SHELVED
    if len(raised_at) >= CHATTER_RAISES:
        shelved = replace(
            state,
            pending=None,
            due_at=None,
            shelved_until=now + SHELVED_FOR,
            because=Text(
                zh=f"{CHATTER_WINDOW.seconds // 60} 分钟内报警 {CHATTER_RAISES} 次，暂时搁置",
                en=f"alarmed {CHATTER_RAISES} times within {CHATTER_WINDOW.seconds // 60} min: shelved for a while",
            ),
            kept_back=1,
        )
        return shelved, Passage.SHELVED
    if policy.dwell_s <= 0:
        return state, Passage.OPEN
    if state.pending is None:
        due_at = now + timedelta(seconds=policy.dwell_s)
        return replace(state, pending=finding, due_at=due_at), Passage.HELD
    return state, Passage.HELD


def ripened(state: SourceState) -> tuple[SourceState, Finding | None]:
    """The condition has lasted: the finding that opens, and what is remembered from there."""
    return replace(state, pending=None, due_at=None), state.pending


def shelve(
    state: SourceState, kind: IncidentKind, *, until: datetime, by: str, note: str, now: datetime
) -> SourceState:
    """A person shelves a source.

    Raises:
        InvalidInput: the kind is about life, the time is past or too far, or there is no reason.
    """
    if KINDS[kind].life:
        raise InvalidInput(
            f"expected a kind that is not about life; came {kind.value}, which is never shelved",
            zh=f"“{KINDS[kind].name.zh}”关系到生命，不能搁置",
        )
    if not now < until <= now + SHELVE_MAX:
        raise InvalidInput(
            f"expected an end within {SHELVE_MAX.days} days; came {until.isoformat()}",
            where="until",
            zh=f"搁置的结束时间须在 {SHELVE_MAX.days} 天以内",
        )
    if not note.strip():
        raise InvalidInput("expected a written reason; came none", where="note", zh="请写明原因")
    because = Text(zh=note.strip(), en=note.strip())
    return replace(state, pending=None, due_at=None, shelved_until=until, shelved_by=by, because=because, kept_back=0)


def unshelved(state: SourceState, now: datetime) -> SourceState:
    """The state after a shelving that has expired; another is left as it is."""
    if state.shelved_until is None or now < state.shelved_until:
        return state
    return replace(state, shelved_until=None, shelved_by=None, because=None, kept_back=0, raised_at=())
