"""Which messages of a slice go through the inbox, which are only noted, and which are counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mission_planner.incidents.registry.registry import seeded
from mission_planner.incidents.telemetry.broker import Broker, broker_from
from mission_planner.incidents.telemetry.lane import TelemetryLane
from mission_planner.incidents.telemetry.numbers import Numbers
from mission_planner.incidents.telemetry.points import PointStore
from mission_planner.incidents.telemetry.recorder import Recorder
from mission_planner.incidents.telemetry.subscriber import Subscriber, Taken
from mission_planner.store.inbox import Report
from patrol_core.errors import InvalidInput
from tests.unit.mission_planner.world import tiny_site

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOPIC = "tiny/sensors/smoke-1/event"


async def _never(_: Sequence[Report]) -> None:
    raise AssertionError("nothing is kept here")


class Bench:
    """A lane without a broker."""

    def __init__(self, folder: Path) -> None:
        site = replace(tiny_site(), devices=seeded(tiny_site().devices))
        self.registry = site.devices
        self.now = START
        numbers = Numbers(folder / "devices.txt", self.registry)  # type: ignore[arg-type]
        nowhere = Broker(host="nowhere", port=1, username=None, password=None, topics=())
        self.lane = TelemetryLane(
            subscriber=Subscriber(nowhere),
            site=site,
            keep=_never,
            recorder=Recorder(self.registry, PointStore(folder, numbers), numbers),  # type: ignore[arg-type]
            now=lambda: self.now,
        )

    def crosses(self, *words: str | dict[str, Any], topic: str = TOPIC) -> list[str]:
        """Bodies of what goes through the inbox."""
        payloads = [w.encode() if isinstance(w, str) else json.dumps(w).encode() for w in words]
        taken = Taken([topic.encode()] * len(words), payloads, [1] * len(words), 1)
        return [report.body for report in self.lane.handle(taken, self.now)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


NORMAL, ALARM = {"state": "normal", "value": 0.1}, {"state": "alarm", "value": 0.4}


def test_only_changes_cross_and_a_first_normal_word_is_none(bench: Bench) -> None:
    assert bench.crosses(NORMAL) == []
    assert bench.crosses(NORMAL, NORMAL) == []
    assert bench.crosses(ALARM) == [json.dumps(ALARM)]
    assert bench.crosses(ALARM) == []
    assert bench.crosses(NORMAL) == [json.dumps(NORMAL)]


def test_an_alarm_and_its_end_within_one_slice_both_cross(bench: Bench) -> None:
    bench.crosses(NORMAL)
    assert bench.crosses(ALARM, NORMAL, ALARM) == [json.dumps(w) for w in (ALARM, NORMAL, ALARM)]


def test_a_first_word_that_is_an_alarm_crosses(bench: Bench) -> None:
    assert bench.crosses(ALARM) == [json.dumps(ALARM)]


def test_an_alarm_that_goes_on_is_told_again_after_ten_minutes(bench: Bench) -> None:
    bench.crosses(ALARM)
    bench.now += timedelta(minutes=9)
    assert bench.crosses(ALARM) == []
    bench.now += timedelta(minutes=2)
    assert len(bench.crosses(ALARM)) == 1


def test_values_are_kept_at_most_once_a_minute_and_the_rest_is_counted(bench: Bench) -> None:
    for second in range(0, 180, 10):
        bench.now = START + timedelta(seconds=second)
        bench.crosses({"state": "normal", "value": second})
    assert bench.lane.counters.kept == 3
    assert bench.lane.counters.thinned == 15
    position = bench.registry.position("smoke-1")  # type: ignore[attr-defined]
    assert bench.registry.words.value_of(position) == 170  # type: ignore[attr-defined]


def test_strangers_are_set_aside_once_and_then_only_counted_unless_they_cry(bench: Bench) -> None:
    stranger = "tiny/sensors/nobody/event"
    assert len(bench.crosses(NORMAL, NORMAL, topic=stranger)) == 1
    assert bench.crosses(NORMAL, topic=stranger) == []
    assert len(bench.crosses(ALARM, topic=stranger)) == 1
    assert bench.lane.counters.strangers == 4


def test_what_is_no_json_is_a_stranger_and_breaks_nothing(bench: Bench) -> None:
    for payload in ("", "[", "null", '{"state": 7}', '{"state": "maybe"}', '{"state": "alarm", "value": "x"}'):
        bench.crosses(payload)
    assert bench.lane.counters.handled == 6


@pytest.mark.parametrize(
    ("text", "host", "port", "user"),
    [
        ("mqtt://broker.local", "broker.local", 1883, None),
        ("10.0.0.7:1884", "10.0.0.7", 1884, None),
        ("mqtt://a:b%40c@[::1]:99", "::1", 99, "a"),
    ],
)
def test_the_broker_is_named_by_its_address(text: str, host: str, port: int, user: str | None) -> None:
    broker = broker_from({"RONDA_TELEMETRY_BROKER": text, "RONDA_TELEMETRY_TOPICS": "$share/ronda/a/#, b/+"})
    assert broker is not None
    assert (broker.host, broker.port, broker.username) == (host, port, user)
    assert broker.topics == ("$share/ronda/a/#", "b/+")


@pytest.mark.parametrize("text", ["http://x", "mqtt://", "mqtt://x:port"])
def test_a_wrong_address_says_what_was_expected(text: str) -> None:
    with pytest.raises(InvalidInput, match="RONDA_TELEMETRY_BROKER: expected mqtt://"):
        broker_from({"RONDA_TELEMETRY_BROKER": text})
