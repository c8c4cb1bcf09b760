"""What the simulator's tests share."""

from __future__ import annotations

import pytest

from patrol_core.site import Site
from tests.unit.sim.block import block_site


@pytest.fixture(scope="session")
def site() -> Site:
    return block_site()
