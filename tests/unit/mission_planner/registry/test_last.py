"""What devices last said: one word at a time is the same as many at once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mission_planner.incidents.registry.last import FLOW_GAP_MS, STATE_CODES, ms_of
from mission_planner.incidents.registry.registry import seeded
from tests.unit.mission_planner.world import AT, tiny_site

KEPT = ("state", "value", "unit", "battery_pct", "heard_ms", "valued_ms", "used_ms", "flowing_ms")
SECONDS = st.sampled_from([0, 1, 2, 60, FLOW_GAP_MS // 1000, FLOW_GAP_MS // 1000 + 61])
words = st.lists(
    st.tuples(
        SECONDS,
        st.sampled_from(["normal", "alarm"]),
        st.none() | st.sampled_from([0.0, 1.0, 2.5]),
        st.none() | st.sampled_from([50.0, 80.0]),
        st.sampled_from(["", "m3"]),
    ),
    max_size=8,
)


@given(said=words)
def test_one_word_leaves_what_the_same_word_among_many_leaves(said):
    one, many = seeded(tiny_site().devices).words, seeded(tiny_site().devices).words
    for seconds, state, value, battery_pct, unit in said:
        at = AT + timedelta(seconds=seconds)
        one.note(0, state=state, value=value, unit=unit, battery_pct=battery_pct, at=at)
        many.note_many(
            np.array([0]),
            np.array([STATE_CODES[state]], dtype=np.uint8),
            np.array([np.nan if value is None else value]),
            np.array([np.nan if battery_pct is None else battery_pct], dtype=np.float32),
            np.array([many.unit_code(unit)], dtype=np.uint16),
            ms_of(at),
        )
    for name in KEPT:
        np.testing.assert_array_equal(getattr(one, name)[0], getattr(many, name)[0], err_msg=name)
