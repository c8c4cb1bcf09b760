"""The registry at the start: the site file's devices, then those that were imported, and what each last said."""

from __future__ import annotations

from mission_planner.incidents.registry.registry import Registry, seeded
from mission_planner.store import devices
from mission_planner.store import registry as stored
from mission_planner.store.protocol import Store, Tx
from patrol_core.site import Site


async def load_registry(site: Site, store: Store) -> Registry:
    """An imported device counts more than one of the same id in the site file."""
    registry = seeded(site.devices)

    def load(tx: Tx) -> None:
        registry.fill(stored.rows(tx))
        registry.words.fit()
        for row in devices.each(tx):
            position = registry.position(row.device_id)
            if position is not None:
                registry.words.note(
                    position,
                    state=row.state,
                    value=row.value,
                    unit=row.unit,
                    battery_pct=row.battery_pct,
                    at=row.last_seen_at,
                )

    await store.read(load)
    registry.sorted_positions()
    return registry
