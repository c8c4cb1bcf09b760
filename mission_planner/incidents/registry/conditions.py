"""What the clock finds wrong with devices: silent, battery low, never heard, a meter that stands still or never does.

Pure but for the arrays it is given: `look` compares what is with what has been told, and says what to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.health import BATTERY_WELL_PCT, CODES, Health, health_codes
from mission_planner.incidents.registry.last import FLOW_GAP_MS, LastWords, ms_of
from mission_planner.incidents.registry.registry import Registry
from patrol_core.kind import IncidentKind
from patrol_core.site import DeviceKind

BATTERY_DWELL = timedelta(minutes=10)  # a battery must be low for so long: one bad word is no fault
NEVER_HEARD_AFTER = timedelta(hours=26)  # since the center has been up, or the device registered
FLOWING_AFTER = timedelta(hours=6)
TOGETHER = 20  # devices of one building that fall silent within one look are one finding
AT_ONCE = 500  # conditions told in one look; the rest a minute later


class Cause(StrEnum):
    """Why."""

    SILENT = "silent"
    BATTERY_LOW = "battery_low"
    NEVER_HEARD = "never_heard"
    UNUSED = "unused"
    FLOWING = "flowing"


_CAUSE_OF = {Health.SILENT: Cause.SILENT, Health.BATTERY_LOW: Cause.BATTERY_LOW, Health.NEVER_HEARD: Cause.NEVER_HEARD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong with a device, and has been told."""

    device_id: str
    kind: IncidentKind
    cause: Cause
    since: datetime  # UTC site time: when it was found
    told_as: str  # the device that the finding names


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A finding to make."""

    device_id: str
    kind: IncidentKind
    cause: Cause
    raised: bool  # else it is over
    count: int = 1  # devices it stands for
    value: float | None = None  # hours without a word or use, or percent


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What changed since the last look."""

    put: list[Condition] = field(default_factory=list)
    gone: list[Condition] = field(default_factory=list)
    tell: list[Telling] = field(default_factory=list)
    waiting: int = 0  # found, and left for the next look


class Conditions:
    """What has been told of whom, beside the last words."""

    def __init__(self, registry: Registry, told: Mapping[tuple[str, IncidentKind], Condition], now: datetime) -> None:
        self._registry = registry
        self._told = dict(told)
        self._low_since_ms: NDArray[np.int64] = np.zeros(len(registry), dtype=np.int64)
        self._known_ms: NDArray[np.int64] = np.full(len(registry), ms_of(now), dtype=np.int64)
        newest_ms = int(registry.words.heard_ms.max())
        self._began_ms = ms_of(now)
        self._deaf_ms = max(0, self._began_ms - newest_ms) if newest_ms else 0  # nobody listened

    @property
    def told(self) -> int:
        """How many are wrong now."""
        return len(self._told)

    def look(self, now: datetime) -> Outcome:
        """Compare. What it answers has to be kept by `settle`, or is found again the next time."""
        words, outcome = self._registry.words, Outcome()
        words.fit()
        now_ms, count = ms_of(now), len(self._registry)
        self._fit(count, now_ms)
        faults = self._faults(words, now, now_ms, count)
        self._compare(outcome, IncidentKind.DEVICE_FAULT, faults, words, now)
        unused, flowing = self._use(words, now_ms, count)
        self._compare_use(outcome, unused, Cause.UNUSED, words, now)
        self._compare_use(outcome, flowing, Cause.FLOWING, words, now)
        return outcome

    def settle(self, outcome: Outcome) -> None:
        """It is kept."""
        for condition in outcome.put:
            self._told[condition.device_id, condition.kind] = condition
        for condition in outcome.gone:
            self._told.pop((condition.device_id, condition.kind), None)

    # which are wrong

    def _fit(self, count: int, now_ms: int) -> None:
        more = count - len(self._known_ms)
        if more > 0:
            self._known_ms = np.concatenate([self._known_ms, np.full(more, now_ms, dtype=np.int64)])
            self._low_since_ms = np.concatenate([self._low_since_ms, np.zeros(more, dtype=np.int64)])

    def _faults(self, words: LastWords, now: datetime, now_ms: int, count: int) -> NDArray[np.uint8]:
        codes = health_codes(words, now)[:count]
        low = codes == CODES[Health.BATTERY_LOW]
        since = self._low_since_ms[:count]
        since[:] = np.where(low, np.where(since > 0, since, now_ms), 0)
        young = low & (now_ms - since < _ms(BATTERY_DWELL))
        new = (codes == CODES[Health.NEVER_HEARD]) & (now_ms - self._known_ms[:count] < _ms(NEVER_HEARD_AFTER))
        codes[young | new | self._unheard(words, codes, now_ms, count)] = CODES[Health.OK]
        return codes

    def _unheard(self, words: LastWords, codes: NDArray[np.uint8], now_ms: int, count: int) -> NDArray[np.bool_]:
        """Silent only because nobody listened; what was told before stays told."""
        heard, limit = words.heard_ms[:count], self._registry.silent_after_ms()[:count]
        listened_ms = now_ms - heard - self._deaf_ms
        unheard: NDArray[np.bool_] = (codes == CODES[Health.SILENT]) & (heard < self._began_ms) & (listened_ms <= limit)
        if unheard.any():
            told = (self._registry.position(c.device_id) for c in self._told.values() if c.cause is Cause.SILENT)
            unheard[[position for position in told if position is not None]] = False
        return unheard

    def _use(self, words: LastWords, now_ms: int, count: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        limit = self._registry.unused_after_ms()[:count]
        heard, used, flowing = words.heard_ms[:count], words.used_ms[:count], words.flowing_ms[:count]
        speaks = (heard > 0) & (now_ms - heard <= self._registry.silent_after_ms()[:count])  # the silent are a fault
        unused = speaks & (limit > 0) & (used > 0) & (now_ms - used > limit)
        meters = self._registry.kinds([DeviceKind.WATER_METER])[:count]
        flows = meters & (flowing > 0) & (used - flowing >= _ms(FLOWING_AFTER)) & (now_ms - used <= FLOW_GAP_MS)
        return unused, flows

    # what to tell

    def _compare(
        self, outcome: Outcome, kind: IncidentKind, codes: NDArray[np.uint8], words: LastWords, now: datetime
    ) -> None:
        told = {c.device_id: c for (_, k), c in self._told.items() if k is kind}
        fresh: list[int] = []
        for position in map(int, np.flatnonzero(codes)):
            before = told.get(self._registry.device_id(position))
            cause = _CAUSE_OF[_health(int(codes[position]))]
            if before is None or before.cause is not cause:
                fresh.append(position)
        outcome.waiting += max(0, len(fresh) - AT_ONCE)
        self._raise(outcome, kind, fresh[:AT_ONCE], codes, words, now)
        self._clear(outcome, told, codes, words)

    def _raise(  # noqa: PLR0917 - one step of one comparison
        self,
        outcome: Outcome,
        kind: IncidentKind,
        fresh: list[int],
        codes: NDArray[np.uint8],
        words: LastWords,
        now: datetime,
    ) -> None:
        groups: dict[tuple[int, Cause], list[int]] = {}
        buildings = self._registry.building_codes()
        for position in fresh:
            cause = _CAUSE_OF[_health(int(codes[position]))]
            groups.setdefault((int(buildings[position]), cause), []).append(position)
        for (_, cause), positions in groups.items():
            together = len(positions) >= TOGETHER and cause is not Cause.BATTERY_LOW
            for position in positions:
                device_id = self._registry.device_id(position)
                speaker = self._registry.device_id(positions[0]) if together else device_id
                outcome.put.append(Condition(device_id=device_id, kind=kind, cause=cause, since=now, told_as=speaker))
            for position in positions[:1] if together else positions:
                outcome.tell.append(
                    Telling(
                        device_id=self._registry.device_id(position),
                        kind=kind,
                        cause=cause,
                        raised=True,
                        count=len(positions) if together else 1,
                        value=self._value(cause, position, words, now),
                    )
                )

    def _clear(
        self, outcome: Outcome, told: Mapping[str, Condition], codes: NDArray[np.uint8], words: LastWords
    ) -> None:
        again = {condition.device_id for condition in outcome.put}
        left = {c.told_as: 0 for c in told.values()}
        over: list[Condition] = []
        for device_id, condition in told.items():
            position = self._registry.position(device_id)
            well = position is None or (
                codes[position] == 0
                and not (condition.cause is Cause.BATTERY_LOW and words.battery_pct[position] < BATTERY_WELL_PCT)
            )
            if well and device_id not in again:
                over.append(condition)
            else:
                left[condition.told_as] += 1
        outcome.gone += over
        for speaker in dict.fromkeys(c.told_as for c in over):
            if not left[speaker]:
                cause = next(c.cause for c in over if c.told_as == speaker)
                kind = over[0].kind
                outcome.tell.append(Telling(device_id=speaker, kind=kind, cause=cause, raised=False))

    def _compare_use(
        self, outcome: Outcome, wrong: NDArray[np.bool_], cause: Cause, words: LastWords, now: datetime
    ) -> None:
        told = {c.device_id: c for c in self._told.values() if c.cause is cause}
        fresh = [p for p in map(int, np.flatnonzero(wrong)) if self._registry.device_id(p) not in told]
        outcome.waiting += max(0, len(fresh) - AT_ONCE)
        for position in fresh[:AT_ONCE]:
            device_id, kind = self._registry.device_id(position), kind_of(cause, self._registry.kind_at(position))
            outcome.put.append(Condition(device_id=device_id, kind=kind, cause=cause, since=now, told_as=device_id))
            value = self._value(cause, position, words, now)
            outcome.tell.append(Telling(device_id=device_id, kind=kind, cause=cause, raised=True, value=value))
        for device_id, condition in told.items():
            where = self._registry.position(device_id)
            if where is None or not wrong[where]:
                outcome.gone.append(condition)
                outcome.tell.append(Telling(device_id=device_id, kind=condition.kind, cause=cause, raised=False))

    def _value(self, cause: Cause, position: int, words: LastWords, now: datetime) -> float | None:
        since = {
            Cause.SILENT: words.heard_ms,
            Cause.UNUSED: words.used_ms,
            Cause.FLOWING: words.flowing_ms,
        }.get(cause)
        if since is not None:
            return round((ms_of(now) - int(since[position])) / 3_600_000, 1)
        return words.battery_of(position) if cause is Cause.BATTERY_LOW else None


def kind_of(cause: Cause, device: DeviceKind) -> IncidentKind:
    """What incident a condition is."""
    if cause is Cause.FLOWING:
        return IncidentKind.WATER_FLOW
    if cause is Cause.UNUSED:
        meter = device is DeviceKind.WATER_METER
        return IncidentKind.WATER_NO_USE if meter else IncidentKind.ELDER_NOT_SEEN
    return IncidentKind.DEVICE_FAULT


def _health(code: int) -> Health:
    return next(health for health, number in CODES.items() if number == code)


def _ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
