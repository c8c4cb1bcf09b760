"""The console before a real center: what an operator reads, types, undoes, and sees when the center is gone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.parts import SOON_MS, begin, cards, go

NEW_ALARMS = iter(  # a test that is tried again needs others
    [("gas-b1-1-0301", "sos-button-b1-1-1102"), ("gas-b3-1-0703", "sos-button-b5-1-1203")]
)


def strip(page):
    return page.locator(".strip")


def smoke(page):
    """Open the incident that the tests act on."""
    begin(page, "#/live")
    cards(page).filter(has_text="烟感报警").click()
    expect(page.locator("section.panel h2")).to_contain_text("烟感报警")


def test_with_nothing_to_do_it_says_so(page):
    expect(strip(page)).to_contain_text("没有待处理的事件", timeout=SOON_MS)


def test_a_robot_that_never_reported_pretends_nothing(page):
    go(page, "#/robots/r1")
    panel = page.locator("section.panel")
    expect(panel).to_contain_text("它还没有报到过", timeout=SOON_MS)
    expect(panel.locator(".battery")).to_contain_text("未知")


def test_an_alarm_appears_by_itself_with_its_place_and_its_visible_twin_of_the_sound(page, center):
    go(page, "#/live")
    center.publish("smoke-b1-1-0301", state="alarm", value=0.31, unit="%/m", boot="a", seq=1)
    expect(cards(page).first).to_contain_text("1 栋 1 单元 301", timeout=SOON_MS)
    expect(page.locator(".banner-life")).to_contain_text("1 起危及生命的事件无人接手")
    expect(page.locator(".incident-marker[data-incident]")).to_have_count(1)


def test_the_keys_walk_the_queue_and_take_what_is_open(page, center):
    center.publish("water-meter-b7-1-0601", state="alarm", boot="a", seq=1)
    center.publish("nobody-knows", state="alarm", boot="a", seq=1)
    expect(cards(page)).to_have_count(3, timeout=SOON_MS)
    begin(page, "#/live")
    page.keyboard.press("j")
    expect(page.locator("section.panel h2")).to_contain_text("烟感报警")
    page.keyboard.press("a")
    expect(page.locator("section.panel .chip")).to_have_text("处理中", timeout=SOON_MS)
    expect(page.locator(".banner-life")).to_have_count(0)


def test_closing_without_proof_is_not_sent_and_says_what_is_missing(page):
    smoke(page)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("关闭需要凭据")
    dialog.get_by_role("button", name="关闭事件").click()
    expect(dialog.get_by_role("alert")).to_have_text("请先写一句话。")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_false_alarm_turns_blue_and_can_be_taken_back(page):
    smoke(page)
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("装修粉尘")
    dialog.get_by_role("button", name="误报").click()
    expect(page.locator("section.panel .chip-done")).to_have_text("误报", timeout=SOON_MS)
    expect(page.locator("section.panel h2 .mark-done")).to_have_count(1)
    page.locator(".toast").filter(has_text="已标为误报").get_by_role("button", name="重新打开").click()
    expect(page.locator("section.panel .chip")).to_have_text("无人接手", timeout=SOON_MS)


def test_the_queue_does_not_move_under_the_pointer(page, center):
    cards(page).first.hover()
    shown = cards(page).evaluate_all("cards => cards.map(c => c.dataset.incident)")
    for sensor in next(NEW_ALARMS):  # more urgent than water and than what nobody knows, wherever the smoke stands
        center.publish(sensor, state="alarm", boot="a", seq=1)
    page.wait_for_function(
        "n => document.querySelectorAll('.strip [data-incident]').length > n", arg=len(shown), timeout=SOON_MS
    )
    held = cards(page).evaluate_all("cards => cards.map(c => c.dataset.incident)")
    assert held[: len(shown)] == shown
    page.mouse.move(700, 300)
    page.wait_for_function(
        """shown => [...document.querySelectorAll('.strip [data-incident]')]
            .slice(0, shown.length).some((card, nth) => card.dataset.incident !== shown[nth])""",
        arg=shown,
        timeout=SOON_MS,
    )


def test_everything_is_there_in_english_too(page):
    expect(page.locator(".toast")).to_have_count(0, timeout=2 * SOON_MS)  # what was said stays as it was said
    page.get_by_role("button", name="English").click()
    try:
        go(page, "#/settings")
        panel = page.locator("section.panel")
        expect(panel).to_contain_text("Voice: Unavailable", timeout=SOON_MS)
        text = page.locator("body").inner_text()
    finally:
        page.locator(".bar-language").click()
    left = set(re.findall(r"[\u4e00-\u9fff]+", text)) - {"中文"}
    assert not left, f"expected English only; came {left}"


def test_a_patrol_is_planned_on_the_map_previewed_saved_and_its_removal_undone(page):
    begin(page, "#/patrols/new")
    page.get_by_role("button", name="保存计划").click()
    expect(page.get_by_role("alert").filter(has_text="请给这次巡逻起个名字")).to_be_visible()
    page.get_by_label("名称").fill("夜间巡查")
    for stop in ("vp-31", "vp-30"):
        page.locator(f'[data-stop="{stop}"]').dispatch_event("click")
    expect(page.locator('[data-stop="vp-30"]')).to_have_text("2")
    expect(page.locator(".preview li")).to_have_count(10, timeout=SOON_MS)
    page.get_by_role("button", name="保存计划").click()
    expect(page.locator("section.panel h2")).to_have_text("夜间巡查", timeout=SOON_MS)
    expect(page.locator("section.panel .stops li")).to_have_text([re.compile("星河广场"), re.compile("星月湖")])
    page.get_by_role("button", name="删除").click()
    page.locator(".toast").get_by_role("button", name="撤销").last.click()
    expect(page.locator("section.panel").get_by_text("夜间巡查").first).to_be_visible(timeout=SOON_MS)


def test_a_rule_the_center_refuses_is_explained_at_its_field(page):
    begin(page, "#/patrols/new")
    page.get_by_label("名称").fill("坏规则")
    page.locator('[data-stop="vp-31"]').dispatch_event("click")
    page.get_by_role("radio", name="自定义规则").check()
    page.get_by_label("RRULE").fill("FREQ=NEVER")
    page.get_by_role("button", name="保存计划").click()
    expect(page.get_by_role("alert").filter(has_text="FREQ")).to_be_visible(timeout=SOON_MS)


def test_a_killed_center_is_noticed_and_what_happened_meanwhile_is_there_afterwards(page, center):
    go(page, "#/live")
    center.kill()
    expect(page.locator(".banner-lost")).to_contain_text("与中心失去连接", timeout=2 * SOON_MS)
    center.start()
    center.publish("smoke-b2-1-0502", state="alarm", boot="a", seq=1)
    expect(page.locator(".banner-lost")).to_have_count(0, timeout=2 * SOON_MS)
    expect(strip(page)).to_contain_text("2 栋 1 单元 502", timeout=SOON_MS)


def test_an_ended_session_leads_back_to_the_login(page):
    page.context.clear_cookies()
    go(page, "#/settings")
    expect(page.get_by_text("登录已过期")).to_be_visible(timeout=2 * SOON_MS)
