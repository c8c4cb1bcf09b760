"""An operator lets a robot speak: ready sentences, words of one's own, what it says by itself, what became of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from patrol_core.site import Language, Text
from patrol_core.speech import SpeechState
from tests.browser.center import operators_page
from tests.browser.parts import SOON_MS, begin, card, panel
from tests.browser.robot import robot
from tests.helpers.waiting import eventually

NO_CAMERA = SimpleNamespace(refusal=Text(zh="没有相机", en="no camera"), leave=lambda _session: False)


@pytest.fixture(scope="module")
def r1(center):
    with robot(center.router_port, NO_CAMERA) as played:
        yield played


@pytest.fixture(scope="module")
def page(center, r1):
    with operators_page(center) as page:
        yield page


def speak_button(page):
    return panel(page).get_by_role("button", name="喊话")


def last_words(page):
    return page.locator("section.panel [data-speech]:not(dialog [data-speech])")


def is_heard(r1):
    """It says what it was asked: the page knows of the order before the robot does."""
    eventually(lambda: r1.speech is not None and r1.speech.state is SpeechState.SAYING, what="the robot saying it")


def is_silent(page, r1):
    """At its page, with nothing to say: a test that is tried again may have left it speaking."""
    begin(page, "#/robots/r1")
    if r1.speech is not None and r1.speech.state is SpeechState.SAYING:
        r1.finishes(SpeechState.SAID)
        expect(last_words(page)).to_have_attribute("data-speech", "said")


def test_a_robot_without_a_loudspeaker_says_why_it_is_not_asked(page):
    begin(page, "#/robots/r1")
    button = speak_button(page)
    expect(button).to_have_attribute("title", "机器人没有可用的扬声器。", timeout=SOON_MS)
    button.dispatch_event("click")  # as a hand does; Playwright itself presses no button that is said to be off
    expect(page.locator(".toast-problem").filter(has_text="没有可用的扬声器")).to_have_count(1)


def test_a_ready_sentence_is_said_with_one_click_and_its_state_is_followed(page, r1):
    r1.speaks = tuple(Language)
    is_silent(page, r1)
    expect(speak_button(page)).not_to_have_attribute("aria-disabled", "true", timeout=SOON_MS)
    speak_button(page).click()
    page.get_by_role("dialog").locator('[data-sentence="help_coming"]').click(timeout=SOON_MS)
    expect(last_words(page)).to_have_attribute("data-speech", "saying", timeout=SOON_MS)
    expect(last_words(page)).to_contain_text("救护人员正在赶来，请不要移动")
    r1.finishes(SpeechState.SAID)
    expect(last_words(page)).to_contain_text("已说完", timeout=SOON_MS)


def test_while_it_speaks_another_sentence_waits_unless_it_is_urgent(page, r1):
    is_silent(page, r1)
    speak_button(page).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("自己写一句").fill("请让一让，谢谢")
    dialog.get_by_role("button", name="说出去").click()
    expect(last_words(page)).to_contain_text("请让一让，谢谢", timeout=SOON_MS)
    expect(last_words(page)).to_have_attribute("data-speech", "saying", timeout=SOON_MS)
    speak_button(page).click()
    dialog.locator('[data-sentence="staff_coming"]').click(timeout=SOON_MS)
    expect(dialog).to_contain_text("上一句还没说完")
    dialog.get_by_role("switch", name="紧急：打断正在说的话").click()
    dialog.locator('[data-sentence="staff_coming"]').click()
    expect(last_words(page)).to_contain_text("工作人员正在赶来", timeout=SOON_MS)


def test_what_could_not_be_said_is_told_with_its_reason(page, r1):
    expect(last_words(page)).to_have_attribute("data-speech", "saying", timeout=SOON_MS)
    is_heard(r1)
    r1.finishes(SpeechState.FAILED, Text(zh="声卡不能放音", en="the sound card does not play"))
    expect(last_words(page)).to_contain_text("没有说出来", timeout=SOON_MS)
    expect(last_words(page)).to_contain_text("声卡不能放音")


def test_beside_somebody_who_fell_it_calms_by_itself_and_the_timeline_tells_it(page, r1):
    r1.speaks = tuple(Language)
    begin(page, "#/robots/r1")
    expect(speak_button(page)).not_to_have_attribute("aria-disabled", "true")
    r1.finds_somebody_fallen()
    card(page, "人员摔倒").click(timeout=SOON_MS)
    expect(last_words(page)).to_contain_text("我看到您倒在地上", timeout=SOON_MS)
    is_heard(r1)
    r1.finishes(SpeechState.SAID)
    line = panel(page).locator(".timeline-said")
    expect(line).to_contain_text("巡逻一号 已说完：「我看到您倒在地上", timeout=SOON_MS)
    expect(panel(page).locator(".timeline-calmed")).to_have_count(1)
    speak_button(page).click()
    page.get_by_role("dialog").locator('[data-sentence="help_coming"]').click(timeout=SOON_MS)
    expect(panel(page).locator(".timeline-speak")).to_contain_text("admin 让 巡逻一号 喊话", timeout=SOON_MS)
    is_heard(r1)
    r1.finishes(SpeechState.SAID)
    expect(line).to_have_count(2, timeout=SOON_MS)
