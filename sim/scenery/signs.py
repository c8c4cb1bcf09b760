"""Writing on walls and roads: digits and the few Chinese characters a community paints, from one small picture.

`signs.png` holds them as drawn with Noto Sans CJK Bold (SIL Open Font License 1.1), so that a machine without Chinese
fonts renders the same signs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

CHARACTERS = "0123456789栋单元号楼消防车道禁止占用垃圾分类停星河巡护出入口"
_CELL_PX = 48
_COLUMNS = 10


@cache
def _sheet() -> npt.NDArray[np.float32]:
    with Image.open(Path(__file__).with_name("signs.png")) as picture:
        return np.asarray(picture.convert("L"), dtype=np.float32) / 255.0


def writing(text: str) -> npt.NDArray[np.float32]:
    """How much ink (0..1) where, one row of square cells; a character that is not on the sheet leaves a gap."""
    cells = [np.zeros((_CELL_PX, _CELL_PX // 3 if c == " " else _CELL_PX), dtype=np.float32) for c in text]
    for i, character in enumerate(text):
        at = CHARACTERS.find(character)
        if at >= 0:
            row, column = divmod(at, _COLUMNS)
            y, x = row * _CELL_PX, column * _CELL_PX
            cells[i] = _sheet()[y : y + _CELL_PX, x : x + _CELL_PX]
    return np.concatenate(cells, axis=1) if cells else np.zeros((_CELL_PX, _CELL_PX), dtype=np.float32)
