"""The lowest viewer governs the rate; quiet scenes do not; a narrow link gets fewer pictures, and is probed again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.errors import InvalidInput
from teleop.rate import Rate, RatePolicy, ViewerSays, first_rate, next_rate

POLICY = RatePolicy()
NOW_S = 1_000.0


def step(rate: Rate, *says: ViewerSays, sent_bps: float, after_s: float = 0.5) -> Rate:
    viewers = {str(n): s for n, s in enumerate(says)}
    return next_rate(rate, viewers, sent_bps=sent_bps, now_s=NOW_S, after_s=after_s, policy=POLICY)


def remb(bps: int, *, age_s: float = 0.0) -> ViewerSays:
    return ViewerSays(remb_bps=bps, remb_s=NOW_S - age_s)


def test_an_estimate_below_what_is_sent_lowers_the_rate_at_once() -> None:
    assert step(Rate(bps=900_000, fps=30), remb(400_000), sent_bps=880_000).bps == 340_000


def test_the_lowest_viewer_governs() -> None:
    narrow, wide = remb(300_000), remb(5_000_000)
    assert step(Rate(bps=900_000, fps=30), wide, narrow, sent_bps=900_000).bps == 255_000


def test_a_quiet_scene_does_not_talk_the_rate_down() -> None:
    """The receiver's estimate is 1.5 times the little that was sent: no sign of a narrow link."""
    assert step(Rate(bps=900_000, fps=30), remb(90_000), sent_bps=60_000).bps > 900_000


def test_an_old_estimate_says_nothing_and_without_a_word_the_rate_stays() -> None:
    assert step(Rate(bps=900_000, fps=30), remb(100_000, age_s=6), sent_bps=900_000).bps == 900_000
    assert step(Rate(bps=900_000, fps=30), ViewerSays(), sent_bps=900_000).bps == 900_000


def test_heavy_loss_lowers_it_and_slight_loss_holds_it() -> None:
    rate = Rate(bps=800_000, fps=30)
    assert step(rate, ViewerSays(lost=0.2, lost_s=NOW_S), sent_bps=800_000).bps == 720_000
    assert step(rate, ViewerSays(lost=0.05, lost_s=NOW_S), sent_bps=800_000).bps == 800_000


def test_on_a_narrow_link_there_are_ten_pictures_a_second_until_it_is_clearly_wider() -> None:
    low = step(Rate(bps=500_000, fps=30), remb(250_000), sent_bps=500_000)
    assert low.fps == 10
    assert step(Rate(bps=350_000, fps=10), sent_bps=0).fps == 10
    assert step(Rate(bps=390_000, fps=10), sent_bps=0).fps == 30


@given(
    bps=st.integers(POLICY.min_bps, POLICY.max_bps),
    estimates=st.lists(st.integers(1, 10**8), max_size=8),
    sent_bps=st.floats(0, 1e8),
    after_s=st.floats(0.1, 10),
)
def test_it_stays_within_its_limits(bps: int, estimates: list[int], sent_bps: float, after_s: float) -> None:
    after = step(Rate(bps=bps, fps=30), *(remb(e) for e in estimates), sent_bps=sent_bps, after_s=after_s)
    assert POLICY.min_bps <= after.bps <= POLICY.max_bps
    assert after.fps in (10, 30)


def test_on_a_link_of_400_kbit_the_queue_drains_and_most_of_the_link_is_used() -> None:
    """A model of a link with one second of queue, and of Chromium's receiver: 0.85 of the incoming rate while the queue
    grows, else up to 1.5 times that rate."""
    link_bps, queue_bits, rate, estimate = 400_000, 0.0, first_rate(POLICY), 900_000.0
    waits_s, sent = [], []
    for tick in range(240):
        sent_bps = float(rate.bps)
        came_bps = min(link_bps, sent_bps + queue_bits / 0.5)
        before, queue_bits = queue_bits, min(max(0.0, queue_bits + (sent_bps - link_bps) * 0.5), float(link_bps))
        grows = queue_bits > before or queue_bits == link_bps
        estimate = 0.85 * came_bps if grows else min(estimate * 1.04, 1.5 * came_bps)
        rate = step(rate, remb(int(estimate)), sent_bps=sent_bps)
        if tick >= 40:
            waits_s.append(queue_bits / link_bps)
            sent.append(sent_bps)
    assert max(waits_s) < 0.3
    assert sum(sent) / len(sent) > 0.6 * link_bps


def test_limits_that_cross_are_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="expected 0 < min ≤ start ≤ max"):
        RatePolicy(min_bps=2_000_000)
