"""Guessing gets slow; owners are not locked out by others; memory stays bounded."""

from __future__ import annotations

import pytest

from mission_planner.people.throttle import LoginThrottle, Throttled
from patrol_core.clock import ManualClock


@pytest.fixture
def throttle(clock: ManualClock) -> LoginThrottle:
    return LoginThrottle(clock.monotonic_s)


def wait_s(throttle: LoginThrottle, username: str = "admin", peer: str = "10.0.0.1") -> int:
    """How long an attempt has to wait; 0 when it was let in (and counted)."""
    try:
        throttle.attempt(username, peer)
    except Throttled as error:
        return error.retry_after_s
    return 0


def test_five_wrong_ones_are_free_and_then_the_wait_doubles(throttle: LoginThrottle, clock: ManualClock) -> None:
    assert [wait_s(throttle) for _ in range(6)] == [0] * 6
    waits = []
    for _ in range(11):
        wait = wait_s(throttle)
        assert wait > 0
        waits.append(wait - 1)
        clock.forward(seconds=wait)
        assert wait_s(throttle) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_right_one_forgets_the_accounts_count(throttle: LoginThrottle) -> None:
    for _ in range(40):
        assert wait_s(throttle) == 0
        throttle.right("admin", "10.0.0.1")


def test_a_right_one_does_not_forget_the_peers_other_guesses(throttle: LoginThrottle, clock: ManualClock) -> None:
    for i in range(31):
        assert wait_s(throttle, f"user{i}") == 0
    clock.forward(seconds=1)
    assert wait_s(throttle, "mine") == 0
    throttle.right("mine", "10.0.0.1")
    assert wait_s(throttle, "user99") == 0
    assert wait_s(throttle, "user98") == 3, "its own account logged in between bought it nothing"


def test_a_peer_that_tries_many_names_is_slowed_too(throttle: LoginThrottle) -> None:
    waits = [wait_s(throttle, f"user{i}") for i in range(40)]
    assert waits[:31] == [0] * 31
    assert all(waits[31:])


def test_others_guesses_do_not_lock_out_the_owner(throttle: LoginThrottle) -> None:
    for _ in range(20):
        wait_s(throttle, peer="10.9.9.9")
    assert wait_s(throttle, peer="10.9.9.9") > 0
    assert wait_s(throttle, peer="10.0.0.1") == 0


def test_counts_fade(throttle: LoginThrottle, clock: ManualClock) -> None:
    for _ in range(6):
        wait_s(throttle)
    clock.forward(minutes=16)
    assert [wait_s(throttle) for _ in range(5)] == [0] * 5


def test_an_ipv6_network_is_one_peer_and_mapped_ipv4_is_ipv4(throttle: LoginThrottle) -> None:
    for i in range(6):
        wait_s(throttle, peer=f"2001:db8::{i}")
    assert wait_s(throttle, peer="2001:db8::ffff") > 0
    for _ in range(6):
        wait_s(throttle, peer="::ffff:10.0.0.7")
    assert wait_s(throttle, peer="10.0.0.7") > 0


def test_memory_is_bounded(clock: ManualClock) -> None:
    throttle = LoginThrottle(clock.monotonic_s, at_most=50)
    for i in range(1_000):
        wait_s(throttle, f"user{i}", peer=f"10.0.{i // 250}.{i % 250}")
    assert len(throttle._counts) == 50
