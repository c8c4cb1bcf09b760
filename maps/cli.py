"""`ronda maps`: check a site, compile it, list the shipped ones."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from maps.loader import load_site, site_names
from maps.problems import shown
from patrol_core.errors import InvalidInput

if TYPE_CHECKING:
    from patrol_core.site import Site


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `maps` and its verbs to the `ronda` command."""
    maps = subparsers.add_parser("maps", help="check and compile site maps")
    verbs = maps.add_subparsers(required=True, metavar="verb")

    check = verbs.add_parser("check", help="load a site and list every problem in it")
    check.add_argument("site", help="folder with site.yaml, or the name of a shipped site")
    check.set_defaults(run=_check)

    build = verbs.add_parser("build", help="compile a site: occupancy grid, route graph, scene, console map, picture")
    build.add_argument("site", help="folder with site.yaml, or the name of a shipped site")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to; made where missing")
    build.add_argument("--resolution", type=float, default=0.1, metavar="M", help="cell of the occupancy grid, metres")
    build.set_defaults(run=_build)

    names = verbs.add_parser("list", help="the sites that come with Ronda")
    names.set_defaults(run=_list)


def _check(arguments: argparse.Namespace) -> int:
    site = load_site(arguments.site)
    print(f"{site.site_id} ({site.name.zh}, {site.name.en}) is fine: {_counts(site)}")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from maps.console_map import console_map_of
    from maps.nav2_route import route_graph_of
    from maps.occupancy import occupancy_of
    from maps.preview import picture_of
    from maps.scene import scene_of

    site, out = load_site(arguments.site), arguments.out
    occupancy = occupancy_of(site, resolution_m=arguments.resolution)
    try:
        out.mkdir(parents=True, exist_ok=True)
        occupancy.write(out)
        _write(out / "route_graph.geojson", json.dumps(route_graph_of(site)))
        _write(out / "scene.json", scene_of(site).to_json())
        _write(out / "console_map.geojson", json.dumps(console_map_of(site), ensure_ascii=False))
        picture_of(site).save(out / "preview.png")
    except OSError as error:
        came = (error.strerror or str(error)).lower()
        raise InvalidInput(f"expected a folder to write to; came: {came}", where=shown(out)) from None
    for path in sorted(out.iterdir()):
        print(f"{shown(path)}  {path.stat().st_size:,} bytes")
    return 0


def _list(_: argparse.Namespace) -> int:
    for name in site_names():
        print(name)
    return 0


def _counts(site: Site) -> str:
    counted = ("buildings", "zones", "viewpoints", "docks", "devices", "cameras", "spots", "robots")
    return ", ".join([*(f"{len(getattr(site, noun))} {noun}" for noun in counted), f"{len(site.lanes.lanes)} lanes"])


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
