"""Paints what the ground is made of, by kind of zone; each picture repeats without a seam."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim.scenery.paint import Picture, chance, noise, plain, speckled


def _grass(kind: str) -> Picture:
    rng = chance(kind)
    picture = plain(256, 256, (0.40, 0.50, 0.26))
    patches = noise(256, 256, roughness=0.8, rng=rng)[..., None]
    picture += patches * np.array((0.030, 0.028, 0.006), dtype=np.float32)
    picture = speckled(picture, 0.10, roughness=2.6, rng=rng)
    for _ in range(70):  # clover and daisies
        y, x = rng.integers(0, 255, 2)
        picture[y : y + 2, x : x + 2] = (0.80, 0.80, 0.55) if rng.random() < 0.5 else (0.48, 0.62, 0.28)
    return picture


def _asphalt(kind: str) -> Picture:
    rng = chance(kind)
    picture = speckled(plain(256, 256, (0.47, 0.47, 0.48)), 0.045, roughness=2.6, rng=rng)
    return speckled(picture, 0.03, roughness=0.6, rng=rng)


def _fire_asphalt(kind: str) -> Picture:
    rng = chance(kind)
    return speckled(plain(256, 256, (0.50, 0.48, 0.47)), 0.06, roughness=2.6, rng=rng)


def _bricks(kind: str) -> Picture:
    """Rows of pavers, half a stone shifted, each of its own shade."""
    rng = chance(kind)
    picture = plain(256, 256, (0.72, 0.66, 0.58))
    for j, y in enumerate(range(0, 256, 16)):
        for x in range(-(j % 2) * 16, 256, 32):
            shade = float(rng.normal(1.0, 0.055))
            tint = np.array((0.72, 0.655, 0.575) if rng.random() < 0.8 else (0.68, 0.56, 0.48), np.float32) * shade
            columns = np.arange(x, x + 32) % 256
            picture[y : y + 16, columns] = tint
            picture[y : y + 1, columns] *= 0.80
            picture[y : y + 16, columns[:1]] *= 0.80
    return speckled(picture, 0.03, roughness=2.4, rng=rng)


def _slabs(kind: str) -> Picture:
    """Square slabs in two shades."""
    rng = chance(kind)
    picture = plain(256, 256, (0.80, 0.76, 0.69))
    for y in range(0, 256, 64):
        for x in range(0, 256, 64):
            warm = (x // 64 + y // 64) % 2 == 0
            shade = float(rng.normal(1.0, 0.02))
            tint = np.array((0.80, 0.75, 0.67) if warm else (0.73, 0.70, 0.66), np.float32) * shade
            picture[y : y + 64, x : x + 64] = tint
            picture[y : y + 2, x : x + 64] *= 0.82
            picture[y : y + 64, x : x + 2] *= 0.82
    return speckled(picture, 0.03, roughness=2.2, rng=rng)


def _water(kind: str) -> Picture:
    rng = chance(kind)
    waves = noise(256, 256, roughness=1.2, rng=rng)[..., None]
    return np.clip(plain(256, 256, (0.36, 0.55, 0.62)) + waves * np.float32(0.035), 0, 1)


def _sand(kind: str) -> Picture:
    return speckled(plain(128, 128, (0.78, 0.70, 0.54)), 0.05, roughness=2.4, rng=chance(kind))


def _park(kind: str) -> Picture:
    """Grass pavers would shimmer: plain light asphalt."""
    return speckled(plain(256, 256, (0.56, 0.57, 0.58)), 0.05, roughness=2.5, rng=chance(kind))


def _far(kind: str) -> Picture:
    return speckled(plain(128, 128, (0.60, 0.62, 0.54)), 0.06, roughness=1.6, rng=chance(kind))


PAVING: Mapping[str, tuple[Callable[[str], Picture], float]] = {
    "green": (_grass, 4.0),
    "road": (_asphalt, 4.0),
    "fire_lane": (_fire_asphalt, 4.0),
    "walkway": (_bricks, 3.2),
    "plaza": (_slabs, 3.2),
    "parking": (_park, 4.0),
    "water": (_water, 12.0),
    "sand": (_sand, 3.0),
    "beyond": (_far, 16.0),
}
