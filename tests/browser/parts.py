"""What tests name on a page of the console, and how they get there."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SOON_MS = 30_000  # a deadline for what will never come, not for what is slow; of every `expect` that names no other


def go(page: Page, address: str) -> None:
    """Open a page of the console by its address after `#`."""
    page.evaluate("address => { location.hash = address }", address)


def begin(page: Page, address: str) -> None:
    """As `go`, but the page begins anew and nothing is asked: a test tried again may stand in the midst of it."""
    if dialog(page).count() > 0:
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)
    go(page, "#/analysis")
    expect(page.locator('nav [aria-current="page"]')).to_have_attribute("href", "#/analysis")
    go(page, address)


def panel(page: Page) -> Locator:
    """What stands beside the map."""
    return page.locator("section.panel")


def dialog(page: Page) -> Locator:
    """What is asked."""
    return page.get_by_role("dialog")


def cards(page: Page) -> Locator:
    """The incidents of the queue."""
    return page.locator(".strip [data-incident]")


def card(page: Page, place: str) -> Locator:
    """The incident of the queue that names this."""
    return cards(page).filter(has_text=place)
