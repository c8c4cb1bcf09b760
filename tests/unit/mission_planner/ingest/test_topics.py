"""Topic names, filters, and which match: the examples of MQTT 5, section 4.7, and a few of ours."""

from __future__ import annotations

import pytest

from mission_planner.incidents.ingest.topics import is_topic_filter, is_topic_name, matches


@pytest.mark.parametrize(
    ("pattern", "topic", "wanted"),
    [
        ("sport/tennis/player1/#", "sport/tennis/player1", True),
        ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", True),
        ("sport/#", "sport", True),
        ("#", "any/thing", True),
        ("sport/tennis/+", "sport/tennis/player1", True),
        ("sport/tennis/+", "sport/tennis/player1/ranking", False),
        ("sport/+", "sport", False),
        ("sport/+", "sport/", True),
        ("+/+", "/finance", True),
        ("/+", "/finance", True),
        ("+", "/finance", False),
        ("#", "$SYS/broker", False),
        ("+/broker", "$SYS/broker", False),
        ("$SYS/#", "$SYS/broker", True),
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/b/c", "a/b", False),
        ("a/+/c", "a/b/d", False),
    ],
)
def test_filters_match_as_the_standard_says(pattern: str, topic: str, wanted: bool) -> None:
    assert is_topic_filter(pattern)
    assert matches(pattern, topic) is wanted


@pytest.mark.parametrize("pattern", ["", "a#", "#/a", "a/#/b", "a+", "+a/b", "a/b+", "x\0", "a" * 65_536])
def test_wrong_filters(pattern: str) -> None:
    assert not is_topic_filter(pattern)


@pytest.mark.parametrize("topic", ["", "a/+", "#", "a\0b", "é" * 40_000])
def test_wrong_names(topic: str) -> None:
    assert not is_topic_name(topic)


def test_a_name_is_any_other_text() -> None:
    assert is_topic_name("小区/sensors/烟感 1/event")
