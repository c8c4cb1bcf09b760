"""Long runs of the eyes: half an hour, and ten hours in slices, among people who do not lie; for `make prove` only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from patrol_core.site import Site
from sim.renderer import Renderer, setup_of
from tests.scenario.watching import patrol_among_crowd

pytestmark = pytest.mark.prove


@pytest.fixture
def renderer(site: Site) -> Iterator[Renderer]:
    with closing(Renderer(setup_of(site))) as renderer:
        yield renderer


@pytest.mark.timeout(3 * 3600)
def test_half_an_hour_among_people_who_do_not_lie_confirms_nobody(site, finder, renderer):
    """At 2 Hz: about 3,600 pictures."""
    noted = patrol_among_crowd(site, finder, renderer, seed=77, minutes=30, rate_hz=2.0)
    assert noted.looks >= 3_000
    assert noted.confirmed == []


@pytest.mark.parametrize("seed", range(3_000, 3_020))
@pytest.mark.timeout(2 * 3600)
def test_one_of_twenty_half_hours_among_people_who_do_not_lie_confirms_nobody(site, finder, renderer, seed):
    """At 1 Hz, faster at a suspicion, each with other people and things: ten hours together, about 40,000 pictures."""
    noted = patrol_among_crowd(site, finder, renderer, seed=seed, minutes=30, rate_hz=1.0)
    print(f"crowd {seed}: {noted.looks} looks, {len(noted.said)} words of somebody who may lie", flush=True)
    assert noted.looks >= 1_500
    assert [(s.position_m, s.because) for s in noted.confirmed] == []
