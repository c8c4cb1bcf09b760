"""What tests name on a page of the console, and how they get there."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

SOON_MS = 30_000  # a deadline for what will never come, not for what is slow


def go(page: Page, address: str) -> None:
    """Open a page of the console by its address after `#`."""
    page.evaluate("address => { location.hash = address }", address)


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
