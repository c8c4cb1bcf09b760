"""How a benchmark tells its figures: `name value unit` lines, and build/bench/<area>.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class BenchReport:
    """Figures of one area; each is printed when it is known."""

    area: str
    figures: dict[str, dict[str, float | str]] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str) -> None:
        """Print and keep one figure."""
        rounded = float(f"{value:.4g}")
        self.figures[name] = {"value": rounded, "unit": unit}
        print(f"{name} {rounded:g} {unit}", flush=True)

    def write(self) -> Path:
        """Write build/bench/<area>.json; its path."""
        path = ROOT / "build" / "bench" / f"{self.area}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.figures, indent=2) + "\n")
        return path


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile; `share` in 0..1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
