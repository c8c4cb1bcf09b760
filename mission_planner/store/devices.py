"""What each fixed sensor last said. A device without a row has never spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select, update

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import devices
from mission_planner.store.sql import upsert

_LAST = "devices.last"
REMEMBERED = 20_000  # last words in the writer's memory, the first ones go first; another is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """The last word of one sensor."""

    device_id: str
    state: str  # normal, alarm
    value: float | None
    unit: str
    battery_pct: float | None
    last_seen_at: datetime  # UTC site time
    incident_id: UUID | None  # the open incident it is about


def put(tx: Tx, row: DeviceRow) -> None:
    """Insert or overwrite."""
    _remember(tx, row.device_id, row)
    upsert(
        tx,
        devices,
        {
            "site_id": tx.site_id,
            "device_id": row.device_id,
            "state": row.state,
            "value": row.value,
            "unit": row.unit,
            "battery_pct": row.battery_pct,
            "last_seen_at": row.last_seen_at,
            "incident_id": row.incident_id,
        },
    )


def find(tx: Tx, device_id: str) -> DeviceRow | None:
    """The last word, or None."""
    known: dict[str, DeviceRow | None] = tx.memory.of(_LAST, dict)
    if device_id in known:
        return known[device_id]
    query = select(devices).where(devices.c.site_id == tx.site_id, devices.c.device_id == device_id)
    row = tx.conn.execute(query).one_or_none()
    return _row(row) if row is not None else None


def foresee(tx: Tx, device_ids: Collection[str]) -> None:
    """Many of these will be asked for in this transaction: read them in one go."""
    known: dict[str, DeviceRow | None] = tx.memory.of(_LAST, dict)
    wanted = [d for d in device_ids if d not in known]
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        found = several(tx, some)
        for device_id in some:
            _remember(tx, device_id, found.get(device_id))


def _remember(tx: Tx, device_id: str, row: DeviceRow | None) -> None:
    known: dict[str, DeviceRow | None] = tx.memory.of(_LAST, dict)
    if device_id in known:
        tx.memory.changed(partial(known.__setitem__, device_id, known[device_id]))
    else:
        tx.memory.changed(partial(known.pop, device_id, None))
        if len(known) >= REMEMBERED:
            del known[next(iter(known))]
    known[device_id] = row


def several(tx: Tx, device_ids: Sequence[str]) -> Mapping[str, DeviceRow]:
    """Those of these that ever spoke, by device; at most a page of them."""
    ours = (devices.c.site_id == tx.site_id, devices.c.device_id.in_(device_ids))
    return {r.device_id: _row(r) for r in tx.conn.execute(select(devices).where(*ours))}


def everything(tx: Tx) -> Mapping[str, DeviceRow]:
    """By device."""
    rows = tx.conn.execute(select(devices).where(devices.c.site_id == tx.site_id))
    return {r.device_id: _row(r) for r in rows}


def each(tx: Tx) -> Iterator[DeviceRow]:
    """One after the other, without ever holding them all."""
    query = select(devices).where(devices.c.site_id == tx.site_id).execution_options(yield_per=1_000)
    yield from map(_row, tx.conn.execute(query))


def release(tx: Tx, incident_id: UUID) -> tuple[str, ...]:
    """The incident ended: no device points at it any more. Which ones did."""
    ours = (devices.c.site_id == tx.site_id, devices.c.incident_id == incident_id)
    found = tuple(tx.conn.scalars(select(devices.c.device_id).where(*ours)))
    tx.conn.execute(update(devices).where(*ours).values(incident_id=None))
    _point(tx, found, None)
    return found


def hand_over(tx: Tx, device_ids: Collection[str], incident_id: UUID) -> None:
    """These devices' words are about this incident from now on."""
    foresee(tx, device_ids)
    for device_id in device_ids:
        row = find(tx, device_id)
        if row is not None:
            put(tx, replace(row, incident_id=incident_id))


def _point(tx: Tx, device_ids: Collection[str], incident_id: UUID | None) -> None:
    """What is remembered of these points where the rows do."""
    known: dict[str, DeviceRow | None] = tx.memory.of(_LAST, dict)
    for device_id in device_ids:
        row = known.get(device_id)
        if row is not None:
            _remember(tx, device_id, replace(row, incident_id=incident_id))


def _row(row: object) -> DeviceRow:
    return DeviceRow(**{name: getattr(row, name) for name in DeviceRow.__dataclass_fields__})
