"""Devices by kind, health, state and words, among 400,000, without making or sorting them all."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from mission_planner.incidents.registry.health import CODES, ORDER, Health, health_codes
from mission_planner.incidents.registry.last import STATE_CODES
from mission_planner.incidents.registry.names import KIND_NAMES
from mission_planner.incidents.registry.registry import Mask, Registry, registry_of
from patrol_core.site import DeviceKind, Site, Text

_BETWEEN = re.compile(r"[\s,，]+")
_LEVELS = frozenset({"unit", "floor", "flat", "单元", "层", "室"})  # words of a place that name no place by themselves


class DeviceWord(StrEnum):
    """What a device says of itself; unknown before it spoke."""

    NORMAL = "normal"
    ALARM = "alarm"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; an empty set is everything."""

    kinds: frozenset[DeviceKind] = frozenset()
    healths: frozenset[Health] = frozenset()
    states: frozenset[DeviceWord] = frozenset()
    words: tuple[str, ...] = ()  # each in id, name, kind, building, flat or spot


def words_in(said: str) -> tuple[str, ...]:
    """What to look for in "1 栋 烟感", or in a place as it is read aloud: "building 1, unit 1"."""
    return tuple(word for word in _BETWEEN.split(said) if word and word.casefold() not in _LEVELS)


def find(site: Site, wanted: Wanted, *, now: datetime | None, limit: int, after: str | None) -> list[str]:
    """Ids of devices, sorted, past `after`."""
    registry = registry_of(site.devices)
    ordered = registry.sorted_positions()
    if after is not None:
        ordered = ordered[bisect_right(ordered, after, key=lambda position: registry.device_id(int(position))) :]
    mask = _mask(site, registry, wanted, now)
    if mask is not None:
        ordered = ordered[mask[ordered]]
    return [registry.device_id(int(position)) for position in ordered[:limit]]


def counted(site: Site, now: datetime | None) -> tuple[dict[Health, int], dict[DeviceWord, int]]:
    """All devices, by health and by state."""
    registry = registry_of(site.devices)
    if now is None:
        healths = dict.fromkeys(ORDER, 0) | {Health.NEVER_HEARD: len(registry)}
    else:
        counts = np.bincount(health_codes(registry.words, now), minlength=len(ORDER))
        healths = {health: int(counts[code]) for health, code in CODES.items()}
    states = np.bincount(registry.words.state[: len(registry)], minlength=len(STATE_CODES))
    return healths, {word: int(states[STATE_CODES[word.value]]) for word in DeviceWord}


def _mask(site: Site, registry: Registry, wanted: Wanted, now: datetime | None) -> Mask | None:
    """Which positions are wanted; None for all."""
    masks: list[Mask] = []
    size = len(registry)
    if wanted.kinds:
        masks.append(registry.kinds(wanted.kinds))
    if wanted.states:
        masks.append(np.isin(registry.words.state[:size], [STATE_CODES[word.value] for word in wanted.states]))
    if wanted.healths:
        never = np.full(size, CODES[Health.NEVER_HEARD], dtype=np.uint8)
        codes = never if now is None else health_codes(registry.words, now)
        masks.append(np.isin(codes, [CODES[health] for health in wanted.healths]))
    masks += [_saying(site, registry, word) for word in wanted.words]
    if not masks:
        return None
    shortest = min(len(mask) for mask in masks)  # a device registered meanwhile is found the next time
    mask = np.zeros(len(registry), dtype=np.bool_)
    mask[:shortest] = np.logical_and.reduce([m[:shortest] for m in masks])
    return mask


def _saying(site: Site, registry: Registry, word: str) -> Mask:
    found = registry.containing(word)
    kinds = [kind for kind, name in KIND_NAMES.items() if _in(word, name)]
    buildings = [b.building_id for b in site.buildings.values() if _in(word, b.name)]
    size = len(found)
    if kinds:
        found |= registry.kinds(kinds)[:size]
    if buildings:
        found |= registry.in_buildings(buildings)[:size]
    return found


def _in(word: str, text: Text) -> bool:
    return word.casefold() in text.zh.casefold() or word.casefold() in text.en.casefold()
