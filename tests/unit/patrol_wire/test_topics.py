"""Names and QoS on the graph: one card for each topic, and names that ROS accepts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_wire.topics import CLOCK, RobotTopics, SiteTopics, Topic, ros_name
from rclpy.qos import DurabilityPolicy, ReliabilityPolicy

SITE, ROBOT = SiteTopics(site_id="xinghe"), RobotTopics(site_id="xinghe", robot_id="r1")


def cards(of: object) -> list[Topic]:
    found = [getattr(of, name) for name, value in vars(type(of)).items() if isinstance(value, property)]
    return [card for card in found if isinstance(card, Topic)]


def test_every_topic_has_a_name_of_its_own_below_the_site() -> None:
    names = [card.name for card in [*cards(SITE), *cards(ROBOT)]]
    assert len(names) == len(set(names))
    assert all(name.startswith("/xinghe/") for name in names)
    assert all(card.name.startswith("/xinghe/r1/") for card in cards(ROBOT))


def test_what_must_arrive_is_reliable_and_what_is_only_newest_is_not() -> None:
    for card in (SITE.findings, SITE.ledger, SITE.ack, ROBOT.orders, ROBOT.state, ROBOT.cmd_vel, ROBOT.e_stop):
        assert card.qos is not None
        assert card.qos.reliability is ReliabilityPolicy.RELIABLE
    for card in (ROBOT.odom, ROBOT.image, CLOCK):
        assert card.qos is not None
        assert card.qos.reliability is ReliabilityPolicy.BEST_EFFORT


def test_who_comes_late_still_hears_the_stop_and_the_battery() -> None:
    for card in (ROBOT.e_stop, ROBOT.battery):
        assert card.qos is not None
        assert card.qos.durability is DurabilityPolicy.TRANSIENT_LOCAL


@pytest.mark.parametrize(("identifier", "name"), [("r1", "r1"), ("drone-2", "drone_2"), ("7", "n7")])
def test_an_id_becomes_a_ros_name(identifier: str, name: str) -> None:
    assert ros_name(identifier) == name


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True))
def test_every_id_of_a_site_is_a_name_ros_accepts(identifier: str) -> None:
    names = [*cards(SiteTopics(site_id=identifier)), *cards(RobotTopics(site_id=identifier, robot_id=identifier))]
    assert all(re.fullmatch(r"(/[A-Za-z_][A-Za-z0-9_]*)+", card.name) for card in names)
