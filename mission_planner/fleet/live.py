"""What the center knows of each robot right now: its newest word, and how old that is."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mission_planner.fleet import phrases
from mission_planner.store.robots import LastWord
from patrol_core.clock import Clock
from patrol_core.errors import ClockUnknown
from patrol_core.part import PartReport, PartState, gist
from patrol_core.robot import Link, LinkPolicy, RobotState
from patrol_core.site import Site, SiteRobot

log = logging.getLogger(__name__)

_NO_TIME = datetime.min.replace(tzinfo=UTC)
TWIN_SILENCE_S = 2.0  # a second process with a robot's id is believed once the first was silent so long


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotNow:
    """One robot of the site at one moment."""

    robot: SiteRobot
    link: Link
    silence_s: float | None  # real time since its last word; None when it never spoke
    last_seen_at: datetime | None  # UTC site time
    state: RobotState | None  # as old as `silence_s`


FleetNow = Mapping[str, RobotNow]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNow:
    """A part of a robot at one moment."""

    report: PartReport
    age_s: float  # since the part spoke


def parts_of(now: RobotNow) -> tuple[PartNow, ...]:
    """A robot's parts as far as they are known: those of a robot that is not heard are unavailable."""
    if now.state is None or now.silence_s is None:
        return ()
    parts: list[PartNow] = []
    for told in now.state.parts:
        age_s = max(0.0, (now.state.stamped_at - told.stamped_at).total_seconds()) + now.silence_s
        lost = replace(told, state=PartState.UNAVAILABLE, because=phrases.ROBOT_NOT_HEARD)
        parts.append(PartNow(report=told if now.link is Link.ONLINE else lost, age_s=age_s))
    return tuple(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A state that was believed."""

    word: LastWord
    matters: bool  # more than pose, speed and battery changed


@dataclass(slots=True)
class _Memory:
    word: LastWord
    heard_s: float  # monotonic


class Fleet:
    """Every robot of the site. Belongs to the asyncio thread; `now()` is a value that may go anywhere."""

    def __init__(
        self,
        site: Site,
        clock: Clock,
        *,
        known: Mapping[str, LastWord],
        speed: float = 1.0,
        policy: LinkPolicy = LinkPolicy(),  # noqa: B008 - frozen
    ) -> None:
        """Robots that spoke before a restart are as silent as their last word is old."""
        self._site = site
        self._clock = clock
        self._policy = policy
        self._memory: dict[str, _Memory] = {}
        self._twins: dict[str, int] = {}
        for robot_id, word in known.items():
            if robot_id in site.robots:
                self._memory[robot_id] = _Memory(word, clock.monotonic_s() - _age_s(clock, word, speed))

    def hear(self, state: RobotState, *, at: datetime) -> Heard | None:
        """Take a robot's state; None when it is not believed: an older one, or from a second process of that name."""
        if state.robot_id not in self._site.robots:
            return None
        now_s = self._clock.monotonic_s()
        memory = self._memory.get(state.robot_id)
        if memory is None:
            self._memory[state.robot_id] = _Memory(LastWord(state=state, heard_at=at), now_s)
            return Heard(word=self._memory[state.robot_id].word, matters=True)
        last = memory.word.state
        if state.boot_id != last.boot_id:
            if now_s - memory.heard_s < TWIN_SILENCE_S:
                self._note_twin(state)
                return None
        elif state.sequence <= last.sequence:
            return None
        memory.word, memory.heard_s = LastWord(state=state, heard_at=at), now_s
        return Heard(word=memory.word, matters=_gist(state) != _gist(last))

    def now(self) -> dict[str, RobotNow]:
        """Every robot of the site; from any thread."""
        return {robot_id: self._robot_now(robot) for robot_id, robot in self._site.robots.items()}

    def robot(self, robot_id: str) -> RobotNow:
        """One robot; raises NotFound."""
        return self._robot_now(self._site.robot(robot_id))

    def words(self) -> list[LastWord]:
        """The newest word of each robot that ever spoke."""
        return [memory.word for memory in self._memory.values()]

    def twins(self, robot_id: str) -> int:
        """How many states of a second process of that name were not believed."""
        return self._twins.get(robot_id, 0)

    def _robot_now(self, robot: SiteRobot) -> RobotNow:
        memory = self._memory.get(robot.robot_id)
        word = memory.word if memory else None  # once: another may come meanwhile
        silence_s = self._clock.monotonic_s() - memory.heard_s if memory else None
        return RobotNow(
            robot=robot,
            link=self._policy.link(silence_s),
            silence_s=silence_s,
            last_seen_at=word.heard_at if word else None,
            state=word.state if word else None,
        )

    def _note_twin(self, state: RobotState) -> None:
        count = self._twins.get(state.robot_id, 0)
        self._twins[state.robot_id] = count + 1
        if count == 0:
            log.warning("a second process says it is robot %s (boot %s); not believed", state.robot_id, state.boot_id)


def _gist(state: RobotState) -> tuple[RobotState, tuple[object, ...]]:
    """The state without what changes all the time."""
    rest = replace(
        state,
        sequence=0,
        stamped_at=_NO_TIME,
        pose=None,
        speed_mps=None,
        battery_pct=None if state.battery_pct is None else state.battery_pct // 5,
        parts=(),
    )
    return rest, tuple(gist(part) for part in state.parts)


def _age_s(clock: Clock, word: LastWord, speed: float) -> float:
    try:
        return max(0.0, (clock.now() - word.heard_at).total_seconds() / speed)
    except ClockUnknown:
        return float("inf")
