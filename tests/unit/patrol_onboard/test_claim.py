"""One robot, one process: a second one of the same id is refused, and a dead one leaves no claim behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from patrol_core.errors import Conflict
from patrol_onboard.claim import Claim
from tests.helpers.waiting import eventually

CENTER = f"tcp/test-{uuid4()}:1"  # no other run of these tests claims for it


def claim(data: Path, *, robot_id: str = "r1", center: str = CENTER) -> Claim:
    return Claim(site="xinghe", robot_id=robot_id, center_router=center, data=data)


def test_a_live_robot_is_refused_by_name(tmp_path: Path) -> None:
    with claim(tmp_path / "a"), pytest.raises(Conflict, match='robot "r1" of site "xinghe" is already live'):
        claim(tmp_path / "b")


def test_another_robot_and_another_community_may_live_beside_it(tmp_path: Path) -> None:
    with claim(tmp_path / "a"), claim(tmp_path / "b", robot_id="r2"), claim(tmp_path / "c", center=f"{CENTER}0"):
        pass


def test_a_folder_in_use_is_refused_by_name(tmp_path: Path) -> None:
    with claim(tmp_path), pytest.raises(Conflict, match=f"another robot keeps its things in {tmp_path}"):
        claim(tmp_path, robot_id="r2")


def test_a_refused_claim_leaves_the_id_free(tmp_path: Path) -> None:
    with claim(tmp_path), pytest.raises(Conflict):
        claim(tmp_path, robot_id="r2")
    with claim(tmp_path, robot_id="r2"):
        pass


def test_a_claim_given_back_is_free(tmp_path: Path) -> None:
    for _ in range(2):
        with claim(tmp_path):
            pass


HOLDER = """
import sys, time
from pathlib import Path
from patrol_onboard.claim import Claim
kept = Claim(site="xinghe", robot_id="r1", center_router=sys.argv[1], data=Path(sys.argv[2]))
print("held", flush=True)
time.sleep(600)
"""


def test_a_process_killed_with_9_leaves_no_claim(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", HOLDER, CENTER, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Conflict):
            claim(tmp_path / "other")
        holder.kill()

    def free() -> bool:
        with claim(tmp_path):
            return True

    assert eventually(free)
