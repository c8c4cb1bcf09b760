"""Passwords are kept so that nobody can read them, and checked so that nobody learns who exists."""

from __future__ import annotations

import statistics
import time

import pytest
from argon2 import PasswordHasher

from mission_planner.people.passwords import MAX_CHARS, Passwords, check_new, made_up
from patrol_core.errors import InvalidInput


def test_the_same_password_matches_and_another_does_not(passwords: Passwords) -> None:
    kept = passwords.hash("correct horse")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "correct horse")
    assert not passwords.matches(kept, "correct horsf")
    assert kept != passwords.hash("correct horse"), "salted"


def test_nobodys_password_is_never_right(passwords: Passwords) -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches(None, "x")
    assert not passwords.matches("garbage", "x")


def test_a_very_long_text_is_no_password(passwords: Passwords) -> None:
    assert passwords.matches(passwords.hash("x" * MAX_CHARS), "x" * MAX_CHARS)
    assert not passwords.matches(passwords.hash("x" * MAX_CHARS), "x" * (MAX_CHARS + 1))


def test_composed_and_decomposed_characters_are_the_same(passwords: Passwords) -> None:
    assert passwords.matches(passwords.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_an_unknown_account_costs_as_much_time_as_a_wrong_password() -> None:
    passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1))
    kept = passwords.hash("right")

    def median_s(stored: str | None) -> float:
        took = []
        for _ in range(15):
            start = time.perf_counter()
            passwords.matches(stored, "wrong")
            took.append(time.perf_counter() - start)
        return statistics.median(took)

    assert 0.2 < median_s(None) / median_s(kept) < 5


def test_hashes_of_weaker_parameters_are_outdated(passwords: Passwords) -> None:
    assert not passwords.outdated(passwords.hash("x"))
    assert Passwords().outdated(passwords.hash("x"))


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("short", "expected 10 to 256 characters; came 5"),
        ("x" * 257, "came 257"),
        ("my-Wang.Li-2026", "without the user name"),
        ("ababababababab", "at least 4 different"),
    ],
)
def test_easy_passwords_are_refused_with_the_reason(password: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because):
        check_new(password, username="wang.li")


def test_a_made_up_password_is_accepted_and_each_is_new() -> None:
    several = {made_up() for _ in range(20)}
    assert len(several) == 20
    for password in several:
        check_new(password, username="admin")
