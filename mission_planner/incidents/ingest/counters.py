"""What a listener counts; for /metrics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Counters:
    """What happened since the start; each only grows."""

    connections: int = 0
    refused_full: int = 0  # no room for the connection
    faults: int = 0  # connections ended for what they did
    received: int = 0  # messages
    kept: int = 0  # messages the sink returned from
    not_kept: int = 0  # messages of a failed commit; QoS 1 and 2 come again
    batches: int = 0
    waits: int = 0  # times a client had to wait for room
    not_allowed: int = 0  # messages to topics that are not their publisher's
    not_delivered: int = 0  # messages to subscribers that do not read
