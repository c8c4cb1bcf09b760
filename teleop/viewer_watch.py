"""Whether a viewer is still there. Pure.

`connectionState` tells of a viewer that vanished after half a minute (ICE consent, six tries of five seconds). One that
is there sends RTCP about once a second and a connectivity check every few seconds: silence of both is a better sign.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPolicy:
    """Bounds, in real time."""

    connect_s: float = 15.0  # from the offer to the connection
    silence_s: float = 8.0
    life_s: float = 12 * 3600.0  # as long as a login lives; the center cannot end what it forgot in a restart


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What is known of one viewer; monotonic seconds."""

    opened_s: float
    connected_s: float | None = None
    heard_s: float | None = None  # its newest RTCP or connectivity check


def absence(presence: Presence, now_s: float, policy: WatchPolicy) -> str | None:
    """Why the viewer is to be closed; None while it may stay."""
    if now_s - presence.opened_s > policy.life_s:
        return f"it has watched for {policy.life_s / 3600:g} h"
    if presence.connected_s is None or presence.heard_s is None:
        late = now_s - presence.opened_s > policy.connect_s
        return f"it did not connect within {policy.connect_s:g} s" if late else None
    if now_s - presence.heard_s > policy.silence_s:
        return f"nothing was heard of it for {policy.silence_s:g} s"
    return None
