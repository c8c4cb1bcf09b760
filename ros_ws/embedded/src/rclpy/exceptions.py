"""The exceptions of rclpy, under the names that user code catches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rclpy.parameter import Parameter


class NotInitializedException(Exception):
    """`rclpy.init` was not called, or the context was shut down."""

    def __init__(self, *args: object) -> None:
        super().__init__("rclpy.init() has not been called, or shutdown() has", *args)


class RCLError(RuntimeError):
    """What rclpy proper raises from its C layer."""


class MixedInstallationError(Exception):
    """rclpy comes from one installation and message packages from another; names both."""


class InvalidHandle(Exception):
    """Something was used after it was destroyed."""


class NameValidationException(ValueError):
    """A name breaks ROS's rules; points at the place."""

    def __init__(self, name_type: str, name: str, error_msg: str, invalid_index: int) -> None:
        super().__init__(f"Invalid {name_type}: {error_msg}:\n  '{name}'\n   {' ' * invalid_index}^")
        self.name_type = name_type
        self.name = name
        self.error_msg = error_msg
        self.invalid_index = invalid_index


class InvalidNamespaceException(NameValidationException):
    """A namespace breaks the rules."""

    def __init__(self, name: str, error_msg: str, invalid_index: int) -> None:
        super().__init__("namespace", name, error_msg, invalid_index)


class InvalidNodeNameException(NameValidationException):
    """A node name breaks the rules."""

    def __init__(self, name: str, error_msg: str, invalid_index: int) -> None:
        super().__init__("node name", name, error_msg, invalid_index)


class InvalidTopicNameException(NameValidationException):
    """A topic name breaks the rules."""

    def __init__(self, name: str, error_msg: str, invalid_index: int) -> None:
        super().__init__("topic name", name, error_msg, invalid_index)


class InvalidServiceNameException(NameValidationException):
    """A service name breaks the rules."""

    def __init__(self, name: str, error_msg: str, invalid_index: int) -> None:
        super().__init__("service name", name, error_msg, invalid_index)


class NoTypeSupportImportedException(Exception):
    """A class that is not a generated message, service or action was given as a type."""


class NotAnInterfaceError(NoTypeSupportImportedException, AttributeError):
    """Something was given as a type that is none of an interface."""


class WrongInterfaceKindError(NoTypeSupportImportedException, RuntimeError):
    """A message was given where a service is needed, or the other way round."""


class ParameterException(Exception):
    """Base of what can go wrong with parameters."""

    def __init__(self, error_msg: str, parameters: Sequence[str] | str, *args: object) -> None:
        super().__init__(f"{error_msg}: {parameters}", *args)


class ParameterNotDeclaredException(ParameterException):
    """A parameter was used that the node never declared."""

    def __init__(self, parameters: Sequence[str] | str, *args: object) -> None:
        super().__init__("Invalid access to undeclared parameter(s)", parameters, *args)


class ParameterAlreadyDeclaredException(ParameterException):
    """A parameter was declared twice."""

    def __init__(self, parameters: Sequence[str] | str, *args: object) -> None:
        super().__init__("Parameter(s) already declared", parameters, *args)


class InvalidParameterException(ParameterException):
    """A parameter name is not a name."""

    def __init__(self, parameter: str) -> None:
        super().__init__("Invalid parameter name", parameter)


class InvalidParameterTypeException(ParameterException):
    """A parameter was given a value of another type than declared."""

    def __init__(self, parameter: Parameter, expected: str) -> None:
        super().__init__(f"Wrong parameter type, expected {expected} got {parameter.type_.name}", parameter.name)
        self.param_name = parameter.name


class InvalidParameterValueException(ParameterException):
    """A value breaks the parameter's range, or a callback refused it."""

    def __init__(self, parameter: str, value: object, reason: str) -> None:
        super().__init__(f"Invalid parameter value ({value}): {reason}", parameter)


class ParameterImmutableException(ParameterException):
    """A read-only parameter was to be changed."""

    def __init__(self, parameter: str) -> None:
        super().__init__("Attempted to modify read-only parameter", parameter)


class ParameterUninitializedException(ParameterException):
    """A parameter was read that has a type but no value yet."""

    def __init__(self, parameter_name: str) -> None:
        super().__init__("The parameter has a type and no value yet", parameter_name)


class ROSInterruptException(Exception):
    """A sleep was cut short by shutdown."""

    def __init__(self) -> None:
        super().__init__("rclpy.shutdown() has been called")


class UnsupportedOptionError(ValueError):
    """Something was asked for that this wire does not have; says what to do instead."""


class ServiceCallError(RuntimeError):
    """A call ended without a reply: no server, or it went away. rclpy proper would wait for ever."""
