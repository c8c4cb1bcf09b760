"""The occupancy grid, re-read as Nav2's map_server reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from maps import load_site, shapes
from maps.occupancy import FREE, OCCUPIED, UNKNOWN, Occupancy, occupancy_of
from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2
from patrol_core.site import Site, ZoneKind


@pytest.fixture(scope="module")
def grid(xinghe: Site) -> Occupancy:
    return occupancy_of(xinghe, resolution_m=0.2)


def test_what_is_written_reads_back_as_map_server_reads_it(grid: Occupancy, xinghe: Site, tmp_path: Path) -> None:
    picture, settings_file = grid.write(tmp_path)
    data = yaml.safe_load(settings_file.read_text(encoding="utf-8"))
    assert (tmp_path / data["image"]) == picture
    assert picture.read_bytes().startswith(b"P5")
    assert data["mode"] == "trinary"
    assert data["negate"] == 0
    cells = trinary(np.asarray(Image.open(picture)), data)
    for point, cell in (
        (xinghe.viewpoints["vp-01"].pose.point, 0),
        (Point2(66.0, 71.0), 100),  # in building 1
        (Point2(207.0, 137.0), 100),  # in the pond
        (Point2(60.0, 120.0), -1),  # on a lawn
        (Point2(1.0, 130.0), 100),  # beyond the fence
    ):
        column = int((point.x_m - data["origin"][0]) / data["resolution"])
        row = int((point.y_m - data["origin"][1]) / data["resolution"])
        assert cells[row, column] == cell, point


def trinary(shades: NDArray[np.uint8], data: dict[str, float]) -> NDArray[np.int8]:
    """Occupancy values with row 0 in the south, as map_server's trinary mode computes them."""
    occupied = (255 - shades.astype(float)) / 255
    cells = np.full(shades.shape, -1, dtype=np.int8)
    cells[occupied > data["occupied_thresh"]] = 100
    cells[occupied < data["free_thresh"]] = 0
    return cells[::-1]


def test_every_viewpoint_dock_and_lane_is_free(grid: Occupancy, xinghe: Site) -> None:
    for viewpoint in xinghe.viewpoints.values():
        assert grid.at(viewpoint.pose.point) == FREE, viewpoint.viewpoint_id
    for dock in xinghe.docks.values():
        assert grid.at(dock.pose.point) == FREE, dock.dock_id
    for lane in xinghe.lanes.lanes:
        line = shapes.linestring(lane.line)
        for step in range(21):
            spot = line.interpolate(step / 20, normalized=True)
            assert grid.at(Point2(spot.x, spot.y)) == FREE, lane.lane_id


XINGHE = load_site("xinghe")
GRID = occupancy_of(XINGHE, resolution_m=0.2)
CLOSED = [shapes.polygon(b.footprint) for b in XINGHE.buildings.values()]
CLOSED += [shapes.polygon(z.area) for z in XINGHE.zones if z.kind in (ZoneKind.NO_GO, ZoneKind.WATER)]


@settings(max_examples=300)
@given(st.floats(6, 344), st.floats(6, 254))
def test_a_cell_is_occupied_where_the_site_is_closed_and_nowhere_else(x_m: float, y_m: float) -> None:
    point = Point2(x_m, y_m)
    pin = shapes.pin(point)
    assert XINGHE.boundary is not None
    outside_m = min(area.distance(pin) for area in CLOSED)
    depth_m = max((area.exterior.distance(pin) for area in CLOSED if area.contains(pin)), default=0.0)
    fence = shapes.polygon(XINGHE.boundary)
    beyond = not fence.contains(pin)
    if depth_m > 0.3 or (beyond and fence.distance(pin) > 0.3):
        assert GRID.at(point) == OCCUPIED
    elif outside_m > 0.3 and not beyond and fence.exterior.distance(pin) > 0.6:
        assert GRID.at(point) != OCCUPIED


def test_grids_of_different_resolution_agree(xinghe: Site) -> None:
    coarse = occupancy_of(xinghe, resolution_m=0.5)
    assert coarse.at(Point2(66.0, 71.0)) == OCCUPIED
    assert coarse.at(xinghe.viewpoints["vp-05"].pose.point) == FREE
    assert coarse.at(Point2(-500.0, 0.0)) == UNKNOWN


def test_at_0_1_m_it_is_a_few_megabytes(xinghe: Site) -> None:
    rows, columns = occupancy_of(xinghe).shades.shape
    assert [columns, rows] == pytest.approx([3470, 2570], abs=20)


@pytest.mark.parametrize("resolution_m", [0.0, -1.0, 0.001, 2.0])
def test_a_resolution_out_of_range_is_told(xinghe: Site, resolution_m: float) -> None:
    with pytest.raises(InvalidInput, match=r"expected a resolution from 0\.02 to 1 m; came"):
        occupancy_of(xinghe, resolution_m=resolution_m)
