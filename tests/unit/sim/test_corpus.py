"""The corpus of alarms: seeded, with the truth about each; and how grouping is scored against it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from patrol_core.finding import Phase
from patrol_core.ids import uuid7
from patrol_core.kind import KINDS
from sim.corpus import BEGINS, LATE_S, Message, corpus
from sim.corpus_score import bcubed, mean_in_busy_windows, missed, most_in_window
from sim.corpus_site import Estate, Sensors, estate_site


def test_perfect_grouping_scores_one():
    score = bcubed({"a": 1, "b": 1, "c": 2}, {"a": "x", "b": "x", "c": "y"})
    assert (score.precision, score.recall, score.f1) == (1, 1, 1)


def test_everything_in_one_incident_costs_precision_alone():
    score = bcubed({"a": 1, "b": 1, "c": 1, "d": 1}, {"a": "x", "b": "x", "c": "x", "d": "y"})
    # three alarms have 3/4 of their incident right, one has 1/4
    assert score.precision == pytest.approx((3 * 3 / 4 + 1 / 4) / 4)
    assert score.recall == 1


def test_every_alarm_alone_costs_recall_alone():
    score = bcubed({}, {"a": "x", "b": "x", "c": "y"})
    assert score.precision == 1
    assert score.recall == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)


def test_the_worked_example_of_two_mixed_incidents():
    truth = dict(zip("abcdefgh", "xxxxyyzz", strict=True))
    found = dict(zip("abcdefgh", [1, 1, 1, 2, 2, 2, 3, 3], strict=True))
    score = bcubed(found, truth)
    assert score.precision == pytest.approx((3 * 1 + 1 / 3 + 2 * 2 / 3 + 2 * 1) / 8)
    assert score.recall == pytest.approx((3 * 3 / 4 + 1 / 4 + 2 * 1 + 2 * 1) / 8)


def test_an_incident_swallowed_by_a_larger_one_is_missed_and_so_is_one_nobody_was_told_of():
    truth = {"a": "fire", "b": "fire", "c": "swallowed", "d": "untold", "e": "heard"}
    found = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3}
    assert missed(found, truth, of={"fire", "swallowed", "untold", "heard"}, told={1, 3}) == {"swallowed", "untold"}


def test_the_most_within_ten_minutes_is_counted_over_every_window():
    times = [BEGINS + timedelta(minutes=m) for m in (0, 9, 11, 12, 30)]
    assert most_in_window(times) == 3


def test_the_same_seed_gives_the_same_weeks_and_another_gives_others():
    assert corpus(5, days=0.5) == corpus(5, days=0.5)
    assert corpus(5, days=0.5) != corpus(6, days=0.5)


def test_the_community_has_400_000_sensors_and_each_is_found_by_its_id():
    estate = Estate()
    assert estate.sensors >= 400_000
    small = Sensors(Estate(towers=1, staircases=2, floors=3, flats=2))
    assert len(list(small)) == len(small) == len({small[d].device_id for d in small})
    assert "t01-1-01-01-nothing" not in small
    assert "t99-1-01-01-smoke1" not in small
    assert str(uuid7()) not in small


def test_alarms_come_twice_late_and_in_another_order_and_some_not_at_all():
    messages = corpus(1, days=2)
    copies = Counter((m.device_id, m.sequence) for m in messages)
    assert max(copies.values()) == 2
    late_s = [(m.arrives_at - m.sent_at).total_seconds() for m in messages]
    assert max(late_s) > LATE_S / 2
    sent = [m.sent_at for m in messages]
    assert sent != sorted(sent)
    numbers = {m.sequence for m in messages}
    assert set(range(max(numbers))) - numbers, "some words of a story never arrive"


def alarms_by_story(messages, sort):
    """Of each telling: the alarms of each of its true incidents."""
    found: dict[str, dict[str, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for m in messages:
        if m.truth.startswith(sort) and m.phase is Phase.RAISED:
            found[m.truth.rsplit("-", 1)[0]][m.truth].append(m)
    return found.values()


def away_m(one, other):
    return math.hypot(one.position_m.distance_m(other.position_m), one.height_m - other.height_m)


@pytest.mark.parametrize("sort", ["crowd", "fire", "leak", "cut", "dust"])
def test_independent_incidents_overlap_in_neighbouring_flats_by_construction(sort):
    site = estate_site(Estate())
    for stories in alarms_by_story(corpus(1, days=0.5), sort):
        assert len(stories) >= 5
        spans = {t: (min(m.sent_at for m in of), max(m.sent_at for m in of)) for t, of in stories.items()}
        places = {t: {site.devices[m.device_id] for m in of} for t, of in stories.items()}
        beside = [
            t
            for t in stories
            if any(
                other != t
                and spans[t][0] <= spans[other][1] + timedelta(minutes=5)
                and spans[other][0] <= spans[t][1] + timedelta(minutes=5)
                and min(away_m(a, b) for a in places[t] for b in places[other]) <= 4.0
                for other in stories
            )
        ]
        assert len(beside) >= len(stories) / 2


def test_one_hazard_strikes_twice_in_neighbouring_homes_of_one_staircase():
    site = estate_site(Estate())
    twins = alarms_by_story(corpus(1, days=4), "twins")
    assert len(twins) == 8
    for stories in twins:
        one, other = (site.devices[of[0].device_id].place for of in stories.values())
        assert (one.building_id, one.unit) == (other.building_id, other.unit)
        assert one.flat != other.flat
        assert abs(one.floor - other.floor) <= 1
        first, second = (of[0] for of in stories.values())
        assert KINDS[first.kind].family is KINDS[second.kind].family
        assert abs(first.sent_at - second.sent_at) <= timedelta(minutes=15)


def test_the_mean_of_busy_stretches_leaves_the_quiet_ones_out():
    times = [BEGINS + timedelta(minutes=m) for m in (0, 9, 11, 45)]
    assert mean_in_busy_windows(times) == pytest.approx(4 / 3)
    assert mean_in_busy_windows([]) == 0
