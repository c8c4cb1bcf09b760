"""`make bench-media`: what a viewer of live video costs the robot beside aiortc as it comes, and how old a picture is.

One robot, 640×480 at 12 pictures a second, a real center, Chromium on the same machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.report import BenchReport, percentile
from tests.browser.center import PASSWORD, lone_center
from tests.browser.chromium import chinese_page
from tests.helpers.video import ROBOT, SITE, MediaProcess, media_process, stamping_robot
from tests.helpers.waiting import eventually

PATH = "/api/v1/robots/r1/cameras/front/whep"
SCRIPT = (Path(__file__).parents[1] / "browser" / "viewer.js").read_text()
WINDOW_S = 5.0
ROUNDS = 9  # of four viewers, each between two of three: the machine's other work passes over both
OPENINGS = 15
GLASS_S = 30.0
STOCK = ("-m", "tests.bench.stock_media", "--ros-args", "-p", f"site_id:='{SITE}'", "-p", f"robot_id:='{ROBOT}'")


def main() -> None:
    """Measure everything and write build/bench/media.json."""
    report = BenchReport("media")
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        center = lone_center(Path(folder))
        center.start()
        try:
            with stamping_robot(center.router_port) as robot, chinese_page() as page:
                page.goto(f"{center.url}/healthz")
                page.add_script_tag(content=SCRIPT)
                assert page.evaluate("password => logIn('admin', password)", PASSWORD) == 200
                with media_process(center.folder, robot.router_port, sys.executable, *STOCK) as stock:
                    report.add("viewer_cpu_pct_stock", _marginal_cpu_pct(page, stock), "% of a core")
                with media_process(center.folder, robot.router_port) as ours:
                    report.add("viewer_cpu_pct_ours", _marginal_cpu_pct(page, ours), "% of a core")
                    first_ms = [_first_picture_ms(page) for _ in range(OPENINGS)]
                    report.add("glass_p95_ms", percentile(_glass_ms(page), 0.95), "ms")
                    report.add("first_picture_ms", statistics.median(first_ms), "ms")
        finally:
            center.stop()
    print(f"written to {report.write()}")


def _marginal_cpu_pct(page: Any, media: MediaProcess) -> float:
    """Processor time of the fourth viewer: four less what three take just before and after, median of the rounds."""
    with _viewers(page, 3):
        three, four = [_cpu_pct(media)], []
        for _ in range(ROUNDS):
            with _viewers(page, 1):
                four.append(_cpu_pct(media))
            three.append(_cpu_pct(media))
    return statistics.median(
        with_it - (before + after) / 2 for with_it, before, after in zip(four, three, three[1:], strict=False)
    )


def _cpu_pct(media: MediaProcess) -> float:
    time.sleep(1)  # the key frame for one who joined, or the end of one who left
    began_s, before_s = time.monotonic(), media.cpu_s()
    time.sleep(WINDOW_S)
    return 100 * (media.cpu_s() - before_s) / (time.monotonic() - began_s)


def _first_picture_ms(page: Any) -> float:
    """From the POST to the first picture on the page, nobody else watching: camera and encoder begin, too."""
    with _viewers(page, 1) as (viewer,):
        return float(page.evaluate("i => viewers[i].firstPictureMs", viewer))


def _glass_ms(page: Any) -> list[float]:
    """From the moment a picture is drawn to the moment the page has it decoded; both clocks are this machine's."""
    with _viewers(page, 1, read=True) as (viewer,):
        time.sleep(GLASS_S)
        frames = page.evaluate("i => viewers[i].frames", viewer)[24:]
    return [(frame["seenMs"] - frame["ms"]) % 2**32 for frame in frames]


@contextmanager
def _viewers(page: Any, count: int, *, read: bool = False) -> Iterator[list[int]]:
    """Viewers that see pictures; they leave with the block."""
    viewers = [_watch(page, read) for _ in range(count)]
    try:
        for viewer in viewers:
            eventually(
                lambda viewer=viewer: page.evaluate("i => viewers[i].frames.length", viewer) > 0,
                within_s=20,
                every_s=0.05,
                what="a picture",
            )
        yield viewers
    finally:
        for viewer in viewers:
            assert page.evaluate("i => leave(i)", viewer) == 200
        time.sleep(0.5)


def _watch(page: Any, read: bool) -> int:
    def answered() -> Any:
        answer = page.evaluate("([path, readPictures]) => watch(path, { readPictures })", [PATH, read])
        return answer if answer["status"] == 201 else None

    return int(eventually(answered, within_s=30, every_s=0.3, what="the robot answers")["index"])


if __name__ == "__main__":
    main()
