"""Fields of ROS messages ↔ Python's types: times, poses, words, numbers that may be unknown, ids."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from builtin_interfaces.msg import Time

from patrol_core.errors import InvalidInput
from patrol_core.geometry import Point2, Pose2
from patrol_core.site import Text
from patrol_interfaces import msg

E = TypeVar("E", bound=Enum)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SWITCH: dict[bool | None, int] = {None: -1, False: 0, True: 1}
_SWITCH_FROM = {number: on for on, number in SWITCH.items()}


def time_to(moment: datetime) -> Time:
    """UTC datetime to a ROS time."""
    length = moment - _EPOCH
    return Time(sec=length.days * 86_400 + length.seconds, nanosec=length.microseconds * 1_000)


def time_from(stamp: Time) -> datetime:
    """ROS time to a UTC datetime (microseconds)."""
    return _EPOCH + timedelta(seconds=stamp.sec, microseconds=stamp.nanosec // 1_000)


def pose_to(pose: Pose2 | None) -> msg.Pose2:
    """None becomes `known = false`. Whole numbers are made floats, here and below: ROS setters take nothing else."""
    if pose is None:
        return msg.Pose2(known=False)
    return msg.Pose2(known=True, x_m=float(pose.x_m), y_m=float(pose.y_m), heading_rad=float(pose.heading_rad))


def pose_from(message: msg.Pose2) -> Pose2 | None:
    """Raises InvalidInput for a pose that is not finite."""
    if not message.known:
        return None
    values = (message.x_m, message.y_m, message.heading_rad)
    if not all(math.isfinite(v) for v in values):
        raise InvalidInput(f"expected finite numbers; came {values}", where="pose")
    return Pose2(x_m=message.x_m, y_m=message.y_m, heading_rad=message.heading_rad)


def words_to(text: Text) -> msg.Text:
    """In both languages."""
    return msg.Text(zh=text.zh, en=text.en)


def words_from(message: msg.Text) -> Text:
    """In both languages."""
    return Text(zh=message.zh, en=message.en)


def number_to(value: float | None) -> float:
    """None becomes NaN."""
    return math.nan if value is None else float(value)


def number_from(value: float, where: str) -> float | None:
    """NaN becomes None; raises InvalidInput for what is not finite."""
    return None if math.isnan(value) else metric(finite(value, where))


def finite(value: float, where: str) -> float:
    """Raises InvalidInput for what is not finite."""
    if not math.isfinite(value):
        raise InvalidInput(f"expected a finite number; came {value}", where=where)
    return value


def length(value: float, where: str) -> float:
    """Raises InvalidInput below 0 and for what is not finite."""
    if not (math.isfinite(value) and value >= 0):
        raise InvalidInput(f"expected a finite number of at least 0; came {value}", where=where)
    return metric(value)


def position(message: msg.Finding | msg.Sighting) -> Point2:
    """Raises InvalidInput for what is not finite."""
    values = (message.x_m, message.y_m)
    if not all(math.isfinite(v) for v in values):
        raise InvalidInput(f"expected finite numbers; came {values}", where="position")
    return Point2(*values)


def switch(number: int, where: str) -> bool | None:
    """On, off or unknown; raises InvalidInput for another number."""
    if number not in _SWITCH_FROM:
        raise InvalidInput(f"expected -1, 0 or 1; came {number}", where=where)
    return _SWITCH_FROM[number]


def metric(value: float) -> float:
    """A float32 back as the number a person wrote: seven digits are all it carries."""
    return float(f"{value:.7g}")


def uuid(text: str, where: str) -> UUID:
    """Raises InvalidInput for what is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput(f"expected a UUID; came {text!r:.60}", where=where) from None


def enum(kind: type[E], text: str, where: str) -> E:
    """Raises InvalidInput naming the values there are."""
    try:
        return kind(text)
    except ValueError:
        raise InvalidInput(f"expected one of {[m.value for m in kind]}; came {text!r:.60}", where=where) from None


def digest(text: str) -> str:
    """Raises InvalidInput for what is no SHA-256."""
    if len(text) != 64 or any(c not in "0123456789abcdef" for c in text):
        raise InvalidInput(f"expected 64 hexadecimal digits (SHA-256); came {text!r:.80}", where="photos")
    return text


def optional_text(value: Any | None) -> str:
    """None becomes the empty text."""
    return "" if value is None else str(value)


def optional(text: str, where: str, parse: Callable[[str, str], UUID]) -> UUID | None:
    """The empty text becomes None."""
    return parse(text, where) if text else None
