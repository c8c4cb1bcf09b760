"""The operator's desk before a real center: taking by key, sending, merging and undoing, proof by photo, importing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.center import PASSWORD
from tests.browser.parts import SOON_MS, begin, card, go, panel

GUARD = {"username": "wang.gang", "display_name": "王刚", "roles": ["field"], "password": "lantern-by-the-lake"}
SLOW_ACKNOWLEDGEMENT = """() => {
  const send = window.fetch;
  window.fetch = async (...asked) => {
    if (String(asked[0]).endsWith('/acknowledge')) await new Promise(done => setTimeout(done, 500));
    return send(...asked);
  };
}"""
PHOTO = b"\xff\xd8\xff\xe0" + bytes(400_000)  # larger than what other requests may carry
SHOPS = iter([("smoke-shop-1", "便民超市"), ("smoke-b2-1-0502", "2 栋 1 单元 502")])  # one for each try
WRONG_FILE = "id,kind,name_zh,building,unit,floor,flat\nsmoke-new-1,smok,客厅烟感,b1,1,3,302\n"


@pytest.fixture(scope="module")
def center(center):
    """Somebody who can be sent is on duty."""
    with httpx.Client(base_url=f"{center.url}/api/v1", headers={"X-Ronda": "1"}, timeout=60) as client:
        client.post("/session", json={"username": "admin", "password": PASSWORD}).raise_for_status()
        client.post("/accounts", json=GUARD).raise_for_status()
        now = datetime.now(UTC)
        shift = {
            "username": GUARD["username"],
            "role": "field",
            "starts_at": (now - timedelta(minutes=1)).isoformat(),
            "ends_at": (now + timedelta(hours=7)).isoformat(),
        }
        client.put(f"/duty/shifts/{uuid4()}", json=shift).raise_for_status()
    return center


def chip(page):
    return panel(page).locator(".panel-head .chip")


def test_a_new_alarm_counts_down_to_whom_it_tells_next(page, center):
    center.publish("smoke-b1-1-0301", state="alarm", value=0.31, unit="%/m", boot="a", seq=1)
    clock = card(page, "1 栋 1 单元 301").locator(".clock")
    expect(clock).to_contain_text(re.compile("通知(值班员|网格员)"), timeout=SOON_MS)


def test_a_key_with_nothing_open_shows_the_most_urgent_and_does_nothing_to_it_yet(page):
    begin(page, "#/live")
    page.keyboard.press("a")
    expect(page.locator(".toast").filter(has_text="再按 A 才会执行")).to_have_count(1)  # first: it does not stay
    expect(panel(page).locator(".step-now")).to_contain_text("发生", timeout=SOON_MS)
    expect(chip(page)).to_have_text("无人接手")


def test_the_key_again_takes_it_and_the_line_of_steps_says_who(page):
    page.keyboard.press("a")
    done = page.locator(".toast").filter(has_text="你已接手")
    expect(done).to_have_count(1, timeout=SOON_MS)  # answered, not only shown; first, as it does not stay
    expect(chip(page)).to_have_text("处理中", timeout=SOON_MS)
    expect(panel(page).locator(".step-now")).to_contain_text("Administrator", timeout=SOON_MS)


def test_an_act_that_cannot_be_done_says_why(page):
    page.keyboard.press("a")
    expect(page.locator(".toast-problem").filter(has_text="“处理中”时不能这样做")).to_have_count(1)


def test_the_floor_plan_shows_the_flat_and_names_its_neighbours(page):
    plan = panel(page).locator(".plan")
    expect(plan.locator(".plan-room-here.plan-room-1")).to_have_count(1)
    neighbours = panel(page).locator(".neighbours")
    expect(neighbours).to_contain_text("401")
    expect(neighbours).to_contain_text("302")
    expect(neighbours).to_contain_text("201")


def test_somebody_on_duty_is_sent_with_two_keys_and_a_click(page):
    begin(page, "#/live")
    card(page, "1 栋 1 单元 301").click()
    expect(chip(page)).to_have_text(re.compile("处理中|已派人"))
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog")
    pick = dialog.locator(f'[data-pick="{GUARD["username"]}"]')
    expect(pick).to_contain_text("当班", timeout=SOON_MS)
    pick.click()
    expect(page.locator(".toast").filter(has_text="已派 王刚")).to_have_count(1)
    expect(chip(page)).to_have_text("已派人", timeout=SOON_MS)
    expect(panel(page).locator(".step-now")).to_contain_text("王刚", timeout=SOON_MS)


def test_two_incidents_are_merged_and_the_merge_is_undone(page, center):
    center.publish("smoke-b1-1-1102", state="alarm", boot="a", seq=1)
    begin(page, "#/live")
    other = card(page, "1 栋 1 单元 1102")
    expect(other).to_have_count(1, timeout=SOON_MS)
    other.click()
    expect(chip(page)).to_have_text("无人接手")
    page.keyboard.press("m")
    candidate = page.get_by_role("dialog").locator("[data-pick]").first
    expect(candidate).to_contain_text("1 栋 1 单元 301", timeout=SOON_MS)
    candidate.click()
    expect(chip(page)).to_have_text("已并入", timeout=SOON_MS)
    page.locator(".toast").filter(has_text="已合并").get_by_role("button", name="撤销").click()
    expect(chip(page)).to_have_text("无人接手", timeout=SOON_MS)


def test_the_focused_card_is_what_the_keys_mean(page):
    begin(page, "#/live")
    other = card(page, "1 栋 1 单元 1102")
    other.focus()
    page.keyboard.press("a")
    expect(other).to_contain_text("Administrator", timeout=SOON_MS)


def test_a_photo_of_the_place_closes_it_and_stands_in_the_timeline(page):
    begin(page, "#/live")
    card(page, "1 栋 1 单元 1102").click()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    photo = {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    dialog.locator(".add-photo input").set_input_files(photo)
    expect(dialog.locator(".notice-done")).to_contain_text("现场照片已在", timeout=SOON_MS)
    dialog.get_by_role("button", name="关闭事件").click()
    expect(chip(page)).to_have_text("已关闭", timeout=SOON_MS)
    expect(panel(page).locator(".timeline")).to_contain_text("已补充现场照片")


def test_a_key_pressed_before_the_answer_to_the_last_one_came_waits_for_it(page, center):
    sensor, place = next(SHOPS)
    begin(page, "#/live")
    center.publish(sensor, state="alarm", boot="a", seq=1)
    shop = card(page, place)
    expect(shop).to_have_count(1, timeout=SOON_MS)
    shop.click()
    expect(panel(page)).to_contain_text(place)
    expect(page.locator(".toast-problem")).to_have_count(0)  # of what the tests before did
    page.evaluate(SLOW_ACKNOWLEDGEMENT)
    page.keyboard.press("a")
    page.keyboard.press("d")
    expect(page.get_by_role("dialog")).to_contain_text("派谁去", timeout=SOON_MS)
    assert page.locator(".toast-problem").all_inner_texts() == []
    page.keyboard.press("Escape")


def test_a_file_with_an_error_is_shown_by_line_and_column_and_changes_nothing(page):
    begin(page, "#/devices")
    all_devices = page.locator('[data-tile="all"] b')
    expect(all_devices).not_to_have_text("", timeout=SOON_MS)
    before = all_devices.inner_text()
    panel(page).get_by_role("button", name="导入").click()
    file = {"name": "devices.csv", "mimeType": "text/csv", "buffer": WRONG_FILE.encode()}
    page.locator(".drop input").set_input_files(file)
    problem = page.locator(".problems tbody tr")
    expect(problem).to_have_count(1, timeout=SOON_MS)
    expect(problem.locator("th")).to_have_text("2")
    expect(problem).to_contain_text("kind")
    expect(problem).to_contain_text("可能是 smoke")
    go(page, "#/devices")
    expect(all_devices).to_have_text(before, timeout=SOON_MS)


def test_the_mended_file_is_previewed_imported_and_found(page):
    begin(page, "#/devices/~import")
    mended = WRONG_FILE.replace("smok,", "smoke,").encode()
    page.locator(".drop input").set_input_files({"name": "devices.csv", "mimeType": "text/csv", "buffer": mended})
    expect(page.locator('[data-figure="added"] dd')).to_have_text("1", timeout=SOON_MS)
    panel(page).get_by_role("button", name="导入 1 个设备").click()
    expect(panel(page)).to_contain_text("已导入：新增 1 个", timeout=SOON_MS)
    go(page, "#/devices")
    page.locator("[data-search]").fill("1 栋 302")
    expect(page.locator("[data-device]")).to_have_count(1, timeout=SOON_MS)
    page.locator("[data-device]").click()
    expect(panel(page)).to_contain_text("smoke-new-1", timeout=SOON_MS)


def test_a_device_in_alarm_shows_its_value_its_flat_and_the_way_to_its_incident(page):
    go(page, "#/devices/smoke-b1-1-0301")
    expect(panel(page)).to_contain_text("0.31 %/m", timeout=SOON_MS)
    expect(chip(page)).to_have_text("报警")
    expect(panel(page).locator(".plan-room-here")).to_have_count(1)
    panel(page).get_by_text("相关事件").click()
    expect(panel(page).locator("h2")).to_contain_text("烟感报警", timeout=SOON_MS)


def test_a_shift_is_put_into_the_roster_and_taken_out_again(page):
    go(page, "#/settings/duty")
    row = page.locator(".roster tbody tr").filter(has_text="王刚")
    expect(row).to_have_count(1, timeout=SOON_MS)
    had = row.locator(".shift").count()
    page.get_by_role("button", name="下一周").click()
    empty = page.locator(".roster tbody tr").filter(has_text="王刚")
    expect(empty.locator(".shift")).to_have_count(0, timeout=SOON_MS)
    empty.locator(".shift-add").first.click()
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(empty.locator(".shift")).to_have_text("08–20", timeout=SOON_MS)
    empty.locator(".shift").click()
    page.get_by_role("dialog").get_by_role("button", name="删除班次").click()
    expect(empty.locator(".shift")).to_have_count(0, timeout=SOON_MS)
    assert had == 1
