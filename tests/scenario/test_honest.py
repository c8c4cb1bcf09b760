"""Nobody but the simulator knows its truth: what cannot be seen is not reported, what is moved is found elsewhere."""

from __future__ import annotations

import pytest

from maps import load_site
from patrol_core.geometry import Point2
from tests.helpers.demo import running_demo
from tests.helpers.sites import editable_xinghe
from tests.helpers.waiting import eventually

WITHIN_S = 240.0
DEVICE = "smoke-shop-1"
MOVED_NORTH_M = 1.5
SCENARIO = f"""
name: covered and held
seed: 7
events:
  - at_s: 0
    cover_camera: {{robot: r1}}
  - at_s: 0
    hold_robot: {{robot: r2}}
  - at_s: 150
    alarm: {{device: {DEVICE}, value: 0.4}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A copy of the site with one smoke sensor moved north."""
    site = editable_xinghe(tmp_path_factory.mktemp("moved"))
    old = site.load().device(DEVICE).position_m
    site.move("devices", DEVICE, Point2(old.x_m, old.y_m + MOVED_NORTH_M))
    return site


@pytest.fixture(scope="module")
def demo(tmp_path_factory, site):
    folder = tmp_path_factory.mktemp("honest")
    scenario = folder / "scenario.yaml"
    scenario.write_text(SCENARIO)
    with running_demo(folder, RONDA_SITE=str(site.folder), RONDA_SCENARIO=str(scenario), RONDA_SPEED="4") as demo:
        yield demo


def checkpoints(demo, robot_id):
    missions = [
        demo.center.get(f"/missions/{m['mission_id']}") for m in demo.center.items("/missions", robot_id=robot_id)
    ]
    return [c for m in missions for c in m["checkpoints"] if c["entry"]]


def test_a_covered_camera_gives_no_photo_evidence_and_says_why(demo):
    ended = eventually(lambda: checkpoints(demo, "r1"), within_s=WITHIN_S, every_s=1, what="r1 at a checkpoint")
    for checkpoint in ended:
        assert checkpoint["entry"]["outcome"] == "no_evidence"
        assert checkpoint["entry"]["photos"] == []
        assert checkpoint["entry"]["because"]


def test_a_robot_held_still_fills_no_ledger(demo):
    eventually(lambda: len(checkpoints(demo, "r1")) >= 2, within_s=WITHIN_S, every_s=1, what="the other robot's ledger")
    assert [c for c in checkpoints(demo, "r2") if c["entry"]["outcome"] != "skipped"] == []


def test_a_sensor_moved_in_the_site_file_moves_its_pin(demo):
    incident = eventually(
        lambda: next(iter(demo.center.items("/incidents", kind="smoke")), None), within_s=WITHIN_S, every_s=0.5
    )
    shipped = load_site("xinghe").device(DEVICE).position_m
    assert incident["position"]["y_m"] - shipped.y_m == pytest.approx(MOVED_NORTH_M, abs=0.1)
    assert incident["position"]["x_m"] == pytest.approx(shipped.x_m, abs=0.1)
