"""Somebody falls beside a patrol: the robot sees it, comes near, tells, waits with lights on, and goes on after."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from patrol_core.geometry import Point2
from tests.helpers.demo import running_demo
from tests.helpers.waiting import eventually
from tests.scenario.truth import Truth

pytestmark = pytest.mark.timeout(900)  # the first test waits for the demo, the fall and what comes of it

UNTIL_FALL_S = 240.0  # of ready
TOLD_WITHIN_S = 180.0  # of the fall
PIN_M = 1.5


@pytest.fixture(scope="module")
def truth_file(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("truth") / "truth.jsonl"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, truth_file):
    with running_demo(tmp_path_factory.mktemp("fall"), RONDA_SIM_TRUTH=str(truth_file)) as demo:
        yield demo


@pytest.fixture(scope="module")
def fell_at(demo, truth_file) -> Point2:
    """Where the simulator let somebody fall."""
    return eventually(
        lambda: Truth.read(truth_file).fallen(), within_s=UNTIL_FALL_S, every_s=0.5, what="somebody to fall"
    )[0]


@pytest.fixture(scope="module")
def fall(demo, fell_at):
    """The incident, once a robot is sure and waits there, and its photo has come."""

    def told():
        for incident in demo.center.items("/incidents", kind="person_fallen"):
            there = any(p["complete"] for p in incident["evidence"])
            if incident["certainty"] == "confirmed" and incident["waiting_robot"] and there:
                return incident
        return None

    return eventually(
        told,
        within_s=TOLD_WITHIN_S,
        every_s=0.5,
        what=f"a confirmed fall with photo and robot; robots: {demo.center.items('/robots')}; log: {demo.log}",
    )


def robot_of(demo, fall):
    return demo.center.get(f"/robots/{fall['waiting_robot']['robot_id']}")


def test_the_incident_stands_where_the_person_lies(fall, fell_at):
    pin = Point2(fall["position"]["x_m"], fall["position"]["y_m"])
    assert pin.distance_m(fell_at) <= PIN_M
    assert (fall["priority"], fall["state"], fall["verification"]["state"]) == (1, "open", "seen")


def test_the_photo_shows_what_a_named_model_judged(demo, fall):
    finding = next(f for f in fall["findings"] if f["certainty"] == "confirmed")
    assert finding["model"]
    assert finding["confidence"] > 0.5
    (photo, *_) = [p for p in fall["evidence"] if p["complete"]]
    answer = demo.center.http.get(demo.url + photo["url"])
    assert Image.open(io.BytesIO(answer.content)).size == (640, 480)


def test_the_robot_stands_near_not_too_near_with_its_lights_on(demo, fall, fell_at):
    def attending():
        robot = robot_of(demo, fall)
        return robot if robot["activity"] == "attending" and robot["lights_on"] else None

    robot = eventually(attending, within_s=60, every_s=0.5, what=f"attending with lights; {robot_of(demo, fall)}")
    here = Point2(robot["pose"]["x_m"], robot["pose"]["y_m"])
    assert 1.3 <= here.distance_m(fell_at) <= 5.0
    assert {p["name"]: p["state"] for p in robot["parts"]}["vision"] != "unavailable"


def test_the_patrol_waits_and_says_why(demo, fall):
    mission = robot_of(demo, fall)["mission"]
    assert mission["state"] == "paused"
    told = demo.center.get(f"/missions/{mission['mission_id']}")
    assert told["because"]["zh"] == "停下：有人摔倒，守在旁边"


def test_released_the_robot_turns_its_lights_off_and_the_patrol_goes_on(demo, fall):
    robot_id = fall["waiting_robot"]["robot_id"]
    mission = robot_of(demo, fall)["mission"]
    released = demo.center.post(f"/incidents/{fall['incident_id']}/release", {"note": "保安到了"})
    assert released["waiting_robot"] is None

    def goes_on():
        robot = demo.center.get(f"/robots/{robot_id}")
        underway = robot["mission"] and robot["mission"]["state"] == "underway"
        return underway and robot["lights_on"] is False and robot["activity"] in ("travelling", "inspecting")

    eventually(goes_on, within_s=30, every_s=0.5, what="the patrol goes on with lights off")
    done = mission["done"]
    eventually(
        lambda: demo.center.get(f"/missions/{mission['mission_id']}")["done"] > done,
        within_s=180,
        every_s=1.0,
        what="another checkpoint done",
    )


def test_an_incident_that_is_closed_needs_no_robot_any_more(demo, fall):
    closed = demo.center.post(f"/incidents/{fall['incident_id']}/close", {"note": "已送医"})
    assert (closed["state"], closed["waiting_robot"]) == ("closed", None)
    refused = demo.center.http.post(f"/incidents/{fall['incident_id']}/release", json={})
    assert refused.status_code == 202, "it was released: once more changes nothing"
