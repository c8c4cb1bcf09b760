"""What a robot is told from outside: usual values, and errors that name the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrol_core.errors import InvalidInput
from patrol_onboard.settings import settings_from
from patrol_onboard.supervisor import supervise


def test_a_robot_of_the_demo_needs_nothing_but_its_id() -> None:
    settings = settings_from({"XDG_STATE_HOME": "/state"}, "r2")
    assert settings.site == "xinghe"
    assert settings.data == Path("/state/ronda/robots/r2")
    assert settings.token_file == Path("/state/ronda/robots/r2/token")
    assert (settings.center_url, settings.center_router) == ("http://127.0.0.1:8000", "tcp/127.0.0.1:7447")
    assert (settings.router_port, settings.speed) == (7452, 1.0)


def test_everything_may_be_told() -> None:
    settings = settings_from(
        {
            "RONDA_SITE": "/sites/mine",
            "RONDA_DATA": "/data",
            "RONDA_CENTER_URL": "https://center.example:8443/",
            "RONDA_CENTER_ROUTER": "tls/center.example:7447",
            "RONDA_ROBOT_ROUTER_PORT": "7999",
            "RONDA_ROBOT_TOKEN_FILE": "/secrets/token",
            "RONDA_SPEED": "10",
        },
        "dog",
    )
    assert (settings.site, settings.data, settings.center_url) == (
        "/sites/mine",
        Path("/data"),
        "https://center.example:8443",
    )
    assert (settings.center_router, settings.router_port) == ("tls/center.example:7447", 7999)
    assert (settings.token_file, settings.speed) == (Path("/secrets/token"), 10.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RONDA_ROBOT_ROUTER_PORT", "0"),
        ("RONDA_ROBOT_ROUTER_PORT", "65536"),
        ("RONDA_ROBOT_ROUTER_PORT", "http"),
        ("RONDA_SPEED", "fast"),
        ("RONDA_SPEED", "0"),
        ("RONDA_SPEED", "nan"),
        ("RONDA_SPEED", "101"),
        ("RONDA_CENTER_URL", "127.0.0.1:8000"),
        ("RONDA_CENTER_ROUTER", "127.0.0.1:7447"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name}: expected .* came '{value}'"):
        settings_from({name: value}, "r1")


def test_an_id_without_a_number_has_no_port_until_it_is_told() -> None:
    assert settings_from({}, "dog").router_port is None
    with pytest.raises(InvalidInput, match="RONDA_ROBOT_ROUTER_PORT: expected a port"):
        supervise(settings_from({}, "dog"), {}, command=lambda name: (name,))


@pytest.mark.parametrize("robot_id", ["", "R1", "r 1", "../r1", "r" * 40, "-r1"])
def test_an_id_that_is_none_is_refused(robot_id: str) -> None:
    with pytest.raises(InvalidInput, match="--id: expected lower-case letters"):
        settings_from({}, robot_id)
