"""Paints walls: a sheet of bays (balcony, window, kitchen, blank) by floors, one for each look of a building."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.scenery.paint import Picture, Rgb, chance, noise, plain, speckled

BAY_PX = 128
FLOORS = 4  # floors on the sheet, repeated up the wall
COLUMNS = 8


class Bay(IntEnum):
    """Columns of a tower's sheet."""

    BALCONY = 0  # 3 variants
    WINDOW = 3  # 3 variants
    KITCHEN = 6
    BLANK = 7


VARIANTS = {Bay.BALCONY: 3, Bay.WINDOW: 3, Bay.KITCHEN: 1, Bay.BLANK: 1}

_CURTAINS: tuple[Rgb, ...] = (
    (0.93, 0.90, 0.82),
    (0.80, 0.72, 0.60),
    (0.72, 0.78, 0.84),
    (0.86, 0.70, 0.66),
    (0.95, 0.95, 0.95),
)
_LAUNDRY: tuple[Rgb, ...] = (
    (0.82, 0.25, 0.25),
    (0.25, 0.42, 0.72),
    (0.95, 0.93, 0.88),
    (0.92, 0.74, 0.30),
    (0.40, 0.62, 0.45),
)


def tower_sheet(name: str, wall: Rgb, trim: Rgb, glass: Rgb) -> Picture:
    """The upper floors of a tower: `COLUMNS` bays by `FLOORS` floors."""
    rng = chance(f"facade:{name}")
    sheet = speckled(plain(FLOORS * BAY_PX, COLUMNS * BAY_PX, wall), 0.025, roughness=1.6, rng=rng)
    for row in range(FLOORS):
        for column in range(COLUMNS):
            tile = sheet[row * BAY_PX : (row + 1) * BAY_PX, column * BAY_PX : (column + 1) * BAY_PX]
            if column < Bay.WINDOW:
                _balcony(tile, trim, glass, rng)
            elif column < Bay.KITCHEN:
                _bedroom(tile, glass, rng)
            elif column == Bay.KITCHEN:
                _kitchen(tile, glass, rng)
            else:
                _drainpipe(tile, trim)
            tile[-3:] *= 0.88  # the joint between two floors
    return sheet


def plinth_sheet(name: str, wall: Rgb, glass: Rgb) -> Picture:
    """The ground floor of a tower: stone, and barred windows in two of four bays."""
    rng = chance(f"plinth:{name}")
    stone = (wall[0] * 0.62 + 0.06, wall[1] * 0.60 + 0.06, wall[2] * 0.58 + 0.07)
    sheet = speckled(plain(BAY_PX, 4 * BAY_PX, stone), 0.06, roughness=1.9, rng=rng)
    for y in range(0, BAY_PX, 32):  # courses of stone
        sheet[y : y + 2] *= 0.82
        for x in range((y // 32 % 2) * 32, 4 * BAY_PX, 64):
            sheet[y : y + 32, x : x + 2] *= 0.86
    for column in (0, 2):
        tile = sheet[:, column * BAY_PX : (column + 1) * BAY_PX]
        _window(tile, 0.30, 0.78, 0.22, 0.78, glass, rng)
        for x in np.linspace(0.24, 0.76, 8):
            _rect(tile, 0.28, 0.80, float(x), float(x) + 0.015, (0.80, 0.81, 0.82))
        _rect(tile, 0.52, 0.54, 0.22, 0.78, (0.80, 0.81, 0.82))
    return sheet


def shop_sheet(name: str, wall: Rgb, glass: Rgb) -> Picture:
    """Two shop fronts side by side, 4 m high: a sign board, glass, a door."""
    rng = chance(f"shop:{name}")
    sheet = speckled(plain(BAY_PX, 4 * BAY_PX, wall), 0.02, roughness=1.5, rng=rng)
    boards = ((0.72, 0.16, 0.14), (0.10, 0.40, 0.30), (0.14, 0.28, 0.56), (0.82, 0.52, 0.12))
    for front in range(2):
        tile = sheet[:, front * 2 * BAY_PX : (front + 1) * 2 * BAY_PX]
        board = boards[int(rng.integers(len(boards)))]
        _rect(tile, 0.08, 0.30, 0.03, 0.97, board)
        for i in range(5):  # strokes that read as writing from afar
            x = 0.24 + 0.11 * i
            _rect(tile, 0.13, 0.25, x, x + 0.07, (0.98, 0.96, 0.90))
            _rect(tile, 0.17, 0.19, x + 0.01, x + 0.06, board)
            _rect(tile, 0.13, 0.25, x + 0.03, x + 0.04, board)
        _window(tile, 0.36, 0.97, 0.05, 0.62, glass, rng, curtain=False)
        for shelf in (0.56, 0.76):
            for x in np.linspace(0.08, 0.58, 9):
                colour = _LAUNDRY[int(rng.integers(len(_LAUNDRY)))]
                _rect(tile, shelf, shelf + 0.10, float(x), float(x) + 0.04, _mix(colour, glass, 0.45))
        _window(tile, 0.36, 1.0, 0.66, 0.94, glass, rng, curtain=False)
        _rect(tile, 0.36, 1.0, 0.795, 0.805, (0.85, 0.86, 0.87))
        _rect(tile, 0.66, 0.76, 0.77, 0.785, (0.95, 0.95, 0.95))
    return sheet


def office_sheet(name: str, wall: Rgb, glass: Rgb) -> Picture:
    """Ribbon windows between bricks: the community centre, gatehouses and service houses."""
    rng = chance(f"office:{name}")
    sheet = speckled(plain(BAY_PX, 2 * BAY_PX, wall), 0.04, roughness=1.8, rng=rng)
    for y in range(0, BAY_PX, 8):
        sheet[y : y + 1] *= 0.90
        for x in range((y // 8 % 2) * 8, 2 * BAY_PX, 16):
            sheet[y : y + 8, x : x + 1] *= 0.92
    for column in range(2):
        tile = sheet[:, column * BAY_PX : (column + 1) * BAY_PX]
        _window(tile, 0.24, 0.72, 0.10, 0.90, glass, rng)
    return sheet


def _rect(  # noqa: PLR0917 - a box in the order of its sides, then its paint
    tile: Picture, top: float, bottom: float, left: float, right: float, rgb: Rgb, ink: float = 1.0
) -> None:
    """A rectangle in fractions of the tile; at least one pixel."""
    rows, columns = tile.shape[:2]
    y0, x0 = round(top * rows), round(left * columns)
    area = tile[y0 : max(y0 + 1, round(bottom * rows)), x0 : max(x0 + 1, round(right * columns)), :3]
    area[...] = area * (1.0 - ink) + np.array(rgb, dtype=np.float32) * ink


def _mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def _window(  # noqa: PLR0917 - as _rect
    tile: Picture,
    top: float,
    bottom: float,
    left: float,
    right: float,
    glass: Rgb,
    rng: np.random.Generator,
    *,
    curtain: bool = True,
) -> None:
    """Glass that mirrors the sky from top to bottom, a curtain behind it, a light frame around it."""
    frame: Rgb = (0.92, 0.93, 0.94)
    _rect(tile, top - 0.02, bottom + 0.03, left - 0.02, right + 0.02, frame)
    steps = 8
    for i in range(steps):
        sheen = _mix((0.62, 0.72, 0.80), glass, min(1.0, 0.25 + i / steps))
        _rect(tile, top + (bottom - top) * i / steps, top + (bottom - top) * (i + 1) / steps, left, right, sheen)
    if curtain and rng.random() < 0.75:
        cloth = _CURTAINS[int(rng.integers(len(_CURTAINS)))]
        width = (right - left) * float(rng.uniform(0.15, 0.45))
        _rect(tile, top, bottom, left, left + width, _mix(cloth, glass, 0.25))
        if rng.random() < 0.7:
            _rect(tile, top, bottom, right - width, right, _mix(cloth, glass, 0.30))
    middle = (left + right) / 2
    _rect(tile, top, bottom, middle - 0.008, middle + 0.008, frame)
    _rect(tile, bottom + 0.03, bottom + 0.05, left - 0.03, right + 0.03, (0.50, 0.49, 0.47), ink=0.55)  # sill's shadow


def _balcony(tile: Picture, trim: Rgb, glass: Rgb, rng: np.random.Generator) -> None:
    _rect(tile, 0.0, 0.16, 0.04, 0.96, (0.30, 0.29, 0.28), ink=0.75)  # under the slab above
    _window(tile, 0.16, 0.94, 0.10, 0.90, glass, rng)
    for edge in (0.30, 0.70):
        _rect(tile, 0.16, 0.94, edge, edge + 0.015, (0.90, 0.91, 0.92))
    if rng.random() < 0.55:  # laundry
        x = float(rng.uniform(0.14, 0.3))
        while x < 0.8 and rng.random() < 0.85:
            width = float(rng.uniform(0.05, 0.10))
            _rect(tile, 0.20, 0.20 + float(rng.uniform(0.2, 0.36)), x, x + width, _LAUNDRY[int(rng.integers(5))])
            x += width + 0.02
    _rect(tile, 0.60, 0.96, 0.03, 0.97, _mix(trim, (0.75, 0.82, 0.86), 0.55))  # the parapet, glazed
    for x in np.linspace(0.03, 0.96, 6):
        _rect(tile, 0.60, 0.96, float(x), float(x) + 0.014, trim)
    _rect(tile, 0.58, 0.61, 0.02, 0.98, _mix(trim, (1.0, 1.0, 1.0), 0.3))
    _rect(tile, 0.95, 1.0, 0.0, 1.0, _mix(trim, (1.0, 1.0, 1.0), 0.45))  # the slab's edge


def _bedroom(tile: Picture, glass: Rgb, rng: np.random.Generator) -> None:
    _window(tile, 0.26, 0.76, 0.14, 0.62, glass, rng)
    if rng.random() < 0.85:  # the air conditioner on its shelf
        _rect(tile, 0.62, 0.84, 0.70, 0.95, (0.90, 0.90, 0.88))
        _rect(tile, 0.64, 0.82, 0.72, 0.84, (0.45, 0.46, 0.47))
        _rect(tile, 0.84, 0.87, 0.68, 0.97, (0.55, 0.54, 0.52))


def _kitchen(tile: Picture, glass: Rgb, rng: np.random.Generator) -> None:
    _window(tile, 0.28, 0.66, 0.10, 0.36, glass, rng, curtain=False)
    _window(tile, 0.28, 0.56, 0.60, 0.82, glass, rng, curtain=False)
    _rect(tile, 0.34, 0.42, 0.48, 0.54, (0.72, 0.73, 0.74))  # the hood's outlet


def _drainpipe(tile: Picture, trim: Rgb) -> None:
    _rect(tile, 0.0, 1.0, 0.10, 0.13, _mix(trim, (1.0, 1.0, 1.0), 0.35))
    _rect(tile, 0.0, 1.0, 0.13, 0.14, (0.3, 0.3, 0.3), ink=0.4)


def brick_grain(rows: int, columns: int, rgb: Rgb, name: str) -> Picture:
    """A bare wall: colour with stains that run down."""
    rng = chance(f"bare:{name}")
    wall = speckled(plain(rows, columns, rgb), 0.03, roughness=1.7, rng=rng)
    streaks = noise(1, columns, roughness=1.0, rng=rng)
    wall *= 1.0 + 0.02 * streaks[..., None]
    return wall
