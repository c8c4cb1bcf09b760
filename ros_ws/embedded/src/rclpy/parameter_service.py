"""The services by which others see and set a node's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rcl_interfaces.msg import ParameterDescriptor, ParameterValue, SetParametersResult
from rcl_interfaces.srv import (
    DescribeParameters,
    GetParameters,
    GetParameterTypes,
    ListParameters,
    SetParameters,
    SetParametersAtomically,
)

from rclpy.exceptions import ParameterNotDeclaredException, ParameterUninitializedException
from rclpy.parameter import Parameter
from rclpy.qos import qos_profile_parameters

if TYPE_CHECKING:
    from rclpy.node import Node


class ParameterService:
    """Serves `describe_parameters` and its five sisters below a node's name."""

    def __init__(self, node: Node) -> None:
        self._node = node
        services: tuple[tuple[str, Any, Any], ...] = (
            ("describe_parameters", DescribeParameters, self._describe),
            ("get_parameters", GetParameters, self._get),
            ("get_parameter_types", GetParameterTypes, self._types),
            ("list_parameters", ListParameters, self._list),
            ("set_parameters", SetParameters, self._set),
            ("set_parameters_atomically", SetParametersAtomically, self._set_atomically),
        )
        for name, kind, callback in services:
            node.create_service(kind, f"~/{name}", callback, qos_profile=qos_profile_parameters)

    def _describe(
        self, request: DescribeParameters.Request, response: DescribeParameters.Response
    ) -> DescribeParameters.Response:
        for name in request.names:
            try:
                response.descriptors.append(self._node.describe_parameter(name))
            except ParameterNotDeclaredException:
                response.descriptors = list[ParameterDescriptor]()  # all or none, as in rclpy
                break
        return response

    def _get(self, request: GetParameters.Request, response: GetParameters.Response) -> GetParameters.Response:
        try:
            response.values = [p.get_parameter_value() for p in self._node.get_parameters(request.names)]
        except (ParameterNotDeclaredException, ParameterUninitializedException):
            response.values = list[ParameterValue]()  # all or none, as in rclpy
        return response

    def _types(
        self, request: GetParameterTypes.Request, response: GetParameterTypes.Response
    ) -> GetParameterTypes.Response:
        try:
            response.types = [kind.value for kind in self._node.get_parameter_types(request.names)]
        except ParameterNotDeclaredException:
            response.types = b""
        return response

    def _list(self, request: ListParameters.Request, response: ListParameters.Response) -> ListParameters.Response:
        response.result = self._node.list_parameters(request.prefixes, request.depth)
        return response

    def _set(self, request: SetParameters.Request, response: SetParameters.Response) -> SetParameters.Response:
        for message in request.parameters:
            try:
                result = self._node.set_parameters([Parameter.from_parameter_msg(message)])[0]
            except (ParameterNotDeclaredException, ValueError) as error:
                result = SetParametersResult(successful=False, reason=str(error))
            response.results.append(result)
        return response

    def _set_atomically(
        self, request: SetParametersAtomically.Request, response: SetParametersAtomically.Response
    ) -> SetParametersAtomically.Response:
        try:
            parameters = [Parameter.from_parameter_msg(message) for message in request.parameters]
            response.result = self._node.set_parameters_atomically(parameters)
        except (ParameterNotDeclaredException, ValueError) as error:
            response.result = SetParametersResult(successful=False, reason=str(error))
        return response
