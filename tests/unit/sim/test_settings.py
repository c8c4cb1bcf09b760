"""What the simulator is told, checked by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_core.errors import InvalidInput
from sim.settings import settings_from


def test_it_runs_without_being_told_anything():
    settings = settings_from({})
    assert (settings.site, settings.scenario, settings.speed) == ("xinghe", "demo", 1.0)
    assert (settings.mqtt_host, settings.mqtt_port) == ("127.0.0.1", 1883)
    assert settings.truth is None


def test_flags_win_over_the_environment():
    environment = {"RONDA_SITE": "a", "RONDA_SPEED": "4", "RONDA_SIM_TRUTH": "/tmp/t", "RONDA_SCENARIO": "quiet"}
    settings = settings_from(environment, site="b", speed=2.0, robot_routers=["r1=tcp/127.0.0.1:7451"])
    assert (settings.site, settings.speed, settings.scenario) == ("b", 2.0, "quiet")
    assert settings.robot_routers == {"r1": "tcp/127.0.0.1:7451"}
    assert settings.truth == Path("/tmp/t")


@pytest.mark.parametrize(
    ("environment", "routers", "named"),
    [
        ({"RONDA_SPEED": "fast"}, [], "RONDA_SPEED"),
        ({"RONDA_SPEED": "1000"}, [], "RONDA_SPEED"),
        ({"RONDA_MQTT_PORT": "0"}, [], "RONDA_MQTT_PORT"),
        ({}, ["r1:7451"], "--robot-router"),
        ({}, ["=tcp/127.0.0.1:7451"], "--robot-router"),
    ],
)
def test_a_wrong_value_is_named(environment, routers, named):
    with pytest.raises(InvalidInput, match=named):
        settings_from(environment, robot_routers=routers)
