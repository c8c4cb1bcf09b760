"""What every process reads from its environment."""

from __future__ import annotations

import pytest

from patrol_core import environment
from patrol_core.errors import InvalidInput


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "٨٠", "8000.0"])
def test_a_bad_port_is_named_with_what_came(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"RONDA_PORT.*65535.*{text}"):
        environment.port({"RONDA_PORT": text}, "RONDA_PORT", 8000)


def test_a_port_that_is_not_set_or_empty_is_the_usual_one() -> None:
    assert environment.port({}, "RONDA_PORT", 8000) == 8000
    assert environment.port({"RONDA_PORT": ""}, "RONDA_PORT", 8000) == 8000


@pytest.mark.parametrize("text", ["fast", "0", "nan", "inf", "1000"])
def test_a_bad_speed_is_named_with_what_came(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"RONDA_SPEED.*{text}"):
        environment.speed({"RONDA_SPEED": text})


def test_site_time_is_real_time_where_nothing_is_said() -> None:
    assert environment.speed({}) == 1.0
