"""A scenario file says what happens; a wrong one says what is wrong with it, where, and what would be right."""

from __future__ import annotations

import math

import pytest

from maps import load_site
from patrol_core.errors import InvalidInput, NotFound
from patrol_core.geometry import Point2
from sim.posture import Posture
from sim.scenario import (
    SCENARIOS,
    Alarm,
    CoverCamera,
    Fall,
    HelpUp,
    HoldRobot,
    SetBattery,
    TimedEvent,
    load_scenario,
    parse_scenario,
)


def parsed(site, **document):
    return parse_scenario(document, name="story", where="story.yaml", site=site)


def refusal(site, **document):
    with pytest.raises(InvalidInput) as error:
        parsed(site, **document)
    return str(error.value)


def test_every_happening_is_understood(site):
    story = parsed(
        site,
        seed=9,
        residents=3,
        robots={"r1": {"battery_pct": 40}},
        events=[
            {"at_s": 20, "hold_robot": {"robot": "r1", "for_s": 5}},
            {"at_s": 10, "every_s": 60, "alarm": {"device": "smoke-b1", "value": 0.3, "normal_after_s": 20}},
            {"at_s": 30, "cover_camera": {"robot": "r2"}},
            {"at_s": 40, "battery": {"robot": "r2", "pct": 12}},
            {"at_s": 50, "fall": {"at": [0, 40], "from": [0, 48], "lies": "prone", "head_toward_deg": 90}},
            {"at_s": 60, "fall": {"person": "resident-02", "helped_after_s": 30}},
            {"at_s": 70, "help": {"person": "walk-on-1"}},
        ],
    )
    assert (story.seed, story.residents, story.battery_pct) == (9, 3, {"r1": 40.0})
    assert story.events == (
        TimedEvent(at_s=10, every_s=60, what=Alarm(device_id="smoke-b1", value=0.3, normal_after_s=20)),
        TimedEvent(at_s=20, what=HoldRobot(robot_id="r1", for_s=5)),
        TimedEvent(at_s=30, what=CoverCamera(robot_id="r2", for_s=math.inf)),
        TimedEvent(at_s=40, what=SetBattery(robot_id="r2", pct=12)),
        TimedEvent(
            at_s=50,
            what=Fall(
                person_id="walk-on-1",
                at_m=Point2(0, 40),
                from_m=Point2(0, 48),
                posture=Posture.PRONE,
                head_toward_rad=math.pi / 2,
            ),
        ),
        TimedEvent(at_s=60, what=Fall(person_id="resident-02", helped_after_s=30)),
        TimedEvent(at_s=70, what=HelpUp(person_id="walk-on-1")),
    )


@pytest.mark.parametrize(
    ("document", "where", "said"),
    [
        ({"events": [{"at_s": 5, "alarm": {"device": "smoke-b9"}}]}, "events[0]: alarm: device", "smoke-b9"),
        ({"events": [{"at_s": -1, "alarm": {"device": "smoke-b1"}}]}, "events[0]: at_s", "-1"),
        ({"events": [{"alarm": {"device": "smoke-b1"}}]}, "events[0]", "'at_s'"),
        ({"events": [{"at_s": 1}]}, "events[0]", "exactly one of"),
        ({"events": [{"at_s": 1, "explode": {}}]}, "events[0]", "explode"),
        ({"events": [{"at_s": 1, "hold_robot": {"robot": "r7"}}]}, "hold_robot: robot", "r1, r2"),
        ({"events": [{"at_s": 1, "battery": {"robot": "r1", "pct": 140}}]}, "battery: pct", "0 to 100"),
        ({"events": {"at_s": 1}}, "events", "a list"),
        ({"residents": "many"}, "residents", "whole number"),
        ({"robots": {"r9": {"battery_pct": 5}}}, "robots: r9", "r1, r2"),
        ({"weather": "rain"}, "story.yaml", "weather"),
        ({"events": [{"at_s": 1, "alarm": {"device": "smoke-b1", "fire": "maybe"}}]}, "alarm: fire", "true or false"),
        ({"events": [{"at_s": 1, "fall": {}}]}, "events[0]: fall", "'person' (a resident) or 'at' (a place)"),
        ({"events": [{"at_s": 1, "fall": {"at": [10, 10]}}]}, "fall: at", "1 m from every building"),
        ({"events": [{"at_s": 1, "fall": {"at": [0, "x"]}}]}, "fall: at[1]", "a number"),
        ({"events": [{"at_s": 1, "fall": {"at": [0, 40], "from": [30, 45]}}]}, "fall: from", "straight way"),
        ({"events": [{"at_s": 1, "fall": {"at": [0, 40], "lies": "upside down"}}]}, "fall: lies", "on_left_side"),
        ({"events": [{"at_s": 1, "fall": {"person": "resident-99"}}]}, "fall: person", "resident-00 to resident-23"),
        ({"events": [{"at_s": 1, "fall": {"person": "resident-01", "at": [0, 40]}}]}, "fall: person", "of their own"),
        ({"events": [{"at_s": 1, "help": {"person": "nobody"}}]}, "help: person", "nobody falls"),
        ({"busy": -1}, "busy", "whole number"),
        ({"robots": {"r1": {"at": [10, 10]}}}, "robots: r1: at", "0.5 m from every building"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(site, document, where, said):
    text = refusal(site, **document)
    assert text.startswith("story.yaml")
    assert where in text
    assert said in text


def test_a_scenario_that_is_not_there_is_not_found(site):
    with pytest.raises(NotFound, match="nowhere"):
        load_scenario("nowhere", site)


def test_a_file_that_is_no_yaml_is_named(site, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("events: [")
    with pytest.raises(InvalidInput, match=r"broken\.yaml"):
        load_scenario(str(broken), site)


def test_an_empty_file_is_refused(site, tmp_path):
    empty = tmp_path / "empty.yaml"
    empty.write_text("")
    with pytest.raises(InvalidInput, match="expected keys and values; came nothing"):
        load_scenario(str(empty), site)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_every_scenario_of_the_house_fits_the_demo_site(name):
    load_scenario(name, load_site("xinghe"))


def test_the_demo_has_a_fire_whose_window_a_robot_can_see_soon_after_the_start():
    site = load_site("xinghe")
    first = load_scenario("demo", site).events[0]
    device = site.devices[first.what.device_id]
    assert device.kind == "smoke"
    assert 60 <= first.at_s <= 90
    assert first.what.normal_after_s is not None
    assert device.place.floor <= 6
