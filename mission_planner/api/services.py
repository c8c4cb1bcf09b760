"""What the routes work with; `app.py` puts it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mission_planner.api.stream import Stream
from mission_planner.api.views.common import See
from mission_planner.bus import Bus
from mission_planner.fleet.live import Fleet
from mission_planner.health import Health
from mission_planner.incidents.evidence import BlobStore
from mission_planner.incidents.inlet import Inlet
from mission_planner.incidents.registry.credentials import Doorkeeper
from mission_planner.incidents.registry.importing import Importer
from mission_planner.incidents.telemetry.history import History
from mission_planner.metrics import Metrics
from mission_planner.people.login import Login
from mission_planner.settings import Settings
from mission_planner.site_time import SiteTime
from mission_planner.store.handling import HandlingBook
from mission_planner.store.protocol import Store, Tx
from mission_planner.video.desk import VideoDesk
from patrol_core.site import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a route may use."""

    settings: Settings
    site: Site
    clock: SiteTime
    store: Store
    bus: Bus
    fleet: Fleet
    login: Login
    blobs: BlobStore
    stream: Stream
    site_map: dict[str, Any]  # GeoJSON for the console, made once
    health: Health
    metrics: Metrics
    video: VideoDesk
    inlet: Inlet
    doorkeeper: Doorkeeper
    importer: Importer
    history: History
    disconnect_device: Callable[[str], None]  # by the name of its credential, where it ended
    secure_cookie: bool  # HTTPS in front
    handled: HandlingBook = field(default_factory=HandlingBook)

    async def see(self, draw: Callable[[See], T]) -> T:
        """Draw a view from one snapshot of the store, with the robots as they are now."""
        fleet, now = self.fleet.now(), self.clock.now_or_none()

        def read(tx: Tx) -> T:
            return draw(See(tx=tx, site=self.site, fleet=fleet, now=now))

        return await self.store.read(read)
