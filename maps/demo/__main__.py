"""Writes the layers of the demo site into a folder: `python -m maps.demo maps/sites/xinghe`."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from maps.demo.ground import draw_ground
from maps.demo.network import Network
from maps.demo.sheet import Sheet
from maps.demo.stops import draw_stops
from maps.demo.things import draw_things
from maps.demo.towers import draw_buildings
from patrol_core.geometry import GeoOrigin


def draw(origin: GeoOrigin) -> Sheet:
    """The whole site. Nothing in it is random: the same code draws the same files."""
    sheet = Sheet(origin)
    draw_ground(sheet)
    draw_buildings(sheet)
    network = Network()
    draw_stops(sheet, network)
    network.draw(sheet)
    draw_things(sheet)
    return sheet


def main(folder: Path) -> None:
    """Read the origin from the folder's site.yaml and write its layers beside it."""
    settings = yaml.safe_load((folder / "site.yaml").read_text(encoding="utf-8"))
    origin = GeoOrigin(lat_deg=settings["origin"]["lat"], lon_deg=settings["origin"]["lon"])
    draw(origin).write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
