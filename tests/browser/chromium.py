"""The system's Chromium, headless, with an empty profile and nothing that calls home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.parts import SOON_MS

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Where Debian's Chromium is; the test is skipped, with the reason, where there is none."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    return path


@contextmanager
def chinese_page(*, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """A page as an operator's desk shows it. Fails at the end if the page's code raised anything."""
    expect.set_options(timeout=SOON_MS)
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS, timeout=4 * SOON_MS)
        page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
        page.set_default_timeout(2 * SOON_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            yield page
        finally:
            browser.close()
    assert not errors, f"expected no error in the page; came {errors}"
