"""The part of a node that concerns parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rcl_interfaces.msg import ListParametersResult, ParameterDescriptor, ParameterEvent, SetParametersResult
from rcl_interfaces.msg import Parameter as ParameterMsg

from rclpy._parameters import OnSet, ParameterStore, PreSet
from rclpy.clock import Clock
from rclpy.exceptions import ParameterNotDeclaredException, ParameterUninitializedException
from rclpy.parameter import PARAMETER_SEPARATOR_STRING, Parameter
from rclpy.publisher import Publisher


class NodeParameters:
    """Declares, reads and sets; every change is published on /parameter_events."""

    _parameters: ParameterStore
    _parameter_events: Publisher[ParameterEvent] | None

    def get_clock(self) -> Clock:
        """The node's clock."""
        raise NotImplementedError

    def get_fully_qualified_name(self) -> str:
        """The node's namespace and name."""
        raise NotImplementedError

    def declare_parameter(
        self,
        name: str,
        value: Any = None,
        descriptor: ParameterDescriptor | None = None,
        ignore_override: bool = False,
    ) -> Parameter:
        """Declare one with its default, or its type (`Parameter.Type.DOUBLE`); a value given from outside wins."""
        descriptor = ParameterDescriptor() if descriptor is None else descriptor
        return self._parameters.declare(name, value, descriptor, ignore_override=ignore_override)

    def declare_parameters(
        self, namespace: str, parameters: Sequence[tuple[Any, ...]], ignore_override: bool = False
    ) -> list[Parameter]:
        """Declare several, each `(name,)`, `(name, value)` or `(name, value, descriptor)`."""
        prefix = f"{namespace}{PARAMETER_SEPARATOR_STRING}" if namespace else ""
        declared = []
        for name, *rest in parameters:
            value, descriptor = (*rest, None, None)[:2]
            declared.append(self.declare_parameter(f"{prefix}{name}", value, descriptor, ignore_override))
        return declared

    def undeclare_parameter(self, name: str) -> None:
        """Forget one."""
        self._parameters.undeclare(name)

    def has_parameter(self, name: str) -> bool:
        """Whether one was declared."""
        return self._parameters.has(name)

    def get_parameter(self, name: str) -> Parameter:
        """One parameter."""
        return self._parameters.get(name)

    def get_parameters(self, names: Sequence[str]) -> list[Parameter]:
        """Several parameters."""
        return [self.get_parameter(name) for name in names]

    def get_parameter_or(self, name: str, alternative_value: Parameter | None = None) -> Parameter:
        """One parameter, or another where it was not declared or has no value."""
        try:
            found = self.get_parameter(name)
            if found.type_ is not Parameter.Type.NOT_SET:
                return found
        except (ParameterNotDeclaredException, ParameterUninitializedException):
            pass
        return Parameter(name) if alternative_value is None else alternative_value

    def get_parameter_type(self, name: str) -> Parameter.Type:
        """The type of one parameter."""
        parameter = self._parameters.value_or_none(name)
        if parameter is None:
            return self.get_parameter(name).type_
        return parameter.type_

    def get_parameter_types(self, names: Sequence[str]) -> list[Parameter.Type]:
        """The types of several parameters."""
        return [self.get_parameter_type(name) for name in names]

    def get_parameters_by_prefix(self, prefix: str) -> dict[str, Parameter]:
        """Those below a prefix, by the rest of their names."""
        start = f"{prefix}{PARAMETER_SEPARATOR_STRING}" if prefix else ""
        return {
            name[len(start) :]: self.get_parameter(name) for name in self._parameters.names() if name.startswith(start)
        }

    def set_parameters(self, parameter_list: Sequence[Parameter]) -> list[SetParametersResult]:
        """Set several, each by itself."""
        return [self._parameters.set([parameter]) for parameter in parameter_list]

    def set_parameters_atomically(self, parameter_list: Sequence[Parameter]) -> SetParametersResult:
        """Set several, all or none."""
        return self._parameters.set(parameter_list)

    def list_parameters(self, prefixes: Sequence[str], depth: int) -> ListParametersResult:
        """The names below some prefixes, `depth` levels deep (0: all)."""
        return self._parameters.listed(prefixes, depth)

    def describe_parameter(self, name: str) -> ParameterDescriptor:
        """What is said about one."""
        return self._parameters.descriptor(name)

    def describe_parameters(self, names: Sequence[str]) -> list[ParameterDescriptor]:
        """What is said about several."""
        return [self.describe_parameter(name) for name in names]

    def set_descriptor(self, name: str, descriptor: ParameterDescriptor) -> Any:
        """Say something else about one; returns its value's message."""
        self._parameters.set_descriptor(name, descriptor)
        return self.get_parameter(name).get_parameter_value()

    def add_pre_set_parameters_callback(self, callback: PreSet) -> None:
        """Let `callback` change, add or leave out parameters before they are checked and set."""
        self._parameters.pre_set.insert(0, callback)

    def remove_pre_set_parameters_callback(self, callback: PreSet) -> None:
        """Let it no more."""
        self._parameters.pre_set.remove(callback)

    def add_on_set_parameters_callback(self, callback: OnSet) -> None:
        """Ask `callback` before every set; the newest is asked first."""
        self._parameters.on_set.insert(0, callback)

    def remove_on_set_parameters_callback(self, callback: OnSet) -> None:
        """Ask it no more."""
        self._parameters.on_set.remove(callback)

    def add_post_set_parameters_callback(self, callback: Callable[[list[Parameter]], None]) -> None:
        """Tell `callback` after every set."""
        self._parameters.post_set.insert(0, callback)

    def remove_post_set_parameters_callback(self, callback: Callable[[list[Parameter]], None]) -> None:
        """Tell it no more."""
        self._parameters.post_set.remove(callback)

    def _publish_parameter_event(
        self, new: list[Parameter], changed: list[Parameter], deleted: list[Parameter]
    ) -> None:
        if self._parameter_events is None:
            return

        def messages(parameters: list[Parameter]) -> list[ParameterMsg]:
            return [parameter.to_parameter_msg() for parameter in parameters]

        self._parameter_events.publish(
            ParameterEvent(
                stamp=self.get_clock().now().to_msg(),
                node=self.get_fully_qualified_name(),
                new_parameters=messages(new),
                changed_parameters=messages(changed),
                deleted_parameters=messages(deleted),
            )
        )
