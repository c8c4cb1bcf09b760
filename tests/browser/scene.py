"""What the played camera shows in screenshots: a lane, a tower, somebody who lies there, another who stands."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from tests.browser.camera import HEIGHT_PX, WIDTH_PX, Picture

HORIZON_PX = 250


@cache
def _still() -> Picture:
    image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), "#b9d2e2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HORIZON_PX, WIDTH_PX, HEIGHT_PX), fill="#7f9c6a")
    draw.polygon([(250, HORIZON_PX), (330, HORIZON_PX), (700, HEIGHT_PX), (-60, HEIGHT_PX)], fill="#a9a79f")
    draw.rectangle((40, 20, 200, HORIZON_PX), fill="#c7b49c")
    for x in range(52, 190, 34):
        for y in range(34, HORIZON_PX - 20, 30):
            draw.rectangle((x, y, x + 18, y + 16), fill="#6f7f8b")
    draw.ellipse((470, 120, 590, 250), fill="#5f7f55")
    draw.rectangle((525, 240, 537, 290), fill="#5a4a3a")
    draw.ellipse((220, 392, 450, 416), fill="#8d8b84")
    draw.rounded_rectangle((262, 330, 356, 378), 20, fill="#8a3f3c")  # lies
    draw.rounded_rectangle((340, 346, 440, 380), 16, fill="#33415a")
    draw.ellipse((228, 330, 266, 368), fill="#d9a98a")
    draw.rounded_rectangle((516, 210, 546, 290), 10, fill="#3d5f86")  # stands
    draw.rounded_rectangle((518, 284, 544, 370), 8, fill="#3a3f45")
    draw.ellipse((519, 178, 543, 206), fill="#d9a98a")
    return np.asarray(image, dtype=np.uint8)


def scene(nth: int) -> Picture:
    """The scene; a cloud goes by, so that no two frames are alike."""
    image = Image.fromarray(_still())
    x = (nth * 3) % WIDTH_PX
    ImageDraw.Draw(image).ellipse((x, 24, x + 90, 52), fill="#dfe9ef")
    return np.asarray(image, dtype=np.uint8)
