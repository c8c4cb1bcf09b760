"""How the walls of a building look."""

from __future__ import annotations

import random
from collections.abc import Mapping

from maps.scene.things import Facade, Rgb
from patrol_core.site import Building, BuildingKind

TOWER_WALLS: tuple[Rgb, ...] = (
    (0.86, 0.80, 0.70),
    (0.80, 0.72, 0.62),
    (0.83, 0.82, 0.79),
    (0.78, 0.66, 0.56),
    (0.74, 0.76, 0.78),
)
WALLS: Mapping[BuildingKind, Rgb] = {
    BuildingKind.SHOP: (0.90, 0.87, 0.80),
    BuildingKind.GATEHOUSE: (0.88, 0.88, 0.86),
    BuildingKind.CENTER: (0.76, 0.48, 0.36),
    BuildingKind.SERVICE: (0.72, 0.73, 0.72),
}
SIGN_RED: Rgb = (0.62, 0.20, 0.16)
GLASS: Rgb = (0.26, 0.34, 0.42)
TILES: Rgb = (0.50, 0.32, 0.27)
CONCRETE: Rgb = (0.44, 0.45, 0.47)


def facade_of(site_id: str, building: Building) -> Facade:
    """Colours of a building, from its kind and id."""
    chance = random.Random(f"{site_id}:facade:{building.building_id}")  # noqa: S311 - a look, not a secret
    is_tower = building.kind is BuildingKind.TOWER
    wall = chance.choice(TOWER_WALLS) if is_tower else WALLS[building.kind]
    red, green, blue = wall
    darker = (round(0.70 * red, 3), round(0.66 * green, 3), round(0.62 * blue, 3))
    return Facade(
        seed=chance.randrange(2**31),
        wall_rgb=wall,
        trim_rgb=SIGN_RED if building.kind is BuildingKind.SHOP else darker,
        glass_rgb=GLASS,
        roof_rgb=TILES if is_tower else CONCRETE,
        lit_share=round(chance.uniform(0.25, 0.5), 2),
    )
