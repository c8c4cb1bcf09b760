"""A battery that drains by standing and driving, and charges on a dock.

Figures are those of a small commercial platform (Clearpath Jackal data sheet: 270 Wh lithium, 8 h of light and 2 h of
heavy use at up to 2 m/s, 4 h to charge): 270 Wh / 8 h = 34 W standing with computers and camera on, 270 Wh / 2 h =
135 W at 2 m/s, so about 50 W for each m/s. Charging holds its power up to 80 % and then tapers, as lithium chargers
do; the charger is of 90 W so that the whole charge takes the 4 hours of the data sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Charge and what draws on it."""

    capacity_wh: float = 270.0
    charge_wh: float = 270.0
    standing_w: float = 34.0
    driving_w_per_mps: float = 50.0
    turning_w_per_radps: float = 18.0
    charger_w: float = 90.0
    taper_from: float = 0.8  # fraction of charge where the charger's current starts to fall

    def __post_init__(self) -> None:
        if not 0 <= self.charge_wh <= self.capacity_wh:
            raise ValueError(f"charge_wh: expected 0..{self.capacity_wh}; came {self.charge_wh}")

    @property
    def fraction(self) -> float:
        """0..1."""
        return self.charge_wh / self.capacity_wh

    @property
    def pct(self) -> float:
        """0..100."""
        return 100.0 * self.fraction

    @property
    def empty(self) -> bool:
        return self.charge_wh <= 0.0

    @property
    def voltage_v(self) -> float:
        """Rough open-circuit voltage of a 7-cell lithium pack: 3.3 V empty to 4.15 V full a cell."""
        return 7 * (3.3 + 0.85 * self.fraction)

    def drained(self, dt_s: float, *, speed_mps: float, turn_radps: float) -> Battery:
        """After `dt_s` seconds off the charger."""
        power_w = self.standing_w + self.driving_w_per_mps * abs(speed_mps) + self.turning_w_per_radps * abs(turn_radps)
        return replace(self, charge_wh=max(0.0, self.charge_wh - power_w * dt_s / 3600.0))

    def charged(self, dt_s: float) -> Battery:
        """After `dt_s` seconds on the charger, which also feeds what stands on."""
        fraction = self.fraction
        share = 1.0 if fraction < self.taper_from else max(0.05, (1.0 - fraction) / (1.0 - self.taper_from))
        return replace(self, charge_wh=min(self.capacity_wh, self.charge_wh + self.charger_w * share * dt_s / 3600.0))

    def at(self, pct: float) -> Battery:
        """The same battery at `pct` per cent."""
        return replace(self, charge_wh=self.capacity_wh * max(0.0, min(100.0, pct)) / 100.0)
