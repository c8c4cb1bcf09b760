"""Lost packets are sent again within a share of the rate, and each not too often."""

from __future__ import annotations

from teleop.retransmission import PACKET_BITS, RetransmissionBudget, RetransmissionPolicy

RATE_BPS = 960_000  # a share of 0.2 is 20 packets a second


def sent(budget: RetransmissionBudget, numbers: range, *, now_s: float, rate_bps: float = RATE_BPS) -> int:
    return sum(budget.may_send(n, now_s=now_s, rate_bps=rate_bps) for n in numbers)


def test_a_burst_is_bounded_and_the_bucket_fills_with_time() -> None:
    budget = RetransmissionBudget()
    assert sent(budget, range(100), now_s=0.0) == 10
    assert budget.refused == 90
    assert sent(budget, range(100, 200), now_s=0.25) == 5
    assert sent(budget, range(200, 300), now_s=60.0) == 10


def test_over_a_minute_it_is_a_fifth_of_the_rate_however_much_is_asked_for() -> None:
    budget = RetransmissionBudget()
    total = sum(sent(budget, range(50 * n, 50 * n + 50), now_s=n / 10) for n in range(600))
    assert total * PACKET_BITS <= 0.2 * RATE_BPS * 60.5


def test_the_same_packet_is_not_sent_again_at_once() -> None:
    budget = RetransmissionBudget()
    assert [budget.may_send(7, now_s=t, rate_bps=RATE_BPS) for t in (0.0, 0.1, 0.2)] == [True, False, True]


def test_on_the_narrowest_link_single_losses_are_still_mended() -> None:
    budget = RetransmissionBudget(RetransmissionPolicy())
    assert [budget.may_send(n, now_s=float(n), rate_bps=120_000) for n in range(5)] == [True] * 5
