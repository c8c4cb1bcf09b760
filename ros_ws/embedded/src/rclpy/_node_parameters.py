"""The part of a node that concerns parameters."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from rcl_interfaces.msg import (
    ListParametersResult,
    ParameterDescriptor,
    ParameterEvent,
    ParameterValue,
    SetParametersResult,
)
from rcl_interfaces.msg import Parameter as ParameterMsg

from rclpy._arguments import Arguments
from rclpy._node_base import NodeBase
from rclpy._parameters import OnSet, ParameterStore, PreSet
from rclpy.context import Context
from rclpy.exceptions import ParameterNotDeclaredException, ParameterUninitializedException
from rclpy.parameter import PARAMETER_SEPARATOR_STRING, Parameter
from rclpy.publisher import Publisher
from ros_wire.names import NodeId


class NodeParameters(NodeBase):
    """Declares, reads and sets; every change is published on /parameter_events."""

    def __init__(
        self, *, context: Context, node_id: NodeId, arguments: Arguments,
        parameter_overrides: Sequence[Parameter], allow_undeclared_parameters: bool,
    ) -> None:  # fmt: skip
        super().__init__(context=context, node_id=node_id, arguments=arguments)
        overrides = {
            name: Parameter(name, value=value)
            for name, value in arguments.overrides_for(node_id.name, node_id.full_name).items()
        }
        overrides |= {parameter.name: parameter for parameter in parameter_overrides}
        self._rcl_parameter_events: Publisher[ParameterEvent] | None = None
        self._rcl_parameters = ParameterStore(
            overrides, allow_undeclared=allow_undeclared_parameters, changed=self._rcl_publish_parameter_event
        )
        self._pre_set_parameters_callbacks = self._rcl_parameters.pre_set
        self._on_set_parameters_callbacks = self._rcl_parameters.on_set
        self._post_set_parameters_callbacks = self._rcl_parameters.post_set

    def declare_parameter(
        self,
        name: str,
        value: Any = None,
        descriptor: ParameterDescriptor | None = None,
        ignore_override: bool = False,
    ) -> Parameter:
        """Declare one with its default, or its type (`Parameter.Type.DOUBLE`); a value given from outside wins."""
        given: tuple[Any, ...] = (name,)
        if value is not None or descriptor is not None:
            given = (name, value, ParameterDescriptor() if descriptor is None else descriptor)
        return self.declare_parameters("", [given], ignore_override)[0]

    def declare_parameters(
        self, namespace: str, parameters: Sequence[tuple[Any, ...]], ignore_override: bool = False
    ) -> list[Parameter]:
        """Declare several, each `(name,)`, `(name, value)` or `(name, value, descriptor)`.

        Raises:
            TypeError: an entry is not of this form.
            ParameterException, ValueError: one cannot be declared so.
        """
        prefix = f"{namespace}{PARAMETER_SEPARATOR_STRING}" if namespace else ""
        wanted = []
        for entry in parameters:
            if not 1 <= len(entry) <= 3 or not isinstance(entry[0], str):
                raise TypeError(f"expected (name,), (name, value) or (name, value, descriptor), got {entry!r}")
            value = entry[1] if len(entry) > 1 else None
            descriptor = entry[2] if len(entry) > 2 else ParameterDescriptor(dynamic_typing=len(entry) == 1)
            if not isinstance(descriptor, ParameterDescriptor):
                raise TypeError(f"{entry[0]}: expected a ParameterDescriptor, got {descriptor!r}")
            if len(entry) == 1:
                warnings.warn(
                    f"{entry[0]}: to declare a parameter by its name alone is deprecated; give it a value, a type, "
                    "or a descriptor with dynamic_typing=True",
                    stacklevel=3,
                )
            wanted.append((f"{prefix}{entry[0]}" if entry[0] or not prefix else "", value, descriptor))
        return self._rcl_parameters.declare(wanted, ignore_override=ignore_override)

    def undeclare_parameter(self, name: str) -> None:
        """Forget one."""
        self._rcl_parameters.undeclare(name)

    def has_parameter(self, name: str) -> bool:
        """Whether one was declared."""
        return self._rcl_parameters.has(name)

    def get_parameter(self, name: str) -> Parameter:
        """One parameter."""
        return self._rcl_parameters.get(name)

    def get_parameters(self, names: Sequence[str]) -> list[Parameter]:
        """Several parameters."""
        _only_text(names)
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
        parameter = self._rcl_parameters.value_or_none(name)
        if parameter is None:
            return self.get_parameter(name).type_
        return parameter.type_

    def get_parameter_types(self, names: Sequence[str]) -> list[Parameter.Type]:
        """The types of several parameters."""
        _only_text(names)
        return [self.get_parameter_type(name) for name in names]

    def get_parameters_by_prefix(self, prefix: str) -> dict[str, Parameter]:
        """Those below a prefix, by the rest of their names."""
        start = f"{prefix}{PARAMETER_SEPARATOR_STRING}" if prefix else ""
        names = [name for name in self._rcl_parameters.names() if name.startswith(start)]
        return {name[len(start) :]: self.get_parameter(name) for name in names}

    def set_parameters(self, parameter_list: Sequence[Parameter]) -> list[SetParametersResult]:
        """Set several, each by itself."""
        return [self._rcl_parameters.set([parameter]) for parameter in parameter_list]

    def set_parameters_atomically(self, parameter_list: Sequence[Parameter]) -> SetParametersResult:
        """Set several, all or none."""
        return self._rcl_parameters.set(parameter_list)

    def list_parameters(self, prefixes: Sequence[str], depth: int) -> ListParametersResult:
        """The names below some prefixes, `depth` levels deep (0: all)."""
        return self._rcl_parameters.listed(prefixes, depth)

    def describe_parameter(self, name: str) -> ParameterDescriptor:
        """What is said about one."""
        return self._rcl_parameters.descriptor(name)

    def describe_parameters(self, names: Sequence[str]) -> list[ParameterDescriptor]:
        """What is said about several."""
        return [self.describe_parameter(name) for name in names]

    def set_descriptor(
        self, name: str, descriptor: ParameterDescriptor, alternative_value: ParameterValue | None = None
    ) -> ParameterValue:
        """Say something else about one; where its value does not fit that, the alternative takes its place.

        Raises:
            ParameterNotDeclaredException, ParameterImmutableException, InvalidParameterValueException: not so.
        """
        alternative = None
        if alternative_value is not None:
            alternative = Parameter.from_parameter_msg(ParameterMsg(name=name, value=alternative_value))
        return self._rcl_parameters.set_descriptor(name, descriptor, alternative).get_parameter_value()

    def add_pre_set_parameters_callback(self, callback: PreSet) -> None:
        """Let `callback` change, add or leave out parameters before they are checked and set."""
        self._pre_set_parameters_callbacks.insert(0, callback)

    def remove_pre_set_parameters_callback(self, callback: PreSet) -> None:
        """Let it no more."""
        self._pre_set_parameters_callbacks.remove(callback)

    def add_on_set_parameters_callback(self, callback: OnSet) -> None:
        """Ask `callback` before every set; the newest is asked first."""
        self._on_set_parameters_callbacks.insert(0, callback)

    def remove_on_set_parameters_callback(self, callback: OnSet) -> None:
        """Ask it no more."""
        self._on_set_parameters_callbacks.remove(callback)

    def add_post_set_parameters_callback(self, callback: Callable[[list[Parameter]], None]) -> None:
        """Tell `callback` after every set."""
        self._post_set_parameters_callbacks.insert(0, callback)

    def remove_post_set_parameters_callback(self, callback: Callable[[list[Parameter]], None]) -> None:
        """Tell it no more."""
        self._post_set_parameters_callbacks.remove(callback)

    def _rcl_publish_parameter_event(
        self, new: list[Parameter], changed: list[Parameter], deleted: list[Parameter]
    ) -> None:
        if self._rcl_parameter_events is None:
            return

        def messages(parameters: list[Parameter]) -> list[ParameterMsg]:
            return [parameter.to_parameter_msg() for parameter in parameters]

        self._rcl_parameter_events.publish(
            ParameterEvent(
                stamp=self.get_clock().now().to_msg(),
                node=self.get_fully_qualified_name(),
                new_parameters=messages(new),
                changed_parameters=messages(changed),
                deleted_parameters=messages(deleted),
            )
        )


def _only_text(names: Sequence[str]) -> None:
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"expected names, got {names!r}")
