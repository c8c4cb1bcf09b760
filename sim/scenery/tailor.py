"""Makes a person's mesh to measure: the body of a look, its clothes, and what it carries. Metres, upright, facing x."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from sim.scenery.body import Body, Loft, Ring
from sim.scenery.heads import add_head
from sim.scenery.light import Rgb
from sim.scenery.wardrobe import Bottom, Carries, Look

_ORANGE: Rgb = (0.95, 0.45, 0.08)
_REFLECTIVE: Rgb = (0.92, 0.93, 0.80)
_DARK: Rgb = (0.10, 0.09, 0.09)
_WOOD: Rgb = (0.55, 0.40, 0.26)

# height, middle x, middle y, half depth, half width of the trunk, from the crotch to the collar
_TRUNK: tuple[Ring, ...] = (
    (0.800, 0.000, 0.0, 0.070, 0.105), (0.840, -0.006, 0.0, 0.100, 0.150), (0.890, -0.012, 0.0, 0.116, 0.168),
    (0.940, -0.010, 0.0, 0.116, 0.168), (0.990, -0.002, 0.0, 0.108, 0.158), (1.050, 0.004, 0.0, 0.101, 0.148),
    (1.110, 0.006, 0.0, 0.101, 0.145), (1.180, 0.006, 0.0, 0.107, 0.152), (1.250, 0.006, 0.0, 0.114, 0.162),
    (1.310, 0.002, 0.0, 0.114, 0.168), (1.360, -0.006, 0.0, 0.104, 0.170), (1.400, -0.012, 0.0, 0.086, 0.158),
    (1.425, -0.014, 0.0, 0.070, 0.120), (1.445, -0.013, 0.0, 0.058, 0.078),
)  # fmt: skip
_HIPS_END = 1.02  # below, the trunk belongs to the pelvis, above 1.16 to the chest
_CHEST_FROM = 1.16


def tailored(look: Look, *, fine: bool = True) -> Body:
    """The mesh of a look; not fine is for somebody far away."""
    loft = Loft(12 if fine else 7)
    _trunk(loft, look)
    for side in (1.0, -1.0):
        _arm(loft, look, side, fine=fine)
        _leg(loft, look, side, fine=fine)
    add_head(loft, look, fine=fine)
    _things(loft, look)
    if look.bench:
        _bench(loft)
    return loft.body(tall=look.tall)


def _bench(loft: Loft) -> None:
    """It stays where the ground is."""
    for x in (-0.20, -0.06, 0.08):
        loft.box((x, 0.0, 0.415), (0.12, 1.3, 0.035), _WOOD, "ground")
    for y in (-0.55, 0.55):
        loft.box((-0.06, y, 0.20), (0.34, 0.06, 0.40), (0.28, 0.29, 0.30), "ground")


def _trunk(loft: Loft, look: Look) -> None:
    def wide(z: float) -> float:
        t = min(1.0, max(0.0, (z - 0.95) / 0.40))
        waist = 1.0 - 0.06 * max(0.0, 1 - abs(z - 1.08) / 0.12) * (look.hips > 1.0)
        return ((1 - t) * look.hips + t * look.shoulders) * waist

    def girth(z: float) -> float:
        belly = max(0.0, 1 - abs(z - 1.06) / 0.22)
        return 1 + (look.stout - 1) * (0.7 + 0.9 * belly)

    rings = [(z, x, y, rx * girth(z), ry * wide(z) * (1 + 0.6 * (girth(z) - 1))) for z, x, y, rx, ry in _TRUNK]
    share = [min(1.0, max(0.0, (z - _HIPS_END) / (_CHEST_FROM - _HIPS_END))) for z, *_ in rings]
    loft.tube(rings[:6], look.bottom_rgb, "chest", other="body", share=share[:6])
    hem = 0.98 - look.hem_m
    cloth = [ring for ring in rings if ring[0] > hem + 0.01]
    lowest = _at(rings, hem)
    shirt = [lowest, *cloth]
    loose = [(z, x, y, rx + 0.010, ry + 0.010) for z, x, y, rx, ry in shirt]
    held = [min(1.0, max(0.0, (z - _HIPS_END) / (_CHEST_FROM - _HIPS_END))) for z, *_ in loose]
    loft.tube(loose, [_cloth(look, ring[0]) for ring in loose], "chest", other="body", share=held)
    if look.bottom is Bottom.SKIRT:
        for side, bone in ((1.0, "thigh_l"), (-1.0, "thigh_r")):
            middles = ((0.48, 0.090, 0.150, 0.130), (0.70, 0.075, 0.135, 0.125), (0.93, 0.060, 0.115, 0.110))
            skirt = [(z, 0.0, side * y, rx, ry) for z, y, rx, ry in middles]
            loft.tube(skirt, look.bottom_rgb, bone, other="body", share=[0.9, 0.8, 0.2])


def _cloth(look: Look, z: float) -> Rgb:
    if look.vest:
        return _REFLECTIVE if 1.08 < z < 1.15 or 1.28 < z < 1.33 else _ORANGE
    if look.stripe is not None and int(z * 100) // 7 % 2:
        return look.stripe
    return look.top


def _at(rings: Sequence[Ring], z: float) -> Ring:
    """The ring at a height between two others."""
    for low, high in itertools.pairwise(rings):
        if low[0] <= z <= high[0]:
            t = (z - low[0]) / (high[0] - low[0])
            mixed = [a + t * (b - a) for a, b in zip(low, high, strict=True)]
            return (z, mixed[1], mixed[2], mixed[3], mixed[4])
    return rings[0]


def _arm(loft: Loft, look: Look, side: float, *, fine: bool) -> None:
    name = "l" if side > 0 else "r"
    out = side * (0.178 * look.shoulders)
    thick = 0.5 + 0.5 * look.stout
    sides = 9 if fine else 5
    bare: list[Ring] = [
        (0.845, 0.000, side * 0.225, 0.026, 0.022), (0.900, -0.002, side * 0.219, 0.032, 0.028),
        (0.980, -0.006, side * 0.212, 0.041, 0.036), (1.040, -0.010, side * 0.207, 0.044, 0.039),
        (1.085, -0.012, side * 0.205, 0.040, 0.040), (1.140, -0.012, side * 0.199, 0.043, 0.041),
        (1.220, -0.011, side * 0.190, 0.049, 0.046), (1.310, -0.010, side * 0.182, 0.055, 0.052),
        (1.370, -0.010, side * 0.176, 0.058, 0.054), (1.405, -0.011, side * 0.160, 0.046, 0.044),
        (1.425, -0.012, side * 0.140, 0.022, 0.026),
    ]  # fmt: skip
    arm = [(z, x, y + (out - side * 0.178), rx * thick, ry * thick) for z, x, y, rx, ry in bare]
    sleeve_from = 1.405 - 0.55 * look.sleeves
    upper, lower = f"upper_arm_{name}", f"forearm_{name}"

    def hold(z: float) -> float:
        return min(1.0, max(0.0, (z - 1.045) / 0.08))

    skin_part = [r for r in arm if r[0] < sleeve_from] + ([_at(arm, sleeve_from)] if look.sleeves > 0 else [])
    if look.sleeves == 0:
        skin_part = arm
    if len(skin_part) > 1:
        loft.tube(skin_part, look.skin, upper, other=lower, share=[hold(r[0]) for r in skin_part], sides=sides)
    if look.sleeves > 0:
        cloth = [_at(arm, sleeve_from), *(r for r in arm if r[0] > sleeve_from)]
        loose = [(z, x, y, rx + 0.009, ry + 0.009) for z, x, y, rx, ry in cloth]
        rgb = _ORANGE if look.vest and look.sleeves < 0.5 else look.top
        loft.tube(loose, rgb, upper, other=lower, share=[hold(r[0]) for r in loose], sides=sides)
    hand = f"hand_{name}"
    y = side * 0.226 + (out - side * 0.178)
    loft.tube(
        [(0.655, 0.022, y, 0.012, 0.009), (0.690, 0.020, y, 0.034, 0.013), (0.745, 0.012, y, 0.042, 0.016),
         (0.795, 0.006, y, 0.038, 0.018), (0.850, 0.0, y, 0.025, 0.020)],
        look.skin, hand, other=lower, share=[1, 1, 1, 1, 0.3], sides=sides,
    )  # fmt: skip
    if fine:
        loft.tube(
            [(0.725, 0.064, y, 0.008, 0.008), (0.755, 0.056, y, 0.012, 0.011), (0.800, 0.030, y, 0.014, 0.013)],
            look.skin, hand, sides=5,
        )  # fmt: skip


def _leg(loft: Loft, look: Look, side: float, *, fine: bool) -> None:
    name = "l" if side > 0 else "r"
    thick = (0.45 + 0.55 * look.stout) * (0.5 + 0.5 * look.hips)
    sides = 10 if fine else 6
    bare: list[Ring] = [
        (0.060, -0.014, side * 0.094, 0.036, 0.034), (0.130, -0.012, side * 0.094, 0.037, 0.035),
        (0.220, -0.014, side * 0.094, 0.049, 0.045), (0.320, -0.014, side * 0.094, 0.060, 0.053),
        (0.400, -0.006, side * 0.093, 0.057, 0.053), (0.455, 0.003, side * 0.092, 0.056, 0.053),
        (0.500, 0.006, side * 0.092, 0.059, 0.056), (0.570, 0.004, side * 0.091, 0.066, 0.063),
        (0.680, 0.002, side * 0.090, 0.078, 0.073), (0.790, 0.000, side * 0.088, 0.088, 0.081),
        (0.880, -0.006, side * 0.085, 0.092, 0.084), (0.940, -0.008, side * 0.075, 0.080, 0.075),
    ]  # fmt: skip
    leg = [(z, x, y, rx * thick, ry * thick) for z, x, y, rx, ry in bare]
    thigh, shank, foot = f"thigh_{name}", f"shank_{name}", f"foot_{name}"

    def hold(z: float) -> float:
        return min(1.0, max(0.0, (z - 0.43) / 0.11))

    covered_from = {Bottom.TROUSERS: 0.075, Bottom.SHORTS: 0.53, Bottom.SKIRT: 0.60}[look.bottom]
    if covered_from > 0.1:
        skin_part = [r for r in leg if r[0] < covered_from + 0.06]
        loft.tube(skin_part, look.skin, thigh, other=shank, share=[hold(r[0]) for r in skin_part], sides=sides)
    cloth = [_at(leg, covered_from), *(r for r in leg if r[0] > covered_from)]
    ease = 0.006 + 0.012 * look.wide
    floor = (0.050 + 0.025 * look.wide) if look.bottom is Bottom.TROUSERS else 0.0
    loose = [(z, x, y, max(rx + ease, floor), max(ry + ease, floor)) for z, x, y, rx, ry in cloth]
    loft.tube(loose, look.bottom_rgb, thigh, other=shank, share=[hold(r[0]) for r in loose], sides=sides)
    y = side * 0.094
    loft.tube(
        [(-0.085, 0.040, y, 0.032, 0.026), (-0.065, 0.048, y, 0.046, 0.036), (-0.010, 0.052, y, 0.052, 0.038),
         (0.050, 0.044, y, 0.044, 0.041), (0.110, 0.034, y, 0.034, 0.045), (0.155, 0.028, y, 0.028, 0.040),
         (0.180, 0.022, y, 0.018, 0.022)],
        look.shoes, foot, sides=max(6, sides - 2), forward=True,
    )  # fmt: skip
    loft.tube([(0.045, -0.014, y, 0.042, 0.038), (0.110, -0.013, y, 0.040, 0.037)], look.shoes, foot, sides=sides)


def _things(loft: Loft, look: Look) -> None:
    rgb = look.thing_rgb
    match look.carries:
        case Carries.BACKPACK:
            loft.box((-0.185, 0.0, 1.22), (0.15, 0.29, 0.40), rgb, "chest")
            for side in (1.0, -1.0):
                loft.box((0.112, side * 0.095, 1.27), (0.018, 0.04, 0.24), rgb, "chest")
        case Carries.SHOPPING_BAG:
            loft.tube(
                [(0.30, 0.015, -0.240, 0.13, 0.055), (0.42, 0.015, -0.240, 0.15, 0.075),
                 (0.56, 0.015, -0.238, 0.11, 0.05), (0.69, 0.015, -0.236, 0.02, 0.012)],
                rgb, "hand_r", sides=8, person=False,
            )  # fmt: skip
        case Carries.BOX:
            loft.box((0.33, 0.0, 1.10), (0.34, 0.44, 0.30), (0.66, 0.50, 0.33), "chest")
        case Carries.UMBRELLA:
            _umbrella(loft, rgb)
        case Carries.BROOM:
            stick = [(-0.30, 0.02, -0.226, 0.012, 0.012), (1.05, 0.02, -0.226, 0.012, 0.012)]
            bristles = [(-0.62, 0.02, -0.226, 0.16, 0.05), (-0.28, 0.02, -0.226, 0.03, 0.02)]
            loft.tube(stick, _WOOD, "hand_r", sides=5, person=False)
            loft.tube(bristles, (0.70, 0.60, 0.30), "hand_r", sides=6, person=False)
        case Carries.NOTHING:
            pass


def _umbrella(loft: Loft, rgb: Rgb) -> None:
    """Held up before the right shoulder; it stays upright with the chest."""
    x, y = 0.20, -0.16
    loft.tube([(1.02, x, y, 0.010, 0.010), (1.98, x, y, 0.010, 0.010)], _DARK, "chest", sides=5, person=False)
    loft.tube(
        [(1.80, x, y, 0.52, 0.52), (1.88, x, y, 0.42, 0.42), (1.95, x, y, 0.24, 0.24), (1.98, x, y, 0.03, 0.03)],
        rgb, "chest", sides=10, person=False,
    )  # fmt: skip
