"""Heads: skull and face, hair, hats. Metres, upright, facing x, on a neck that ends at 1.49."""

from __future__ import annotations

from sim.scenery.body import Loft, Ring
from sim.scenery.light import Rgb
from sim.scenery.wardrobe import Hair, Hat, Look

_WHITE_OF_EYE: Rgb = (0.93, 0.92, 0.90)
_IRIS: Rgb = (0.10, 0.07, 0.05)
_DARK_GLASS: Rgb = (0.16, 0.17, 0.19)


def add_head(loft: Loft, look: Look, *, fine: bool) -> None:
    """Everything above the collar; the face only where it is fine."""
    _skull(loft, look, fine=fine)
    if fine:
        _face(loft, look)
    _hair(loft, look)
    _hat(loft, look)


def _skull(loft: Loft, look: Look, *, fine: bool) -> None:
    skin = look.skin
    loft.tube(
        [(1.400, -0.016, 0.0, 0.060, 0.062), (1.440, -0.012, 0.0, 0.054, 0.054), (1.480, -0.006, 0.0, 0.052, 0.052),
         (1.530, 0.0, 0.0, 0.052, 0.052)],
        skin, "neck", other="chest", share=[0.2, 0.7, 1.0, 1.0],
    )  # fmt: skip
    k = look.head

    def z(height: float) -> float:
        return 1.49 + (height - 1.49) * k

    skull: list[Ring] = [
        (1.484, 0.058, 0.0, 0.022, 0.022), (1.494, 0.042, 0.0, 0.046, 0.040), (1.515, 0.024, 0.0, 0.068, 0.054),
        (1.545, 0.010, 0.0, 0.084, 0.063), (1.580, 0.004, 0.0, 0.091, 0.070), (1.615, 0.000, 0.0, 0.095, 0.075),
        (1.650, -0.002, 0.0, 0.094, 0.075), (1.680, -0.004, 0.0, 0.080, 0.064), (1.700, -0.006, 0.0, 0.054, 0.044),
        (1.710, -0.006, 0.0, 0.020, 0.018),
    ]  # fmt: skip
    loft.tube([(z(h), x * k, 0.0, rx * k, ry * k) for h, x, _, rx, ry in skull], skin, "head", sides=14 if fine else 8)


def _face(loft: Loft, look: Look) -> None:
    skin, k = look.skin, look.head

    def z(height: float) -> float:
        return 1.49 + (height - 1.49) * k

    nose = tuple(min(1.0, c * 1.03) for c in skin)
    loft.tube(
        [(z(1.556), 0.094 * k, 0.0, 0.012 * k, 0.017 * k), (z(1.568), 0.098 * k, 0.0, 0.018 * k, 0.016 * k),
         (z(1.592), 0.094 * k, 0.0, 0.012 * k, 0.010 * k), (z(1.616), 0.090 * k, 0.0, 0.007 * k, 0.008 * k)],
        (nose[0], nose[1], nose[2]), "head", sides=6,
    )  # fmt: skip
    for side in (1.0, -1.0):
        loft.tube(
            [(z(1.560), -0.004, side * 0.072 * k, 0.012, 0.006), (z(1.600), -0.006, side * 0.078 * k, 0.022, 0.010),
             (z(1.622), -0.006, side * 0.077 * k, 0.016, 0.006)],
            skin, "head", sides=6,
        )  # fmt: skip
        eye = (z(1.612), side * 0.033 * k)
        _feature(loft, eye, (0.018, 0.0085), _WHITE_OF_EYE, k=k, out_m=0.0)
        _feature(loft, eye, (0.009, 0.0085), _IRIS, k=k, out_m=0.003)
        _feature(loft, (z(1.634), side * 0.034 * k), (0.022, 0.0045), _darker(look.hair_rgb), k=k, out_m=0.003)
        if look.glasses:
            _feature(loft, (z(1.610), side * 0.034 * k), (0.027, 0.019), _DARK_GLASS, k=k, out_m=0.0075)
    lips = (min(1.0, skin[0] * 0.82), skin[1] * 0.55, skin[2] * 0.55)
    _feature(loft, (z(1.534), 0.0), (0.026, 0.0075), lips, k=k, out_m=0.001)


def _darker(rgb: Rgb) -> Rgb:
    return (0.7 * rgb[0], 0.7 * rgb[1], 0.7 * rgb[2])


def _feature(
    loft: Loft, at: tuple[float, float], size: tuple[float, float], rgb: Rgb, *, k: float, out_m: float
) -> None:
    """A small hexagon on the front of a head scaled by `k`: its middle's height and side, its half width and height."""
    corners = []
    for dy, dz in ((1.0, 0.0), (0.5, 1.0), (-0.5, 1.0), (-1.0, 0.0), (-0.5, -1.0), (0.5, -1.0)):
        z, y = at[0] + dz * size[1] * k, at[1] + dy * size[0] * k
        corners.append((_front(z, y, k) + 0.004 + out_m, y, z))
    loft.patch(corners, rgb, "head")


def _front(z: float, y: float, k: float) -> float:
    """How far forward the face is at a height and a distance from its middle."""
    h = 1.49 + (z - 1.49) / k
    t = min(1.0, max(0.0, (h - 1.515) / 0.10))
    middle, rx, ry = 0.024 * (1 - t), 0.068 + 0.027 * t, 0.054 + 0.021 * t
    inside = max(0.0, 1 - (y / (ry * k)) ** 2)
    return float((middle + rx * inside**0.5) * k)


def _hair(loft: Loft, look: Look) -> None:
    if look.hair is Hair.BALD or look.hat is Hat.HELMET:
        return
    k, rgb = look.head, look.hair_rgb

    def ring(h: float, x: float, rx: float, ry: float) -> Ring:
        return (1.49 + (h - 1.49) * k, x * k, 0.0, rx * k, ry * k)

    cap = [
        ring(1.545, -0.050, 0.048, 0.066), ring(1.590, -0.042, 0.062, 0.079), ring(1.630, -0.026, 0.080, 0.083),
        ring(1.660, -0.010, 0.094, 0.082), ring(1.690, -0.008, 0.082, 0.072), ring(1.712, -0.008, 0.054, 0.048),
        ring(1.722, -0.008, 0.018, 0.016),
    ]  # fmt: skip
    if look.hair in (Hair.BOB, Hair.LONG):
        low = 1.50 if look.hair is Hair.BOB else 1.36
        cap = [ring(low, -0.062, 0.036, 0.070), ring(low + 0.05, -0.052, 0.046, 0.084), *cap[1:]]
    loft.tube(cap, rgb, "head")
    if look.hair is Hair.BUN:
        loft.tube(
            [ring(1.640, -0.115, 0.012, 0.012), ring(1.660, -0.115, 0.036, 0.036), ring(1.690, -0.110, 0.036, 0.036),
             ring(1.706, -0.108, 0.012, 0.012)],
            rgb, "head", sides=8,
        )  # fmt: skip


def _hat(loft: Loft, look: Look) -> None:
    k, rgb = look.head, look.hat_rgb

    def ring(h: float, x: float, rx: float, ry: float) -> Ring:
        return (1.49 + (h - 1.49) * k, x * k, 0.0, rx * k, ry * k)

    if look.hat is Hat.NONE:
        return
    crown = [
        ring(1.645, -0.004, 0.104, 0.088), ring(1.690, -0.006, 0.096, 0.082), ring(1.722, -0.006, 0.070, 0.060),
        ring(1.734, -0.006, 0.025, 0.022),
    ]  # fmt: skip
    loft.tube(crown, rgb, "head")
    if look.hat is Hat.CAP:
        loft.tube([ring(1.644, 0.075, 0.095, 0.070), ring(1.654, 0.070, 0.090, 0.068)], rgb, "head", sides=10)
    elif look.hat is Hat.STRAW:
        loft.tube([ring(1.636, -0.004, 0.225, 0.215), ring(1.652, -0.004, 0.120, 0.105)], rgb, "head", sides=14)
    else:
        loft.tube([ring(1.575, -0.030, 0.085, 0.092), ring(1.650, -0.006, 0.114, 0.098)], rgb, "head", sides=12)
