"""Parameters: a name, a type, a value, and their message forms."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.msg import ParameterValue

from rclpy._arguments import yaml_value
from rclpy._params_file import read_params_file

PARAMETER_SEPARATOR_STRING = "."


class Parameter:
    """A parameter; the type is taken from the value where it is not given."""

    class Type(Enum):
        """The types, with the numbers of rcl_interfaces/msg/ParameterType."""

        NOT_SET = 0
        BOOL = 1
        INTEGER = 2
        DOUBLE = 3
        STRING = 4
        BYTE_ARRAY = 5
        BOOL_ARRAY = 6
        INTEGER_ARRAY = 7
        DOUBLE_ARRAY = 8
        STRING_ARRAY = 9

        @classmethod
        def from_parameter_value(cls, parameter_value: Any) -> Parameter.Type:
            """The type of a Python value.

            Raises:
                TypeError: no parameter type holds it.
            """
            if parameter_value is None:
                return cls.NOT_SET
            for kind, scalar in _SCALARS:
                if isinstance(parameter_value, kind):
                    return cls[scalar]
            if isinstance(parameter_value, array):
                return cls.DOUBLE_ARRAY if parameter_value.typecode in "fd" else cls.INTEGER_ARRAY
            if isinstance(parameter_value, (list, tuple)):
                if not parameter_value:
                    return cls.BYTE_ARRAY  # rclpy's answer for a list that does not say
                for kind, scalar in (*_SCALARS, (bytes, "BYTE")):
                    if all(isinstance(item, kind) for item in parameter_value):
                        return cls[f"{scalar}_ARRAY"]
            raise TypeError(f"The given value is not one of the allowed types '{parameter_value}'.")

        def check(self, parameter_value: Any) -> bool:
            """Whether a Python value is of this type."""
            try:
                kind = type(self).from_parameter_value(parameter_value)
            except TypeError:
                return False
            empty = isinstance(parameter_value, (list, tuple)) and not parameter_value
            return kind is self or (empty and self.name.endswith("_ARRAY"))

    def __init__(self, name: str, type_: Parameter.Type | None = None, value: Any = None) -> None:
        if type_ is None:
            type_ = Parameter.Type.from_parameter_value(value)
        if not isinstance(type_, Parameter.Type):
            raise TypeError("type must be an instance of `Parameter.Type`")
        if not type_.check(value):
            raise ValueError(f"Type '{type_}' and value '{value}' do not agree")
        self._name = name
        self._type_ = type_
        self._value = list(value) if isinstance(value, tuple) else value

    @classmethod
    def from_parameter_msg(cls, param_msg: ParameterMsg) -> Parameter:
        """From a message."""
        kind = cls.Type(param_msg.value.type)
        value = parameter_value_to_python(param_msg.value)
        return cls(param_msg.name, kind, value)

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def type_(self) -> Parameter.Type:
        """Its type."""
        return self._type_

    @property
    def value(self) -> Any:
        """Its value."""
        return self._value

    def get_parameter_value(self) -> ParameterValue:
        """The value as a message."""
        message = ParameterValue(type=self._type_.value)
        if self._type_ is not Parameter.Type.NOT_SET:
            setattr(message, f"{self._type_.name.lower()}_value", self._value)
        return message

    def to_parameter_msg(self) -> ParameterMsg:
        """As a message."""
        return ParameterMsg(name=self._name, value=self.get_parameter_value())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self._name, self._type_, self._value) == (other._name, other._type_, other._value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Parameter(name={self._name!r}, type_={self._type_}, value={self._value!r})"


# bool before int: a bool is an int in Python
_SCALARS: tuple[tuple[type, str], ...] = ((bool, "BOOL"), (int, "INTEGER"), (float, "DOUBLE"), (str, "STRING"))


def parameter_value_to_python(parameter_value: ParameterValue) -> Any:
    """The Python value of a message; None where it is not set."""
    try:
        kind = Parameter.Type(parameter_value.type)
    except ValueError:
        raise RuntimeError(f"unexpected parameter type {parameter_value.type}") from None
    if kind is Parameter.Type.NOT_SET:
        return None
    value = getattr(parameter_value, f"{kind.name.lower()}_value")
    return value.tolist() if isinstance(value, array) else value


def get_parameter_value(string_value: str) -> ParameterValue:
    """The value that a text means, as YAML reads it; a list of mixed kinds stays the text."""
    value = yaml_value(string_value) if string_value.strip() else string_value
    try:
        kind = Parameter.Type.from_parameter_value(value)
    except TypeError:
        value, kind = string_value, Parameter.Type.STRING
    return Parameter("", kind, value).get_parameter_value()


def parameter_dict_from_yaml_file(
    parameter_file: str, use_wildcard: bool = False, target_nodes: Sequence[str] | None = None, namespace: str = ""
) -> dict[str, ParameterMsg]:
    """The parameters of a file, by name: those of some nodes in it, or of all, where wanted with those of `/**`.

    Raises:
        FileNotFoundError, ParamsFileError: there is no such file, or it is not of this form.
        RuntimeError: it says nothing of a node asked for, or nothing at all.
    """
    found: dict[str, dict[str, object]] = {}
    Path(parameter_file).stat()
    for node, name, value in read_params_file(parameter_file):
        found.setdefault(node, {})[name] = value
    wanted = [node if node.startswith("/") else f"/{node}" for node in target_nodes or ()]
    missing = [node for node in wanted if node not in found]
    if missing:
        raise RuntimeError(f"{parameter_file}: nothing for {', '.join(missing)}, only for {', '.join(found)}")
    chosen = wanted or [node for node in found if node != "/**"]
    if use_wildcard and "/**" in found:
        chosen.insert(0, "/**")  # what is said of a node wins
    values = {f"{namespace}{name}": value for node in chosen for name, value in found[node].items()}
    if not values:
        raise RuntimeError(f"{parameter_file}: no parameters of the nodes that were selected")
    return {name: Parameter(name, value=value).to_parameter_msg() for name, value in values.items()}


def parameter_names(parameters: Sequence[Parameter]) -> list[str]:
    """The names of some parameters."""
    return [parameter.name for parameter in parameters]
