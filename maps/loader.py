"""Loads a site from its folder: site.yaml and the GeoJSON layers it names, all checked, as one `Site`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from maps.checks import check
from maps.problems import ProblemList, listed, quoted, shown
from maps.reading.documents import read_features, read_yaml
from maps.reading.draft import Draft
from maps.reading.fields import ROS_NAME, Fields
from maps.reading.layers import LAYERS, read_layer
from patrol_core.errors import InvalidInput
from patrol_core.geometry import GeoOrigin
from patrol_core.lanes import Lane, LaneGraph
from patrol_core.site import Language, RobotKind, Site, SiteRobot, Text

SETTINGS = "site.yaml"
SITES = Path(__file__).parent / "sites"  # shipped with the package


def site_names() -> tuple[str, ...]:
    """The sites that come with Ronda, by name."""
    return tuple(sorted(folder.parent.name for folder in SITES.glob(f"*/{SETTINGS}")))


def site_folder(site: str | Path) -> Path:
    """The folder of a site, from the name of a shipped one, its folder, or its site.yaml.

    Raises:
        InvalidInput: there is no such site; the text lists the shipped ones.
    """
    if isinstance(site, str) and site in site_names():
        return SITES / site
    path = Path(site)
    if path.name == SETTINGS and path.is_file():
        return path.parent
    if (path / SETTINGS).is_file():
        return path
    raise InvalidInput(
        f"expected a folder with a {SETTINGS} in it, or the name of a shipped site ({listed(site_names())})"
        f"; came {quoted(str(site))}"
    )


def load_site(path_or_name: str | Path) -> Site:
    """The site in a folder, or one that comes with Ronda (`load_site("xinghe")`).

    Raises:
        InvalidInput: there is no such site.
        SiteProblems: something in it is wrong; `.problems` has every problem, each an InvalidSite.
    """
    folder = site_folder(path_or_name)
    problems = ProblemList(shown(folder))
    settings = read_yaml(folder / SETTINGS, problems)
    if settings is None:
        problems.raise_if_any()
    site = _read(folder, settings or {}, problems)
    problems.raise_if_any()
    return site


def _read(folder: Path, settings: Mapping[str, Any], problems: ProblemList) -> Site:
    file = shown(folder / SETTINGS)
    fields = Fields(settings, file=file, feature=None, problems=problems)
    site_id, name, timezone = fields.id("id", ROS_NAME), _names(fields, file, None, problems), _timezone(fields)
    origin = _origin(fields, file, problems)
    draft = Draft(origin=origin, problems=problems, settings_file=file)
    layers, robots = fields.mapping("layers"), fields.items("robots")
    language, robots_calm = _speech(fields, file, problems)
    fields.end()
    for layer in layers:
        if layer not in LAYERS:
            problems.add(file, "layers", expected=listed(list(LAYERS)), came=quoted(layer))
    for layer in LAYERS:  # in this order, whatever the file's: problems read the same each time
        for layer_file in _files(layers, layer, file, problems):
            read_layer(layer, read_features(folder / layer_file, problems), draft)
    for number, item in enumerate(robots, start=1):
        _robot(draft, number, item)
    check(draft)
    problems.raise_if_any()
    return Site(
        site_id=site_id,
        name=name,
        timezone=timezone,
        origin=origin,
        boundary=draft.boundary,
        buildings=dict(draft.buildings),
        zones=tuple(draft.zones.values()),
        lanes=lane_graph(draft),
        viewpoints=dict(draft.viewpoints),
        docks=dict(draft.docks),
        devices=dict(draft.devices),
        cameras=dict(draft.cameras),
        spots=dict(draft.spots),
        robots=dict(draft.robots),
        language=language,
        robots_calm=robots_calm,
    )


def lane_graph(draft: Draft) -> LaneGraph:
    """The directed graph: a two-way lane "l-7" becomes "l-7" and "l-7-back"; ends lie on their nodes."""
    lanes: list[Lane] = []
    for lane_id, lane in draft.lanes.items():
        line = (draft.nodes[lane.start], *lane.line[1:-1], draft.nodes[lane.end])
        limit = lane.speed_limit_mps
        lanes.append(Lane(lane_id=lane_id, start=lane.start, end=lane.end, line=line, speed_limit_mps=limit))
        if lane_id in draft.two_way:
            back = Lane(
                lane_id=f"{lane_id}-back", start=lane.end, end=lane.start, line=line[::-1], speed_limit_mps=limit
            )
            lanes.append(back)
    return LaneGraph(nodes=dict(draft.nodes), lanes=tuple(lanes))


def _names(fields: Fields, file: str, feature: str | None, problems: ProblemList) -> Text:
    """A name given as `name: {zh: …, en: …}`."""
    inner = Fields(
        fields.mapping("name"), file=file, feature=f"{feature}: name" if feature else "name", problems=problems
    )
    name = Text(zh=inner.text("zh"), en=inner.text("en"))
    inner.end()
    return name


def _timezone(fields: Fields) -> str:
    name = fields.text("timezone")
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fields.wrong(expected='an IANA time zone such as "Asia/Shanghai" as timezone', came=quoted(name))
    return name


def _speech(fields: Fields, file: str, problems: ProblemList) -> tuple[Language, bool]:
    """`speech: {language: zh, calm: true}`; both may be left out."""
    inner = Fields(fields.mapping_or_empty("speech"), file=file, feature="speech", problems=problems)
    language = inner.choice_or("language", Language, Language.ZH)
    calm = inner.flag("calm", usually=True)
    inner.end()
    return language, calm


def _origin(fields: Fields, file: str, problems: ProblemList) -> GeoOrigin:
    inner = Fields(fields.mapping("origin"), file=file, feature="origin", problems=problems)
    origin = GeoOrigin(
        lat_deg=inner.number("lat", -80.0, 80.0, unit="degrees north"),
        lon_deg=inner.number("lon", -180.0, 180.0, unit="degrees east"),
    )
    if not inner.end():
        problems.raise_if_any()  # without it every coordinate would be a problem
    return origin


def _files(layers: Mapping[str, Any], layer: str, file: str, problems: ProblemList) -> list[str]:
    value = layers.get(layer, [])
    names = value if isinstance(value, list) else [value]
    fine = [name for name in names if isinstance(name, str) and Path(name).name == name]
    for name in names:
        if name not in fine:
            problems.add(file, f"layers: {layer}", expected="a file name in the site's folder", came=quoted(name))
    return fine


def _robot(draft: Draft, number: int, item: Any) -> None:
    values = item if isinstance(item, dict) else {}
    label = f"robot {values.get('id', number)}"
    fields = Fields(values, file=draft.settings_file, feature=label, problems=draft.problems)
    robot = SiteRobot(
        robot_id=fields.id("id", ROS_NAME),
        name=_names(fields, draft.settings_file, label, draft.problems),
        kind=fields.choice("kind", RobotKind),
        dock_id=fields.id("dock"),
    )
    if fields.end() and draft.claim(robot.robot_id, "robot", draft.settings_file):
        draft.robots[robot.robot_id] = robot
