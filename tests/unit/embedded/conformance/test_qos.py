"""QoS profiles, as rclpy has them."""

from __future__ import annotations

from copy import copy

import pytest

from rclpy.duration import Duration
from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    InvalidQoSProfileException,
    LivelinessPolicy,
    QoSCompatibility,
    QoSPolicyKind,
    QoSPresetProfiles,
    QoSProfile,
    ReliabilityPolicy,
    qos_check_compatible,
    qos_policy_name_from_kind,
    qos_profile_system_default,
)
from ros_wire import qos as wire


def test_a_depth_alone_keeps_the_last() -> None:
    profile = QoSProfile(depth=1)
    assert (profile.depth, profile.history) == (1, HistoryPolicy.KEEP_LAST)


def test_a_profile_without_history_or_depth_is_refused() -> None:
    with pytest.raises(InvalidQoSProfileException):
        QoSProfile()
    with pytest.raises(InvalidQoSProfileException):
        QoSProfile(history=HistoryPolicy.KEEP_LAST)


def test_profiles_are_equal_when_every_policy_is() -> None:
    one = QoSProfile(depth=1, deadline=Duration(seconds=2))
    same = copy(one)
    assert one == same
    same.depth = 2
    assert one != same
    assert one != QoSProfile(depth=1)


@pytest.mark.parametrize(
    "profile",
    [
        QoSProfile(history=HistoryPolicy.KEEP_ALL, liveliness=LivelinessPolicy.AUTOMATIC),
        QoSProfile(history=HistoryPolicy.KEEP_ALL, depth=12, lifespan=Duration(seconds=5)),
        QoSProfile(
            depth=12, reliability=ReliabilityPolicy.BEST_EFFORT, durability=DurabilityPolicy.TRANSIENT_LOCAL,
            lifespan=Duration(seconds=4), deadline=Duration(nanoseconds=10**6),
            liveliness=LivelinessPolicy.MANUAL_BY_TOPIC, liveliness_lease_duration=Duration(nanoseconds=12),
        ),
    ],
)  # fmt: skip
def test_a_profile_goes_to_the_wire_and_back(profile: QoSProfile) -> None:
    came = QoSProfile.from_wire(profile.to_wire())
    for policy in ("history", "reliability", "durability"):
        assert getattr(came, policy) == getattr(profile, policy)
    for span in ("lifespan", "deadline", "liveliness_lease_duration"):
        given = getattr(profile, span)
        assert getattr(came, span) == (given if given != Duration() else Duration(nanoseconds=2**63 - 1))


def test_numbers_on_the_wire_that_no_policy_has_are_unknown_policies() -> None:
    odd = wire.Qos(reliability=7, durability=9, history=8, depth=-3, liveliness=2)
    came = QoSProfile.from_wire(odd)
    assert (came.reliability, came.durability) == (ReliabilityPolicy.UNKNOWN, DurabilityPolicy.UNKNOWN)
    assert (came.history, came.liveliness, came.depth) == (HistoryPolicy.UNKNOWN, LivelinessPolicy.UNKNOWN, 0)


def test_policies_have_short_names_in_any_case() -> None:
    assert HistoryPolicy.short_keys() == ["system_default", "keep_last", "keep_all", "unknown"]
    assert HistoryPolicy.KEEP_ALL.short_key == "keep_all"
    for text in ("keep_all", "KEEP_ALL", "Keep_All"):
        assert HistoryPolicy.get_from_short_key(text) == HistoryPolicy.KEEP_ALL.value
    assert qos_policy_name_from_kind(QoSPolicyKind.DEADLINE) == "DEADLINE"


def test_presets_are_found_by_short_name() -> None:
    assert QoSPresetProfiles.SYSTEM_DEFAULT.value is qos_profile_system_default
    assert QoSPresetProfiles.get_from_short_key("system_default") == qos_profile_system_default
    assert "sensor_data" in QoSPresetProfiles.short_keys()
    assert QoSProfile.get_from_short_key("sensor_data").reliability == ReliabilityPolicy.BEST_EFFORT


def test_a_depth_of_nothing_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="zero depth"):
        QoSProfile(depth=0)
    profile = QoSProfile(depth=1)
    with pytest.warns(UserWarning, match="zero depth"):
        profile.depth = 0


def test_policies_are_checked_when_they_are_set() -> None:
    profile = QoSProfile(depth=1)
    for name, value in (("reliability", 99), ("depth", -1), ("depth", "1"), ("history", "keep")):
        with pytest.raises(ValueError, match=r"99|depth|keep"):
            setattr(profile, name, value)
    with pytest.raises(TypeError, match="expected a Duration"):
        profile.deadline = 1  # type: ignore[assignment]


def test_a_profile_fits_itself() -> None:
    profile = QoSProfile(depth=1, deadline=Duration(seconds=1), liveliness_lease_duration=Duration(seconds=1))
    assert qos_check_compatible(profile, profile) == (QoSCompatibility.OK, "")


BEST_EFFORT = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
PLAIN = QoSProfile(depth=1)


@pytest.mark.parametrize(
    ("publisher", "subscription", "why"),
    [
        (BEST_EFFORT, PLAIN, "Best effort"),
        (PLAIN, QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL), "Volatile"),
        (PLAIN, QoSProfile(depth=1, deadline=Duration(seconds=1)), "shorter deadline"),
        (PLAIN, QoSProfile(depth=1, liveliness=LivelinessPolicy.MANUAL_BY_TOPIC), "liveliness is automatic"),
        (PLAIN, QoSProfile(depth=1, liveliness_lease_duration=Duration(seconds=1)), "shorter lease"),
    ],
)
def test_what_does_not_fit_by_ros_rules_is_said(publisher: QoSProfile, subscription: QoSProfile, why: str) -> None:
    verdict, reason = qos_check_compatible(publisher, subscription)
    assert verdict is QoSCompatibility.ERROR
    assert why in reason
    assert qos_check_compatible(subscription, publisher)[0] is QoSCompatibility.OK


def test_what_the_system_decides_may_not_fit_and_is_warned_of() -> None:
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    for subscription in (PLAIN, latched):
        verdict, reason = qos_check_compatible(qos_profile_system_default, subscription)
        assert verdict is QoSCompatibility.WARNING
        assert reason
