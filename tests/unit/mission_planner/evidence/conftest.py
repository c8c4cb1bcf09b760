"""A center's folder with a story in it, made once, and a copy of it for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.mission_planner.evidence.kept import Kept, made_in


@pytest.fixture(scope="session")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return await made_in(tmp_path_factory.mktemp("chain") / "center")


@pytest.fixture
def kept(made: Kept, tmp_path: Path) -> Kept:
    return made.copy(tmp_path / "copy")
