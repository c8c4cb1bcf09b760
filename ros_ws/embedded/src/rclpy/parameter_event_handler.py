"""Tells callbacks of changes to single parameters of any node, or of every change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from rcl_interfaces.msg import Parameter as ParameterMsg
from rcl_interfaces.msg import ParameterEvent

from rclpy.node import Node
from rclpy.qos import QoSProfile, qos_profile_parameter_events


@dataclass(frozen=True, slots=True, eq=False)
class ParameterCallbackHandle:
    """A callback for one parameter of one node."""

    parameter_name: str
    node_name: str
    callback: Callable[[ParameterMsg], object]


@dataclass(frozen=True, slots=True, eq=False)
class ParameterEventCallbackHandle:
    """A callback for every event."""

    callback: Callable[[ParameterEvent], object]


Handle = ParameterCallbackHandle | ParameterEventCallbackHandle
HandleT = TypeVar("HandleT", ParameterCallbackHandle, ParameterEventCallbackHandle)


class ParameterEventHandler:
    """Listens to /parameter_events for a node until `destroy`; the newest callback is told first."""

    def __init__(
        self, node: Node, qos_profile: QoSProfile = qos_profile_parameter_events, **subscription_options: Any
    ) -> None:
        self.node = node
        self._lock = threading.Lock()
        self._handles: list[Handle] = []
        self.parameter_event_subscription = node.create_subscription(
            ParameterEvent, "/parameter_events", self._on_event, qos_profile, **subscription_options
        )

    def destroy(self) -> None:
        """Listen no more."""
        self.node.destroy_subscription(self.parameter_event_subscription)

    @staticmethod
    def get_parameter_from_event(event: ParameterEvent, parameter_name: str, node_name: str) -> ParameterMsg | None:
        """One parameter of one node, where the event sets it."""
        if event.node != node_name:
            return None
        parameters = ParameterEventHandler.get_parameters_from_event(event)
        return next((item for item in parameters if item.name == parameter_name), None)

    @staticmethod
    def get_parameters_from_event(event: ParameterEvent) -> Iterator[ParameterMsg]:
        """Every parameter that the event sets."""
        yield from event.new_parameters
        yield from event.changed_parameters

    def add_parameter_callback(
        self, parameter_name: str, node_name: str, callback: Callable[[ParameterMsg], object]
    ) -> ParameterCallbackHandle:
        """Be told when a parameter is set; a node name without `/` is of this node's namespace, none is this node."""
        return self._add(ParameterCallbackHandle(parameter_name, self._absolute(node_name), callback))

    def remove_parameter_callback(self, handle: ParameterCallbackHandle) -> None:
        """Be told no more; RuntimeError where the callback is not there."""
        self._remove(handle)

    def add_parameter_event_callback(
        self, callback: Callable[[ParameterEvent], object]
    ) -> ParameterEventCallbackHandle:
        """Be told of every event."""
        return self._add(ParameterEventCallbackHandle(callback))

    def remove_parameter_event_callback(self, handle: ParameterEventCallbackHandle) -> None:
        """Be told no more; RuntimeError where the callback is not there."""
        self._remove(handle)

    def _add(self, handle: HandleT) -> HandleT:
        with self._lock:
            self._handles.insert(0, handle)
        return handle

    def _remove(self, handle: Handle) -> None:
        with self._lock:
            if handle not in self._handles:
                raise RuntimeError("Callback doesn't exist")
            self._handles.remove(handle)

    def _on_event(self, event: ParameterEvent) -> None:
        with self._lock:
            handles = list(self._handles)
        for handle in handles:
            if isinstance(handle, ParameterEventCallbackHandle):
                handle.callback(event)
                continue
            parameter = self.get_parameter_from_event(event, handle.parameter_name, handle.node_name)
            if parameter is not None:
                handle.callback(parameter)

    def _absolute(self, node_name: str) -> str:
        if not node_name:
            return self.node.get_fully_qualified_name()
        return node_name if node_name.startswith("/") else f"{self.node.get_namespace().rstrip('/')}/{node_name}"
