"""What the media process is told from outside: the environment, checked once and by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.environment import speed
from patrol_core.errors import InvalidInput

LOOPBACK = "127.0.0.1"
EVERY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """Settings of one robot's media process."""

    host: str  # the address that video leaves from, or `*` for every one that the machine has
    speed: float  # site time over real time


def settings_from(environment: Mapping[str, str]) -> MediaSettings:
    """The settings.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    host = environment.get("RONDA_MEDIA_HOST") or LOOPBACK
    if host != EVERY:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise InvalidInput(
                f'expected an address of this machine, or "{EVERY}" for all; came {host!r:.60}',
                where="RONDA_MEDIA_HOST",
            ) from None
    return MediaSettings(host=host, speed=speed(environment))
