"""One sentence about the eyes: the worst thing first, and silence about nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrol_core.part import PartState
from patrol_vision import phrases
from patrol_vision.health import Condition, part_of
from tests.unit.patrol_vision.people import START

FINE = Condition(model="set@12345678")


@pytest.mark.parametrize(
    ("change", "state", "english"),
    [
        ({}, PartState.OK, ""),
        ({"model": None, "no_model": "x.tflite is missing"}, PartState.UNAVAILABLE, "x.tflite is missing"),
        ({"no_pictures": "nothing has come"}, PartState.UNAVAILABLE, "no pictures"),
        ({"looking_s": 12.0}, PartState.UNAVAILABLE, "12 s"),
        ({"blind": phrases.DARK}, PartState.DEGRADED, "black"),
        ({"pose_unknown": True}, PartState.DEGRADED, "place is unknown"),
        ({"degraded_hz": 0.8}, PartState.DEGRADED, "degraded: 0.8 fps"),
    ],
)
def test_each_trouble_has_its_state_and_its_sentence_in_both_languages(change, state, english):
    part = part_of(replace(FINE, **change), START)
    assert (part.name, part.state) == ("vision", state)
    assert english in part.because.en
    assert bool(part.because.zh) == bool(part.because.en)


def test_missing_models_outweigh_everything_else():
    part = part_of(Condition(model=None, no_model="gone", blind=phrases.DARK, degraded_hz=0.1), START)
    assert part.state is PartState.UNAVAILABLE
    assert part.version == ""


def test_the_version_is_the_model_set():
    assert part_of(FINE, START).version == "set@12345678"
