"""Core types ↔ ROS messages: every type makes the trip over the wire's own bytes and comes back the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from builtin_interfaces.msg import Time
from hypothesis import find, given

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2, Pose2
from patrol_core.mission import Checkpoint
from patrol_core.site import NO_WORDS
from patrol_interfaces import msg
from patrol_wire import convert, values
from rclpy.serialization import deserialize_message, serialize_message
from tests.unit.patrol_core import core_types

PAIRS = {
    "order": (core_types.orders, convert.order_to, convert.order_from, msg.Order),
    "state": (core_types.states, convert.state_to, convert.state_from, msg.RobotState),
    "ledger": (core_types.entries, convert.ledger_entry_to, convert.ledger_entry_from, msg.LedgerEntry),
    "part": (core_types.parts, convert.part_to, convert.part_from, msg.PartReport),
    "speech": (core_types.speeches, convert.speech_to, convert.speech_from, msg.Speech),
    "sighting": (core_types.sightings, convert.sighting_to, convert.sighting_from, msg.Sighting),
    "finding": (core_types.findings, convert.finding_to, convert.finding_from, msg.Finding),
}


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_every_type_survives_the_wire(name: str) -> None:
    values, to, back, kind = PAIRS[name]

    @given(values)
    def survives(value: Any) -> None:
        assert back(deserialize_message(serialize_message(to(value)), kind)) == value

    survives()


def test_a_time_is_exact_to_the_microsecond_and_stays_utc() -> None:
    moment = datetime(2026, 3, 2, 23, 59, 59, 999_999, tzinfo=UTC)
    assert values.time_from(values.time_to(moment)) == moment
    assert values.time_from(Time(sec=1, nanosec=1_999)) == datetime(1970, 1, 1, 0, 0, 1, 1, tzinfo=UTC)


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    from zoneinfo import ZoneInfo

    noon = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert values.time_from(values.time_to(noon)) == noon


def test_a_time_after_2038_is_refused_and_not_bent() -> None:
    with pytest.raises((OverflowError, ValueError, AssertionError), match=r"2147483648|sec"):
        serialize_message(values.time_to(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)))


def test_unknown_stays_unknown_and_is_no_number() -> None:
    assert values.pose_from(values.pose_to(None)) is None
    assert math.isnan(convert.state_to(_state(battery_pct=None)).battery_pct)
    assert convert.state_from(convert.state_to(_state(charging=None))).charging is None


@cache
def some(name: str) -> Any:
    """The simplest value of a type."""
    return find(PAIRS[name][0], lambda _: True)


def _state(**changes: Any) -> Any:
    return replace(some("state"), **changes)


def _broken(name: str, **fields: Any) -> Callable[[], Any]:
    _, to, back, _ = PAIRS[name]
    message = to(some(name))
    for field, value in fields.items():
        setattr(message, field, value)
    return lambda: back(message)


@pytest.mark.parametrize(
    ("name", "fields", "complaint"),
    [
        ("order", {"order_id": "7"}, "order_id: expected a UUID; came '7'"),
        ("order", {"mission_id": "x"}, "mission_id: expected a UUID; came 'x'"),
        ("order", {"kind": "dance"}, r"kind: expected one of \['start'.*came 'dance'"),
        ("order", {"mission_kind": "walk"}, "mission_kind: expected one of"),
        ("state", {"boot_id": ""}, "boot_id: expected a UUID"),
        ("state", {"activity": "flying"}, "activity: expected one of"),
        ("state", {"charging": 7}, "charging: expected -1, 0 or 1; came 7"),
        ("state", {"battery_pct": math.inf}, "battery_pct: expected a finite number"),
        ("ledger", {"outcome": "maybe"}, "outcome: expected one of"),
        ("ledger", {"photos": ["cafe"]}, "photos: expected 64 hexadecimal digits"),
        ("ledger", {"photos": ["A" * 64]}, "photos: expected 64 hexadecimal digits"),
        ("ledger", {"pose": msg.Pose2(known=True, x_m=math.nan)}, "pose: expected finite numbers"),
        ("finding", {"kind": "ghost"}, "kind: expected one of"),
        ("finding", {"phase": "later"}, "phase: expected one of"),
        ("finding", {"position_known": True, "x_m": math.inf}, "position: expected finite numbers"),
        ("finding", {"confidence": math.nan}, "confidence: expected a finite number"),
        ("finding", {"value": math.inf}, "value: expected a finite number"),
    ],
)
def test_a_message_that_says_nonsense_is_refused_by_field(name: str, fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        _broken(name, **fields)()


def test_a_checkpoint_without_a_place_is_refused() -> None:
    with pytest.raises(InvalidInput, match="checkpoint vp-01: expected a known pose; came none"):
        _broken("order", checkpoints=[msg.Checkpoint(checkpoint_id="vp-01")])()


@pytest.mark.parametrize("dwell_s", [math.nan, math.inf, -1.0])
def test_a_checkpoint_whose_dwell_is_no_length_is_refused(dwell_s: float) -> None:
    checkpoint = msg.Checkpoint(checkpoint_id="vp-01", pose=values.pose_to(Pose2(x_m=0, y_m=0)), dwell_s=dwell_s)
    with pytest.raises(InvalidInput, match="dwell_s: expected a finite number of at least 0"):
        _broken("order", checkpoints=[checkpoint])()


@pytest.mark.parametrize("speed_mps", [math.nan, math.inf, -1.0])
def test_an_order_whose_speed_is_no_speed_is_refused(speed_mps: float) -> None:
    with pytest.raises(InvalidInput, match="speed_mps: expected a finite number of at least 0"):
        _broken("order", speed_mps=speed_mps)()


def test_numbers_written_by_people_come_back_as_they_were_written() -> None:
    order = convert.order_from(msg.Order(order_id="0" * 32, kind="dock", speed_mps=1.2))
    assert order.speed_mps == 1.2


def test_whole_numbers_are_numbers() -> None:
    whole = replace(_state(), pose=Pose2(x_m=1, y_m=2, heading_rad=0), speed_mps=1, battery_pct=90)
    assert convert.state_from(convert.state_to(whole)) == whole
    checkpoint = Checkpoint(checkpoint_id="vp-01", pose=Pose2(x_m=1, y_m=2), name=NO_WORDS, dwell_s=2)
    order = replace(some("order"), checkpoints=(checkpoint,), speed_mps=1)
    assert convert.order_from(convert.order_to(order)) == order
    finding = replace(some("finding"), position_m=Point2(1, 2), confidence=1, value=3)
    assert convert.finding_from(convert.finding_to(finding)) == finding
