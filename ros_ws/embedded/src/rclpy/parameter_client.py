"""Sees and sets the parameters of another node, through its services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.msg import ParameterEvent
from rcl_interfaces.srv import (
    DescribeParameters,
    GetParameters,
    GetParameterTypes,
    ListParameters,
    SetParameters,
    SetParametersAtomically,
)

from rclpy._waiting import wait_for_graph
from rclpy.callback_groups import CallbackGroup
from rclpy.client import Client
from rclpy.node import Node
from rclpy.parameter import Parameter, parameter_dict_from_yaml_file
from rclpy.qos import QoSProfile, qos_profile_parameter_events, qos_profile_services_default
from rclpy.subscription import Subscription
from rclpy.task import Future

Answered = Callable[[Future[Any]], object]


class AsyncParameterClient:
    """Asks one node; each answer is a future of the service's response."""

    def __init__(
        self,
        node: Node,
        remote_node_name: str,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> None:
        self.node = node
        self.remote_node_name = remote_node_name

        def client(kind: Any, service: str) -> Client[Any, Any]:
            name = f"{remote_node_name}/{service}"
            return node.create_client(kind, name, qos_profile=qos_profile, callback_group=callback_group)

        self._get = client(GetParameters, "get_parameters")
        self._list = client(ListParameters, "list_parameters")
        self._set = client(SetParameters, "set_parameters")
        self._types = client(GetParameterTypes, "get_parameter_types")
        self._describe = client(DescribeParameters, "describe_parameters")
        self._set_atomically = client(SetParametersAtomically, "set_parameters_atomically")
        self._clients = (self._get, self._list, self._set, self._types, self._describe, self._set_atomically)

    def services_are_ready(self) -> bool:
        """Whether all six services are known."""
        return all(client.service_is_ready() for client in self._clients)

    def wait_for_services(self, timeout_sec: float | None = None) -> bool:
        """Wait until they are known; False when the time is over."""
        return wait_for_graph(self.node.context, self.services_are_ready, timeout_sec)

    def list_parameters(
        self, prefixes: Sequence[str] | None = None, depth: int | None = None, callback: Answered | None = None
    ) -> Future[Any]:
        """The names below some prefixes, so many levels deep."""
        request = ListParameters.Request(prefixes=list(prefixes or ()), depth=depth or 0)
        return _asked(self._list, request, callback)

    def get_parameters(self, names: Sequence[str], callback: Answered | None = None) -> Future[Any]:
        """Values."""
        return _asked(self._get, GetParameters.Request(names=list(names)), callback)

    def set_parameters(
        self, parameters: Sequence[Parameter | ParameterMsg], callback: Answered | None = None
    ) -> Future[Any]:
        """Set each by itself."""
        return _asked(self._set, SetParameters.Request(parameters=_messages(parameters)), callback)

    def describe_parameters(self, names: Sequence[str], callback: Answered | None = None) -> Future[Any]:
        """Descriptors."""
        return _asked(self._describe, DescribeParameters.Request(names=list(names)), callback)

    def get_parameter_types(self, names: Sequence[str], callback: Answered | None = None) -> Future[Any]:
        """Types."""
        return _asked(self._types, GetParameterTypes.Request(names=list(names)), callback)

    def set_parameters_atomically(
        self, parameters: Sequence[Parameter | ParameterMsg], callback: Answered | None = None
    ) -> Future[Any]:
        """Set all or none."""
        request = SetParametersAtomically.Request(parameters=_messages(parameters))
        return _asked(self._set_atomically, request, callback)

    def delete_parameters(self, names: Sequence[str], callback: Answered | None = None) -> Future[Any]:
        """Undeclare those of dynamic type."""
        return self.set_parameters([Parameter(name) for name in names], callback)

    def load_parameter_file(
        self, parameter_file: str, use_wildcard: bool = False, callback: Answered | None = None
    ) -> Future[Any]:
        """Set what a file says of any node, each by itself."""
        return self.set_parameters(list(parameter_dict_from_yaml_file(parameter_file, use_wildcard).values()), callback)

    def load_parameter_file_atomically(
        self, parameter_file: str, use_wildcard: bool = False, callback: Answered | None = None
    ) -> Future[Any]:
        """Set what a file says of any node, all or none."""
        parameters = list(parameter_dict_from_yaml_file(parameter_file, use_wildcard).values())
        return self.set_parameters_atomically(parameters, callback)

    def on_parameter_event(
        self,
        callback: Callable[[ParameterEvent], object],
        qos_profile: QoSProfile = qos_profile_parameter_events,
        **options: Any,
    ) -> Subscription[ParameterEvent]:
        """Be told of every change of any node's parameters."""
        return self.node.create_subscription(ParameterEvent, "/parameter_events", callback, qos_profile, **options)


def _messages(parameters: Sequence[Parameter | ParameterMsg]) -> list[ParameterMsg]:
    return [item.to_parameter_msg() if isinstance(item, Parameter) else item for item in parameters]


def _asked(client: Client[Any, Any], request: Any, callback: Answered | None) -> Future[Any]:
    future = client.call_async(request)
    if callback is not None:
        future.add_done_callback(callback)
    return future
