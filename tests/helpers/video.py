"""A robot with a camera that draws the time into its pictures, and its real media process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from patrol_core.ids import uuid7
from patrol_core.robot import Activity, RobotState
from patrol_core.site import NO_WORDS
from patrol_interfaces import msg
from patrol_wire import convert, values
from patrol_wire.topics import RobotTopics
from rclpy.node import Node
from ros_wire.router import Router
from tests.helpers.ros import context, spun
from tests.helpers.waiting import eventually, free_port

SITE, ROBOT = "xinghe", "r1"
WIDTH_PX, HEIGHT_PX = 640, 480
BITS = 32  # of the time in milliseconds, one square each, along the top
SQUARE_PX = WIDTH_PX // BITS
STATE_EVERY_S = 0.5


def stamp_ms(moment: datetime) -> int:
    """What the squares say: milliseconds since 1970, the lowest 32 bits."""
    return int(moment.timestamp() * 1_000) % 2**BITS


def drawn(background: np.ndarray[Any, np.dtype[np.uint8]], moment: datetime, shift_px: int) -> Any:
    """A picture that moves a little, with its time in black and white squares."""
    picture = np.roll(background, shift_px, axis=1)
    bits = np.array([(stamp_ms(moment) >> (BITS - 1 - i)) & 1 for i in range(BITS)], dtype=np.uint8) * 255
    picture[:SQUARE_PX] = np.repeat(bits, SQUARE_PX)[None, :, None]
    return picture


def background(seed: int = 1) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Soft shapes in colour: as hard to encode as a courtyard, not as noise."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (HEIGHT_PX // 20, WIDTH_PX // 20, 3), dtype=np.uint8)
    fine = rng.integers(0, 12, (HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    return np.asarray(np.clip(np.kron(coarse, np.ones((20, 20, 1))) * 0.8 + fine, 0, 255), dtype=np.uint8)


@dataclass
class StampingRobot:
    """Publishes state and, while it is not blind, pictures. `fps` may be changed."""

    node: Any
    router_port: int  # of the robot's own router
    fps: float = 12.0
    blind: bool = False
    silent: bool = False  # says nothing of its state either
    pictures: int = 0
    boxes: bool = True
    parts: list[Any] = field(default_factory=list)  # part reports heard, newest last; at most 200
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        topics = RobotTopics(site_id=SITE, robot_id=ROBOT)
        self._topics = topics
        for name in ("state", "image", "detections"):
            card = getattr(topics, name)
            setattr(self, f"_{name}", self.node.create_publisher(card.type, card.name, card.qos))
        self.node.create_subscription(topics.parts.type, topics.parts.name, self._on_part, topics.parts.qos)
        self._threads = [threading.Thread(target=work, name=work.__name__) for work in (self._speak, self._film)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(30)

    def newest_part(self, name: str) -> Any:
        """The newest report about a part; None before the first."""
        return next((p for p in reversed(self.parts) if p.name == name), None)

    def _on_part(self, message: Any) -> None:
        self.parts = [*self.parts[-199:], convert.part_from(message)]

    def _speak(self) -> None:
        boot_id, sequence = uuid7(), 0
        while not self._ended.wait(STATE_EVERY_S):
            sequence += 1
            if self.silent:
                continue
            state = RobotState(
                robot_id=ROBOT,
                boot_id=boot_id,
                sequence=sequence,
                stamped_at=datetime.now(UTC),
                pose=None,
                speed_mps=0.0,
                battery_pct=80.0,
                charging=False,
                activity=Activity.IDLE,
                because=NO_WORDS,
                order_epoch=0,
                refused=NO_WORDS,
            )
            self._state.publish(convert.state_to(state))

    def _film(self) -> None:
        scene, due_s = background(), time.monotonic()
        while not self._ended.is_set():
            due_s = max(due_s + 1 / self.fps, time.monotonic())
            self._ended.wait(due_s - time.monotonic())
            if self.blind or self._image.get_subscription_count() == 0:
                continue
            now = datetime.now(UTC)
            self._publish(drawn(scene, now, self.pictures * 2), now)

    def _publish(self, picture: Any, now: datetime) -> None:
        image = self._topics.image.type(height=HEIGHT_PX, width=WIDTH_PX, encoding="rgb8", step=WIDTH_PX * 3)
        image.header.stamp = values.time_to(now)
        image.data = array("B", picture.tobytes())
        self._image.publish(image)
        self.pictures += 1
        if self.boxes:
            box = msg.DetectionBox(track_id="t1", kind="person", verdict="suspected", score=0.5, left=0.25)
            box.top, box.right, box.bottom, box.distance_m = 0.5, 0.5, 0.75, 3.0
            self._detections.publish(
                msg.Detections(picture_stamp=values.time_to(now), camera_id="front", model="test", boxes=[box])
            )


@contextmanager
def stamping_robot(center_router_port: int) -> Iterator[StampingRobot]:
    """The robot's state and camera, on a router of its own that knows the center's, as on every robot."""
    port = free_port()
    endpoint = f"tcp/127.0.0.1:{port}"
    with (
        Router(listen=[endpoint], connect=[f"tcp/127.0.0.1:{center_router_port}"]),
        context(f'connect/endpoints=["{endpoint}"]') as opened,
    ):
        node = Node("stamping_robot", context=opened)
        with spun(node):
            robot = StampingRobot(node, router_port=port)
            try:
                yield robot
            finally:
                robot.stop()


@dataclass
class MediaProcess:
    """A real `ronda robot-media`."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self, words: str) -> int:
        """How often its log has these words."""
        return self.log.read_text().count(words)

    def counts(self) -> dict[str, int]:
        """What the encoder had done when the last viewer left, as the log has it."""
        line = self.log.read_text().rpartition("FeedCounts(")[2].partition(")")[0]
        if "encoded=" not in line:
            return {}
        return {name: int(count) for name, _, count in (part.strip().partition("=") for part in line.split(","))}

    def cpu_s(self) -> float:
        """Processor time it has used."""
        return time.clock_gettime((~self.process.pid << 3) | 2)  # its clock, to the nanosecond: clock_getcpuclockid(3)


@contextmanager
def media_process(
    folder: Path, router_port: int, *command: str, inherited: int | None = None, **environment: str
) -> Iterator[MediaProcess]:
    """Started and up when the block begins; ended with it. `inherited` is a file descriptor that it gets."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"media-{time.monotonic_ns()}.log"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
    clean["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["tcp/127.0.0.1:{router_port}"]'
    with log.open("wb") as out:
        process = subprocess.Popen(
            command or (sys.executable, "-m", "patrol_bringup.cli", "robot-media", "--id", ROBOT),
            env={**clean, **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            pass_fds=() if inherited is None else (inherited,),
        )
    media = MediaProcess(process, log)
    try:
        eventually(lambda: media.said("video"), within_s=90, what=lambda: f"media up: {log.read_text()}")
        yield media
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
