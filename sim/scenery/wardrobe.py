"""Who somebody is to the eye: stature, build, skin, hair, clothes and what they carry, all from one number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sim.posture import ON_FOOT, Posture
from sim.scenery.light import Rgb

_SKIN: tuple[Rgb, ...] = (
    (0.87, 0.69, 0.57), (0.80, 0.61, 0.48), (0.92, 0.75, 0.64), (0.72, 0.53, 0.40), (0.58, 0.41, 0.31),
    (0.95, 0.80, 0.71),
)  # fmt: skip
_HAIR: tuple[Rgb, ...] = (
    (0.07, 0.06, 0.06), (0.10, 0.08, 0.07), (0.16, 0.11, 0.08), (0.30, 0.20, 0.12), (0.55, 0.55, 0.56),
    (0.80, 0.79, 0.78),
)  # fmt: skip
_TOPS: tuple[Rgb, ...] = (
    (0.70, 0.15, 0.15), (0.16, 0.30, 0.58), (0.92, 0.91, 0.88), (0.18, 0.42, 0.32), (0.86, 0.66, 0.22),
    (0.40, 0.28, 0.50), (0.88, 0.52, 0.50), (0.28, 0.31, 0.35), (0.42, 0.64, 0.74), (0.12, 0.12, 0.13),
    (0.62, 0.62, 0.60), (0.50, 0.36, 0.26), (0.76, 0.80, 0.84), (0.45, 0.50, 0.28),
)  # fmt: skip
_BOTTOMS: tuple[Rgb, ...] = (
    (0.15, 0.18, 0.28), (0.20, 0.20, 0.21), (0.52, 0.46, 0.38), (0.27, 0.35, 0.50), (0.11, 0.11, 0.12),
    (0.45, 0.46, 0.47), (0.38, 0.30, 0.24), (0.70, 0.68, 0.62), (0.36, 0.44, 0.58),
)  # fmt: skip
_SHOES: tuple[Rgb, ...] = (
    (0.12, 0.11, 0.11),
    (0.85, 0.85, 0.84),
    (0.35, 0.24, 0.17),
    (0.55, 0.56, 0.60),
    (0.70, 0.20, 0.18),
)


class Carries(StrEnum):
    """What is in somebody's hands or on their back."""

    NOTHING = "nothing"
    BACKPACK = "backpack"
    SHOPPING_BAG = "shopping_bag"
    UMBRELLA = "umbrella"
    BOX = "box"
    BROOM = "broom"


class Hat(StrEnum):
    """What is on somebody's head."""

    NONE = "none"
    CAP = "cap"
    STRAW = "straw"
    HELMET = "helmet"


class Hair(StrEnum):
    """How hair is worn."""

    SHORT = "short"
    BOB = "bob"
    LONG = "long"
    BUN = "bun"
    BALD = "bald"


class Bottom(StrEnum):
    """What covers the legs."""

    TROUSERS = "trousers"
    SHORTS = "shorts"
    SKIRT = "skirt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One person's looks. Scales are shares of a skeleton of 1.70 m."""

    tall: float
    stout: float  # girth
    hips: float
    shoulders: float
    head: float  # a child's is larger for its body
    skin: Rgb
    hair_rgb: Rgb
    hair: Hair
    hat: Hat
    hat_rgb: Rgb
    top: Rgb
    stripe: Rgb | None  # a second colour in bands across the top
    vest: bool  # a worker's, orange with light bands
    sleeves: float  # 0 none, 0.35 short, 1 long
    bottom: Bottom
    bottom_rgb: Rgb
    wide: float  # how loose the legs are
    hem_m: float  # how far the top hangs below the waist
    shoes: Rgb
    carries: Carries
    thing_rgb: Rgb
    glasses: bool  # against the sun
    bench: bool  # under somebody who sits on one


@lru_cache(maxsize=512)
def look_of(number: int, *, posture: Posture = Posture.STANDING) -> Look:
    """The looks that belong to a number; somebody at work is dressed for it and carries nothing but a tool."""
    working = posture in (Posture.KNEELING, Posture.SWEEPING)
    pick = random.Random(f"look {number}")  # noqa: S311 - clothes, not secrets
    woman, age = pick.random() < 0.5, pick.random()
    child, old = age < 0.10 and not working, age > 0.72
    skin, hair_rgb = pick.choice(_SKIN), pick.choice(_HAIR[4:] if old else _HAIR[:4])
    tall = pick.uniform(0.62, 0.82) if child else pick.gauss(0.955 if woman else 1.02, 0.035)
    hair = pick.choice((Hair.BOB, Hair.LONG, Hair.BUN, Hair.SHORT)) if woman else Hair.SHORT
    if not woman and old and pick.random() < 0.4:
        hair = Hair.BALD
    sun = pick.random()
    hat = (
        Hat.STRAW if working and sun < 0.5 else Hat.CAP if sun > 0.82 else Hat.HELMET if 0.5 < sun < 0.53 else Hat.NONE
    )
    bottom = pick.choices(
        (Bottom.TROUSERS, Bottom.SHORTS, Bottom.SKIRT), (0.68, 0.17, 0.15 if woman and not working else 0.0)
    )[0]
    carries = pick.choices(tuple(Carries)[:5], (0.58, 0.14, 0.14, 0.08, 0.06))[0]
    if posture not in ON_FOOT:  # put down, or dropped in a fall
        carries = Carries.BROOM if posture is Posture.SWEEPING else Carries.NOTHING
    return Look(
        tall=min(1.12, max(0.60, tall)),
        stout=min(1.30, max(0.88, pick.gauss(1.02 + 0.06 * old, 0.09))),
        hips=1.05 if woman else 0.96,
        shoulders=0.92 if woman else 1.02,
        head=1.28 if child else 1.0,
        skin=skin,
        hair_rgb=hair_rgb,
        hair=hair,
        hat=hat,
        hat_rgb=(0.84, 0.72, 0.46)
        if hat is Hat.STRAW
        else (0.95, 0.76, 0.10)
        if hat is Hat.HELMET
        else pick.choice(_TOPS),
        top=pick.choice(_TOPS),
        stripe=pick.choice(_TOPS) if pick.random() < 0.25 else None,
        vest=working and pick.random() < 0.7,
        sleeves=pick.choice((0.0, 0.38, 0.38, 0.42, 1.0, 1.0, 1.0)),
        bottom=bottom,
        bottom_rgb=pick.choice(_BOTTOMS),
        wide=pick.uniform(0.0, 1.0),
        hem_m=pick.uniform(0.02, 0.14),
        shoes=pick.choice(_SHOES),
        carries=carries,
        thing_rgb=pick.choice(_TOPS),
        glasses=pick.random() < 0.07,
        bench=posture is Posture.SITTING,
    )
