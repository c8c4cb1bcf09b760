"""What the screenshots show: the pages of the console, and how each is brought before the camera."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from patrol_core.site import Text
from tests.browser.camera import LYING, STANDING, Camera
from tests.browser.parts import go

DEADLINE_MS = 20_000

Prepare = Callable[[Page], None]


def settle(page: Page) -> None:
    """Wait until the map and the pictures are drawn and nothing moves."""
    page.wait_for_function("() => !window.rondaMap || (rondaMap.loaded() && !rondaMap.isMoving())", timeout=DEADLINE_MS)
    page.wait_for_function(
        "() => [...document.images].filter(i => i.loading !== 'lazy').every(i => i.complete)", timeout=DEADLINE_MS
    )
    page.wait_for_timeout(350)  # one frame of software GL, and the transitions of the style sheet


def first_of(selector: str) -> Prepare:
    """Click the first match."""

    def prepare(page: Page) -> None:
        page.locator(selector).first.click()

    return prepare


def opened(address: str, *steps: Prepare) -> Prepare:
    """Open an address, then do the steps."""

    def prepare(page: Page) -> None:
        go(page, address)
        page.wait_for_selector(".panel", state="attached", timeout=DEADLINE_MS)
        for step in steps:
            step(page)

    return prepare


def key(name: str) -> Prepare:
    """Press a key once the page has drawn what it acts on."""

    def prepare(page: Page) -> None:
        page.wait_for_timeout(300)
        page.keyboard.press(name)
        page.wait_for_selector("dialog[open]", timeout=DEADLINE_MS)

    return prepare


def press(name: str) -> Prepare:
    """Press a key."""
    return lambda page: page.keyboard.press(name)


def dialog(page: Page) -> None:
    """Wait for the dialog."""
    page.wait_for_selector("dialog[open]", timeout=DEADLINE_MS)


def fill_form(page: Page) -> None:
    """Choose three viewpoints and a nightly window."""
    page.locator(".form input").first.fill("夜间巡查 Night round")
    for stop in ("vp-31", "vp-30", "vp-33"):
        page.locator(f'[data-stop="{stop}"]').dispatch_event("click")
    page.locator(".switch").first.click()
    page.wait_for_selector(".preview li", timeout=DEADLINE_MS)


def scroll_form(page: Page) -> None:
    """Show the lower half of the form."""
    fill_form(page)
    page.locator(".preview").scroll_into_view_if_needed()


def acknowledge(page: Page) -> None:
    """Take the opened incident, or close it where someone took it before."""
    page.wait_for_selector(".actions .button-primary", timeout=DEADLINE_MS)
    page.wait_for_timeout(300)
    page.keyboard.press("a")
    if page.locator(".chip-warn").count():
        page.keyboard.press("c")
        page.locator("dialog textarea").fill("现场确认无异常 Checked on site")
        page.locator("dialog .button-primary").click()
    page.wait_for_selector(".toast", timeout=DEADLINE_MS)


def confirm(page: Page) -> None:
    """Say yes."""
    page.locator("dialog .button-danger").click()
    page.wait_for_selector(".toast", timeout=DEADLINE_MS)


def unplug(page: Page) -> None:
    """Lose the network for so long that everything is stale."""
    page.context.set_offline(offline=True)
    page.wait_for_selector(".banner-lost", timeout=DEADLINE_MS)
    page.wait_for_timeout(9_000)


def near(page: Page) -> None:
    """Look at the middle of the site from close by."""
    page.evaluate("() => rondaMap.jumpTo({ center: rondaMap.getCenter(), zoom: 18.9 })")


def raised(page: Page) -> None:
    """Let the buildings stand up."""
    page.keyboard.press("b")
    page.wait_for_timeout(800)


def searching(text: str) -> Prepare:
    """Type into the search box of the page."""
    return lambda page: page.locator("[data-search]").first.fill(text)


def face(name: str) -> Prepare:
    """Wait until the first tile shows this face."""

    def prepare(page: Page) -> None:
        page.wait_for_selector(f'[data-face="{name}"]', timeout=2 * DEADLINE_MS)
        page.wait_for_timeout(1_500)  # boxes and the age come with the next pictures

    return prepare


def scrolled(page: Page) -> None:
    """Scroll the panel to its end, so that the picture goes to the corner."""
    page.evaluate("() => document.querySelector('.panel-body').scrollTo(0, 1e6)")
    page.wait_for_selector(".video-cornered", timeout=DEADLINE_MS)


def ready(selector: str) -> Prepare:
    """Wait until it is there."""
    return lambda page: void(page.wait_for_selector(selector, timeout=DEADLINE_MS))


def void(_: object) -> None:
    """Nothing."""


def shown(selector: str) -> Prepare:
    """Scroll it into view."""
    return lambda page: page.locator(selector).first.scroll_into_view_if_needed(timeout=DEADLINE_MS)


def file_of(text: str) -> Prepare:
    """Choose a file of devices."""

    def prepare(page: Page) -> None:
        file = {"name": "devices.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.locator(".drop input").set_input_files(file)
        page.wait_for_selector("[data-figure]", timeout=DEADLINE_MS)

    return prepare


HEAD = "id,kind,name_zh,name_en,building,unit,floor,flat\n"
FINE = HEAD + "".join(f"smoke-new-{n},smoke,客厅烟感,Living-room smoke detector,b{n},1,3,302\n" for n in range(1, 7))
WRONG = FINE + "smoke-new-8,smok,客厅烟感,Living-room smoke detector,b1,1,3,302\nsmoke-new-9,,,,b1,1,3,302\n"

pause = first_of(".video-controls button")
SMOKE = ".row:has-text('烟感报警'), .row:has-text('Smoke alarm')"
FALL = ".row:has-text('人员摔倒'), .row:has-text('Person fallen')"

PAGES: dict[str, Prepare] = {
    "live": opened("#/live"),
    "live-near": opened("#/live", near),
    "live-raised": opened("#/live", raised),
    "legend": opened("#/live", first_of(".map-buttons button:last-child")),
    "incidents": opened("#/incidents"),
    "incidents-ended": opened("#/incidents", first_of(".choice label:nth-child(2)")),
    "incidents-none": opened("#/incidents", searching("zzz")),
    "incident": opened("#/incidents", first_of(".row")),
    "incident-close": opened("#/incidents", first_of(".row"), key("c")),
    "incident-ended": opened("#/incidents", first_of(".choice label:nth-child(2)"), first_of(".row")),
    "incident-gone": opened("#/incidents/no-such"),
    "fall": opened("#/incidents", first_of(FALL), face("live")),
    "fall-corner": opened("#/incidents", first_of(FALL), face("live"), scrolled),
    "fall-release": opened("#/incidents", first_of(FALL), face("live"), first_of(".waits .button"), dialog),
    "fall-paused": opened(
        "#/incidents", first_of(FALL), face("live"), first_of(".video-controls button"), face("paused")
    ),
    "video": opened("#/video", face("live")),
    "video-large": opened("#/video", face("live"), press("1")),
    "video-refused": opened("#/video", face("failed")),
    "robots": opened("#/robots"),
    "robot": opened("#/robots/r1"),
    "robot-2": opened("#/robots/r2"),
    "patrols": opened("#/patrols"),
    "patrol": opened("#/patrols", first_of(".row:not(.row-off)")),
    "patrol-form": opened("#/patrols/new", fill_form),
    "patrol-form-time": opened("#/patrols/new", scroll_form),
    "patrol-form-wrong": opened("#/patrols/new", first_of(".form-foot .button-primary")),
    "incident-plan": opened("#/incidents", first_of(SMOKE), shown(".neighbours")),
    "incident-timeline": opened("#/incidents", first_of(SMOKE), shown(".bundle")),
    "incident-dispatch": opened("#/incidents", first_of(SMOKE), key("d"), ready("[data-pick]")),
    "incident-merge": opened("#/incidents", first_of(SMOKE), key("m"), ready("[data-pick], dialog .blank")),
    "incident-false": opened("#/incidents", first_of(SMOKE), key("f")),
    "notices": opened("#/incidents/~told", ready(".row, .blank")),
    "devices": opened("#/devices", ready("[data-device]")),
    "devices-silent": opened("#/devices", ready("[data-device]"), first_of("[data-tile=silent]")),
    "device": opened("#/devices/smoke-b1-1-0301", ready(".chart, .section .hint")),
    "device-more": opened("#/devices/door-magnet-b1-2-0701", ready(".facts"), shown(".panel-body > :last-child")),
    "import": opened("#/devices/~import", ready(".drop")),
    "import-fine": opened("#/devices/~import", ready(".drop"), file_of(FINE)),
    "import-wrong": opened("#/devices/~import", ready(".drop"), file_of(WRONG)),
    "analysis": opened("#/analysis", ready(".days, .blank")),
    "settings": opened("#/settings"),
    "duty": opened("#/settings/duty", ready(".roster, .blank")),
    "shift": opened("#/settings/duty", ready(".shift-add"), first_of(".shift-add"), dialog),
    "accounts": opened("#/settings/accounts", ready(".row-button")),
    "account": opened("#/settings/accounts", ready(".row-button"), first_of(".panel-head .button"), dialog),
    "keys": opened("#/live", key("?")),
    "photo": opened("#/robots/r1", first_of(".photo")),
    "fall-released": opened("#/incidents", first_of(FALL), first_of(".waits .button"), dialog, confirm),
    "acknowledged": opened("#/incidents", first_of(".row"), acknowledge),
    "disconnected": opened("#/live", unplug),
}

CHANGING = frozenset(
    {"acknowledged", "disconnected", "fall-released"}
)  # they leave traces: before a played center only


def set_up(camera: Camera, name: str) -> None:
    """What the played camera does while this page is taken."""
    camera.frozen = False
    camera.boxes = [LYING, STANDING]
    full = Text(zh="机器人 r1：已有 4 人在观看，达到上限", en="robot r1: 4 viewers are watching, which is the limit")
    camera.refusal = full if name == "video-refused" else None


def leave(page: Page) -> None:
    """Close what a page left open."""
    page.context.set_offline(offline=False)
    page.evaluate("() => document.querySelector('.lightbox-close')?.click()")
    page.evaluate("() => document.querySelectorAll('dialog[open] .dialog-head .icon-button').forEach(b => b.click())")
    if page.evaluate("() => localStorage.getItem('ronda.raised')") == "on":
        page.keyboard.press("b")
    page.evaluate("() => document.querySelector('.legend .icon-button')?.click()")
    page.keyboard.press("Escape")
    go(page, "#/settings")
    page.wait_for_selector(".components", state="attached", timeout=DEADLINE_MS)
    page.keyboard.press("0")
