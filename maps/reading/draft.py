"""A site while it is being read: what was understood so far, and which file each id came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from maps.problems import ProblemList
from patrol_core.geometry import GeoOrigin, Point2
from patrol_core.lanes import Lane
from patrol_core.site import Building, Device, Dock, FixedCamera, Place, Polygon, SiteRobot, Spot, Viewpoint, Zone


@dataclass(slots=True, kw_only=True)
class Draft:
    """Features that are well formed in themselves. How they stand to one another is judged by maps.checks."""

    origin: GeoOrigin
    problems: ProblemList
    settings_file: str  # site.yaml, as shown to a person
    boundary: Polygon | None = None
    buildings: dict[str, Building] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    nodes: dict[str, Point2] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    two_way: set[str] = field(default_factory=set)  # ids of lanes that are driven both ways
    viewpoints: dict[str, Viewpoint] = field(default_factory=dict)
    docks: dict[str, Dock] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    cameras: dict[str, FixedCamera] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    robots: dict[str, SiteRobot] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # id → file, of broken features too
    nouns: dict[str, str] = field(default_factory=dict)  # id → "viewpoint", "lane node"; of broken features too

    def claim(self, feature_id: str, noun: str, file: str) -> bool:
        """Take an id for a feature; False, with a problem noted, where another feature has it."""
        if feature_id in self.files:
            self.problems.add(
                file,
                feature_id,
                expected="an id that no other feature of the site has",
                came=f"the id of a {self.nouns[feature_id]} in {self.files[feature_id]}",
            )
            return False
        self.files[feature_id] = file
        self.nouns[feature_id] = noun
        return True

    def file_of(self, feature_id: str) -> str:
        return self.files[feature_id]

    def wrong(self, feature_id: str, *, expected: str, came: str) -> None:
        """Note a problem of a feature that was read."""
        self.problems.add(self.files[feature_id], feature_id, expected=expected, came=came)

    def placed(self) -> Iterable[tuple[str, Place, Point2]]:
        """Every feature that says where people would look for it: id, place, position."""
        for device in self.devices.values():
            yield device.device_id, device.place, device.position_m
        for spot in self.spots.values():
            if spot.place is not None:
                yield spot.spot_id, spot.place, spot.position_m
