"""The demo's site, and who finds people on pictures; a file that needs another site says so itself."""

from __future__ import annotations

import pytest

from maps import load_site
from patrol_core.errors import Unavailable
from patrol_core.site import Site
from patrol_vision.models import load_finder
from patrol_vision.pose import PersonFinder


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site("xinghe")


@pytest.fixture(scope="module")
def finder() -> PersonFinder:
    try:
        return load_finder()
    except Unavailable as missing:
        pytest.skip(f"no model set on this machine: {missing}")
