"""Nodes: what everything else belongs to."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from rcl_interfaces.msg import ParameterEvent

from rclpy._arguments import parse_arguments
from rclpy._entity import Entity
from rclpy._names import resolve_name, validate_namespace, validate_node_name
from rclpy._node_entities import NodeEntities
from rclpy._node_graph import NodeGraph, NodeNameNonExistentError
from rclpy._node_parameters import NodeParameters
from rclpy._parameters import ParameterStore
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock, ROSClock
from rclpy.context import Context
from rclpy.exceptions import NotInitializedException
from rclpy.executors import Executor
from rclpy.logging import RcutilsLogger, get_logger
from rclpy.parameter import Parameter
from rclpy.parameter_service import ParameterService
from rclpy.publisher import Publisher
from rclpy.qos import qos_profile_parameter_events
from rclpy.time_source import TimeSource
from rclpy.utilities import get_default_context
from ros_interfaces.message import Message
from ros_wire.names import Entity as WireEntity
from ros_wire.names import Kind

__all__ = ["Node", "NodeNameNonExistentError"]

MsgT = TypeVar("MsgT", bound=Message)
RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)
EntityT = TypeVar("EntityT", bound=Entity)


class Node(NodeEntities, NodeParameters, NodeGraph):
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
        """
        self._context = get_default_context() if context is None else context
        if not self._context.ok():
            raise NotInitializedException("cannot create node")
        own = parse_arguments(cli_args or ())
        arguments = self._context.arguments if use_global_arguments else parse_arguments(())
        self._arguments = type(own)(remaps=own.remaps + arguments.remaps, overrides=arguments.overrides + own.overrides)
        asked = node_name
        node_name = self._arguments.remapped("__node", asked) or self._arguments.remapped("__name", asked) or asked
        namespace = self._arguments.remapped("__ns", asked) or namespace or "/"
        namespace = namespace if namespace.startswith("/") else f"/{namespace}"
        validate_node_name(node_name)
        validate_namespace(namespace)

        self._entities_served: dict[Entity, None] = {}
        self._publishers: dict[Publisher[Any], None] = {}
        self._on_destroy: list[Callable[[], None]] = []  # what is made of several endpoints ends itself
        self._executor_ref: weakref.ref[Executor] | None = None
        self._served_by: Executor | None = None
        self._default_callback_group = MutuallyExclusiveCallbackGroup()
        self._destroyed = False
        self._id = self._context.session.node_id(namespace, node_name)
        self._wire_entity = WireEntity(kind=Kind.NODE, owner=self._id, number=self._id.node)
        self._token = self._context.session.announce(self._wire_entity)
        self._logger = get_logger(f"{namespace.strip('/').replace('/', '.')}.{node_name}".lstrip("."))
        self._clock = ROSClock()

        overrides = {
            name: Parameter(name, value=value)
            for name, value in self._arguments.overrides_for(node_name, self._id.full_name).items()
        }
        overrides |= {parameter.name: parameter for parameter in parameter_overrides or ()}
        self._parameter_events: Publisher[ParameterEvent] | None = None
        self._parameters = ParameterStore(
            overrides, allow_undeclared=allow_undeclared_parameters, changed=self._publish_parameter_event
        )
        self._parameter_events = self.create_publisher(
            ParameterEvent, "/parameter_events", qos_profile_parameter_events
        )
        if automatically_declare_parameters_from_overrides:
            for parameter in overrides.values():
                self.declare_parameter(parameter.name, parameter.value, ignore_override=True)
        self._time_source = TimeSource(self)
        self._time_source.attach_clock(self._clock)
        self._parameter_service = ParameterService(self) if start_parameter_services else None

    # names

    @property
    def context(self) -> Context:
        """The context it was made in."""
        return self._context

    @property
    def default_callback_group(self) -> CallbackGroup:
        """The group of entities made without one."""
        return self._default_callback_group

    def get_name(self) -> str:
        """Its name."""
        return self._id.name

    def get_namespace(self) -> str:
        """Its namespace."""
        return self._id.namespace

    def get_fully_qualified_name(self) -> str:
        """Namespace and name."""
        return self._id.full_name

    def get_clock(self) -> Clock:
        """Its clock, of ROS time."""
        return self._clock

    def get_logger(self) -> RcutilsLogger:
        """Its logger."""
        return self._logger

    def resolve_topic_name(self, topic: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a topic."""
        return resolve_name(
            topic, self.get_name(), self.get_namespace(), parse_arguments(()) if only_expand else self._arguments
        )

    def resolve_service_name(self, service: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a service."""
        arguments = parse_arguments(()) if only_expand else self._arguments
        return resolve_name(service, self.get_name(), self.get_namespace(), arguments, is_service=True)

    def destroy_node(self) -> None:
        """Withdraw everything, and the node."""
        if self._destroyed:
            return
        self._destroyed = True
        executor = self.executor
        if executor is not None:
            executor.remove_node(self)
        self._parameter_events = None
        for end in list(self._on_destroy):
            end()
        for publisher in list(self._publishers):
            self.destroy_publisher(publisher)
        for entity in list(self._entities_served):
            self._destroy(entity)
        if self._context.ok():
            self._context.session.withdraw(self._wire_entity, self._token)

    # executors

    @property
    def executor(self) -> Executor | None:
        """The executor that serves it, or served it last."""
        return None if self._executor_ref is None else self._executor_ref()

    @executor.setter
    def executor(self, new_executor: Executor | None) -> None:
        current = self.executor
        if current is not None and current is not new_executor:
            current.remove_node(self)
        self._executor_ref = None
        if new_executor is not None and new_executor.add_node(self):
            self._executor_ref = weakref.ref(new_executor)

    def _attach_to(self, executor: Executor | None) -> None:
        if executor is not None:
            self._executor_ref = weakref.ref(executor)  # kept after it is removed, as in rclpy: tasks still go there
        self._served_by = executor
        for entity in list(self._entities_served):
            entity._attach(executor)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.get_fully_qualified_name()}>"
