"""Textures painted by code: each is a picture that repeats without a seam, the same for the same seed."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from panda3d.core import SamplerState, Texture

Picture = npt.NDArray[np.float32]  # rows × columns × 3 or 4, 0..1, sRGB, row 0 on top
Rgb = tuple[float, float, float]


_world = 0


def repaint(number: int) -> None:
    """From now on this process paints another world: every texture differs in grain and tint. 0 is the usual one."""
    global _world  # noqa: PLW0603 - a process has one stage, and this is asked for before it is built
    _world = number


def chance(name: str) -> np.random.Generator:
    """A generator that belongs to a name."""
    return np.random.default_rng(zlib.crc32(name.encode()) + (_world << 32))


def plain(rows: int, columns: int, rgb: Rgb) -> Picture:
    """One colour."""
    return np.broadcast_to(np.array(rgb, dtype=np.float32), (rows, columns, 3)).copy()


def noise(rows: int, columns: int, *, roughness: float, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Seamless noise of mean 0 and deviation 1; roughness 0 is cloudy, 2 is grain (power as f^(roughness - 3))."""
    fy, fx = np.fft.fftfreq(rows)[:, None] * rows, np.fft.rfftfreq(columns)[None, :] * columns
    size = np.hypot(fy, fx)
    size[0, 0] = 1.0
    spectrum = np.fft.rfft2(rng.standard_normal((rows, columns))) * size ** ((roughness - 3.0) / 2.0)
    spectrum[0, 0] = 0.0
    field = np.fft.irfft2(spectrum, s=(rows, columns))
    return np.asarray(field / field.std(), dtype=np.float32)


def speckled(picture: Picture, amount: float, *, roughness: float, rng: np.random.Generator) -> Picture:
    """The picture with its brightness varied by noise."""
    grain = noise(picture.shape[0], picture.shape[1], roughness=roughness, rng=rng)
    out = picture.copy()
    out[..., :3] = np.clip(out[..., :3] * (1.0 + amount * grain[..., None]), 0.0, 1.0)
    return out


def texture(name: str, picture: Picture, *, repeat: bool = True, mipmap: bool = True, smooth: bool = True) -> Any:
    """A Panda3D texture; sides must be powers of two. Not smooth: nearest texel, at half the cost; good for grain."""
    rows, columns, channels = picture.shape
    if _world:
        tint = chance(f"tint {name}").uniform(0.78, 1.18) * chance(f"hue {name}").uniform(0.92, 1.08, 3)
        picture = picture.copy()
        picture[..., :3] *= tint.astype(np.float32)
    data = np.clip(picture * 255.0 + 0.5, 0, 255).astype(np.uint8)[::-1]  # Panda3D's first row is the lowest
    tex = Texture(name)
    tex.setup_2d_texture(columns, rows, Texture.T_unsigned_byte, Texture.F_rgba if channels == 4 else Texture.F_rgb)
    order = [2, 1, 0, 3] if channels == 4 else [2, 1, 0]  # stored BGR(A)
    tex.set_ram_image(np.ascontiguousarray(data[..., order]).tobytes())
    wrap = SamplerState.WM_repeat if repeat else SamplerState.WM_clamp
    tex.set_wrap_u(wrap)
    tex.set_wrap_v(wrap)
    tex.set_minfilter(SamplerState.FT_linear_mipmap_nearest if mipmap else SamplerState.FT_linear)
    tex.set_magfilter(SamplerState.FT_linear)
    tex.set_quality_level(Texture.QL_best if smooth else Texture.QL_normal)
    return tex
