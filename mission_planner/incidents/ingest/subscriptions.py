"""What one client wants to hear. Delivery is at QoS 0: this endpoint takes messages in, it is not a bus."""

from __future__ import annotations

from collections.abc import Sequence

from mqtt5 import SubAckReasonCode, TopicFilter, UnsubAckReasonCode

from mission_planner.incidents.ingest.topics import is_topic_filter, matches


class Subscriptions:
    """Topic filters of one client; gone with its connection."""

    def __init__(self, *, at_most: int) -> None:
        self._at_most = at_most
        self._filters: dict[str, TopicFilter] = {}

    def __bool__(self) -> bool:
        return bool(self._filters)

    def add(self, wish: TopicFilter) -> SubAckReasonCode:
        """Granted at QoS 0, or why not."""
        if wish.pattern.startswith("$share/"):
            return SubAckReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED
        if not is_topic_filter(wish.pattern):
            return SubAckReasonCode.TOPIC_FILTER_INVALID
        if len(self._filters) >= self._at_most and wish.pattern not in self._filters:
            return SubAckReasonCode.QUOTA_EXCEEDED
        self._filters[wish.pattern] = wish
        return SubAckReasonCode.GRANTED_QOS_AT_MOST_ONCE

    def remove(self, patterns: Sequence[str]) -> list[UnsubAckReasonCode]:
        """One code per pattern."""
        return [
            UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED
            if self._filters.pop(pattern, None) is None
            else UnsubAckReasonCode.SUCCESS
            for pattern in patterns
        ]

    def match(self, topic: str, *, own: bool) -> bool:
        """Whether a message is wanted; `own` says that this client published it."""
        return any(matches(pattern, topic) and not (own and wish.no_local) for pattern, wish in self._filters.items())
