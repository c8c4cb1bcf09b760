"""WHEP in a real browser without the console: a robot's camera, its media process, a center, and Chromium.

Chromium hides its addresses behind mDNS names here as it does at an operator's desk: no flag turns that off.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from patrol_core.part import PartState
from tests.browser.center import PASSWORD
from tests.browser.chromium import FLAGS, chinese_page, chromium_path
from tests.helpers.video import media_process, stamp_ms, stamping_robot
from tests.helpers.waiting import eventually

PATH = "/api/v1/robots/r1/cameras/front/whep"
SCRIPT = (Path(__file__).parent / "viewer.js").read_text()
SILENT = "nothing was heard of it for 8 s"
GONE_S = 60  # 8 s of silence, one more until it is looked for, and slow machines


@pytest.fixture(scope="module")
def robot(center):
    with stamping_robot(center.router_port) as robot:
        yield robot


@pytest.fixture(scope="module")
def media(center, robot):
    with media_process(center.folder, robot.router_port) as media:
        yield media


@pytest.fixture
def page(center, media):
    with chinese_page() as page:
        log_in(page, center)
        yield page
        page.evaluate("() => Promise.all(viewers.map((v, i) => v.session && leave(i)))")
    nobody_watches(media)


def log_in(page, center):
    page.goto(f"{center.url}/healthz")
    page.add_script_tag(content=SCRIPT)
    assert page.evaluate("password => logIn('admin', password)", PASSWORD) == 200


def watch(page):
    """Watch, once the robot is there; the viewer's number."""

    def answered():
        answer = page.evaluate("path => watch(path)", PATH)
        return answer if answer["status"] == 201 else None

    return eventually(answered, within_s=60, every_s=0.3, what="the robot answers")["index"]


def decoded(page, viewer):
    return (page.evaluate("i => stats(i)", viewer) or {}).get("framesDecoded", 0)


def sees(page, viewer, more=10):
    """Wait for so many more decoded pictures."""
    before = decoded(page, viewer)
    eventually(lambda: decoded(page, viewer) >= before + more, within_s=60, what=f"{more} more pictures")


def of(page, viewer, name):
    return page.evaluate("([i, name]) => viewers[i][name]", [viewer, name])


def nobody_watches(media):
    """Wait until every session is closed, and the camera and its encoder have stopped."""
    eventually(
        lambda: media.said("watches camera") == media.said(": closed, "), within_s=GONE_S, what="every session closed"
    )
    eventually(lambda: media.said("first viewer") == media.said("nobody watches any more"), within_s=GONE_S, what="off")


@contextmanager
def second_browser(page, center):
    """Another viewer at another desk, who sees pictures; and all processes of that browser, to be treated badly."""
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    browser = page.context.browser.browser_type.launch(executable_path=chromium_path(), args=FLAGS)
    processes = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
    try:
        other = browser.new_page()
        log_in(other, center)
        sees(other, watch(other), 5)
        processes = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
        yield processes
    finally:
        for process in processes:
            if process.is_running():
                process.kill()


def test_a_picture_arrives_as_h264_and_is_decoded(page):
    viewer = watch(page)
    sees(page, viewer, 10)
    stats = page.evaluate("i => stats(i)", viewer)
    assert (stats["frameWidth"], stats["frameHeight"]) == (640, 480)
    codec = page.evaluate(
        "async ([i, id]) => (await viewers[i].pc.getStats()).get(id).mimeType", [viewer, stats["codecId"]]
    )
    assert codec == "video/H264"


def test_a_stamp_is_the_time_that_is_drawn_in_its_picture(page):
    viewer = watch(page)
    sees(page, viewer, 40)
    stamps = of(page, viewer, "stamps")
    pictures = [f for f in of(page, viewer, "frames") if str(f["rtp"]) in stamps and f["ms"] is not None]
    assert len(pictures) >= 10
    for picture in pictures:
        said = stamps[str(picture["rtp"])]
        assert picture["ms"] == stamp_ms(datetime.fromisoformat(said["stamp"])), picture
        assert said["age_ms"] >= 0


def test_boxes_name_the_picture_they_belong_to(page):
    viewer = watch(page)
    sees(page, viewer, 20)
    assert of(page, viewer, "label") == "detections"
    assert of(page, viewer, "reliable") is False
    drawn = {f["rtp"]: f["ms"] for f in of(page, viewer, "frames") if f["ms"] is not None}
    matched = [d for d in of(page, viewer, "detections") if d["rtp"] in drawn]
    assert len(matched) >= 5
    for said in matched:
        assert drawn[said["rtp"]] == stamp_ms(datetime.fromisoformat(said["stamp"]))
        assert said["boxes"] == [
            {
                "id": "t1",
                "kind": "person",
                "verdict": "suspected",
                "score": 0.5,
                "box": [0.25, 0.5, 0.5, 0.75],
                "distance_m": 3,
            }
        ]


def test_four_viewers_of_one_camera_have_one_encoder(page, robot, media):
    published, before = robot.pictures, media.counts()
    viewers = [watch(page) for _ in range(4)]
    for viewer in viewers:
        sees(page, viewer, 20)
    most = max(decoded(page, viewer) for viewer in viewers)
    page.evaluate("() => Promise.all(viewers.map((v, i) => leave(i).then(() => (v.session = null))))")
    nobody_watches(media)
    encoded = media.counts()["encoded"] - before.get("encoded", 0)
    assert most <= encoded <= robot.pictures - published + 1


def test_a_browser_that_is_killed_is_let_go_and_the_camera_stops(center, page, media):
    gone = media.said(SILENT)
    with second_browser(page, center) as processes:
        for process in processes:
            process.kill()
        eventually(lambda: media.said(SILENT) > gone, within_s=GONE_S, what="it is let go")
    nobody_watches(media)


def test_a_viewer_that_stops_reading_is_closed_and_holds_nobody_up(center, page, media):
    """Its machine is asleep: packets go out, and nothing comes back."""
    gone, awake = media.said(SILENT), watch(page)
    with second_browser(page, center) as processes:
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        sees(page, awake, 30)
        eventually(lambda: media.said(SILENT) > gone, within_s=GONE_S, what="it is let go")
        sees(page, awake, 10)


def test_the_picture_goes_on_while_the_center_starts_again(center, page, media):
    viewer = watch(page)
    sees(page, viewer, 10)
    answered = media.said("watches camera")
    center.kill()
    try:
        sees(page, viewer, 24)
    finally:
        center.start()
    sees(page, viewer, 24)
    assert page.evaluate("i => viewers[i].pc.connectionState", viewer) == "connected"
    assert media.said("watches camera") == answered
    page.evaluate("i => { viewers[i].session = null; viewers[i].pc.close() }", viewer)  # the center knows it no more


def test_logging_out_ends_the_picture(page, media):
    watch(page)
    said = media.said("the center said so")
    status = "() => fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-Ronda': '1' } }).then((a) => a.status)"
    assert page.evaluate(status) == 204
    eventually(lambda: media.said("the center said so") > said, what="the robot is told")
    page.evaluate("() => { viewers[0].session = null }")


def test_a_camera_that_gives_no_pictures_is_said_to_be_unavailable_and_comes_back(page, robot):
    viewer = watch(page)
    sees(page, viewer, 5)
    eventually(lambda: robot.newest_part("camera").state is PartState.OK, what="the camera is fine")
    assert robot.newest_part("media").state is PartState.OK
    assert robot.newest_part("media").version.startswith("libx264")
    robot.blind = True
    try:
        silent = eventually(
            lambda: (part := robot.newest_part("camera")).state is PartState.UNAVAILABLE and part,
            what="the camera is unavailable",
        )
        assert silent.because.en == "the camera gives no pictures"
        assert silent.because.zh == "相机没有画面"
    finally:
        robot.blind = False
    sees(page, viewer, 5)
    eventually(lambda: robot.newest_part("camera").state is PartState.OK, what="the camera is fine again")
