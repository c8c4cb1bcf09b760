"""What is wrong within one feature: the sentence names file, feature, what was expected and what came."""

from __future__ import annotations

from typing import Any

import pytest

from patrol_core.geometry import Point2
from patrol_core.site import DeviceKind
from tests.helpers.sites import EditableSite

SMOKE = "smoke-b1-1-0301"
*MOST, LAST = DeviceKind
EVERY_KIND = f"{', '.join(MOST)} or {LAST}"


@pytest.mark.parametrize(
    ("layer", "feature_id", "properties", "sentence"),
    [
        (
            "devices",
            SMOKE,
            {"kind": "smok"},
            f'expected {EVERY_KIND} as kind; came "smok"; did you mean "smoke"?',
        ),
        (
            "devices",
            SMOKE,
            {"kind": None},
            f'expected {EVERY_KIND} as kind; came no "kind"',
        ),
        (
            "zones",
            "pond",
            {"kind": "lake"},
            ('expected road, walkway, fire_lane, green, water, parking, plaza, no_go or no_fly as kind; came "lake"'),
        ),
        ("spots", "bin-1", {"kind": "bench"}, 'expected bin, manhole, gate or elevator as kind; came "bench"'),
        (
            "buildings",
            "b1",
            {"kind": "castle"},
            'expected tower, shop, gatehouse, center or service as kind; came "castle"',
        ),
        ("buildings", "b1", {"floors": 0}, "expected a whole number from 1 to 60 as floors; came 0"),
        ("buildings", "b1", {"floors": 18.5}, "expected a whole number from 1 to 60 as floors; came 18.5"),
        ("buildings", "b1", {"floors": True}, "expected a whole number from 1 to 60 as floors; came true"),
        ("buildings", "b1", {"floor_height_m": "3"}, 'expected a number from 2.2 to 8 m as floor_height_m; came "3"'),
        ("devices", SMOKE, {"name_en": ""}, 'expected some text as name_en; came ""'),
        ("devices", SMOKE, {"name_zh": None}, 'expected some text as name_zh; came no "name_zh"'),
        (
            "devices",
            SMOKE,
            {"height_m": None},
            ('expected a number from -10 to 300 m above ground as height_m; came no "height_m"'),
        ),
        (
            "devices",
            SMOKE,
            {"hight_m": 3},
            (
                "expected only building, flat, floor, height_m, id, kind, name_en, name_zh, "
                'spot_en, spot_zh or unit; came also "hight_m"; did you mean "height_m"?'
            ),
        ),
        (
            "viewpoints",
            "vp-01",
            {"bearing_deg": 400},
            "expected a number from 0 to 360 degrees clockwise from north as bearing_deg; came 400",
        ),
        (
            "cameras",
            "cam-ramp",
            {"tilt_deg": 120},
            "expected a number from -90 to 90 degrees, positive looks down as tilt_deg; came 120",
        ),
        (
            "zones",
            "no-fly-gate",
            {"ceiling_m": -3},
            "expected a number from 1 to 500 m above ground as ceiling_m; came -3",
        ),
        ("zones", "pond", {"ceiling_m": 20.0}, "expected ceiling_m on no_fly zones only; came a water zone with one"),
        ("lanes", "l-010", {"two_way": "yes"}, 'expected true or false as two_way; came "yes"'),
        ("lanes", "l-010", {"speed_limit_mps": 40}, "expected a number from 0.1 to 10 m/s as speed_limit_mps; came 40"),
    ],
)
def test_a_wrong_property_is_told(
    site: EditableSite, layer: str, feature_id: str, properties: dict[str, Any], sentence: str
) -> None:
    site.put(layer, feature_id, **properties)
    assert site.problems() == [f"{layer}.geojson: {feature_id}: {sentence}"]


@pytest.mark.parametrize("bad_id", ["Smoke-1", "smoke_1", "烟感", "a/b", " "])
def test_ids_are_plain(site: EditableSite, bad_id: str) -> None:
    site.put("devices", SMOKE, id=bad_id)
    assert site.problems() == [f'devices.geojson: {bad_id}: expected an id of a-z, 0-9 and - as id; came "{bad_id}"']


def test_a_feature_without_an_id_is_named_by_its_number(site: EditableSite) -> None:
    site.put("devices", SMOKE, id=None)
    assert site.problems() == ['devices.geojson: feature 1: expected an id of a-z, 0-9 and - as id; came no "id"']


@pytest.mark.parametrize("key", ["resident", "phone", "Owner", "姓名", "手机"])
def test_residents_do_not_belong_in_a_map(site: EditableSite, key: str) -> None:
    site.put("devices", SMOKE, **{key: "x"})
    (problem,) = site.problems()
    expected = "expected no personal data in a map (people live in mission_planner/people)"
    assert problem == f'devices.geojson: {SMOKE}: {expected}; came "{key}"'


@pytest.mark.parametrize(
    ("text", "what"), [("王阿姨 13812345678", "a phone number"), ("11010519491231002X", "an identity number")]
)
def test_numbers_of_people_are_found_in_names_and_not_repeated(site: EditableSite, text: str, what: str) -> None:
    site.put("devices", SMOKE, name_zh=text)
    (problem,) = site.problems()
    assert problem.endswith(f"; came {what} as name_zh")
    assert text not in problem


def test_units_are_checked_by_name(site: EditableSite) -> None:
    site.edit("buildings", "b1", lambda feature: feature["properties"]["units"][1].update(unit="1"))
    assert site.problems()[0] == 'buildings.geojson: b1: expected units of different names; came unit "1" twice'


def test_a_units_faults_name_the_unit(site: EditableSite) -> None:
    site.edit("buildings", "b1", lambda f: f["properties"]["units"][1].update(flats_per_floor=-1, entrance=[1]))
    assert site.problems() == [
        "buildings.geojson: b1: unit 2: expected a whole number from 0 to 99 as flats_per_floor; came -1",
        "buildings.geojson: b1: unit 2: expected a position [longitude, latitude] as entrance; came [1]",
    ]


def test_a_wrong_geometry_type_is_told(site: EditableSite) -> None:
    site.edit("viewpoints", "vp-07", lambda f: f.update(geometry={"type": "LineString", "coordinates": [[1, 2]]}))
    assert site.problems() == ["viewpoints.geojson: vp-07: expected a Point; came a LineString"]


def test_swapped_coordinates_are_recognised(site: EditableSite) -> None:
    site.edit("viewpoints", "vp-07", lambda f: f["geometry"]["coordinates"].reverse())
    (problem,) = site.problems()
    assert problem.startswith(
        "viewpoints.geojson: vp-07: expected a position [longitude, latitude] within 2 km of the site's origin; came ["
    )
    assert problem.endswith("which is [latitude, longitude]")


def test_a_position_far_away_says_how_far(site: EditableSite) -> None:
    site.edit("viewpoints", "vp-07", lambda f: f["geometry"].update(coordinates=[120.0731, 31.2936]))
    assert site.problems()[0].endswith("[120.073, 31.2936], 111 km away")


@pytest.mark.parametrize("position", [[1], ["a", "b"], [120.0, None], [True, 1.0], "120,30", [1, 2, 3, 4]])
def test_what_is_no_position_is_told(site: EditableSite, position: Any) -> None:
    site.add(
        "cameras",
        "Point",
        position if isinstance(position, list) else [position],
        id="cam-x",
        name_zh="a",
        name_en="a",
        bearing_deg=0,
        height_m=3,
        tilt_deg=0,
    )
    assert "cameras.geojson: cam-x: expected a position [longitude, latitude]; came " in site.problems()[0]


def ring(site: EditableSite, *corners: tuple[float, float]) -> list[list[list[float]]]:
    return [[site.lon_lat(Point2(x, y)) for x, y in corners]]


def test_an_open_ring_says_how_wide_it_gapes(site: EditableSite) -> None:
    site.edit("zones", "pond", lambda f: f["geometry"]["coordinates"][0].pop())
    (problem,) = site.problems()
    assert problem.startswith("zones.geojson: pond: expected an outline that ends where it starts; came a gap of ")
    assert problem.endswith(" m between its last and first position")


def test_a_ring_that_crosses_itself_says_where(site: EditableSite) -> None:
    bow = ring(site, (200, 100), (210, 110), (210, 100), (200, 110), (200, 100))
    site.add("zones", "Polygon", bow, id="bow", kind="green")
    lon, lat = site.lon_lat(Point2(205.0, 105.0))
    (problem,) = site.problems()
    assert problem.startswith(
        "zones.geojson: bow: expected an outline that does not cross itself; came a crossing at ["
    )
    said_lon, said_lat = (float(part) for part in problem.rpartition("[")[2].rstrip("]").split(", "))
    assert [said_lon, said_lat] == pytest.approx([lon, lat], abs=2e-7)


def test_a_ring_with_a_hole_says_what_to_do(site: EditableSite) -> None:
    outer = ring(site, (200, 100), (210, 100), (210, 110), (200, 110), (200, 100))
    inner = ring(site, (202, 102), (204, 102), (204, 104), (202, 104), (202, 102))
    site.add("zones", "Polygon", [*outer, *inner], id="ring", kind="green")
    (problem,) = site.problems()
    assert (
        problem == "zones.geojson: ring: expected one outline; came 1 hole(s) in it; draw the hole as a zone of its own"
    )


def test_a_flat_ring_and_a_short_one_are_told(site: EditableSite) -> None:
    flat = ring(site, (200, 100), (210, 100), (205, 100), (200, 100))
    short = ring(site, (200, 100), (210, 100), (200, 100))
    site.add("zones", "Polygon", flat, id="flat", kind="green")
    site.add("zones", "Polygon", short, id="short", kind="green")
    first, second = site.problems()
    assert first.startswith("zones.geojson: flat: expected an outline")
    assert second == (
        "zones.geojson: short: expected an outline of at least 4 positions, the last as the first; came 3"
    )


def test_a_second_boundary_is_told(site: EditableSite) -> None:
    square = ring(site, (0, 0), (350, 0), (350, 260), (0, 260), (0, 0))
    site.add("boundary", "Polygon", square, id="boundary-2")
    assert site.problems() == ["boundary.geojson: boundary-2: expected one boundary; came another"]
