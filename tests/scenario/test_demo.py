"""One whole demo, from its start to a fall: what the operator sees in a real Chromium, and what the robots do.

The page is left while the robots look for who fell: a map drawn without a graphics card takes the processors from the
eyes. Asked at the end is what the robots did by themselves all the while: the operator touched the smoke incident only
after a robot had looked.
"""

from __future__ import annotations

import io
import re
import shutil
import wave
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Page, expect

from patrol_core.geometry import Point2
from tests.browser.chromium import chinese_page
from tests.helpers.demo import PASSWORD, running_demo
from tests.helpers.waiting import eventually
from tests.scenario.ledger import around, seen
from tests.scenario.truth import Truth

pytestmark = pytest.mark.timeout(900)  # the first test of the fall waits for the fall and what comes of it

WITHIN_MS = 240_000
UNTIL_FALL_S = 300.0  # of the tests before it
TOLD_WITHIN_S = 180.0  # of the fall
PIN_M = 1.5
DECODED = """async () => {
  let decoded = 0;
  for (const connection of rondaVideo.values())
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp') decoded += report.framesDecoded ?? 0;
  return decoded;
}"""


@pytest.fixture(scope="module")
def truth_file(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("truth") / "truth.jsonl"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, truth_file):
    with running_demo(tmp_path_factory.mktemp("demo"), RONDA_SIM_TRUTH=str(truth_file)) as demo:
        yield demo


@pytest.fixture(scope="module")
def opened() -> list[Page]:
    return []


@pytest.fixture(scope="module")
def page(demo, opened):
    with chinese_page() as page:
        opened.append(page)
        page.goto(demo.url)
        yield page


def leave(opened):
    for page in opened:
        page.goto("about:blank")


def test_a_wrong_password_is_refused_in_words(page):
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码", exact=True).fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_operator_logs_in_and_sees_the_map_of_the_site(page):
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("region", name=re.compile("地图"))).to_be_visible(timeout=60_000)
    page.wait_for_function("() => window.rondaMap?.loaded()", timeout=60_000)
    drawn = page.evaluate("() => rondaMap.queryRenderedFeatures().map(feature => feature.properties.id)")
    assert {f"b{n}" for n in range(1, 11)} <= set(drawn), "expected every tower on the map"


def test_a_robot_moves_on_the_map(page):
    def place():
        box = page.locator(".robot-marker").first.bounding_box(timeout=60_000)
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
    photo.wait_for(timeout=60_000)
    eventually(lambda: photo.evaluate("image => image.naturalWidth") == 640, within_s=60, what="the photo drawn")


def test_one_key_acknowledges_it(page, demo):
    page.keyboard.press("a")
    expect(page.locator("section.panel")).to_contain_text("处理中", timeout=60_000)
    assert smoke(demo)["owner"] == "admin"


def test_it_is_closed_with_a_note_and_turns_blue(page, demo):
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("厨房油烟，已通风，无明火")
    dialog.get_by_role("button", name="关闭事件").click()
    expect(page.locator("section.panel .chip-done")).to_have_text("已关闭", timeout=60_000)
    closed = smoke(demo)
    assert (closed["state"], closed["because"]) == ("closed", "厨房油烟，已通风，无明火")


def test_the_ledger_with_photos_is_shown_for_the_patrol(page):
    page.get_by_role("navigation").get_by_role("link", name=re.compile("巡逻")).click()
    page.get_by_text("日常巡逻").first.click()
    ledger = page.locator("ol.ledger").first
    expect(ledger).to_be_visible(timeout=60_000)
    eventually(lambda: page.locator("section.panel img").count() > 0, within_s=60, what="photos of the patrol")


@pytest.fixture(scope="module")
def fell_at(demo, truth_file, opened) -> Point2:
    """Where the simulator let somebody fall."""
    leave(opened)
    return eventually(
        lambda: Truth.read(truth_file).fallen(), within_s=UNTIL_FALL_S, every_s=0.5, what="somebody to fall"
    )[0]


@pytest.fixture(scope="module")
def fall(demo, fell_at):
    """The incident, once a robot is sure and waits there, and its photo has come."""

    def told():
        for incident in demo.center.items("/incidents", kind="person_fallen"):
            there = any(p["complete"] for p in incident["evidence"])
            if incident["certainty"] == "confirmed" and incident["waiting_robot"] and there:
                return incident
        return None

    return eventually(
        told,
        within_s=TOLD_WITHIN_S,
        every_s=0.5,
        what=lambda: f"a confirmed fall with photo and robot; robots: {demo.center.items('/robots')}; log: {demo.log}",
    )


def robot_of(demo, fall):
    return demo.center.get(f"/robots/{fall['waiting_robot']['robot_id']}")


def test_the_incident_stands_where_the_person_lies(fall, fell_at):
    pin = Point2(fall["position"]["x_m"], fall["position"]["y_m"])
    assert pin.distance_m(fell_at) <= PIN_M
    assert (fall["priority"], fall["state"], fall["verification"]["state"]) == (1, "open", "seen")


def test_the_photo_shows_what_a_named_model_judged(demo, fall):
    finding = next(f for f in fall["findings"] if f["certainty"] == "confirmed")
    assert finding["model"]
    assert finding["confidence"] > 0.5
    (photo, *_) = [p for p in fall["evidence"] if p["complete"]]
    answer = demo.center.http.get(demo.url + photo["url"])
    assert Image.open(io.BytesIO(answer.content)).size == (640, 480)


def test_the_robot_stands_near_not_too_near_with_its_lights_on(demo, fall, fell_at):
    def attending():
        robot = robot_of(demo, fall)
        return robot if robot["activity"] == "attending" and robot["lights_on"] else None

    robot = eventually(attending, within_s=60, every_s=0.5, what=f"attending with lights; {robot_of(demo, fall)}")
    here = Point2(robot["pose"]["x_m"], robot["pose"]["y_m"])
    assert 1.3 <= here.distance_m(fell_at) <= 5.0
    assert {p["name"]: p["state"] for p in robot["parts"]}["vision"] != "unavailable"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_beside_them_it_says_a_calming_sentence_that_can_be_listened_to(demo, fall):
    def calmed():
        timeline = demo.center.get(f"/incidents/{fall['incident_id']}")["timeline"]
        return [line["kind"] for line in timeline if line["kind"] in ("calmed", "said", "not_said")]

    eventually(lambda: calmed() == ["calmed", "said"], within_s=60, every_s=0.5, what=lambda: f"it said so; {calmed()}")
    order_id = robot_of(demo, fall)["speech"]["order_id"]
    recording = demo.data / "robots" / fall["waiting_robot"]["robot_id"] / "said" / f"{order_id}.wav"
    with wave.open(str(recording)) as read:
        assert read.getnframes() / read.getframerate() > 3.0


def test_the_patrol_waits_and_says_why(demo, fall):
    mission = robot_of(demo, fall)["mission"]
    assert mission["state"] == "paused"
    told = demo.center.get(f"/missions/{mission['mission_id']}")
    assert told["because"]["zh"] == "停下：有人摔倒，守在旁边"


def test_a_fall_leads_to_an_incident_with_a_photo_in_the_page(page, demo, fall):
    page.goto(demo.url)
    page.locator(f'.strip [data-incident="{fall["incident_id"]}"]').click(timeout=60_000)
    panel = page.locator("section.panel")
    expect(panel.locator(".certainty")).to_contain_text("已确认", timeout=60_000)
    photo = panel.locator(".photos-lead img").first
    photo.wait_for(timeout=60_000)
    eventually(lambda: photo.evaluate("image => image.naturalWidth") == 640, within_s=60, what="the photo drawn")


def test_the_camera_of_the_robot_that_waits_there_plays_in_the_page(page):
    panel = page.locator("section.panel")
    expect(panel.locator(".waits h3")).to_contain_text("在旁等候", timeout=60_000)
    picture = panel.locator("figure.video")
    expect(picture).to_have_attribute("data-face", "live", timeout=60_000)
    first = eventually(lambda: page.evaluate(DECODED), within_s=60, what="the first frames decoded")
    eventually(lambda: page.evaluate(DECODED) > first, within_s=60, what="more frames decoded")
    video = picture.locator("video")
    was = video.evaluate("video => video.currentTime")
    eventually(lambda: video.evaluate("video => video.currentTime") > was, within_s=60, what="the picture going on")


def test_what_its_eyes_see_is_drawn_over_the_picture(page):
    picture = page.locator("section.panel figure.video")
    expect(picture).to_contain_text(re.compile("已确认摔倒"), timeout=60_000)


def test_released_the_robot_turns_its_lights_off_and_the_patrol_goes_on(demo, fall, opened):
    leave(opened)
    robot_id = fall["waiting_robot"]["robot_id"]
    mission = robot_of(demo, fall)["mission"]
    released = demo.center.post(f"/incidents/{fall['incident_id']}/release", {"note": "保安到了"})
    assert released["waiting_robot"] is None

    def goes_on():
        robot = demo.center.get(f"/robots/{robot_id}")
        underway = robot["mission"] and robot["mission"]["state"] == "underway"
        return underway and robot["lights_on"] is False and robot["activity"] in ("travelling", "inspecting")

    eventually(goes_on, within_s=60, every_s=0.5, what="the patrol goes on with lights off")
    done = mission["done"]
    eventually(
        lambda: demo.center.get(f"/missions/{mission['mission_id']}")["done"] > done,
        within_s=180,
        every_s=1.0,
        what="another checkpoint done",
    )


def test_an_incident_that_is_closed_needs_no_robot_any_more(demo, fall):
    closed = demo.center.post(f"/incidents/{fall['incident_id']}/close", {"note": "已送医"})
    assert (closed["state"], closed["waiting_robot"]) == ("closed", None)
    refused = demo.center.http.post(f"/incidents/{fall['incident_id']}/release", json={})
    assert refused.status_code == 202, "it was released: once more changes nothing"


def test_two_robots_photograph_their_viewpoints(demo):
    by_robot = eventually(
        lambda: len({m["robot_id"] for m, _ in seen(demo)}) == 2 and len(seen(demo)) >= 3 and seen(demo),
        within_s=WITHIN_MS / 1e3,
        every_s=1.0,
        what="three checkpoints seen, by both robots",
    )
    for _, checkpoint in by_robot:
        (photo,) = checkpoint["entry"]["photos"]
        answer = eventually(
            lambda url=photo["url"]: (a := demo.center.http.get(demo.url + url)).status_code == 200 and a,
            within_s=60,
            what="the photo at the center",
        )
        picture = Image.open(io.BytesIO(answer.content)).convert("L")
        assert picture.size == (640, 480)
        assert ImageStat.Stat(picture).stddev[0] > 10, "expected a picture of something; came one flat colour"


def test_the_ledger_agrees_with_where_the_robots_really_were(demo, truth_file):
    truth = Truth.read(truth_file)
    for mission, checkpoint in seen(demo):
        at = datetime.fromisoformat(checkpoint["entry"]["at"])
        stood = truth.position(mission["robot_id"], at)
        wanted = Point2(checkpoint["pose"]["x_m"], checkpoint["pose"]["y_m"])
        assert stood.distance_m(wanted) < 0.5, (mission["robot_id"], checkpoint["checkpoint_id"])


def test_the_smoke_incident_has_its_place_and_the_reason_for_the_robot(demo):
    incident = smoke(demo)
    assert incident["place"]["zh"]
    assert incident["place_detail"]["building_id"]
    assert incident["verification"]["state"] == "seen"
    assert incident["verification"]["because"]["zh"]
    assert incident["verification"]["robot_id"] in ("r1", "r2")
    assert incident["evidence"], "expected the robot's photo"


def test_after_the_look_the_patrol_resumed_at_the_first_checkpoint_not_done(demo):
    verification = smoke(demo)["verification"]
    verify = demo.center.get(f"/missions/{verification['mission_id']}")
    looked_at = datetime.fromisoformat(verify["checkpoints"][0]["entry"]["at"])

    order, before, first_after = eventually(
        lambda: around(demo, verification["robot_id"], looked_at),
        within_s=WITHIN_MS / 1e3,
        every_s=1.0,
        what="the patrol goes on",
    )
    assert first_after == next(c for c in order if c not in before)


def smoke(demo):
    """The first: a detector that goes on alarming after its incident was closed opens another."""
    return min(demo.center.items("/incidents", kind="smoke"), key=lambda incident: incident["opened_at"])
