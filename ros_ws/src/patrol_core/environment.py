"""What every process reads from its environment in the same way, with errors that name the variable."""

from __future__ import annotations

from collections.abc import Mapping

from patrol_core.errors import InvalidInput

MIN_SPEED, MAX_SPEED = 0.1, 100.0


def port(environment: Mapping[str, str], name: str, default: int) -> int:
    """A TCP port.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise InvalidInput(f"expected a port from 1 to 65535; came {text!r}", where=name)
    return int(text)


def speed(environment: Mapping[str, str], name: str = "RONDA_SPEED") -> float:
    """Site seconds per real second; 1 where nothing is said.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    text = environment.get(name) or "1"
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not MIN_SPEED <= value <= MAX_SPEED:
        raise InvalidInput(f"expected a number from {MIN_SPEED:g} to {MAX_SPEED:g}; came {text!r}", where=name)
    return value
