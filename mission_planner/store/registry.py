"""Devices that were imported, and the credentials of devices and gateways. The site file's devices are not in here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from mission_planner.incidents.registry.entry import Entry, Origin
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import device_credentials, registered_devices
from mission_planner.store.sql import upsert, upsert_all
from patrol_core.geometry import Point2
from patrol_core.site import Device, DeviceKind, Place, Text

_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a device or gateway logs in with."""

    username: str  # the device's id, or "gateway:" and the gateway's
    secret_hash: str  # SHA-256 hex of the password, which has chance enough to need no slow hash
    topics: tuple[str, ...]  # filters a gateway may use besides its devices' own
    made_at: datetime  # wall


def put(tx: Tx, entries: Sequence[Entry]) -> None:
    """Insert or overwrite."""
    upsert_all(tx, registered_devices, [_values(tx.site_id, entry) for entry in entries])


def everything(tx: Tx) -> Iterator[Entry]:
    """All imported devices by id, without ever holding them all."""
    after = ""
    while True:
        query = select(registered_devices).where(
            registered_devices.c.site_id == tx.site_id, registered_devices.c.device_id > after
        )
        rows = tx.conn.execute(query.order_by(registered_devices.c.device_id).limit(_CHUNK)).all()
        for row in rows:
            yield _entry(row)
        if len(rows) < _CHUNK:
            return
        after = rows[-1].device_id


def count(tx: Tx) -> int:
    """How many devices were imported."""
    query = select(func.count()).where(registered_devices.c.site_id == tx.site_id)
    return tx.conn.scalar(query.select_from(registered_devices)) or 0


def put_credential(tx: Tx, credential: Credential) -> None:
    """Insert; an older one of the same name ends."""
    upsert(
        tx,
        device_credentials,
        {
            "site_id": tx.site_id,
            "username": credential.username,
            "secret_hash": credential.secret_hash,
            "topics": list(credential.topics),
            "made_at": credential.made_at,
        },
    )


def revoke(tx: Tx, username: str) -> bool:
    """Whether there was one."""
    ours = (device_credentials.c.site_id == tx.site_id, device_credentials.c.username == username)
    return tx.conn.execute(delete(device_credentials).where(*ours)).rowcount > 0


def credential(tx: Tx, username: str) -> Credential | None:
    """Of this name."""
    return _credential(tx, device_credentials.c.username == username)


def credential_of_secret(tx: Tx, secret_hash: str) -> Credential | None:
    """With this password."""
    return _credential(tx, device_credentials.c.secret_hash == secret_hash)


def _credential(tx: Tx, where: ColumnElement[bool]) -> Credential | None:
    query = select(device_credentials).where(device_credentials.c.site_id == tx.site_id, where)
    row = tx.conn.execute(query).one_or_none()
    if row is None:
        return None
    return Credential(username=row.username, secret_hash=row.secret_hash, topics=tuple(row.topics), made_at=row.made_at)


def _values(site_id: str, entry: Entry) -> dict[str, object]:
    device, place = entry.device, entry.device.place
    return {
        "site_id": site_id,
        "device_id": device.device_id,
        "kind": device.kind.value,
        "name_zh": device.name.zh,
        "name_en": device.name.en,
        "x_m": device.position_m.x_m,
        "y_m": device.position_m.y_m,
        "height_m": device.height_m,
        "building_id": place.building_id,
        "unit": place.unit,
        "floor": place.floor,
        "flat": place.flat,
        "spot_zh": place.spot.zh if place.spot else None,
        "spot_en": place.spot.en if place.spot else None,
        "external_id": entry.external_id or None,
        "gateway": entry.gateway or None,
        "silent_after_h": entry.silent_after_h,
        "unused_after_h": entry.unused_after_h,
    }


def _entry(r: Any) -> Entry:
    spot = Text(zh=r.spot_zh, en=r.spot_en) if r.spot_zh is not None else None
    return Entry(
        device=Device(
            device_id=r.device_id,
            kind=DeviceKind(r.kind),
            name=Text(zh=r.name_zh, en=r.name_en),
            position_m=Point2(r.x_m, r.y_m),
            height_m=r.height_m,
            place=Place(building_id=r.building_id, unit=r.unit, floor=r.floor, flat=r.flat, spot=spot),
        ),
        origin=Origin.IMPORT,
        external_id=r.external_id or "",
        gateway=r.gateway or "",
        silent_after_h=r.silent_after_h,
        unused_after_h=r.unused_after_h,
    )
