"""While a center runs nobody waits long for one thread or for what lives for ever; afterwards all is as before."""

from __future__ import annotations

import gc
import sys

import pytest

from mission_planner.pauses import TURN_S, short_pauses


def test_what_lives_for_ever_is_not_looked_through_while_the_block_runs() -> None:
    before = gc.get_freeze_count()
    with short_pauses():
        assert gc.get_freeze_count() > before + 1_000
        assert sys.getswitchinterval() == pytest.approx(TURN_S)
    assert gc.get_freeze_count() == 0


def test_all_is_as_before_after_a_center_that_failed() -> None:
    turn_s = sys.getswitchinterval()
    with pytest.raises(RuntimeError), short_pauses():
        raise RuntimeError("a part died")
    assert sys.getswitchinterval() == turn_s
    assert gc.get_freeze_count() == 0
