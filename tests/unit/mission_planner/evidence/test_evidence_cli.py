"""The command exports what another machine verifies, and fails aloud."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.mission_planner.evidence.kept import Kept

pytestmark = pytest.mark.anyio


def ronda(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("ronda")), "evidence", *words]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RONDA_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Another machine: a folder with nothing of the center's."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield folder


async def test_the_command_exports_what_another_machine_verifies(kept: Kept, elsewhere: Path) -> None:
    data = str(kept.folder)
    said = ronda("head", "--data", data, cwd=elsewhere)
    assert said.returncode == 0, said.stderr
    head = said.stdout.strip()
    assert head == str(kept.head)
    checked = ronda("verify", "--data", data, "--head", head, cwd=elsewhere)
    assert (checked.returncode, "whole:" in checked.stdout) == (0, True), checked.stdout + checked.stderr
    made = ronda("export", "--incident", kept.incident_id, "--data", data, "-o", "b.zip", cwd=elsewhere)
    assert made.returncode == 0, made.stderr
    shutil.rmtree(kept.folder)
    checked = ronda("verify", "b.zip", "--head", head, cwd=elsewhere)
    assert (checked.returncode, "whole:" in checked.stdout) == (0, True), checked.stdout + checked.stderr


async def test_the_command_says_what_is_broken_and_fails(kept: Kept, elsewhere: Path) -> None:
    kept.sql("UPDATE audit SET who = 'somebody' WHERE id = 1")
    checked = ronda("verify", "--data", str(kept.folder), cwd=elsewhere)
    assert checked.returncode == 1
    assert "BROKEN: link " in checked.stdout
    assert "(audit 1): its record was changed after it was linked" in checked.stdout
