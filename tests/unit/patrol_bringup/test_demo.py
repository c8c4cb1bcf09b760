"""The demo's settings, and what it hands to each part."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_bringup.demo import parts_of, settings_from
from patrol_core.errors import InvalidInput

GIVEN = {"HOME": "/home/op", "RONDA_DATA": "/state"}


def test_defaults_bind_to_loopback():
    settings = settings_from(GIVEN, "r1,r2")
    assert settings.url == "http://127.0.0.1:8000"
    assert settings.router_port == 7447


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RONDA_PORT", "http"),
        ("RONDA_PORT", "0"),
        ("RONDA_ROUTER_PORT", "70000"),
        ("RONDA_SPEED", "fast"),
        ("RONDA_SPEED", "0"),
    ],
)
def test_a_bad_setting_is_named_with_what_came(name, value):
    with pytest.raises(InvalidInput, match=f"{name}.*{value!r}"):
        settings_from({**GIVEN, name: value}, "r1")


def test_each_robot_has_a_router_and_a_folder_of_its_own():
    parts = parts_of(settings_from(GIVEN, "r1,r2"), GIVEN)
    robots = [p.environment for p in parts if p.name.startswith("robot")]
    assert [r["RONDA_ROBOT_ROUTER_PORT"] for r in robots] == ["7451", "7452"]
    assert [Path(r["RONDA_DATA"]).name for r in robots] == ["r1", "r2"]


def test_the_simulator_reaches_the_routers_of_all_robots():
    (simulator,) = (p for p in parts_of(settings_from(GIVEN, "r1,r2"), GIVEN) if p.name == "simulator")
    assert "--robot-router=r2=tcp/127.0.0.1:7452" in simulator.argv


def test_a_scenario_of_ones_own_goes_to_the_simulator():
    given = {**GIVEN, "RONDA_SCENARIO": "/tmp/mine.yaml"}
    (simulator,) = (p for p in parts_of(settings_from(given, "r1"), given) if p.name == "simulator")
    assert simulator.argv[-2:] == ("--scenario", "/tmp/mine.yaml")
