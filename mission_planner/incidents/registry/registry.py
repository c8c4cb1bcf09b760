"""All devices of a site in memory: 400,000 of them in little room, found by id or by what others call them.

A device is one packed record in a byte store; a `Device` is made when it is asked for. Positions are stable while the
process lives, so that arrays beside the registry (last words, health) are indexed by them. One writer at a time
(`put`), any number of readers in any thread: a record is complete before its offset is published.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mission_planner.incidents.registry.entry import Entry, Origin, silent_after_h, unused_after_h
from mission_planner.incidents.registry.last import LastWords
from patrol_core.geometry import Point2
from patrol_core.site import Device, DeviceKind, Place, Text

if TYPE_CHECKING:
    from mission_planner.incidents.ingest.meaning import DeviceReading

_KINDS: tuple[DeviceKind, ...] = tuple(DeviceKind)
_KIND_CODES: Mapping[DeviceKind, int] = {kind: code for code, kind in enumerate(_KINDS)}
_CODES_BY_NAME: Mapping[str, int] = {kind.value: code for code, kind in enumerate(_KINDS)}
_ORIGINS: tuple[Origin, ...] = tuple(Origin)
_IMPORTED = _ORIGINS.index(Origin.IMPORT)
_HEAD = struct.Struct("<HBBHhddd")  # text bytes, kind, origin, building, floor, x, y, height
_NO_FLOOR = -32_768
_NO_BUILDING = 0
_SEPARATOR = "\x1f"
_FIRST_ROOM = 1_024
_HOUR_MS = 3_600_000.0

RECENT = 16_000  # devices kept unpacked, some 12 MB

Mask = NDArray[np.bool_]
StoredRow = tuple[Any, ...]
"""id, kind, name zh and en, x, y, height, building, unit, floor, flat, spot zh and en, external id, gateway, hours of
silence, hours of no use: the columns of the store in their order."""
Positions = NDArray[np.int64]


class Registry(Mapping[str, Device]):
    """Satisfies `Site.devices`. Ids are unique; devices are added and changed, never taken out while the site runs."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, int] = {}
        self._ids: list[str] = []
        self._by_external: dict[str, int] = {}
        self._store = bytearray()
        self._offsets: NDArray[np.uint64] = np.zeros(_FIRST_ROOM, dtype=np.uint64)
        self._kind: NDArray[np.uint8] = np.zeros(_FIRST_ROOM, dtype=np.uint8)
        self._building: NDArray[np.uint16] = np.zeros(_FIRST_ROOM, dtype=np.uint16)
        self._buildings: list[str] = [""]
        self._building_codes: dict[str, int] = {"": _NO_BUILDING}
        self._gateways: list[str] = [""]
        self._gateway_codes: dict[str, int] = {"": 0}
        self._gateway: NDArray[np.uint16] = np.zeros(_FIRST_ROOM, dtype=np.uint16)
        self._silent_h: NDArray[np.float32] = np.zeros(_FIRST_ROOM, dtype=np.float32)  # below 0: as its kind
        self._unused_h: NDArray[np.float32] = np.zeros(_FIRST_ROOM, dtype=np.float32)  # the same
        self._sorted: NDArray[np.int64] | None = None
        self._recent: dict[str, Device] = {}  # those asked for last: one word of a device asks several times
        self.put(entries)
        self.words = LastWords(self)  # what each last said, by position

    # what `Site.devices` is

    def __getitem__(self, device_id: str) -> Device:
        device = self._recent.get(device_id)
        if device is None:
            if len(self._recent) >= RECENT:
                self._recent.clear()
            device = self._recent[device_id] = self.entry_at(self._at[device_id]).device
        return device

    def __contains__(self, device_id: object) -> bool:
        return device_id in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._ids))

    def __len__(self) -> int:
        return len(self._ids)

    # by position

    def position(self, device_id: str) -> int | None:
        """Where a device stands in the arrays; None for a stranger."""
        return self._at.get(device_id)

    def device_id(self, position: int) -> str:
        """Raises IndexError."""
        return self._ids[position]

    def entry(self, device_id: str) -> Entry | None:
        """All that is registered of a device."""
        position = self._at.get(device_id)
        return None if position is None else self.entry_at(position)

    def entry_at(self, position: int) -> Entry:
        """All that is registered of the device at a position."""
        offset = int(self._offsets[position])
        size, kind, origin, building, floor, x_m, y_m, height_m = _HEAD.unpack_from(self._store, offset)
        silent_h, unused_h = float(self._silent_h[position]), float(self._unused_h[position])
        start = offset + _HEAD.size
        texts = self._store[start : start + size].decode().split(_SEPARATOR)
        _, name_zh, name_en, unit, flat, spot_zh, spot_en, external_id = texts
        place = Place(
            building_id=self._buildings[building] or None,
            unit=unit or None,
            floor=None if floor == _NO_FLOOR else floor,
            flat=flat or None,
            spot=Text(zh=spot_zh, en=spot_en) if spot_zh or spot_en else None,
        )
        device = Device(
            device_id=self._ids[position],
            kind=_KINDS[kind],
            name=Text(zh=name_zh, en=name_en),
            position_m=Point2(x_m, y_m),
            height_m=height_m,
            place=place,
        )
        return Entry(
            device=device,
            origin=_ORIGINS[origin],
            external_id=external_id,
            gateway=self._gateways[int(self._gateway[position])],
            silent_after_h=None if silent_h < 0 else silent_h,
            unused_after_h=None if unused_h < 0 else unused_h,
        )

    def by_external(self, external_id: str) -> str | None:
        """The id of the device that others call so."""
        position = self._by_external.get(external_id)
        return None if position is None else self._ids[position]

    def gateway_of(self, device_id: str) -> str | None:
        """The gateway a device is registered behind; "" for none, None for a stranger."""
        position = self._at.get(device_id)
        return None if position is None else self._gateways[int(self._gateway[position])]

    def kind_at(self, position: int) -> DeviceKind:
        """The kind alone, without making the device."""
        return _KINDS[int(self._kind[position])]

    # many at once

    def kinds(self, wanted: Iterable[DeviceKind]) -> Mask:
        """Which positions hold a device of these kinds."""
        return np.isin(self._kind[: len(self._ids)], [_KIND_CODES[kind] for kind in wanted])

    def in_buildings(self, building_ids: Iterable[str]) -> Mask:
        """Which positions hold a device of these buildings."""
        codes = [self._building_codes[b] for b in building_ids if b in self._building_codes]
        return np.isin(self._building[: len(self._ids)], codes)

    def silent_after_ms(self) -> NDArray[np.float64]:
        """For each position, after how many milliseconds without a word it counts as silent."""
        usual = np.array([silent_after_h(kind, None) for kind in _KINDS])
        return self._own_or_usual(self._silent_h, usual) * _HOUR_MS

    def unused_after_ms(self) -> NDArray[np.float64]:
        """For each position, after how many milliseconds without a sign of use somebody should look; 0: never."""
        usual = np.array([unused_after_h(kind, None) for kind in _KINDS])
        return self._own_or_usual(self._unused_h, usual) * _HOUR_MS

    def _own_or_usual(self, own: NDArray[np.float32], usual: NDArray[np.float64]) -> NDArray[np.float64]:
        own = own[: len(self._ids)]
        return np.where(own >= 0, own.astype(np.float64), usual[self._kind[: len(own)]])

    def building_codes(self) -> NDArray[np.uint16]:
        """A number for each position's building; 0 outdoors."""
        return self._building[: len(self._ids)]

    def containing(self, word: str) -> Mask:
        """Which positions hold `word` in id, name, flat, spot or external id; ASCII letters in either case.

        Searches the byte store, in pieces, so that other threads run in between.
        """
        return _search(self._store, self._offsets[: len(self._ids)].copy(), word)

    def sorted_positions(self) -> Positions:
        """Positions by id."""
        if self._sorted is None or len(self._sorted) != len(self._ids):
            ids = self._ids
            self._sorted = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
        return self._sorted

    def same(self, entry: Entry) -> bool:
        """Whether exactly this is registered already; without making the registered one."""
        position = self._at.get(entry.device.device_id)
        if position is None:
            return False
        building = self._building_codes.get(entry.device.place.building_id or "")
        if building is None or self._gateways[int(self._gateway[position])] != entry.gateway:
            return False
        kind = _KIND_CODES[entry.device.kind]
        packed = _packed(row_of(entry), _ORIGINS.index(entry.origin), kind, building)
        offset = int(self._offsets[position])
        own = (entry.silent_after_h, entry.unused_after_h)
        held = (self._silent_h[position], self._unused_h[position])
        return self._store[offset : offset + len(packed)] == packed and all(
            np.float32(-1.0 if a is None else a) == b for a, b in zip(own, held, strict=True)
        )

    # changes

    def put(self, entries: Iterable[Entry]) -> None:
        """Add devices, and overwrite those that are known."""
        with self._lock:
            for entry in entries:
                self._put(entry)

    def fill(self, rows: Iterable[StoredRow]) -> None:
        """As `put`, from the store's rows: nothing is made that is not kept."""
        with self._lock:
            for row in rows:
                self._put_row(_IMPORTED, row)

    def _put(self, entry: Entry) -> None:
        self._put_row(_ORIGINS.index(entry.origin), row_of(entry))

    def _put_row(self, origin: int, row: StoredRow) -> None:
        device_id, kind, building_id, external_id, gateway = row[0], row[1], row[7], row[13] or "", row[14] or ""
        silent_h, unused_h = row[15], row[16]
        known = self._at.get(device_id)
        position = len(self._ids) if known is None else known
        if position >= len(self._offsets):
            self._grow()
        if known is not None and (before := self.entry_at(known).external_id):
            self._by_external.pop(before, None)
        building = self._code(building_id or "", self._buildings, self._building_codes)
        code = _CODES_BY_NAME[kind]
        offset = len(self._store)
        self._store += _packed(row, origin, code, building)
        self._kind[position] = code
        self._building[position] = building
        self._gateway[position] = self._code(gateway, self._gateways, self._gateway_codes)
        self._silent_h[position] = -1.0 if silent_h is None else silent_h
        self._unused_h[position] = -1.0 if unused_h is None else unused_h
        self._offsets[position] = offset
        if known is None:
            self._ids.append(device_id)
            self._at[device_id] = position
        if external_id:
            self._by_external[external_id] = position

    def _grow(self) -> None:
        room = max(_FIRST_ROOM, len(self._offsets) * 3 // 2)
        for name in ("_offsets", "_kind", "_building", "_gateway", "_silent_h", "_unused_h"):
            old: NDArray[Any] = getattr(self, name)
            new = np.zeros(room, dtype=old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    @staticmethod
    def _code(word: str, words: list[str], codes: dict[str, int]) -> int:
        code = codes.get(word)
        if code is None:
            code = len(words)
            words.append(word)
            codes[word] = code
        return code


def registry_of(devices: Mapping[str, Device]) -> Registry:
    """The devices as a registry; one made from a site file where they are only that."""
    return devices if isinstance(devices, Registry) else seeded(devices)


def heard(devices: Mapping[str, Device], reading: DeviceReading, now: datetime) -> None:
    """A device's word has come; beside a registry, its arrays learn it. A clock that is ahead counts as ours."""
    if not isinstance(devices, Registry):
        return
    position = devices.position(reading.device_id)
    if position is not None:
        devices.words.note(
            position,
            state=reading.state.value if reading.state is not None else None,
            value=reading.value,
            unit=reading.unit,
            battery_pct=reading.battery_pct,
            at=min(reading.observed_at, now),
        )


def seeded(devices: Mapping[str, Device]) -> Registry:
    """A registry of a site file's devices."""
    return Registry(Entry(device=device, origin=Origin.SITE) for device in devices.values())


def row_of(entry: Entry) -> StoredRow:
    """The columns of a device, in the order of the store."""
    device, place = entry.device, entry.device.place
    spot = place.spot
    return (
        device.device_id,
        device.kind.value,
        device.name.zh,
        device.name.en,
        device.position_m.x_m,
        device.position_m.y_m,
        device.height_m,
        place.building_id,
        place.unit,
        place.floor,
        place.flat,
        spot.zh if spot else None,
        spot.en if spot else None,
        entry.external_id or None,
        entry.gateway or None,
        entry.silent_after_h,
        entry.unused_after_h,
    )


def _packed(row: StoredRow, origin: int, kind: int, building: int) -> bytes:
    device_id, _, zh, en, x_m, y_m, height_m, _, unit, floor, flat, spot_zh, spot_en, external_id, _, _, _ = row
    texts = _SEPARATOR.join(
        (device_id, zh, en, unit or "", flat or "", spot_zh or "", spot_en or "", external_id or "")
    ).encode()
    head = _HEAD.pack(len(texts), kind, origin, building, _NO_FLOOR if floor is None else floor, x_m, y_m, height_m)
    return head + texts


_PIECE = 1 << 20


def _search(store: bytearray, offsets: NDArray[np.uint64], word: str) -> Mask:
    """A hit belongs to the record with the greatest offset before it, if that record still counts."""
    import re

    found: Mask = np.zeros(len(offsets), dtype=np.bool_)
    needle = re.compile(re.escape(word.encode()), re.IGNORECASE)
    order = np.argsort(offsets, kind="stable")
    ordered = offsets[order]
    overlap = len(word.encode()) - 1
    for start in range(0, len(store), _PIECE):
        piece = bytes(store[start : start + _PIECE + overlap])
        hits = np.array([m.start() for m in needle.finditer(piece)], dtype=np.uint64) + np.uint64(start)
        if not len(hits):
            continue
        rank = np.searchsorted(ordered, hits, side="right").astype(np.int64) - 1
        hits, rank = hits[rank >= 0], rank[rank >= 0]
        begin = ordered[rank] + np.uint64(_HEAD.size)
        sizes = np.array([_HEAD.unpack_from(store, int(ordered[r]))[0] for r in rank], dtype=np.uint64)
        inside = (hits >= begin) & (hits < begin + sizes)
        found[order[rank[inside]]] = True
    return found
