"""What burns, and how much smoke it makes by now. Pure."""

from __future__ import annotations

from collections.abc import Collection

_RISES_S = 15.0
_CLEARS_S = 45.0


class Fires:
    """Flats by the id of their smoke detector."""

    def __init__(self) -> None:
        self._burning: set[str] = set()
        self._smoke: dict[str, float] = {}

    @property
    def smoke(self) -> dict[str, float]:
        """How thick it is, 0..1; a copy."""
        return dict(self._smoke)

    def start(self, device_id: str) -> None:
        """Something burns there, as long as the detector alarms."""
        self._burning.add(device_id)

    def step(self, dt_s: float, alarming: Collection[str]) -> None:
        """Smoke thickens while a detector alarms and something really burns, and thins out afterwards."""
        burning = {d for d in alarming if d in self._burning}
        for device_id in burning:
            self._smoke[device_id] = min(1.0, self._smoke.get(device_id, 0.0) + dt_s / _RISES_S)
        for device_id in self._smoke.keys() - burning:
            self._smoke[device_id] -= dt_s / _CLEARS_S
            if self._smoke[device_id] <= 0.0:
                del self._smoke[device_id]
                self._burning.discard(device_id)
