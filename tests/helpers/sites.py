"""Sites to break and to move things on: a copy of the demo site that a test may edit like a person would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import maps
from maps.loader import SITES
from patrol_core.geometry import GeoOrigin, Point2
from patrol_core.site import Site

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EditableSite:
    """A site folder of one's own."""

    folder: Path

    def load(self) -> Site:
        return maps.load_site(self.folder)

    def problems(self) -> list[str]:
        """What the loader says is wrong, without the folder in front; none where it loads."""
        try:
            self.load()
        except maps.SiteProblems as wrong:
            return [str(problem).replace(f"{self.folder}/", "") for problem in wrong.problems]
        return []

    def edit(self, layer: str, feature_id: str, change: Callable[[Feature], None]) -> None:
        """Change one feature of a layer in place."""
        features = self.features(layer)
        change(next(feature for feature in features if feature["properties"].get("id") == feature_id))
        self.write(layer, features)

    def put(self, layer: str, feature_id: str, **properties: Any) -> None:
        """Set properties of a feature; None takes one away."""

        def change(feature: Feature) -> None:
            for name, value in properties.items():
                if value is None:
                    feature["properties"].pop(name, None)
                else:
                    feature["properties"][name] = value

        self.edit(layer, feature_id, change)

    def move(self, layer: str, feature_id: str, to: Point2) -> None:
        """Put a point feature somewhere else (site metres)."""
        self.edit(layer, feature_id, lambda feature: feature["geometry"].update(coordinates=self.lon_lat(to)))

    def add(self, layer: str, shape: str, coordinates: Any, **properties: Any) -> None:
        """Append a feature; coordinates as GeoJSON has them."""
        geometry = {"type": shape, "coordinates": coordinates}
        self.write(layer, [*self.features(layer), {"type": "Feature", "properties": properties, "geometry": geometry}])

    def remove(self, layer: str, feature_id: str) -> None:
        self.write(layer, [f for f in self.features(layer) if f["properties"]["id"] != feature_id])

    def settings(self, **changes: Any) -> None:
        """Set top-level values of site.yaml; None takes one away."""
        path = self.folder / "site.yaml"
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, value in changes.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def features(self, layer: str) -> list[Feature]:
        data = json.loads((self.folder / f"{layer}.geojson").read_text(encoding="utf-8"))
        return list(data["features"])

    def write(self, layer: str, features: list[Feature]) -> None:
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        (self.folder / f"{layer}.geojson").write_text(text, encoding="utf-8")

    def lon_lat(self, point: Point2) -> list[float]:
        origin = yaml.safe_load((self.folder / "site.yaml").read_text(encoding="utf-8"))["origin"]
        lon_deg, lat_deg = GeoOrigin(lat_deg=origin["lat"], lon_deg=origin["lon"]).to_lon_lat(point)
        return [round(lon_deg, 7), round(lat_deg, 7)]


def editable_xinghe(folder: Path) -> EditableSite:
    """A copy of the demo site in `folder`/xinghe."""
    copy = folder / "xinghe"
    shutil.copytree(SITES / "xinghe", copy)
    return EditableSite(copy)
