"""One fixed summer light: a sun in the north-west, so that north faces with their entrances are not in the dark."""

from __future__ import annotations

import math

Rgb = tuple[float, float, float]  # 0..1
Vector = tuple[float, float, float]

SUN_AZIMUTH_RAD = math.radians(148.0)  # counter-clockwise from east
SUN_ELEVATION_RAD = math.radians(48.0)
TO_SUN: Vector = (
    math.cos(SUN_AZIMUTH_RAD) * math.cos(SUN_ELEVATION_RAD),
    math.sin(SUN_AZIMUTH_RAD) * math.cos(SUN_ELEVATION_RAD),
    math.sin(SUN_ELEVATION_RAD),
)
SUN_SHARE = 0.55
SUN: Rgb = (1.0, 0.95, 0.86)
SKY: Rgb = (0.62, 0.66, 0.72)  # ambient light from above
HAZE: Rgb = (0.80, 0.86, 0.92)  # what is far away turns into this


def shadow_offset(height_m: float) -> tuple[float, float]:
    """Where the shadow of a point at a height falls, from its foot, in metres."""
    reach_m = height_m / math.tan(SUN_ELEVATION_RAD)
    return (-reach_m * math.cos(SUN_AZIMUTH_RAD), -reach_m * math.sin(SUN_AZIMUTH_RAD))


def lit(rgb: Rgb, normal: Vector, *, occlusion: float = 1.0) -> Rgb:
    """A matt surface's colour in this light (Lambert, with more sky from above); occlusion 0..1 dims the sky."""
    sun = max(0.0, sum(n * s for n, s in zip(normal, TO_SUN, strict=True)))
    sky = (0.93 + 0.07 * normal[2]) * occlusion
    return (
        min(1.0, rgb[0] * (sun * SUN[0] * SUN_SHARE + sky * SKY[0])),
        min(1.0, rgb[1] * (sun * SUN[1] * SUN_SHARE + sky * SKY[1])),
        min(1.0, rgb[2] * (sun * SUN[2] * SUN_SHARE + sky * SKY[2])),
    )
