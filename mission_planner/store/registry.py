"""Devices that were imported, and the credentials of devices and gateways. The site file's devices are not in here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from mission_planner.incidents.registry.entry import Entry
from mission_planner.incidents.registry.registry import StoredRow, row_of
from mission_planner.store.protocol import Tx
from mission_planner.store.schema import device_credentials, registered_devices
from mission_planner.store.sql import upsert, upsert_all

_CHUNK = 5_000
_COLUMNS = (
    *("device_id", "kind", "name_zh", "name_en", "x_m", "y_m", "height_m", "building_id", "unit", "floor", "flat"),
    *("spot_zh", "spot_en", "external_id", "gateway", "silent_after_h", "unused_after_h"),
)  # as `StoredRow` has them


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


def rows(tx: Tx) -> Iterator[StoredRow]:
    """All imported devices, columns in the order of the registry, without ever holding them all."""
    columns = [registered_devices.c[name] for name in _COLUMNS]
    query = select(*columns).where(registered_devices.c.site_id == tx.site_id).order_by(registered_devices.c.device_id)
    for some in tx.conn.execute(query.execution_options(yield_per=_CHUNK)).partitions():
        yield from some


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
    return {"site_id": site_id, **dict(zip(_COLUMNS, row_of(entry), strict=True))}
