"""Live pictures in the console before a real center: a played robot with a WebRTC camera, seen by a real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from patrol_core.part import PartState
from patrol_core.robot import Activity
from patrol_core.site import Text
from tests.browser.camera import LYING, STANDING, camera
from tests.browser.parts import begin, card, go
from tests.browser.robot import robot
from tests.helpers.waiting import eventually

SOON_MS = 60_000
PIXELS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn;
}"""


@pytest.fixture(scope="module")
def eye():
    with camera() as eye:
        yield eye


@pytest.fixture(scope="module")
def r1(center, eye):
    with robot(center.router_port, eye) as played:
        yield played


def tile(page):
    return page.locator(".panel figure.video")


def shows(page, face):
    expect(tile(page)).to_have_attribute("data-face", face, timeout=SOON_MS)


def plays(page):
    """The picture is on the screen and goes on."""
    shows(page, "live")
    video = tile(page).locator("video")
    was = video.evaluate("video => video.currentTime")
    eventually(lambda: video.evaluate("video => video.currentTime") > was, within_s=60, what="the picture going on")


def test_a_robot_that_never_reported_has_no_picture_and_says_why(page):
    go(page, "#/robots/r1")
    shows(page, "offline")
    expect(tile(page).get_by_role("status")).to_contain_text("没有画面")


def test_the_picture_of_a_robot_that_reports_begins_by_itself_and_says_its_age(page, r1):
    plays(page)
    expect(tile(page).locator(".video-age")).to_have_text(re.compile(r"^\d+(\.\d)? 秒前$"), timeout=SOON_MS)
    assert page.evaluate("() => [...rondaVideo.keys()]") == ["r1/front"]


def test_what_the_eyes_see_is_drawn_over_the_picture_and_goes_when_they_see_nobody(page, r1, eye):
    boxes = tile(page).locator("canvas.video-boxes")
    assert boxes.evaluate(PIXELS) == 0
    eye.boxes = [LYING, STANDING]
    try:
        eventually(lambda: boxes.evaluate(PIXELS) > 0, within_s=60, what="boxes on the canvas")
        expect(tile(page)).to_contain_text("画面中 2 人，1 人已确认摔倒")
    finally:
        eye.boxes = []
    eventually(lambda: boxes.evaluate(PIXELS) == 0, within_s=60, what="an empty canvas")


def test_a_picture_that_stands_still_greys_says_so_and_comes_back(page, r1, eye):
    eye.frozen = True
    try:
        shows(page, "frozen")
        expect(tile(page).get_by_role("status")).to_contain_text("画面冻结")
        assert "grayscale" in tile(page).locator("video").evaluate("video => getComputedStyle(video).filter")
    finally:
        eye.frozen = False
    plays(page)


def test_pausing_ends_the_session_and_keeps_the_last_picture(page, r1, eye):
    tile(page).get_by_role("button", name="暂停画面").click()
    shows(page, "paused")
    eventually(lambda: not eye.peers, what="the session ended at the robot")
    assert tile(page).locator("canvas.video-still").evaluate(PIXELS) > 0
    tile(page).get_by_role("button", name="继续播放").first.click()
    plays(page)


def test_the_picture_is_saved_as_a_file_that_says_whose_it_is(page, r1):
    with page.expect_download() as saved:
        tile(page).get_by_role("button", name="保存画面").click()
    assert re.fullmatch(r"ronda-r1-\d{8}T\d{6}Z\.jpg", saved.value.suggested_filename)
    assert saved.value.path().read_bytes()[:2] == b"\xff\xd8"


def test_leaving_the_page_ends_the_session(page, r1, eye):
    go(page, "#/live")
    eventually(lambda: not eye.peers, what="the session ended at the robot")
    assert page.evaluate("() => rondaVideo.size") == 0


def test_a_refusal_is_told_in_the_robots_words_and_tried_again_by_itself(page, r1, eye):
    eye.refusal = Text(zh="已有 4 人在观看，达到上限", en="4 viewers are watching, which is the limit")
    try:
        begin(page, "#/robots/r1")
        shows(page, "failed")
        expect(tile(page).get_by_role("status")).to_contain_text("已有 4 人在观看，达到上限", timeout=SOON_MS)
        expect(tile(page)).to_contain_text(re.compile(r"\d+ 秒后自动重试"), timeout=SOON_MS)
    finally:
        eye.refusal = None
    plays(page)


def test_a_robot_that_ends_the_connection_is_asked_again(page, r1, eye):
    opened = eye.opened
    eye.hang_up()
    eventually(lambda: eye.opened > opened, within_s=60, what="a new offer")
    plays(page)


def test_a_closed_tab_ends_the_session_at_the_robot(page, r1, eye):
    (before,) = eventually(lambda: list(eye.peers) if len(eye.peers) == 1 else None, what="one who watches")
    page.reload()
    eventually(lambda: before not in eye.peers, what="the session of the page before ended")
    plays(page)


def test_the_parts_of_the_robot_are_shown_with_their_reasons(page, r1):
    begin(page, "#/robots/r1")
    r1.vision = PartState.DEGRADED
    vision = page.locator('[data-part="vision"]')
    expect(vision).to_contain_text("视觉识别：受限 — 每秒只看 2 张画面", timeout=SOON_MS)
    go(page, "#/settings")
    expect(vision).to_contain_text("受限", timeout=SOON_MS)
    r1.vision = PartState.OK
    expect(vision).to_contain_text("正常", timeout=SOON_MS)


def test_the_key_v_leads_to_the_wall_and_1_enlarges_nothing_where_there_is_one_picture(page, r1):
    begin(page, "#/settings")
    page.keyboard.press("v")
    expect(page.locator(".wall .wall-place")).to_have_count(2)  # the site has two robots; one never reported
    expect(page.locator('.wall [data-robot="r1"]')).to_have_attribute("data-face", "live", timeout=SOON_MS)
    expect(page.locator('.wall [data-robot="r2"]')).to_have_attribute("data-face", "offline")
    page.keyboard.press("2")
    expect(page.locator(".wall-large [data-robot]")).to_have_attribute("data-robot", "r2")
    page.keyboard.press("Escape")
    expect(page.locator(".wall-large")).to_have_count(0)


def test_a_fall_leads_to_its_page_with_the_robot_that_waits_there_and_its_picture(page, r1):
    if r1.activity is not Activity.ATTENDING:  # a test that is tried again has found them
        r1.finds_somebody_fallen()
    incident = card(page, "人员摔倒")
    expect(incident).to_be_visible(timeout=SOON_MS)
    incident.click()
    panel = page.locator("section.panel")
    expect(panel.locator(".certainty")).to_contain_text("已确认")
    expect(panel.locator(".certainty")).to_contain_text("置信度 93 %")
    expect(panel.locator(".lead-place")).to_contain_text("栋")
    expect(panel.locator(".waits")).to_contain_text("在旁等候", timeout=SOON_MS)
    expect(panel.locator(".lights")).to_have_text("灯已亮", timeout=SOON_MS)
    plays(page)
    plate = page.locator('.robot-marker[data-robot="r1"] .robot-plate')
    expect(plate).to_contain_text("在人旁守候")


def test_the_plate_of_the_robot_lies_under_no_incident(page):
    def rect(selector):
        return page.locator(selector).bounding_box()

    def apart():
        plate, mark = rect(".robot-marker .robot-plate"), rect(".incident-selected .mark")
        return (
            plate["x"] + plate["width"] <= mark["x"]
            or mark["x"] + mark["width"] <= plate["x"]
            or plate["y"] + plate["height"] <= mark["y"]
            or mark["y"] + mark["height"] <= plate["y"]
        )

    eventually(apart, what="the plate beside the incident's marker")


def test_the_robot_is_released_after_asking_once_and_the_page_says_so(page, r1):
    panel = page.locator("section.panel")
    panel.get_by_role("button", name="放行").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("关灯")
    dialog.get_by_role("button", name="继续等候").click()
    assert not r1.released.is_set()
    panel.get_by_role("button", name="放行").click()
    page.get_by_role("dialog").get_by_role("button", name="放行").click()
    eventually(r1.released.is_set, within_s=60, what="the order at the robot")
    expect(panel.locator(".waits")).to_have_count(0, timeout=SOON_MS)
    expect(panel.locator(".notice-done")).to_contain_text("放行")


def test_an_account_that_may_not_watch_is_told_so_and_asks_the_robot_nothing(page, r1, eye):
    def without(route):
        answer = route.fetch()
        body = answer.json()
        body["account"]["actions"].remove("video.watch")
        route.fulfill(response=answer, json=body)

    go(page, "#/live")
    eventually(lambda: not eye.peers, what="nobody watching")
    opened = eye.opened
    page.route("**/api/v1/session", without)
    page.reload()  # here: at the robot's page it might watch until then
    go(page, "#/robots/r1")
    shows(page, "noPermission")
    expect(tile(page).get_by_role("status")).to_contain_text("只有值班员和管理员可以看")
    assert eye.opened == opened
