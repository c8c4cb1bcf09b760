"""How the features of a site stand to one another: references, places, ground and reach."""

from __future__ import annotations

from maps.checks import ground, places, reach, references
from maps.checks.obstacles import Obstacles
from maps.reading.draft import Draft


def check(draft: Draft) -> None:
    """Note every problem between features. What is wrong within one feature was noted when it was read."""
    references.check(draft)
    places.check(draft)
    closed = Obstacles(draft)
    ground.check(draft, closed)
    reach.check(draft, closed)
