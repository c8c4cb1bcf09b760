"""The parameters of one node: declared, read, set by one rule, and announced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ListParametersResult,
    ParameterDescriptor,
    SetParametersResult,
)

from rclpy.exceptions import (
    InvalidParameterException,
    InvalidParameterTypeException,
    InvalidParameterValueException,
    ParameterAlreadyDeclaredException,
    ParameterException,
    ParameterImmutableException,
    ParameterNotDeclaredException,
    ParameterUninitializedException,
)
from rclpy.parameter import PARAMETER_SEPARATOR_STRING, Parameter

PreSet = Callable[[list[Parameter]], list[Parameter]]
OnSet = Callable[[list[Parameter]], SetParametersResult]
Changed = Callable[[list[Parameter], list[Parameter], list[Parameter]], None]


class ParameterStore:
    """Holds values and descriptors; `changed(new, changed, deleted)` is told after each step."""

    def __init__(self, overrides: dict[str, Parameter], *, allow_undeclared: bool, changed: Changed) -> None:
        self.overrides = overrides
        self.allow_undeclared = allow_undeclared
        self.pre_set: list[PreSet] = []
        self.on_set: list[OnSet] = []
        self.post_set: list[Callable[[list[Parameter]], None]] = []
        self._changed = changed
        self._lock = threading.RLock()
        self._values: dict[str, Parameter] = {}
        self._descriptors: dict[str, ParameterDescriptor] = {}

    def has(self, name: str) -> bool:
        """Whether a parameter was declared."""
        return name in self._values

    def declare(self, name: str, value: Any, descriptor: ParameterDescriptor, *, ignore_override: bool) -> Parameter:
        """Declare one. `value` is a default, a type, or None; a value given from outside wins.

        Raises:
            InvalidParameterException, ParameterAlreadyDeclaredException, InvalidParameterTypeException,
            InvalidParameterValueException: it cannot be declared so.
        """
        if not name or name.startswith(PARAMETER_SEPARATOR_STRING):
            raise InvalidParameterException(name)
        with self._lock:
            if name in self._values:
                raise ParameterAlreadyDeclaredException(name)
            kind = value if isinstance(value, Parameter.Type) else None
            parameter = Parameter(name) if kind is not None else Parameter(name, value=value)
            expected = kind or parameter.type_
            if name in self.overrides and not ignore_override:
                parameter = _fitted(self.overrides[name], expected)
            if not descriptor.dynamic_typing:
                descriptor.type = (expected if expected is not Parameter.Type.NOT_SET else parameter.type_).value
            descriptor.name = name
            self._check(parameter, descriptor, declaring=True)
            self._ask([parameter])
            self._descriptors[name] = descriptor
            self._values[name] = parameter
        self._tell([parameter], [], [])
        return parameter

    def undeclare(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            if name not in self._values:
                raise ParameterNotDeclaredException(name)
            if self._descriptors[name].read_only:
                raise ParameterImmutableException(name)
            gone = self._values.pop(name)
            self._descriptors.pop(name)
        self._changed([], [], [gone])

    def get(self, name: str) -> Parameter:
        """One parameter.

        Raises:
            ParameterNotDeclaredException, ParameterUninitializedException: there is none, or no value.
        """
        with self._lock:
            if name not in self._values:
                if self.allow_undeclared:
                    return Parameter(name)
                raise ParameterNotDeclaredException(name)
            parameter = self._values[name]
            descriptor = self._descriptors[name]
        if parameter.type_ is Parameter.Type.NOT_SET and not descriptor.dynamic_typing and descriptor.type:
            raise ParameterUninitializedException(name)
        return parameter

    def value_or_none(self, name: str) -> Parameter | None:
        """One parameter, or None where it was not declared; it may have no value."""
        return self._values.get(name)

    def descriptor(self, name: str) -> ParameterDescriptor:
        """What is said about one."""
        with self._lock:
            if name not in self._descriptors:
                if self.allow_undeclared:
                    return ParameterDescriptor()
                raise ParameterNotDeclaredException(name)
            return self._descriptors[name]

    def set_descriptor(self, name: str, descriptor: ParameterDescriptor) -> None:
        """Say something else about one."""
        with self._lock:
            current = self.descriptor(name)
            if current.read_only:
                raise ParameterImmutableException(name)
            descriptor.name = name
            descriptor.type = current.type
            self._check(self._values[name], descriptor, declaring=True)
            self._descriptors[name] = descriptor

    def names(self) -> list[str]:
        """Every name."""
        with self._lock:
            return list(self._values)

    def set(self, parameters: Sequence[Parameter]) -> SetParametersResult:
        """Set all, or none: a refusal says why.

        Raises:
            ParameterNotDeclaredException: one was not declared.
        """
        if not all(isinstance(parameter, Parameter) for parameter in parameters):
            raise TypeError("set takes rclpy.parameter.Parameter objects")
        for change in self.pre_set:
            parameters = change(list(parameters))
            if not parameters:
                return SetParametersResult(successful=False, reason="a pre-set callback left no parameter to set")
        with self._lock:
            unknown = [p.name for p in parameters if p.name not in self._values]
            if unknown and not self.allow_undeclared:
                raise ParameterNotDeclaredException(unknown)
            new = [p for p in parameters if p.name in unknown and p.type_ is not Parameter.Type.NOT_SET]
            changed = [p for p in parameters if p.name not in unknown]
            try:
                for parameter in parameters:
                    known = self._descriptors.get(parameter.name, ParameterDescriptor(dynamic_typing=True))
                    self._check(parameter, known, declaring=False)
                self._ask(list(parameters))
            except (ParameterException, InvalidParameterValueException, ParameterImmutableException) as error:
                return SetParametersResult(successful=False, reason=str(error))
            deleted = [p for p in changed if p.type_ is Parameter.Type.NOT_SET]
            for parameter in (*new, *changed):
                self._values[parameter.name] = parameter
                self._descriptors.setdefault(
                    parameter.name, ParameterDescriptor(name=parameter.name, dynamic_typing=True)
                )
            for parameter in deleted:
                self._values.pop(parameter.name)
                self._descriptors.pop(parameter.name)
        self._tell(new, [p for p in changed if p not in deleted], deleted)
        return SetParametersResult(successful=True)

    def listed(self, prefixes: Sequence[str], depth: int) -> ListParametersResult:
        """The names below some prefixes, `depth` levels deep (0: all)."""
        names, found = [], set()
        for name in self.names():
            for prefix in prefixes or ("",):
                if prefix and name != prefix and not name.startswith(prefix + PARAMETER_SEPARATOR_STRING):
                    continue
                rest = name[len(prefix) :].strip(PARAMETER_SEPARATOR_STRING)
                if depth and rest.count(PARAMETER_SEPARATOR_STRING) >= depth:
                    continue
                names.append(name)
                if PARAMETER_SEPARATOR_STRING in name:
                    found.add(name.rpartition(PARAMETER_SEPARATOR_STRING)[0])
                break
        return ListParametersResult(names=names, prefixes=sorted(found))

    def _ask(self, parameters: list[Parameter]) -> None:
        for callback in self.on_set:
            result = callback(parameters)
            if not result.successful:
                first = parameters[0] if parameters else Parameter("")
                raise InvalidParameterValueException(first.name, first.value, result.reason or "refused by a callback")

    def _tell(self, new: list[Parameter], changed: list[Parameter], deleted: list[Parameter]) -> None:
        for callback in self.post_set:
            callback([*new, *changed])
        self._changed(new, changed, deleted)

    @staticmethod
    def _check(parameter: Parameter, descriptor: ParameterDescriptor, *, declaring: bool) -> None:
        name, value = parameter.name, parameter.value
        if descriptor.read_only and not declaring:
            raise ParameterImmutableException(name)
        if not descriptor.dynamic_typing and parameter.type_ is not Parameter.Type.NOT_SET and descriptor.type:
            expected = Parameter.Type(descriptor.type)
            if not expected.check(value):
                raise InvalidParameterTypeException(parameter.type_.name, expected.name, name)
        if not descriptor.dynamic_typing and not declaring and parameter.type_ is Parameter.Type.NOT_SET:
            raise ParameterException("Static parameter cannot be undeclared", name)
        ranges: dict[Parameter.Type, Sequence[IntegerRange | FloatingPointRange]] = {
            Parameter.Type.INTEGER: descriptor.integer_range,
            Parameter.Type.DOUBLE: descriptor.floating_point_range,
        }
        for limits in ranges.get(parameter.type_, ()):
            if value in (limits.from_value, limits.to_value):
                continue
            if not limits.from_value <= value <= limits.to_value:
                raise InvalidParameterValueException(name, value, f"expected {limits.from_value} to {limits.to_value}")
            steps = (value - limits.from_value) / limits.step if limits.step else 0
            if abs(steps - round(steps)) > 1e-6:
                raise InvalidParameterValueException(
                    name, value, f"expected steps of {limits.step} from {limits.from_value}"
                )


def _fitted(override: Parameter, expected: Parameter.Type) -> Parameter:
    """A value given from outside as the declared type: an empty list does not say what it is a list of."""
    if override.value == [] and expected.name.endswith("_ARRAY"):
        return Parameter(override.name, expected, [])
    return override
