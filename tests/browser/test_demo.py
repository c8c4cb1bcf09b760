"""A real Chromium before a real center: log in, see a robot move, an incident, its photo, a fall, the live picture."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import chinese_page
from tests.helpers.demo import PASSWORD, running_demo
from tests.helpers.waiting import eventually
from tests.scenario.truth import Truth

WITHIN_MS = 240_000
FALL_WITHIN_S = 300.0  # of the tests before it
TOLD_WITHIN_S = 180.0  # of the fall
DECODED = """async () => {
  let decoded = 0;
  for (const connection of rondaVideo.values())
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp') decoded += report.framesDecoded ?? 0;
  return decoded;
}"""


@pytest.fixture(scope="module")
def truth_file(tmp_path_factory):
    return tmp_path_factory.mktemp("truth") / "truth.jsonl"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, truth_file):
    with running_demo(tmp_path_factory.mktemp("browser"), RONDA_SIM_TRUTH=str(truth_file)) as demo:
        yield demo


@pytest.fixture(scope="module")
def page(demo):
    with chinese_page() as page:
        page.goto(demo.url)
        yield page


def test_a_wrong_password_is_refused_in_words(page):
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码", exact=True).fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_operator_logs_in_and_sees_the_map_of_the_site(page):
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("region", name=re.compile("地图"))).to_be_visible(timeout=20_000)
    page.wait_for_function("() => window.rondaMap?.loaded()", timeout=60_000)
    drawn = page.evaluate("() => rondaMap.queryRenderedFeatures().map(feature => feature.properties.id)")
    assert {f"b{n}" for n in range(1, 11)} <= set(drawn), "expected every tower on the map"


def test_a_robot_moves_on_the_map(page):
    def place():
        box = page.locator(".robot-marker").first.bounding_box(timeout=30_000)
        return round(box["x"]), round(box["y"])

    before = place()
    eventually(lambda: place() != before, within_s=120, every_s=0.5, what="the first robot's marker moving")


def test_the_smoke_incident_appears_with_the_robots_photo(page):
    incident = page.locator("[data-incident]").filter(has_text="烟感报警").first
    incident.wait_for(timeout=WITHIN_MS)
    incident.click()
    panel = page.locator("section.panel")
    expect(panel.locator(".lead-place")).to_have_text(re.compile(r"\d+ 栋 \d 单元 \d+"))
    expect(panel).to_contain_text("已到现场拍照", timeout=WITHIN_MS)
    photo = panel.locator("img").first
    photo.wait_for(timeout=30_000)
    eventually(lambda: photo.evaluate("image => image.naturalWidth") == 640, within_s=20, what="the photo drawn")


def test_one_key_acknowledges_it(page, demo):
    page.keyboard.press("a")
    expect(page.locator("section.panel")).to_contain_text("处理中", timeout=10_000)
    assert incident(demo)["owner"] == "admin"


def test_it_is_closed_with_a_note_and_turns_blue(page, demo):
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("厨房油烟，已通风，无明火")
    dialog.get_by_role("button", name="关闭事件").click()
    expect(page.locator("section.panel .chip-done")).to_have_text("已关闭", timeout=10_000)
    closed = incident(demo)
    assert (closed["state"], closed["because"]) == ("closed", "厨房油烟，已通风，无明火")


def test_the_ledger_with_photos_is_shown_for_the_patrol(page):
    page.get_by_role("navigation").get_by_role("link", name=re.compile("巡逻")).click()
    page.get_by_text("日常巡逻").first.click()
    ledger = page.locator("ol.ledger").first
    expect(ledger).to_be_visible(timeout=20_000)
    eventually(lambda: page.locator("section.panel img").count() > 0, within_s=30, what="photos of the patrol")


@pytest.fixture(scope="module")
def fall(page, demo, truth_file):
    """The incident of the scenario's fall; meanwhile no map is drawn, which would take the processors from the eyes."""
    page.goto("about:blank")
    eventually(lambda: Truth.read(truth_file).fallen(), within_s=FALL_WITHIN_S, every_s=0.5, what="somebody to fall")

    def told():
        confirmed = [i for i in demo.center.items("/incidents", kind="person_fallen") if i["waiting_robot"]]
        return confirmed[0] if confirmed and confirmed[0]["certainty"] == "confirmed" else None

    fall = eventually(
        told, within_s=TOLD_WITHIN_S, every_s=0.5, what=lambda: f"a fall told; robots: {demo.center.items('/robots')}"
    )
    page.goto(demo.url)
    return fall


def test_a_fall_leads_to_an_incident_with_a_photo_in_the_page(page, fall):
    page.locator(f'.strip [data-incident="{fall["incident_id"]}"]').click(timeout=60_000)
    panel = page.locator("section.panel")
    expect(panel.locator(".certainty")).to_contain_text("已确认", timeout=60_000)
    photo = panel.locator(".photos-lead img").first
    photo.wait_for(timeout=60_000)
    eventually(lambda: photo.evaluate("image => image.naturalWidth") == 640, within_s=30, what="the photo drawn")


def test_the_camera_of_the_robot_that_waits_there_plays_in_the_page(page):
    panel = page.locator("section.panel")
    expect(panel.locator(".waits h3")).to_contain_text("在旁等候", timeout=60_000)
    picture = panel.locator("figure.video")
    expect(picture).to_have_attribute("data-face", "live", timeout=60_000)
    first = eventually(lambda: page.evaluate(DECODED), within_s=30, what="the first frames decoded")
    eventually(lambda: page.evaluate(DECODED) > first, within_s=30, what="more frames decoded")
    video = picture.locator("video")
    was = video.evaluate("video => video.currentTime")
    eventually(lambda: video.evaluate("video => video.currentTime") > was, within_s=30, what="the picture going on")


def test_what_its_eyes_see_is_drawn_over_the_picture(page):
    picture = page.locator("section.panel figure.video")
    expect(picture).to_contain_text(re.compile("已确认摔倒"), timeout=60_000)


def incident(demo):
    (one,) = demo.center.items("/incidents", kind="smoke")
    return one
