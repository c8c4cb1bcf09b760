"""The rule of parameter names."""

from __future__ import annotations

from rclpy.exceptions import InvalidParameterException


def validate_parameter_name(name: str) -> bool:
    """True for a parameter name: anything but the empty one.

    Raises:
        InvalidParameterException: it is empty.
    """
    if not name:
        raise InvalidParameterException(name)
    return True
