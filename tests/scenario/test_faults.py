"""What breaks while robots patrol: nothing is lost, and the message is clear."""

from __future__ import annotations

import signal
import socket

import httpx
import pytest

from patrol_core.geometry import centroid
from tests.helpers.demo import RONDA, running_demo, start_demo
from tests.helpers.sites import editable_xinghe
from tests.helpers.waiting import eventually, free_port

WITHIN_S = 240.0


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_demo(tmp_path_factory.mktemp("faults")) as demo:
        yield demo


def under_way(demo, robot_id):
    """The robot's patrol, once it has begun its ledger and has not ended it."""

    def begun():
        missions = demo.center.items("/missions", active="true", robot_id=robot_id)
        return next((m for m in missions if m["kind"] == "patrol" and 1 <= m["done"] < m["total"] - 1), None)

    return eventually(begun, within_s=WITHIN_S, every_s=0.5, what=f"a patrol of {robot_id} with some checkpoints done")


def mission(demo, mission_id):
    return demo.center.get(f"/missions/{mission_id}")


def done_ids(view):
    return {c["checkpoint_id"] for c in view["checkpoints"] if c["entry"]}


def test_a_robot_killed_mid_mission_is_shown_lost_with_its_age_and_goes_on_when_it_returns(demo):
    before = mission(demo, under_way(demo, "r1")["mission_id"])
    supervisor = demo.process_named("robot", "r1")
    supervisor.suspend()  # so that it cannot start its child again yet
    for child in supervisor.children(recursive=True):
        child.kill()
    lost = eventually(
        lambda: (v := mission(demo, before["mission_id"]))["link"] == "lost" and v, within_s=60, what="link lost"
    )
    assert lost["state"] == "underway", "its mission stays"
    assert lost["silence_s"] >= 5
    supervisor.resume()
    after = eventually(
        lambda: (v := mission(demo, before["mission_id"]))["done"] > lost["done"] and v, within_s=120, what="going on"
    )
    assert after["link"] == "online"
    assert done_ids(before) <= done_ids(after), "no entry of the ledger is lost"


def test_a_center_killed_and_restarted_still_has_everything_and_the_robots_went_on(demo):
    running = mission(demo, under_way(demo, "r2")["mission_id"])
    incidents = {i["incident_id"] for i in demo.center.items("/incidents")}
    demo.process_named("center", "--demo").send_signal(signal.SIGKILL)
    eventually(lambda: ready(demo), within_s=60, what="the center back")
    demo.center.log_in()
    after = mission(demo, running["mission_id"])
    assert done_ids(running) <= done_ids(after)
    assert incidents <= {i["incident_id"] for i in demo.center.items("/incidents")}
    eventually(
        lambda: mission(demo, running["mission_id"])["done"] > running["done"],
        within_s=120,
        every_s=0.5,
        what="the ledger filling on",
    )


def ready(demo):
    try:
        return demo.center.http.get(f"{demo.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_a_port_that_is_taken_is_said_in_one_sentence_and_nothing_stays_behind(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start_demo(tmp_path, RONDA_PORT=str(port))
        assert demo.process.wait(timeout=30) == 2
    log = demo.log.read_text()
    assert f"{port}" in log
    assert "RONDA_PORT" in log
    assert "Traceback" not in log


def test_a_robot_id_already_live_is_refused(demo, tmp_path):
    second = start_demo(
        tmp_path,
        command=[*RONDA, "robot", "--id", "r2"],
        RONDA_CENTER_ROUTER=f"tcp/127.0.0.1:{demo.router_port}",
        RONDA_ROBOT_ROUTER_PORT=str(free_port()),
    )
    assert second.process.wait(timeout=30) == 2
    log = second.log.read_text()
    assert "r2" in log
    assert "Traceback" not in log


@pytest.fixture
def broken_site(tmp_path):
    """The demo's site with its first viewpoint inside a building."""
    site = editable_xinghe(tmp_path)
    (inside,) = (centroid(b.footprint) for b in site.load().buildings.values() if b.building_id == "b1")
    site.move("viewpoints", "vp-01", inside)
    return site.folder


def test_a_broken_site_file_stops_the_start_with_the_file_and_the_feature(tmp_path, broken_site):
    demo = start_demo(tmp_path, RONDA_SITE=str(broken_site))
    assert demo.process.wait(timeout=30) == 2
    log = demo.log.read_text()
    assert "viewpoints" in log
    assert "expected" in log
    assert "Traceback" not in log
