"""Live video in a real browser: a robot's camera, its media process, a center, and Chromium at the other end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.center import PASSWORD, lone_center
from tests.browser.chromium import chinese_page
from tests.helpers.video import media_process, stamping_robot
from tests.helpers.waiting import eventually

PATH = "/api/v1/robots/r1/cameras/front/whep"
SCRIPT = (Path(__file__).parent / "viewer.js").read_text()


@pytest.fixture(scope="module")
def center(tmp_path_factory):
    center = lone_center(tmp_path_factory.mktemp("video"))
    center.start()
    yield center
    center.stop()


@pytest.fixture(scope="module")
def robot(center):
    with stamping_robot(center.router_port) as robot:
        yield robot


@pytest.fixture(scope="module")
def media(center, robot):
    with media_process(center.folder, center.router_port) as media:
        yield media


@pytest.fixture
def page(center, media):
    with chinese_page() as page:
        log_in(page, center)
        yield page


def log_in(page, center):
    page.goto(f"{center.url}/healthz")
    page.add_script_tag(content=SCRIPT)
    assert page.evaluate("password => logIn('admin', password)", PASSWORD) == 200


def watch(page):
    """Watch, once the robot is there; the viewer's number."""
    answer = eventually(lambda: watched(page), within_s=15, every_s=0.3, what="the robot answers")
    return answer["index"]


def watched(page):
    answer = page.evaluate("path => watch(path)", PATH)
    return answer if answer["status"] == 201 else None


def test_a_picture_arrives_as_h264_and_is_decoded(page, media):
    viewer = watch(page)
    eventually(lambda: (page.evaluate("i => stats(i)", viewer) or {}).get("framesDecoded", 0) >= 10, within_s=15)
