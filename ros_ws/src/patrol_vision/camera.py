"""A pinhole camera on a mast over flat ground: from a pixel to a place in frame `map`, and back.

Pixels are continuous: (0, 0) is the upper left corner of the picture, (width, height) the lower right one. There is no
lens distortion in it: a camera whose straight lines bend must be rectified by its driver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2, Pose2

_LEVEL = 1e-6  # a ray this flat meets the ground nowhere that matters


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPose:
    """Where a camera is and where it looks, frame `map`."""

    x_m: float
    y_m: float
    up_m: float  # above the ground
    heading_rad: float  # counter-clockwise from east
    tilt_rad: float  # upward; negative looks down

    @property
    def point(self) -> Point2:
        """The point of the ground below it."""
        return Point2(self.x_m, self.y_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraModel:
    """Optics, and how the camera is mounted on what carries it (a mast has `ahead_m` 0)."""

    width_px: int
    height_px: int
    hfov_rad: float
    ahead_m: float  # before the carrier's middle, along its heading
    up_m: float
    tilt_rad: float  # upward; negative looks down

    def __post_init__(self) -> None:
        checks: tuple[tuple[str, bool, str], ...] = (
            ("width_px", self.width_px >= 16, "at least 16"),
            ("height_px", self.height_px >= 16, "at least 16"),
            ("hfov_rad", 0.05 < self.hfov_rad < math.pi - 0.1, "an angle from 3 to 174 degrees, in radians"),
            ("ahead_m", math.isfinite(self.ahead_m), "a finite length"),
            ("up_m", math.isfinite(self.up_m) and self.up_m > 0, "a height above the ground"),
            ("tilt_rad", abs(self.tilt_rad) < math.pi / 2, "an angle between straight down and straight up"),
        )
        for name, good, expected in checks:
            if not good:
                raise InvalidInput(f"expected {expected}; came {getattr(self, name)}", where=f"camera {name}")

    @property
    def focal_px(self) -> float:
        """Focal length in pixels, both ways (square pixels)."""
        return self.width_px / 2 / math.tan(self.hfov_rad / 2)

    def at(self, carrier: Pose2) -> CameraPose:
        """Where the camera is when its carrier is there."""
        return CameraPose(
            x_m=carrier.x_m + self.ahead_m * math.cos(carrier.heading_rad),
            y_m=carrier.y_m + self.ahead_m * math.sin(carrier.heading_rad),
            up_m=self.up_m,
            heading_rad=carrier.heading_rad,
            tilt_rad=self.tilt_rad,
        )

    def horizon_px(self) -> float:
        """The row of everything infinitely far and level; what reaches above it stands higher than the camera.

        It may lie outside the picture.
        """
        return self.height_px / 2 + self.focal_px * math.tan(self.tilt_rad)

    def distance_m(self, row_px: float, column_px: float | None = None) -> float | None:
        """Along the ground from below the camera to what a pixel shows of it; None at and above the horizon.

        It needs no pose: only how the camera is mounted.
        """
        ahead, side, down = self._ray(self.width_px / 2 if column_px is None else column_px, row_px)
        if down < _LEVEL:
            return None
        return self.up_m / down * math.hypot(ahead, side)

    def ground_point(self, pixel: tuple[float, float], camera: CameraPose) -> Point2 | None:
        """The place on the ground that a pixel (column, row) shows; None at and above the horizon."""
        ahead, side, down = self._ray(*pixel)
        if down < _LEVEL:
            return None
        ahead_m, right_m = camera.up_m / down * ahead, camera.up_m / down * side
        cos, sin = math.cos(camera.heading_rad), math.sin(camera.heading_rad)
        return Point2(camera.x_m + ahead_m * cos + right_m * sin, camera.y_m + ahead_m * sin - right_m * cos)

    def pixel(self, place: Point2, camera: CameraPose, *, up_m: float = 0.0) -> tuple[float, float] | None:
        """The pixel (column, row) that shows a place, perhaps outside the picture; None behind the camera."""
        cos, sin = math.cos(camera.heading_rad), math.sin(camera.heading_rad)
        dx_m, dy_m = place.x_m - camera.x_m, place.y_m - camera.y_m
        ahead_m, right_m, down_m = dx_m * cos + dy_m * sin, dx_m * sin - dy_m * cos, camera.up_m - up_m
        depth_m = ahead_m * math.cos(self.tilt_rad) - down_m * math.sin(self.tilt_rad)
        if depth_m < 1e-6:
            return None
        below_m = ahead_m * math.sin(self.tilt_rad) + down_m * math.cos(self.tilt_rad)
        return (
            self.width_px / 2 + self.focal_px * right_m / depth_m,
            self.height_px / 2 + self.focal_px * below_m / depth_m,
        )

    def height_m(self, top_row_px: float, distance_m: float) -> float:
        """How high something reaches that stands `distance_m` away and whose upper edge is at this row."""
        angle_rad = math.atan((self.height_px / 2 - top_row_px) / self.focal_px) + self.tilt_rad
        return self.up_m + distance_m * math.tan(angle_rad)

    def inside(self, pixel: tuple[float, float], *, margin_px: float = 0.0) -> bool:
        """Whether a pixel lies in the picture, at least `margin_px` from its rim."""
        column, row = pixel
        return margin_px <= column <= self.width_px - margin_px and margin_px <= row <= self.height_px - margin_px

    def _ray(self, column_px: float, row_px: float) -> tuple[float, float, float]:
        """Direction of a pixel as (ahead along the ground, right, down), not normalised."""
        right = (column_px - self.width_px / 2) / self.focal_px
        below = (row_px - self.height_px / 2) / self.focal_px
        cos, sin = math.cos(self.tilt_rad), math.sin(self.tilt_rad)
        return cos + below * sin, right, below * cos - sin
