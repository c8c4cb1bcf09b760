"""The demo site as shipped, and a copy to break."""

from __future__ import annotations

from pathlib import Path

import pytest

import maps
from patrol_core.site import Site
from tests.helpers.sites import EditableSite, editable_xinghe


@pytest.fixture(scope="session")
def xinghe() -> Site:
    return maps.load_site("xinghe")


@pytest.fixture
def site(tmp_path: Path) -> EditableSite:
    return editable_xinghe(tmp_path)
