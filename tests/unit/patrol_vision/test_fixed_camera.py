"""What a fixed camera tells the center, and when."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta
from uuid import UUID

import pytest

from maps import load_site
from patrol_core.errors import NotFound
from patrol_core.geometry import Point2
from patrol_core.incident import Certainty
from patrol_core.kind import IncidentKind
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Text
from patrol_core.source import SourceKind
from patrol_vision.fixed_camera import TOLD_MAX, Reporter, model_of, site_camera
from tests.unit.patrol_vision.people import START


def sighting(verdict, *, after_s=0.0, number=1):
    return Sighting(
        sighting_id=UUID(int=number),
        camera_id="cam-plaza",
        kind=IncidentKind.PERSON_FALLEN,
        verdict=verdict,
        position_m=Point2(3.0, 4.0),
        first_seen_at=START,
        observed_at=START + timedelta(seconds=after_s),
        confidence=0.8,
        model="set@12345678",
        because=Text.same("why"),
        photo_jpeg=b"" if verdict is Verdict.LET_GO else b"jpeg",
    )


@pytest.fixture
def reporter():
    return Reporter("cam-plaza", undecided_s=15.0)


def test_a_confirmed_one_is_told_at_once_with_its_picture_and_model(reporter):
    reporter.hear(sighting(Verdict.SUSPECTED))
    telling = reporter.hear(sighting(Verdict.CONFIRMED, after_s=10))
    finding = telling.finding
    assert (finding.source.kind, finding.source.source_id) == (SourceKind.CAMERA, "cam-plaza")
    assert (finding.kind, finding.certainty) == (IncidentKind.PERSON_FALLEN, Certainty.CONFIRMED)
    assert finding.evidence == (hashlib.sha256(telling.photo_jpeg).hexdigest(),)
    assert (finding.model, finding.note, finding.position_m) == ("set@12345678", Text.same("why"), Point2(3.0, 4.0))


def test_a_confirmed_one_is_told_once(reporter):
    assert reporter.hear(sighting(Verdict.CONFIRMED))
    assert reporter.hear(sighting(Verdict.CONFIRMED, after_s=5)) is None
    assert reporter.hear(sighting(Verdict.SUSPECTED, after_s=60)) is None


def test_a_suspicion_is_told_as_one_only_when_it_stays_open(reporter):
    assert reporter.hear(sighting(Verdict.SUSPECTED)) is None
    assert reporter.hear(sighting(Verdict.SUSPECTED, after_s=14)) is None
    assert reporter.hear(sighting(Verdict.SUSPECTED, after_s=16)).finding.certainty is Certainty.SUSPECTED
    assert reporter.hear(sighting(Verdict.SUSPECTED, after_s=30)) is None
    assert reporter.hear(sighting(Verdict.CONFIRMED, after_s=40)).finding.certainty is Certainty.CONFIRMED


def test_who_is_let_go_is_told_to_nobody_and_begins_anew(reporter):
    reporter.hear(sighting(Verdict.SUSPECTED))
    assert reporter.hear(sighting(Verdict.LET_GO, after_s=10)) is None
    assert reporter.hear(sighting(Verdict.SUSPECTED, after_s=20)) is None


def test_what_was_told_is_remembered_within_a_bound(reporter):
    told = [reporter.hear(sighting(Verdict.CONFIRMED, number=i)) for i in range(1, TOLD_MAX + 50)]
    assert all(told)
    assert reporter.hear(sighting(Verdict.CONFIRMED, number=TOLD_MAX + 40)) is None


def test_a_camera_of_the_site_stands_as_the_site_says():
    camera = site_camera(load_site("xinghe"), "cam-plaza")
    model = model_of(camera, hfov_rad=math.radians(70))
    assert model.up_m == 6.0
    assert math.degrees(model.tilt_rad) == pytest.approx(-22.0)


def test_an_unknown_camera_is_refused_with_those_there_are():
    with pytest.raises(NotFound, match="cam-plaza"):
        site_camera(load_site("xinghe"), "cam-attic")
