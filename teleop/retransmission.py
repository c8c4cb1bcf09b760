"""How many lost packets one viewer is sent again: a share of the rate, never so many that they clog the link. Pure.

A receiver behind a full queue asks for everything that is late, again and again; answered in full, that alone keeps a
link of 250 kbit/s full, and no picture arrives any more. What is not sent again is made up for by the key frame that
the viewer asks for.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

PACKET_BITS = 1_200 * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RetransmissionPolicy:
    """Bounds for one viewer."""

    share: float = 0.2  # of the rate
    burst_s: float = 0.5  # so much of that share may be spent at once
    again_s: float = 0.15  # the same packet at most once in so long
    remembered: int = 256  # packets; the oldest is forgotten


class RetransmissionBudget:
    """A bucket of packets that fills with the rate. Belongs to one viewer."""

    def __init__(self, policy: RetransmissionPolicy | None = None) -> None:
        self._policy = policy or RetransmissionPolicy()
        self._bits = 0.0
        self._filled_s: float | None = None
        self._sent_s: OrderedDict[int, float] = OrderedDict()
        self.refused = 0

    def may_send(self, sequence_number: int, *, now_s: float, rate_bps: float) -> bool:
        """Whether this packet may be sent again now; if so, it counts as sent."""
        most = max(self._policy.share * self._policy.burst_s * rate_bps, PACKET_BITS)
        after_s = self._policy.burst_s if self._filled_s is None else now_s - self._filled_s
        self._bits = min(self._bits + self._policy.share * rate_bps * after_s, most)
        self._filled_s = now_s
        sent_s = self._sent_s.get(sequence_number)
        too_soon = sent_s is not None and now_s - sent_s < self._policy.again_s
        if too_soon or self._bits < PACKET_BITS:
            self.refused += 1
            return False
        self._bits -= PACKET_BITS
        self._sent_s[sequence_number] = now_s
        self._sent_s.move_to_end(sequence_number)
        if len(self._sent_s) > self._policy.remembered:
            self._sent_s.popitem(last=False)
        return True
