"""Loading a site: names and folders, settings, files that cannot be read, and all problems at once."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import maps
from patrol_core.errors import InvalidInput, InvalidSite
from patrol_core.site import Site
from tests.helpers.sites import EditableSite


def test_the_public_names_are_these() -> None:
    assert sorted(maps.__all__) == ["SiteProblems", "load_site", "site_folder", "site_names"]


def test_a_shipped_site_loads_by_its_name() -> None:
    assert maps.site_names() == ("xinghe",)
    assert maps.load_site("xinghe").name.zh == "星河社区"


def test_a_site_loads_by_its_folder_and_by_its_settings_file(site: EditableSite, xinghe: Site) -> None:
    assert site.load() == xinghe
    assert maps.load_site(str(site.folder)) == xinghe
    assert maps.load_site(site.folder / "site.yaml") == xinghe


def test_an_unknown_site_says_which_there_are() -> None:
    with pytest.raises(InvalidInput, match=r'a folder with a site.yaml in it, or .*\(xinghe\); came "atlantis"'):
        maps.load_site("atlantis")


def test_a_site_travels_between_processes(xinghe: Site) -> None:
    assert pickle.loads(pickle.dumps(xinghe)) == xinghe


def test_all_problems_come_at_once_each_an_invalid_site(site: EditableSite) -> None:
    site.put("devices", "smoke-b1-1-0301", kind="smok")
    site.put("buildings", "b2", floors=0)
    site.settings(timezone="Asia/Xinghe")
    with pytest.raises(maps.SiteProblems) as wrong:
        site.load()
    assert len(wrong.value.problems) == 3
    assert all(isinstance(problem, InvalidSite) for problem in wrong.value.problems)
    assert "came 3 problems:" in str(wrong.value)
    assert str(wrong.value).count("\n") == 3


def test_files_below_the_working_directory_are_named_relative_to_it(
    site: EditableSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.folder.parent)
    site.put("devices", "smoke-b1-1-0301", kind="smok")
    with pytest.raises(maps.SiteProblems, match=r"xinghe/devices\.geojson: smoke-b1-1-0301: ") as wrong:
        site.load()
    assert str(wrong.value).startswith("xinghe: ")


def test_a_json_error_names_its_line(site: EditableSite) -> None:
    path = site.folder / "docks.geojson"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace('"id"', "id")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert site.problems()[0].startswith("docks.geojson: expected JSON; came Expecting property name")
    assert "in line 3, column" in site.problems()[0]


def test_a_yaml_error_names_its_line(site: EditableSite) -> None:
    (site.folder / "site.yaml").write_text("id: xinghe\nname: [zh\n", encoding="utf-8")
    (problem,) = site.problems()
    assert problem.startswith("site.yaml: expected YAML; came ")
    assert "in line 3" in problem


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n- b\n", "site.yaml: expected settings (key: value); came ['a', 'b']"),
        ("", "site.yaml: expected settings (key: value); came nothing"),
    ],
)
def test_settings_that_are_no_mapping(site: EditableSite, text: str, sentence: str) -> None:
    (site.folder / "site.yaml").write_text(text, encoding="utf-8")
    assert site.problems() == [sentence]


def test_a_missing_layer_file_is_named(site: EditableSite) -> None:
    (site.folder / "cameras.geojson").unlink()
    assert site.problems() == ["cameras.geojson: expected a file; came nothing there"]


def test_a_layer_file_in_another_encoding_is_named(site: EditableSite) -> None:
    text = (site.folder / "cameras.geojson").read_text(encoding="utf-8")
    (site.folder / "cameras.geojson").write_bytes(text.encode("gb18030"))
    (problem,) = site.problems()
    assert problem.startswith("cameras.geojson: expected UTF-8 text; came byte 0x")


def test_a_file_that_is_no_feature_collection(site: EditableSite) -> None:
    (site.folder / "cameras.geojson").write_text('{"type": "Feature"}', encoding="utf-8")
    assert site.problems() == ['cameras.geojson: expected a GeoJSON FeatureCollection; came "Feature"']


def test_features_without_properties_or_geometry_are_named_by_their_number(site: EditableSite) -> None:
    site.write("cameras", [{"type": "Feature"}, {"type": "Feature", "properties": {"id": "c"}, "geometry": None}, {}])
    assert site.problems() == [
        "cameras.geojson: feature 1: expected properties; came nothing",
        "cameras.geojson: c: expected a geometry with coordinates; came nothing",
        'cameras.geojson: feature 3: expected an object of type "Feature"; came {}',
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"id": "Xing He"},
            'site.yaml: expected an id of a-z, 0-9 and _ that starts with a letter as id; came "Xing He"',
        ),
        ({"name": {"zh": "星河"}}, 'site.yaml: name: expected some text as en; came no "en"'),
        (
            {"timezone": "Asia/Xinghe"},
            'site.yaml: expected an IANA time zone such as "Asia/Shanghai" as timezone; came "Asia/Xinghe"',
        ),
        ({"timezone": None}, 'site.yaml: expected some text as timezone; came no "timezone"'),
        (
            {"timezone": "../etc/passwd"},
            ('site.yaml: expected an IANA time zone such as "Asia/Shanghai" as timezone; came "../etc/passwd"'),
        ),
        (
            {"origin": {"lat": 300, "lon": 1}},
            "site.yaml: origin: expected a number from -80 to 80 degrees north as lat; came 300",
        ),
        (
            {"owner": "物业"},
            ('site.yaml: expected no personal data in a map (people live in mission_planner/people); came "owner"'),
        ),
        (
            {"time_zone": "Asia/Shanghai"},
            (
                "site.yaml: expected only id, layers, name, origin, robots, speech or timezone; came "
                'also "time_zone"; did you mean "timezone"?'
            ),
        ),
    ],
)
def test_settings_are_checked(site: EditableSite, changes: dict[str, object], sentence: str) -> None:
    site.settings(**changes)
    assert site.problems() == [sentence]


def test_layers_are_known_and_their_files_lie_in_the_sites_folder(site: EditableSite) -> None:
    layers = {"buildings": "../buildings.geojson", "trees": "trees.geojson"}
    site.settings(layers=layers, robots=[])
    assert site.problems() == [
        (
            "site.yaml: layers: expected boundary, buildings, zones, lanes, viewpoints, docks, devices, cameras or "
            'spots; came "trees"'
        ),
        'site.yaml: layers: buildings: expected a file name in the site\'s folder; came "../buildings.geojson"',
    ]


def test_a_layer_may_be_spread_over_files(site: EditableSite, xinghe: Site) -> None:
    features = site.features("devices")
    site.write("devices", features[:50])
    site.write("devices-more", features[50:])
    layers = {
        layer: f"{layer}.geojson"
        for layer in ("boundary", "buildings", "zones", "lanes", "viewpoints", "docks", "cameras", "spots")
    }
    site.settings(layers={**layers, "devices": ["devices.geojson", "devices-more.geojson"]})
    assert site.load() == xinghe


def test_robots_need_an_id_that_fits_a_ros_name_and_a_dock(site: EditableSite) -> None:
    site.settings(
        robots=[
            {"id": "r-1", "name": {"zh": "一", "en": "One"}, "kind": "ground", "dock": "dock-1"},
            {"id": "r2", "name": {"zh": "二", "en": "Two"}, "kind": "boat", "dock": "dock-2"},
            {"id": "r3", "name": {"zh": "三", "en": "Three"}, "kind": "drone", "dock": "vp-01"},
            "r4",
        ]
    )
    assert site.problems()[:3] == [
        'site.yaml: robot r-1: expected an id of a-z, 0-9 and _ that starts with a letter as id; came "r-1"',
        'site.yaml: robot r2: expected ground or drone as kind; came "boat"',
        'site.yaml: robot 4: expected an id of a-z, 0-9 and _ that starts with a letter as id; came no "id"',
    ]
    assert site.problems()[-1] == 'site.yaml: r3: expected the id of a dock as dock; came "vp-01", which is a viewpoint'


def test_a_two_way_lane_becomes_two_lanes_and_a_one_way_lane_one(site: EditableSite) -> None:
    features = [f for f in site.features("lanes") if f["geometry"]["type"] == "LineString"]
    both = next(f["properties"] for f in features if f["properties"].get("two_way"))
    single = next(f["properties"] for f in features if not f["properties"].get("two_way"))
    lanes = {lane.lane_id: lane for lane in site.load().lanes.lanes}
    there, back = lanes[both["id"]], lanes[f"{both['id']}-back"]
    assert (back.start, back.end, back.line) == (there.end, there.start, there.line[::-1])
    assert f"{single['id']}-back" not in lanes


def test_lanes_end_exactly_on_their_nodes(xinghe: Site) -> None:
    for lane in xinghe.lanes.lanes:
        assert lane.line[0] == xinghe.lanes.nodes[lane.start]
        assert lane.line[-1] == xinghe.lanes.nodes[lane.end]


def test_a_site_may_be_small(tmp_path: Path) -> None:
    text = "id: yard\nname: {zh: 院子, en: Yard}\ntimezone: UTC\norigin: {lat: 1.0, lon: 2.0}\nlayers: {}\n"
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    yard = maps.load_site(tmp_path)
    assert (yard.site_id, yard.boundary, len(yard.lanes.lanes), len(yard.robots)) == ("yard", None, 0, 0)
