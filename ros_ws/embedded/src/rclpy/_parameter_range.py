"""The ranges of numeric parameters, and their steps."""

from __future__ import annotations

import math

from rcl_interfaces.msg import ParameterDescriptor

from rclpy.exceptions import InvalidParameterValueException
from rclpy.parameter import Parameter

_NEAR = 1e-6  # relative; how far a double may be from a step or a limit, as in rclpy


def check_ranges(parameter: Parameter, descriptor: ParameterDescriptor) -> None:
    """Nothing for a value within its range, on one of its steps; the limits themselves always are.

    Raises:
        InvalidParameterValueException: it is not; says what the range is.
    """
    value = parameter.value
    if parameter.type_ is Parameter.Type.INTEGER:
        for whole in descriptor.integer_range:
            lowest, highest = sorted((whole.from_value, whole.to_value))
            on_step = not whole.step or (value - lowest) % whole.step == 0
            if value not in (lowest, highest) and not (lowest < value < highest and on_step):
                raise _outside(parameter, lowest, highest, whole.step)
    elif parameter.type_ is Parameter.Type.DOUBLE:
        for real in descriptor.floating_point_range:
            low, high = sorted((real.from_value, real.to_value))
            at_limit = math.isclose(value, low, rel_tol=_NEAR) or math.isclose(value, high, rel_tol=_NEAR)
            if not at_limit and not (low < value < high and _on_step(value, low, real.step)):
                raise _outside(parameter, low, high, real.step)


def _on_step(value: float, lowest: float, step: float) -> bool:
    if not step:
        return True
    return math.isclose(lowest + round((value - lowest) / step) * step, value, rel_tol=_NEAR)


def _outside(parameter: Parameter, lowest: float, highest: float, step: float) -> InvalidParameterValueException:
    steps = f" in steps of {step}" if step else ""
    reason = f"out of range, expected {lowest} to {highest}{steps}"
    return InvalidParameterValueException(parameter.name, parameter.value, reason)
