"""Fixtures of the robot's tests. Examples of properties may take as long as it takes: others use the machine, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from patrol_onboard import events as ev
from tests.unit.patrol_onboard.mission_parts import Parts

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """Of a mission whose robot is charged."""
    parts = Parts(tmp_path)
    parts.mission.tell(ev.BatteryHeard(pct=90.0, charging=True))
    return parts
