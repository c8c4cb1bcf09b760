"""Nodes: what everything else belongs to."""

from __future__ import annotations

import weakref
from collections.abc import Sequence

from rcl_interfaces.msg import ParameterEvent

from rclpy._arguments import Arguments, parse_arguments
from rclpy._names import validate_namespace, validate_node_name
from rclpy._node_entities import NodeEntities
from rclpy._node_graph import NodeGraph, NodeNameNonExistentError
from rclpy._rosout import Rosout
from rclpy.context import Context
from rclpy.exceptions import NotInitializedException
from rclpy.executors import Executor
from rclpy.logging_service import LoggingService
from rclpy.parameter import Parameter
from rclpy.parameter_service import ParameterService
from rclpy.qos import qos_profile_parameter_events
from rclpy.time_source import TimeSource
from rclpy.type_description_service import TypeDescriptionService
from rclpy.utilities import get_default_context
from ros_wire.names import Entity as WireEntity
from ros_wire.names import Kind

__all__ = ["Node", "NodeNameNonExistentError"]


class Node(NodeEntities, NodeGraph):
    """A node of the ROS graph; its callbacks run when an executor spins it."""

    def __init__(
        self,
        node_name: str,
        *,
        context: Context | None = None,
        cli_args: Sequence[str] | None = None,
        namespace: str | None = None,
        use_global_arguments: bool = True,
        enable_rosout: bool = True,
        start_parameter_services: bool = True,
        parameter_overrides: Sequence[Parameter] | None = None,
        allow_undeclared_parameters: bool = False,
        automatically_declare_parameters_from_overrides: bool = False,
        enable_logger_service: bool = False,
    ) -> None:
        """Make a node and announce it.

        Raises:
            NotInitializedException: the context is not open.
            InvalidNodeNameException, InvalidNamespaceException: a name breaks the rules.
            RosArgumentError: `cli_args` cannot be read.
        """
        context = get_default_context() if context is None else context
        if not context.ok():
            raise NotInitializedException("cannot create node")
        arguments = parse_arguments(cli_args or ()).beside(context.arguments if use_global_arguments else Arguments())
        name = arguments.remapped("__node", node_name) or arguments.remapped("__name", node_name) or node_name
        space = arguments.remapped("__ns", node_name) or namespace or "/"
        space = space if space.startswith("/") else f"/{space}"
        validate_node_name(name)
        validate_namespace(space)
        super().__init__(
            context=context,
            node_id=context.session.node_id(space, name),
            arguments=arguments,
            parameter_overrides=parameter_overrides or (),
            allow_undeclared_parameters=allow_undeclared_parameters,
        )
        self._rcl_executor_ref: weakref.ref[Executor] | None = None
        self._rcl_destroyed = False
        self._rcl_wire_entity = WireEntity(kind=Kind.NODE, owner=self._rcl_id, number=self._rcl_id.node)
        self._rcl_token = context.session.announce(self._rcl_wire_entity)
        if enable_rosout and arguments.rosout:
            self._rcl_on_destroy.append(Rosout(self).close)
        self._rcl_parameter_events = self.create_publisher(
            ParameterEvent, "/parameter_events", qos_profile_parameter_events
        )
        if automatically_declare_parameters_from_overrides:
            given = self._rcl_parameters.overrides.values()
            self.declare_parameters("", [(item.name, item.value) for item in given], ignore_override=True)
        self._time_source = TimeSource(node=self)
        self._time_source.attach_clock(self._clock)
        if start_parameter_services:
            ParameterService(self)
        if enable_logger_service:
            LoggingService(self)
        TypeDescriptionService(self)

    def destroy_node(self) -> None:
        """Withdraw everything, and the node."""
        if self._rcl_destroyed:
            return
        self._rcl_destroyed = True
        executor = self.executor
        if executor is not None:
            executor.remove_node(self)
        self._rcl_parameter_events = None
        for end in list(self._rcl_on_destroy):
            end()
        for publisher in list(self._rcl_publishers):
            self.destroy_publisher(publisher)
        for entity in list(self._rcl_entities_served):
            self._rcl_destroy(entity)
        if self._context.ok():
            self._context.session.withdraw(self._rcl_wire_entity, self._rcl_token)

    # executors

    @property
    def executor(self) -> Executor | None:
        """The executor that serves it, or served it last."""
        return None if self._rcl_executor_ref is None else self._rcl_executor_ref()

    @executor.setter
    def executor(self, new_executor: Executor | None) -> None:
        current = self.executor
        if current is not None and current is not new_executor:
            current.remove_node(self)
        self._rcl_executor_ref = None
        if new_executor is not None and new_executor.add_node(self):
            self._rcl_executor_ref = weakref.ref(new_executor)

    def _rcl_attach_to(self, executor: Executor | None) -> None:
        if executor is not None:
            # kept after it is removed, as in rclpy: tasks still go there
            self._rcl_executor_ref = weakref.ref(executor)
        self._rcl_served_by = executor
        for entity in list(self._rcl_entities_served):
            entity._attach(executor)
