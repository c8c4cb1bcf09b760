"""Named points where a fault test ends this process as `kill -9` does: `RONDA_CRASH_AT=<point>[:<nth time>]`.

Without the variable a point does nothing. A name that is not in the table stops the start, so that no test passes
because of a misspelt point.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from patrol_core.errors import InvalidInput

VARIABLE = "RONDA_CRASH_AT"

POINTS: Mapping[str, str] = {
    "inbox-before-commit": "messages were received, and are not on disk",
    "inbox-after-commit": "they are on disk, and nobody was told so",
    "arrivals-drawn-in": "they are in the inbox, and still among the arrivals",
    "store-before-commit": "a group of works is done, and not committed",
    "store-after-commit": "it is committed, and nobody was told so",
    "cursor-taking": "reports are half taken through",
    "cursor-after-commit": "they are taken through, and what follows has not been done",
    "dispatch-before-send": "an order is on disk, and no robot has it",
    "webhook-before-send": "a telling is about to leave the house",
    "webhook-after-send": "it has left, and that is not noted",
    "evidence-before-rename": "a picture is whole, and has no name yet",
    "evidence-after-rename": "it has its name, and the records do not know of it",
    "migration-under-way": "a database is being brought to a newer schema",
}


@dataclass(slots=True)
class _Plan:
    """Which point, and how many times it is still passed alive."""

    point: str
    left: int


def check() -> None:
    """Raises InvalidInput where the variable names no point."""
    plan_of(os.environ.get(VARIABLE, ""))


def here(point: str) -> None:
    """The process passes this point; it may be its last."""
    plan = plan_of(os.environ.get(VARIABLE, ""))
    if plan is None or plan.point != point:
        return
    plan.left -= 1
    if plan.left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def plan_of(text: str) -> _Plan | None:
    """What the variable asks for.

    Raises:
        InvalidInput: there is no such point, or the number is none.
    """
    if not text:
        return None
    point, _, nth = text.partition(":")
    if point not in POINTS or not (nth or "1").isdigit() or int(nth or "1") < 1:
        raise InvalidInput(f"expected one of {sorted(POINTS)}, and :<nth> from 1; came {text!r}", where=VARIABLE)
    return _Plan(point=point, left=int(nth or "1"))
