"""The parameters of one node: declared, read, set by one rule, and announced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from rcl_interfaces.msg import ListParametersResult, ParameterDescriptor, ParameterValue, SetParametersResult

from rclpy._parameter_range import check_ranges
from rclpy.exceptions import (
    InvalidParameterTypeException,
    InvalidParameterValueException,
    ParameterAlreadyDeclaredException,
    ParameterException,
    ParameterImmutableException,
    ParameterNotDeclaredException,
    ParameterUninitializedException,
)
from rclpy.parameter import PARAMETER_SEPARATOR_STRING, Parameter, parameter_value_to_python
from rclpy.validate_parameter_name import validate_parameter_name

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

    def declare(
        self, wanted: Sequence[tuple[str, Any, ParameterDescriptor]], *, ignore_override: bool
    ) -> list[Parameter]:
        """Declare several. Each value is a default or a type; a value given from outside wins.

        Raises:
            InvalidParameterException, ParameterAlreadyDeclaredException, InvalidParameterTypeException,
            InvalidParameterValueException, ValueError: one cannot be declared so. What breaks a rule by itself
            is found before any is declared; what a range or a callback refuses, after those before it.
        """
        ready = [self._declaration(*item, ignore_override=ignore_override) for item in wanted]
        with self._lock:
            known = [parameter.name for parameter, _ in ready if parameter.name in self._values]
            if known:
                raise ParameterAlreadyDeclaredException(known)
            for parameter, descriptor in ready:
                self._check(parameter, descriptor, declaring=True)
                self._ask([parameter])
                self._descriptors[parameter.name] = descriptor
                self._values[parameter.name] = parameter
                self._tell([parameter], [], [])
        return [parameter for parameter, _ in ready]

    def _declaration(
        self, name: str, value: Any, descriptor: ParameterDescriptor, *, ignore_override: bool
    ) -> tuple[Parameter, ParameterDescriptor]:
        """A parameter with its first value, and its descriptor with name and type."""
        validate_parameter_name(name)
        if isinstance(value, ParameterValue):
            value = parameter_value_to_python(value)
        kind = value if isinstance(value, Parameter.Type) else None
        parameter = Parameter(name) if kind is not None else Parameter(name, value=value)
        expected = kind or parameter.type_
        if kind is not None and descriptor.dynamic_typing:
            raise ValueError(f"{name}: a descriptor with dynamic_typing=True and the type {kind.name} contradict")
        if expected is Parameter.Type.NOT_SET and not descriptor.dynamic_typing:
            raise ValueError(f"{name}: give it a value, a type, or a descriptor with dynamic_typing=True")
        if name in self.overrides and not ignore_override:
            parameter = _fitted(self.overrides[name], expected)
        descriptor.name = name
        descriptor.type = (parameter.type_ if descriptor.dynamic_typing else expected).value
        return parameter, descriptor

    def undeclare(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            if name not in self._values:
                raise ParameterNotDeclaredException(name)
            if self._descriptors[name].read_only:
                raise ParameterImmutableException(name)
            self._values.pop(name)
            self._descriptors.pop(name)

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

    def set_descriptor(self, name: str, descriptor: ParameterDescriptor, alternative: Parameter | None) -> Parameter:
        """Say something else about one; where its value does not fit that, `alternative` takes its place."""
        with self._lock:
            if name not in self._values:
                return self.get(name)
            if self._descriptors[name].read_only:
                raise ParameterImmutableException(name)
            parameter = self._values[name]
            descriptor.name = name
            if descriptor.dynamic_typing:
                descriptor.type = parameter.type_.value
            try:
                self._check(parameter, descriptor, declaring=True)
            except ParameterException as error:
                if alternative is None:
                    raise InvalidParameterValueException(name, parameter.value, str(error)) from None
                parameter = alternative
                try:
                    self._check(parameter, descriptor, declaring=True)
                except ParameterException as second:
                    raise InvalidParameterValueException(name, parameter.value, str(second)) from None
            self._values[name] = parameter
            self._descriptors[name] = descriptor
            return parameter

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
        if self.pre_set:
            # each is given what was asked for; together they say what is set
            parameters = [item for change in self.pre_set for item in change(list(parameters))]
            if not parameters:
                reason = "parameter list cannot be empty: the pre-set callbacks left none to set"
                return SetParametersResult(successful=False, reason=reason)
        with self._lock:
            unknown = [p.name for p in parameters if p.name not in self._values]
            if unknown and not self.allow_undeclared:
                raise ParameterNotDeclaredException(unknown)
            empty = Parameter.Type.NOT_SET
            known = [p for p in parameters if p.name not in unknown]
            new = [p for p in parameters if p.name in unknown and p.type_ is not empty]
            new += [p for p in known if p.type_ is not empty and self._values[p.name].type_ is empty]
            changed = [p for p in known if p not in new]
            try:
                for parameter in parameters:
                    about = self._descriptors.get(parameter.name, ParameterDescriptor(dynamic_typing=True))
                    self._check(parameter, about, declaring=False)
                self._ask(list(parameters))
            except _Refused as refused:
                return refused.result
            except ParameterException as error:
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
        """The names below some prefixes, `depth` levels deep (0: all).

        Raises:
            TypeError, ValueError: they are no list of names, or the depth is no number from 0.
        """
        if not isinstance(prefixes, list) or not all(isinstance(prefix, str) for prefix in prefixes):
            raise TypeError(f"expected a list of prefixes, got {prefixes!r}")
        if not isinstance(depth, int):
            raise TypeError(f"expected a number for the depth, got {depth!r}")
        if depth < 0:
            raise ValueError(f"the depth must be greater than or equal to zero, got {depth}")
        names: list[str] = []
        found: dict[str, None] = {}
        for name in self.names():
            for prefix in prefixes or ("",):
                if prefix and name != prefix and not name.startswith(prefix + PARAMETER_SEPARATOR_STRING):
                    continue
                rest = name[len(prefix) + 1 :] if prefix else name
                if depth and rest.count(PARAMETER_SEPARATOR_STRING) >= depth:
                    continue
                names.append(name)
                if PARAMETER_SEPARATOR_STRING in name:
                    found[name.rpartition(PARAMETER_SEPARATOR_STRING)[0]] = None
                break
        return ListParametersResult(names=names, prefixes=list(found))

    def _ask(self, parameters: list[Parameter]) -> None:
        for callback in self.on_set:
            result = callback(parameters)
            if not result.successful:
                raise _Refused(parameters, result)

    def _tell(self, new: list[Parameter], changed: list[Parameter], deleted: list[Parameter]) -> None:
        self._changed(new, changed, deleted)
        for callback in self.post_set:
            callback([*new, *changed, *deleted])

    @staticmethod
    def _check(parameter: Parameter, descriptor: ParameterDescriptor, *, declaring: bool) -> None:
        name = parameter.name
        has_value = parameter.type_ is not Parameter.Type.NOT_SET
        if descriptor.read_only and not declaring:
            raise ParameterImmutableException(name)
        if descriptor.dynamic_typing and not declaring:
            descriptor.type = parameter.type_.value
        if not descriptor.dynamic_typing and has_value and descriptor.type:
            expected = Parameter.Type(descriptor.type)
            if not expected.check(parameter.value):
                raise InvalidParameterTypeException(parameter, expected.name)
        if not descriptor.dynamic_typing and not declaring and not has_value:
            raise _Refused([parameter], SetParametersResult(reason="Static parameter cannot be undeclared"))
        check_ranges(parameter, descriptor)


class _Refused(InvalidParameterValueException):
    """A callback refused a change, with its own result."""

    def __init__(self, parameters: list[Parameter], result: SetParametersResult) -> None:
        first = parameters[0] if parameters else Parameter("")
        super().__init__(first.name, first.value, result.reason or "refused by a callback")
        self.result = result


def _fitted(override: Parameter, expected: Parameter.Type) -> Parameter:
    """A value given from outside as the declared type: an empty list does not say what it is a list of."""
    if override.value == [] and expected.name.endswith("_ARRAY"):
        return Parameter(override.name, expected, [])
    return override
