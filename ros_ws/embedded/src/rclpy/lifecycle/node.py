"""Managed nodes: the transitions, their callbacks, and the services by which others ask for them."""

from __future__ import annotations

import traceback
from typing import Any

from lifecycle_msgs.msg import State, Transition, TransitionDescription, TransitionEvent
from lifecycle_msgs.srv import ChangeState, GetAvailableStates, GetAvailableTransitions, GetState

from rclpy.callback_groups import CallbackGroup
from rclpy.lifecycle.managed_entity import ManagedEntity, TransitionCallbackReturn
from rclpy.lifecycle.publisher import LifecyclePublisher
from rclpy.lifecycle.state_machine import (
    LABELS,
    STEPS,
    IllegalLifecycleTransition,
    LifecycleState,
    Step,
    step_by_id,
    step_by_label,
    steps_from,
)
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import qos_profile_default

_CALLBACKS = {
    State.TRANSITION_STATE_CONFIGURING: "on_configure",
    State.TRANSITION_STATE_CLEANINGUP: "on_cleanup",
    State.TRANSITION_STATE_SHUTTINGDOWN: "on_shutdown",
    State.TRANSITION_STATE_ACTIVATING: "on_activate",
    State.TRANSITION_STATE_DEACTIVATING: "on_deactivate",
    State.TRANSITION_STATE_ERRORPROCESSING: "on_error",
}


class LifecycleNodeMixin(ManagedEntity):
    """Makes a node a managed one: its `__init__` is called after the node's."""

    def __init__(
        self, *, enable_communication_interface: bool = True, callback_group: CallbackGroup | None = None
    ) -> None:
        """Begin unconfigured; the five services and the event topic are there unless that is turned off."""
        if not isinstance(enable_communication_interface, bool):
            raise TypeError(f"enable_communication_interface must be a bool, not {enable_communication_interface!r}")
        self._rcl_lifecycle_state = State.PRIMARY_STATE_UNCONFIGURED
        self._rcl_managed_entities: dict[ManagedEntity, None] = {}
        self._rcl_transition_events: Publisher[TransitionEvent] | None = None
        if not enable_communication_interface:
            return
        node = self._rcl_node
        self._rcl_transition_events = node.create_publisher(TransitionEvent, "~/transition_event", qos_profile_default)
        services: tuple[tuple[Any, str, Any], ...] = (
            (ChangeState, "change_state", self._rcl_change_state),
            (GetState, "get_state", self._rcl_get_state),
            (GetAvailableStates, "get_available_states", self._rcl_get_available_states),
            (GetAvailableTransitions, "get_available_transitions", self._rcl_get_available_transitions),
            (GetAvailableTransitions, "get_transition_graph", self._rcl_get_transition_graph),
        )
        for kind, name, callback in services:
            node.create_service(kind, f"~/{name}", callback, callback_group=callback_group)

    @property
    def _rcl_node(self) -> Node:
        if not isinstance(self, Node):
            raise TypeError(f"{type(self).__name__}: LifecycleNodeMixin is for classes that are nodes too")
        return self

    @property
    def _rcl_current_state(self) -> LifecycleState:
        """Where it is."""
        return LifecycleState(LABELS[self._rcl_lifecycle_state], self._rcl_lifecycle_state)

    def trigger_configure(self) -> TransitionCallbackReturn:
        """Configure; raises RCLError where that cannot be in its state, as the other four do."""
        return self._rcl_ask_for(Transition.TRANSITION_CONFIGURE)

    def trigger_cleanup(self) -> TransitionCallbackReturn:
        """Clean up."""
        return self._rcl_ask_for(Transition.TRANSITION_CLEANUP)

    def trigger_shutdown(self) -> TransitionCallbackReturn:
        """Shut down, from any of the primary states."""
        return self._rcl_change(step_by_label(self._rcl_lifecycle_state, "shutdown"))

    def trigger_activate(self) -> TransitionCallbackReturn:
        """Activate."""
        return self._rcl_ask_for(Transition.TRANSITION_ACTIVATE)

    def trigger_deactivate(self) -> TransitionCallbackReturn:
        """Deactivate."""
        return self._rcl_ask_for(Transition.TRANSITION_DEACTIVATE)

    def add_managed_entity(self, entity: ManagedEntity) -> None:
        """Let something go through the transitions with it."""
        if not isinstance(entity, ManagedEntity):
            raise TypeError(f"Expected a rclpy.lifecycle.ManagedEntity instance, got {entity!r}")
        self._rcl_managed_entities[entity] = None

    def create_lifecycle_publisher(self, *args: Any, **kwargs: Any) -> LifecyclePublisher[Any]:
        """A publisher that is silent while the node is not active; the arguments are those of `create_publisher`."""
        if "publisher_class" in kwargs:
            raise TypeError("create_lifecycle_publisher() takes no 'publisher_class': it has one of its own")
        publisher = self._rcl_node.create_publisher(*args, **kwargs, publisher_class=LifecyclePublisher)
        if not isinstance(publisher, LifecyclePublisher):
            raise TypeError(f"create_publisher made a {type(publisher).__name__}")
        self._rcl_managed_entities[publisher] = None
        return publisher

    def destroy_lifecycle_publisher(self, publisher: LifecyclePublisher[Any]) -> bool:
        """Withdraw it; False where it is not this node's."""
        self._rcl_managed_entities.pop(publisher, None)
        return self._rcl_node.destroy_publisher(publisher)

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Configure what is managed; so do the other five with theirs. Override them, and call these where needed."""
        return self._rcl_through_entities("on_configure", state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Clean up what is managed."""
        return self._rcl_through_entities("on_cleanup", state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Shut down what is managed."""
        return self._rcl_through_entities("on_shutdown", state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Activate what is managed."""
        return self._rcl_through_entities("on_activate", state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Deactivate what is managed."""
        return self._rcl_through_entities("on_deactivate", state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Tell what is managed of the error."""
        return self._rcl_through_entities("on_error", state)

    def _rcl_through_entities(self, callback: str, state: LifecycleState) -> TransitionCallbackReturn:
        for entity in list(self._rcl_managed_entities):
            answer = getattr(entity, callback)(state)
            if not isinstance(answer, TransitionCallbackReturn):
                raise TypeError(f"{callback} of {entity!r} must return a TransitionCallbackReturn, not {answer!r}")
            if answer is not TransitionCallbackReturn.SUCCESS:
                return answer
        return TransitionCallbackReturn.SUCCESS

    def _rcl_ask_for(self, transition: int) -> TransitionCallbackReturn:
        return self._rcl_change(step_by_id(self._rcl_lifecycle_state, transition))

    def _rcl_change(self, step: Step) -> TransitionCallbackReturn:
        """Take a step, call back, and take the step that the answer says; an error has a callback of its own."""
        came_from = self._rcl_current_state
        self._rcl_take(step)
        answer = self._rcl_call_back(came_from)
        self._rcl_take(step_by_label(self._rcl_lifecycle_state, answer.to_label()))
        if answer is TransitionCallbackReturn.ERROR:
            self._rcl_take(step_by_label(self._rcl_lifecycle_state, self._rcl_call_back(came_from).to_label()))
        return answer

    def _rcl_take(self, step: Step) -> None:
        node = self._rcl_node
        node.get_logger().debug(f"{LABELS[step.start]} -> {LABELS[step.goal]}: {step.label}")
        self._rcl_lifecycle_state = step.goal
        if self._rcl_transition_events is not None:
            self._rcl_transition_events.publish(
                TransitionEvent(
                    timestamp=node.get_clock().now().nanoseconds,
                    transition=Transition(id=step.transition, label=step.label),
                    start_state=_state(step.start),
                    goal_state=_state(step.goal),
                )
            )

    def _rcl_call_back(self, came_from: LifecycleState) -> TransitionCallbackReturn:
        name = _CALLBACKS[self._rcl_lifecycle_state]
        try:
            return TransitionCallbackReturn(getattr(self, name)(came_from))
        except Exception:  # noqa: BLE001 - a user's failing callback is what the error state is for
            self._rcl_node.get_logger().error(f"{name} failed: {traceback.format_exc()}")
            return TransitionCallbackReturn.ERROR

    def _rcl_change_state(self, request: ChangeState.Request, response: ChangeState.Response) -> ChangeState.Response:
        wanted = request.transition
        try:
            if wanted.label:
                step = step_by_label(self._rcl_lifecycle_state, wanted.label)
            else:
                step = step_by_id(self._rcl_lifecycle_state, wanted.id)
        except IllegalLifecycleTransition as error:
            self._rcl_node.get_logger().warning(f"change_state refused: {error}")
            response.success = False
            return response
        response.success = self._rcl_change(step) is TransitionCallbackReturn.SUCCESS
        return response

    def _rcl_get_state(self, request: GetState.Request, response: GetState.Response) -> GetState.Response:
        response.current_state = _state(self._rcl_lifecycle_state)
        return response

    def _rcl_get_available_states(
        self, request: GetAvailableStates.Request, response: GetAvailableStates.Response
    ) -> GetAvailableStates.Response:
        response.available_states = [_state(number) for number in LABELS]
        return response

    def _rcl_get_available_transitions(
        self, request: GetAvailableTransitions.Request, response: GetAvailableTransitions.Response
    ) -> GetAvailableTransitions.Response:
        response.available_transitions = [_description(step) for step in steps_from(self._rcl_lifecycle_state)]
        return response

    def _rcl_get_transition_graph(
        self, request: GetAvailableTransitions.Request, response: GetAvailableTransitions.Response
    ) -> GetAvailableTransitions.Response:
        response.available_transitions = [_description(step) for step in STEPS]
        return response


class LifecycleNode(LifecycleNodeMixin, Node):
    """A managed node."""

    def __init__(self, node_name: str, *, enable_communication_interface: bool = True, **arguments: Any) -> None:
        """Begin unconfigured; the other arguments are those of `Node`."""
        Node.__init__(self, node_name, **arguments)
        LifecycleNodeMixin.__init__(self, enable_communication_interface=enable_communication_interface)


def _state(number: int) -> State:
    return State(id=number, label=LABELS[number])


def _description(step: Step) -> TransitionDescription:
    return TransitionDescription(
        transition=Transition(id=step.transition, label=step.label),
        start_state=_state(step.start),
        goal_state=_state(step.goal),
    )
