"""What every source of pictures promises: the newest, in order, in colour; trouble in words; back when it is back."""

from __future__ import annotations

import http.server
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np
import pytest
from sensor_msgs.msg import Image

from patrol_core.clock import FollowedClock, SystemClock
from patrol_core.errors import InvalidInput, NotFound
from patrol_vision.sources import FrameSource, Shot
from patrol_vision.sources.folder import FolderSource
from patrol_vision.sources.opening import open_source
from patrol_vision.sources.ros_image_driver import RosImageSource
from patrol_vision.sources.stream import Patience, StreamSource, without_password
from patrol_wire.topics import RobotTopics
from patrol_wire.values import time_to
from rclpy.node import Node
from tests.helpers.ros import context, router, spun
from tests.helpers.rtsp import HEIGHT_PX, RATE_HZ, RED, WIDTH_PX, RtspCamera, film, frame_at
from tests.helpers.waiting import eventually, free_port

HASTY = Patience(open_s=2.0, silent_s=1.0, first_s=0.1, max_s=0.4, stale_s=0.8)
CLOCK = SystemClock()
TOPIC = RobotTopics(site_id="xinghe", robot_id="r1").image


@dataclass(kw_only=True)
class Camera:
    """A source, and the hand on its switch."""

    source: FrameSource
    switch_on: Callable[[], None]
    switch_off: Callable[[], None]


@pytest.fixture
def rtsp() -> Iterator[Camera]:
    server = RtspCamera()
    source = StreamSource(server.url, clock=CLOCK, patience=HASTY)
    yield Camera(source=source, switch_on=server.start, switch_off=server.stop)
    source.close()
    server.stop()


class _Mjpeg(http.server.BaseHTTPRequestHandler):
    """multipart/x-mixed-replace, as cheap cameras speak it."""

    ending: threading.Event

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        i = 0
        while not self.ending.wait(1 / RATE_HZ):
            jpeg = cv2.imencode(".jpg", frame_at(i)[..., ::-1])[1].tobytes()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n".encode()
            try:
                self.wfile.write(head + jpeg + b"\r\n")
            except OSError:
                return
            i += 1

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def mjpeg() -> Iterator[Camera]:
    port, ending = free_port(), threading.Event()
    running: list[tuple[http.server.ThreadingHTTPServer, threading.Thread]] = []

    def on() -> None:
        ending.clear()
        handler = type("Handler", (_Mjpeg,), {"ending": ending})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))

    def off() -> None:
        ending.set()
        while running:
            server, thread = running.pop()
            server.shutdown()
            thread.join()
            server.server_close()

    source = StreamSource(f"http://127.0.0.1:{port}/video", clock=CLOCK, patience=HASTY)
    yield Camera(source=source, switch_on=on, switch_off=off)
    source.close()
    off()


@pytest.fixture
def ros() -> Iterator[Camera]:
    with router() as override, context(override) as ours, context(override) as theirs:
        publishing = threading.Event()
        sender, hearer = Node("test_camera", context=theirs), Node("test_eyes", context=ours)
        publisher: Any = sender.create_publisher(TOPIC.type, TOPIC.name, TOPIC.qos)
        count = iter(range(10**9))

        def send() -> None:
            if publishing.is_set():
                picture = frame_at(next(count))
                publisher.publish(
                    Image(
                        header=_header(),
                        height=HEIGHT_PX,
                        width=WIDTH_PX,
                        step=3 * WIDTH_PX,
                        encoding="rgb8",
                        data=array("B", picture.tobytes()),
                    )
                )

        sender.create_timer(1 / RATE_HZ, send)
        source = RosImageSource(hearer, TOPIC)
        with spun(hearer), spun(sender):
            yield Camera(source=source, switch_on=publishing.set, switch_off=publishing.clear)
            source.close()


def _header() -> Any:
    header = Image().header
    header.stamp = time_to(datetime.now(UTC))
    return header


@pytest.fixture(params=["rtsp", "mjpeg", "ros"])
def camera(request: pytest.FixtureRequest) -> Camera:
    """Every live source."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def film_source(tmp_path) -> Iterator[FrameSource]:
    path = tmp_path / "film.avi"
    path.write_bytes(film("avi", pictures=15))
    source = StreamSource(str(path), clock=CLOCK)
    yield source
    source.close()


@pytest.fixture
def folder_source(tmp_path) -> Iterator[FrameSource]:
    for i in range(15):
        cv2.imwrite(str(tmp_path / f"{i:03}.png"), frame_at(i)[..., ::-1])
    (tmp_path / "015.png").write_bytes(b"no picture")
    source = FolderSource(tmp_path, clock=CLOCK, rate_hz=RATE_HZ)
    yield source
    source.close()


@pytest.fixture(params=["film_source", "folder_source"])
def recording(request: pytest.FixtureRequest) -> FrameSource:
    """Every source that ends."""
    return request.getfixturevalue(request.param)


def first(source: FrameSource) -> Shot:
    return eventually(lambda: source.newest(0.5), within_s=60, what=lambda: f"a picture; {source.trouble}")


def bar_left(shot: Shot) -> int:
    """Where the white bar begins."""
    return int(np.argmax(shot.picture[HEIGHT_PX // 2, :, 2] > 150))


def red_is_red(shot: Shot) -> bool:
    right_rim = shot.picture[HEIGHT_PX // 2, -8:].mean(axis=0)
    return bool(np.abs(right_rim - RED).max() < 25)


def test_a_live_camera_gives_pictures_in_colour_with_their_time(camera):
    camera.switch_on()
    before = datetime.now(UTC)
    shot = first(camera.source)
    assert shot.picture.shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert shot.picture.dtype == np.uint8
    assert red_is_red(shot)
    assert before <= shot.taken_at <= datetime.now(UTC)
    assert camera.source.trouble is None


def test_a_picture_is_given_once_and_times_only_rise(camera):
    camera.switch_on()
    shots = [first(camera.source)]
    while len(shots) < 6:
        shots.append(first(camera.source))
    times = [shot.taken_at for shot in shots]
    assert times == sorted(set(times))


def test_who_looks_seldom_gets_the_newest_and_the_rest_is_counted(camera):
    camera.switch_on()
    first(camera.source)
    eventually(lambda: camera.source.missed >= 5, within_s=60, what="pictures nobody took")
    age_s = (datetime.now(UTC) - first(camera.source).taken_at).total_seconds()
    assert age_s < 2.0


def test_a_camera_that_is_away_is_trouble_in_words_and_no_picture(camera):
    assert camera.source.newest(0.3) is None
    assert camera.source.trouble


def test_a_camera_that_comes_back_is_seen_again(camera):
    camera.switch_on()
    first(camera.source)
    camera.switch_off()
    eventually(lambda: camera.source.newest(0.05) is None and camera.source.trouble, within_s=60, what="trouble")
    camera.switch_on()
    first(camera.source)
    assert camera.source.trouble is None


def test_a_closed_source_gives_nothing(camera):
    camera.switch_on()
    first(camera.source)
    camera.source.close()
    assert camera.source.newest(0.2) is None


def test_a_recording_gives_its_pictures_in_order_and_says_that_it_ended(recording):
    lefts = []
    began_s = time.monotonic()
    while recording.trouble is None or "end" not in recording.trouble:
        shot = recording.newest(0.2)
        if shot is not None:
            assert red_is_red(shot)
            lefts.append(bar_left(shot))
        assert time.monotonic() - began_s < 30
    assert len(lefts) >= 10
    assert lefts == sorted(lefts)


def test_a_folder_says_how_many_files_are_no_pictures(folder_source):
    eventually(lambda: "1 files are no pictures" in (folder_source.trouble or ""), within_s=60)


def test_pictures_from_before_the_site_time_is_known_are_not_given(tmp_path):
    for i in range(3):
        cv2.imwrite(str(tmp_path / f"{i}.png"), frame_at(i)[..., ::-1])
    (tmp_path / "film.avi").write_bytes(film("avi", pictures=90))
    for address in (tmp_path, tmp_path / "film.avi"):
        source = open_source(str(address), clock=FollowedClock(speed=4.0), rate_hz=0.5)
        eventually(lambda source=source: "site time is not known" in (source.trouble or "") or None, within_s=60)
        assert source.newest(0.1) is None
        source.close()


def test_a_password_is_never_shown():
    assert without_password("rtsp://admin:secret@10.0.0.7/1") == "rtsp://***@10.0.0.7/1"


@pytest.mark.parametrize("address", ["ftp://somewhere/film", "/no/such/film.mp4"])
def test_an_address_nobody_can_open_is_refused_in_words(address):
    with pytest.raises(InvalidInput, match="expected"):
        open_source(address, clock=CLOCK, rate_hz=5)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(NotFound, match="picture"):
        open_source(str(tmp_path), clock=CLOCK, rate_hz=5)


def test_a_device_that_is_not_there_is_trouble_and_no_crash():
    source = open_source("/dev/video97", clock=CLOCK, rate_hz=5)
    assert source.newest(0.3) is None
    assert "/dev/video97" in (source.trouble or "")
    source.close()
