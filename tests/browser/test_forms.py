"""Accounts, the duty roster and a device's credential, by their forms and before a real center: one story for each."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.center import log_in
from tests.browser.parts import SOON_MS, begin, card, dialog, go, panel

NURSE = {"username": "li.mei", "name": "李梅", "password": "lantern-by-the-lake"}
SENSOR = "smoke-b1-1-0301"


@pytest.fixture(scope="module")
def her_page(page, center):
    """A browser of her own, in which she has logged in."""
    context = page.context.browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    hers = context.new_page()
    log_in(hers, center, NURSE["username"], NURSE["password"])
    expect(hers.locator(".strip")).to_be_visible(timeout=SOON_MS)
    yield hers
    context.close()


def save(page):
    dialog(page).get_by_role("button", name="保存").click()


def test_an_admin_makes_an_account_and_each_wrong_field_says_what_it_wants(page):
    begin(page, "#/settings/accounts")
    panel(page).get_by_role("button", name="新增账号").click()
    form = dialog(page)
    save(page)
    expect(form.locator(".field-wrong")).to_contain_text("请写用户名", timeout=SOON_MS)
    form.get_by_label("用户名").fill(NURSE["username"])
    form.get_by_label("姓名").fill(NURSE["name"])
    form.get_by_label("密码", exact=True).fill("short")
    save(page)
    expect(form.locator(".field-wrong")).to_contain_text("密码太短，至少 10 个字", timeout=SOON_MS)
    form.get_by_label("密码", exact=True).fill(NURSE["password"])
    save(page)
    row = panel(page).locator(".row").filter(has_text=NURSE["name"])
    expect(row).to_contain_text("网格员", timeout=SOON_MS)
    expect(form).to_have_count(0)


def test_a_name_that_is_taken_is_said_and_what_was_written_stays(page):
    begin(page, "#/settings/accounts")
    panel(page).get_by_role("button", name="新增账号").click()
    form = dialog(page)
    form.get_by_label("用户名").fill(NURSE["username"])
    form.get_by_label("姓名").fill("另一个李梅")
    form.get_by_label("密码", exact=True).fill(NURSE["password"])
    save(page)
    expect(form.locator(".field-error:not([hidden])")).to_contain_text("用户名“li.mei”已有人用", timeout=SOON_MS)
    expect(form.get_by_label("姓名")).to_have_value("另一个李梅")
    form.get_by_role("button", name="取消").click()


def test_she_gets_a_shift_for_today(page):
    begin(page, "#/settings/duty")
    row = page.locator(".roster tbody tr").filter(has_text=NURSE["name"])
    row.locator("td.roster-today .shift-add").click(timeout=SOON_MS)
    form = dialog(page)
    form.get_by_label("开始").fill("00:00")
    form.get_by_label("结束").fill("00:00")
    save(page)
    expect(form.locator(".field-error:not([hidden])")).to_contain_text("结束时间要和开始时间不同")
    form.get_by_label("结束").fill("23:59")
    save(page)
    expect(row.locator("td.roster-today .shift")).to_have_text("00:00–23:59", timeout=SOON_MS)
    row.locator("td.roster-today .shift-add").click()
    save(page)  # 08:00 to 20:00, as it is offered
    expect(form.locator(".field-error:not([hidden])")).to_contain_text("这段时间已经排了班", timeout=SOON_MS)
    form.get_by_role("button", name="取消").click()


def test_she_is_on_duty_and_is_sent(page, center):
    center.publish(SENSOR, state="alarm", value=0.31, unit="%/m", boot="a", seq=1)
    begin(page, "#/live")
    card(page, "1 栋 1 单元 301").click(timeout=SOON_MS)
    expect(panel(page).locator("h2")).to_contain_text("烟感报警")
    page.keyboard.press("d")
    pick = dialog(page).locator(f'[data-pick="{NURSE["username"]}"]')
    expect(pick).to_contain_text("当班", timeout=SOON_MS)
    pick.click()
    expect(panel(page).locator(".orders")).to_contain_text(NURSE["name"], timeout=SOON_MS)


def test_she_logs_in_sees_her_order_takes_it_and_the_desk_sees_that(page, her_page):
    card(her_page, "1 栋 1 单元 301").click(timeout=SOON_MS)
    orders = panel(her_page).locator(".orders")
    expect(orders).to_contain_text(NURSE["name"])
    if "出发" not in orders.inner_text():  # a test that is tried again may have gone already
        panel(her_page).get_by_role("button", name="我去").click(timeout=SOON_MS)
    expect(panel(her_page).locator(".orders")).to_contain_text("出发", timeout=SOON_MS)
    expect(panel(page).locator(".orders")).to_contain_text("出发", timeout=SOON_MS)


def test_she_may_neither_make_accounts_nor_credentials(her_page):
    go(her_page, "#/settings/accounts")
    expect(panel(her_page)).to_contain_text("只有管理员能看和改账号", timeout=SOON_MS)
    go(her_page, f"#/devices/{SENSOR}")
    expect(panel(her_page)).to_contain_text(SENSOR, timeout=SOON_MS)
    expect(panel(her_page)).not_to_contain_text("接入凭据")


def test_once_disabled_she_is_out_at_once(page, her_page, center):
    begin(page, "#/settings/accounts")
    row = panel(page).locator(".row").filter(has_text=NURSE["name"])
    row.click(timeout=SOON_MS)
    dialog(page).get_by_role("button", name="停用").click()
    expect(row).to_contain_text("已停用", timeout=SOON_MS)
    her_page.reload()
    expect(her_page.get_by_role("button", name="登录")).to_be_visible(timeout=SOON_MS)


def test_a_device_gets_its_credential_shown_once_and_it_works_at_the_life_lane(page, center):
    begin(page, f"#/devices/{SENSOR}")
    panel(page).get_by_role("button", name="生成新凭据").click(timeout=SOON_MS)
    dialog(page).get_by_role("button", name="生成新凭据").click()
    secrets = dialog(page).locator(".secret")
    expect(secrets).to_have_count(2, timeout=SOON_MS)
    who = tuple(secrets.all_inner_texts())
    dialog(page).get_by_role("button", name="已记下").click()
    expect(page.get_by_text(who[1])).to_have_count(0)

    assert said(center, who, seq=7) == 200
    assert said(center, (who[0], "not-its-password"), seq=8) == 401
    panel(page).get_by_role("button", name="吊销").click()
    dialog(page).get_by_role("button", name="吊销").click()
    expect(page.locator(".toast").filter(has_text="凭据已吊销")).to_have_count(1, timeout=SOON_MS)
    assert said(center, who, seq=9) == 401


def said(center, who, *, seq):
    """The answer to a report of that device by HTTP."""
    report = {"state": "alarm", "value": 0.4, "unit": "%/m", "boot": "http", "seq": seq}
    return httpx.post(f"{center.url}/api/v1/ingest/{SENSOR}", json=report, auth=who, timeout=60).status_code
