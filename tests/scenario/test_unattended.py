"""With no one touching it: a patrol runs, a smoke alarm opens an incident, a robot looks, its patrol resumes."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from patrol_core.geometry import Point2
from tests.helpers.demo import running_demo
from tests.helpers.waiting import eventually
from tests.scenario.truth import Truth

WITHIN_S = 300.0  # of ready


@pytest.fixture(scope="module")
def truth_file(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("truth") / "truth.jsonl"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, truth_file):
    with running_demo(tmp_path_factory.mktemp("unattended"), RONDA_SIM_TRUTH=str(truth_file)) as demo:
        yield demo


@pytest.fixture(scope="module")
def verified_incident(demo):
    """The smoke incident, once a robot has sent the photo of its place."""

    def seen():
        incidents = demo.center.items("/incidents", kind="smoke")
        return next((i for i in incidents if i["verification"]["state"] == "seen"), None)

    return eventually(seen, within_s=WITHIN_S, every_s=0.5, what="a smoke incident verified by a robot")


def entries(demo, kind="patrol"):
    """(mission, checkpoint) of every checkpoint that ended, newest missions first."""
    missions = [demo.center.get(f"/missions/{m['mission_id']}") for m in demo.center.items("/missions")]
    return [(m, c) for m in missions if m["kind"] == kind for c in m["checkpoints"] if c["entry"]]


def seen(demo):
    return [(m, c) for m, c in entries(demo) if c["entry"]["outcome"] == "seen"]


def test_two_robots_photograph_their_viewpoints(demo):
    by_robot = eventually(
        lambda: len({m["robot_id"] for m, _ in seen(demo)}) == 2 and len(seen(demo)) >= 3 and seen(demo),
        within_s=WITHIN_S,
        every_s=1.0,
        what="three checkpoints seen, by both robots",
    )
    for _, checkpoint in by_robot:
        (photo,) = checkpoint["entry"]["photos"]
        answer = eventually(
            lambda url=photo["url"]: (a := demo.center.http.get(demo.url + url)).status_code == 200 and a,
            within_s=30,
            what="the photo at the center",
        )
        picture = Image.open(io.BytesIO(answer.content)).convert("L")
        assert picture.size == (640, 480)
        assert ImageStat.Stat(picture).stddev[0] > 10, "expected a picture of something; came one flat colour"


def test_the_ledger_agrees_with_where_the_robots_really_were(demo, truth_file, verified_incident):
    truth = Truth.read(truth_file)
    for mission, checkpoint in seen(demo):
        at = datetime.fromisoformat(checkpoint["entry"]["at"])
        stood = truth.position(mission["robot_id"], at)
        wanted = Point2(checkpoint["pose"]["x_m"], checkpoint["pose"]["y_m"])
        assert stood.distance_m(wanted) < 0.5, (mission["robot_id"], checkpoint["checkpoint_id"])


def test_the_smoke_incident_has_its_place_and_the_reason_for_the_robot(verified_incident):
    assert verified_incident["place"]["zh"]
    assert verified_incident["place_detail"]["building_id"]
    assert verified_incident["verification"]["because"]["zh"]
    assert verified_incident["verification"]["robot_id"] in ("r1", "r2")
    assert verified_incident["evidence"], "expected the robot's photo"


def test_the_patrol_resumes_at_the_first_checkpoint_not_done(demo, verified_incident):
    robot_id = verified_incident["verification"]["robot_id"]
    verify = demo.center.get(f"/missions/{verified_incident['verification']['mission_id']}")
    looked_at = datetime.fromisoformat(verify["checkpoints"][0]["entry"]["at"])

    def resumed():
        own = [m for m, _ in entries(demo) if m["robot_id"] == robot_id]
        for mission in own:
            done = [
                (c["checkpoint_id"], datetime.fromisoformat(c["entry"]["at"]))
                for c in mission["checkpoints"]
                if c["entry"]
            ]
            before = [c for c, at in done if at < looked_at]
            after = sorted((at, c) for c, at in done if at > looked_at)
            if before and after:
                return mission, before, after[0][1]
        return None

    mission, before, first_after = eventually(resumed, within_s=WITHIN_S, every_s=1.0, what="the patrol going on")
    order = [c["checkpoint_id"] for c in mission["checkpoints"]]
    assert first_after == next(c for c in order if c not in before)


def test_the_operator_acknowledges_and_closes_it_with_a_note(demo, verified_incident):
    path = f"/incidents/{verified_incident['incident_id']}"
    assert demo.center.post(f"{path}/acknowledge")["owner"] == "admin"
    closed = demo.center.post(f"{path}/close", {"note": "厨房油烟，已通风"})
    assert closed["state"] == "closed"
    assert closed["because"] == "厨房油烟，已通风"
