"""Where tests find model sets: fetched by `make setup`, or the test data beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patrol_vision.models import SETS, load_finder, models_folder
from patrol_vision.pose import PersonFinder

SHARED = Path(os.environ.get("RONDA_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def folder_of(name: str) -> Path:
    """Where the files of a set lie; skips the test where they are not on this machine."""
    folders = (models_folder(), SHARED / "data" / "models")
    for folder in folders:
        if all((folder / file.name).is_file() for file in SETS[name].files):
            return folder
    pytest.skip(f"the model set {name} is neither in {folders[0]} (`ronda models fetch`) nor in RONDA_SHARED's data")


def finder_of(name: str) -> PersonFinder:
    """A finder; a file of another digest fails the test."""
    return load_finder(name, folder=folder_of(name))
