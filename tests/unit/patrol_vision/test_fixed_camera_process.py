"""A fixed camera from its pictures to the center: findings by the outbox until acknowledged, photographs by HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import cv2
import pytest

from maps import load_site
from patrol_core.geometry import Point2
from patrol_core.incident import Certainty
from patrol_core.outbox import Outbox
from patrol_core.source import SourceKind
from patrol_vision.camera_node import CameraNode
from patrol_vision.fixed_camera import model_of, site_camera
from patrol_vision.fixed_camera_process import CameraOptions, FixedCameraProcess
from patrol_vision.settings import CameraSettings
from tests.helpers.ros import context, router, spun
from tests.helpers.waiting import eventually
from tests.unit.patrol_onboard.community import CenterNode
from tests.unit.patrol_onboard.evidence_server import TOKEN, EvidenceServer
from tests.unit.patrol_vision.people import lying_at, seen
from tests.unit.patrol_vision.scripted import ScriptedFinder, noise

CAMERA = "cam-plaza"
HFOV_RAD = 1.2217


@pytest.fixture(scope="module")
def site():
    return load_site("xinghe")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(6):
        cv2.imwrite(str(folder / f"{i}.png"), noise(i))
    for i in range(6, 400):
        (folder / f"{i:03}.png").symlink_to(folder / f"{i % 6}.png")
    return folder


def settings_in(folder: Path, center_url: str) -> CameraSettings:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text(TOKEN)
    return CameraSettings(
        site="xinghe", data=folder, center_url=center_url, token_file=folder / "token", speed=1.0, model=None
    )


@contextmanager
def looking(site, finder, pictures: Path, settings: CameraSettings, override: str) -> Iterator[None]:
    """The camera's process in this one, with a finder that is told what to see."""
    options = CameraOptions(camera_id=CAMERA, source=str(pictures), hfov_deg=70.0, rate_hz=5.0)
    with context(override) as ours, closing(Outbox(settings.data / "outbox.sqlite")) as outbox:
        node = CameraNode(site_id=site.site_id, camera_id=CAMERA, outbox=outbox, context=ours)
        process = FixedCameraProcess(site, options, settings, node=node, outbox=outbox, load=lambda _: finder)
        with spun(node):
            process.start()
            try:
                yield
            finally:
                process.end()


@pytest.fixture
def somebody_lies(site) -> tuple[ScriptedFinder, Point2]:
    camera = site_camera(site, CAMERA)
    model = model_of(camera, hfov_rad=HFOV_RAD)
    at = model.ground_point((model.width_px / 2, model.height_px * 0.6), model.at(camera.pose))
    small = type(model)(
        width_px=640, height_px=480, hfov_rad=HFOV_RAD, ahead_m=0.0, up_m=model.up_m, tilt_rad=model.tilt_rad
    )
    view = seen(lying_at(at.x_m, at.y_m), small, small.at(camera.pose))
    return ScriptedFinder(views=[view]), at


def test_who_lies_before_a_fixed_camera_is_a_confirmed_finding_with_its_photograph(
    site, tmp_path, pictures, somebody_lies
):
    finder, at = somebody_lies
    with router() as override, context(override) as theirs, EvidenceServer() as evidence:
        center = CenterNode(context=theirs)
        settings = settings_in(tmp_path / "camera", evidence.url)
        with spun(center), looking(site, finder, pictures, settings, override):
            finding = eventually(lambda: next(iter(center.findings.values()), None), within_s=60, what="a finding")
            eventually(lambda: set(evidence.complete) == set(finding.evidence), within_s=60, what="the photograph")
            eventually(lambda: not list((settings.data / "photos").glob("*.jpg")), within_s=60)
    assert (finding.source.kind, finding.source.source_id) == (SourceKind.CAMERA, CAMERA)
    assert finding.certainty is Certainty.CONFIRMED
    assert finding.position_m.distance_m(at) < 0.5
    assert finding.model == finder.name


def test_a_finding_nobody_acknowledged_is_told_again_after_a_restart(site, tmp_path, pictures, somebody_lies):
    finder, _ = somebody_lies
    with router() as override, context(override) as theirs:
        center = CenterNode(context=theirs)
        center.acknowledges = False
        settings = settings_in(tmp_path / "camera", "http://127.0.0.1:9")
        with spun(center):
            with looking(site, finder, pictures, settings, override):
                photos = settings.data / "photos"
                eventually(lambda: list(photos.glob("*.jpg")), within_s=60, what="the photograph of the finding")
            assert center.findings == {}
            center.acknowledges = True
            with looking(site, ScriptedFinder(), pictures, settings, override):
                eventually(lambda: center.findings, within_s=60, what="the finding again")


def test_the_command_refuses_an_unknown_camera_and_a_missing_source_in_words(tmp_path):
    def refused(*arguments: str) -> str:
        command = [sys.executable, "-m", "patrol_bringup.cli", "camera", *arguments]
        environment = {**os.environ, "RONDA_DATA": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        return done.stderr

    assert "cam-plaza" in refused("--id", "cam-attic", "--source", str(tmp_path))
    assert "no-such-film.mp4" in refused("--id", CAMERA, "--source", "/no-such-film.mp4")


def test_the_command_runs_until_it_is_told_to_end(tmp_path, pictures):
    with router() as override:
        log = (tmp_path / "log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "patrol_bringup.cli", "camera", "--id", CAMERA, "--source", str(pictures)],
            env={
                **os.environ,
                "ZENOH_CONFIG_OVERRIDE": override,
                "RONDA_DATA": str(tmp_path / "data"),
                "RONDA_MODELS": str(tmp_path / "nowhere"),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(lambda: "nobody is looked for" in (tmp_path / "log").read_text(), within_s=60)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            if process.poll() is None:
                process.kill()
            log.close()
