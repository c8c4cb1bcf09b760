"""A viewer that is gone is noticed in seconds, whether it said goodbye or not."""

from __future__ import annotations

import pytest

from teleop.viewer_watch import Presence, WatchPolicy, absence

POLICY = WatchPolicy()


@pytest.mark.parametrize(
    ("presence", "now_s", "because"),
    [
        (Presence(opened_s=0), 14.9, None),
        (Presence(opened_s=0), 15.1, "it did not connect within 15 s"),
        (Presence(opened_s=0, heard_s=15), 15.1, "it did not connect within 15 s"),
        (Presence(opened_s=0, connected_s=1, heard_s=100), 107.9, None),
        (Presence(opened_s=0, connected_s=1, heard_s=100), 108.1, "nothing was heard of it for 8 s"),
        (Presence(opened_s=0, connected_s=1, heard_s=43_200), 43_200.5, "it has watched for 12 h"),
    ],
)
def test_why_a_viewer_is_closed(presence: Presence, now_s: float, because: str | None) -> None:
    assert absence(presence, now_s, POLICY) == because
