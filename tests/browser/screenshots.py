"""Screenshots of every page of the console, in both languages and themes and at three sizes, into build/screenshots.

    python -m tests.browser.screenshots                              # before a center that is only played (no backend)
    python -m tests.browser.screenshots --url http://127.0.0.1:8000 --password …      # before a real center
    python -m tests.browser.screenshots --only incident --sizes desk --languages zh --themes light

The map needs WebGL; headless Chromium renders it in software with `--disable-gpu` (SwiftShader), at a few frames a
second. Needs `npm ci && npm run build` in mission_planner/console for the played center.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.camera import Camera, camera
from tests.browser.chromium import FLAGS
from tests.browser.looks import CHANGING, DEADLINE_MS, PAGES, leave, set_up, settle
from tests.browser.scene import scene
from tests.helpers.waiting import free_port

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "mission_planner" / "console"
OUT = ROOT / "build" / "screenshots"
CHROMIUM = shutil.which("chromium") or "chromium"
SIZES = {"desk": (1440, 900), "wall": (1920, 1080), "phone": (390, 844)}


@contextmanager
def played_center() -> Iterator[str]:
    """The built console before the played center of `mission_planner/console/dev`."""
    port = free_port()
    command = ["npx", "vite", "preview", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=CONSOLE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def wait_for(url: str) -> None:
    """Wait until something answers."""
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def shoot(
    browser: Browser, url: str, args: argparse.Namespace, eye: Camera, *, size: str, language: str, theme: str
) -> int:
    """All chosen pages in one look; how many errors the pages reported."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size == "phone",
        reduced_motion="reduce",
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    context.add_init_script(
        f"localStorage.setItem('ronda.language', '{language}'); localStorage.setItem('ronda.theme', '{theme}');"
        "if (!sessionStorage.getItem('seen')) { localStorage.setItem('ronda.raised', 'off');"
        " sessionStorage.setItem('seen', '1') }"
    )
    page = context.new_page()
    if not args.url:
        eye.serve(page)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    page.wait_for_selector(".login-card", timeout=DEADLINE_MS)
    if wanted("login", args):
        page.screenshot(path=name_of("login", size, language, theme))
        page.fill("[name=username]", args.user)
        page.fill("[name=password]", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector(".login .notice")
        page.screenshot(path=name_of("login-wrong", size, language, theme))
    page.fill("[name=username]", args.user)
    page.fill("[name=password]", args.password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".map canvas", state="attached", timeout=DEADLINE_MS)
    page.wait_for_function("() => window.rondaMap?.loaded()", timeout=DEADLINE_MS)
    page.wait_for_timeout(args.wait_s * 1000)
    for name, prepare in PAGES.items():
        if not wanted(name, args):
            continue
        set_up(eye, name)
        try:
            prepare(page)
            settle(page)
        except Exception as error:  # noqa: BLE001 - one page that cannot be shown must not hide the others
            errors.append(f"{name}: {str(error).splitlines()[0]}")
        page.screenshot(path=name_of(name, size, language, theme))
        leave(page)
    for error in errors:
        print(f"{size} {language} {theme}: {error}", file=sys.stderr)
    context.close()
    return len(errors)


def wanted(name: str, args: argparse.Namespace) -> bool:
    """Whether this page is among those asked for, and changes nothing in a real center."""
    return (not args.only or name in args.only) and not (args.url and name in CHANGING)


def name_of(name: str, size: str, language: str, theme: str) -> Path:
    """Where a screenshot goes."""
    return OUT / f"{size}-{language}-{theme}" / f"{name}.png"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running center; without it the center is played")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default=os.environ.get("RONDA_ADMIN_PASSWORD", "ronda"))
    parser.add_argument("--only", nargs="*", help=f"pages: login {' '.join(PAGES)}")
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--languages", nargs="*", default=["zh", "en"], choices=["zh", "en"])
    parser.add_argument("--themes", nargs="*", default=["light", "dark"], choices=["light", "dark"])
    parser.add_argument("--wait-s", type=float, default=1.5, help="before the first page, for something to happen")
    args = parser.parse_args()
    errors = 0
    with camera(scene) as eye, sync_playwright() as playwright:
        for language in args.languages:
            locale = {"zh": "zh-CN", "en": "en-GB"}[language]
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                headless=True,
                args=[*FLAGS, f"--lang={locale}"],
                env={**os.environ, "LANGUAGE": locale.replace("-", "_")},
            )
            for size, theme in itertools.product(args.sizes, args.themes):
                with nullcontext(args.url) if args.url else played_center() as url:
                    errors += shoot(browser, url, args, eye, size=size, language=language, theme=theme)
            browser.close()
    print(f"screenshots are in {OUT.relative_to(ROOT)}; {errors} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
