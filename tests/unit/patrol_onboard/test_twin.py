"""Two robots of one id: the one that started later notices, and only when the other is truly alive."""

from __future__ import annotations

import pytest

from patrol_core.ids import uuid7
from patrol_onboard.twin import TwinAlive, TwinWatch

OLDEST, OLDER, OURS, YOUNGER = sorted(uuid7() for _ in range(4))


@pytest.fixture
def watch() -> TwinWatch:
    return TwinWatch(robot_id="r1", boot_id=OURS)


def test_our_own_voice_is_no_twin(watch: TwinWatch) -> None:
    for n in range(10):
        watch.heard(OURS, n, n * 0.5)


def test_an_older_robot_that_goes_on_speaking_makes_us_give_way(watch: TwinWatch) -> None:
    watch.heard(OLDER, 7, 10.0)
    with pytest.raises(TwinAlive, match='expected to be the only robot "r1"'):
        watch.heard(OLDER, 8, 10.5)


def test_the_last_words_of_a_process_that_was_killed_are_no_twin(watch: TwinWatch) -> None:
    for n in range(5):
        watch.heard(OLDER, 100 + n, 10.0 + n * 0.01)


def test_one_word_said_twice_is_no_twin(watch: TwinWatch) -> None:
    watch.heard(OLDER, 7, 10.0)
    watch.heard(OLDER, 7, 20.0)


def test_the_younger_one_gives_way_to_us(watch: TwinWatch) -> None:
    for n in range(10):
        watch.heard(YOUNGER, n, n * 0.5)


def test_two_predecessors_that_died_are_not_taken_for_one_alive(watch: TwinWatch) -> None:
    watch.heard(OLDER, 7, 10.0)
    watch.heard(OLDEST, 6, 10.5)
