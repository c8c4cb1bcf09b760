"""Managed nodes, as rclpy has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lifecycle_msgs.msg import State, Transition, TransitionEvent
from lifecycle_msgs.srv import ChangeState, GetAvailableStates, GetAvailableTransitions, GetState
from std_msgs.msg import String

from rclpy.exceptions import RCLError
from rclpy.lifecycle import (
    LifecycleNode,
    LifecycleNodeMixin,
    ManagedEntity,
    SimpleManagedEntity,
    TransitionCallbackReturn,
)
from rclpy.lifecycle.state_machine import LABELS, STEPS, IllegalLifecycleTransition, step_by_id, step_by_label
from rclpy.node import Node
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of

SUCCESS, FAILURE, ERROR = TransitionCallbackReturn
Kind = type[LifecycleNode]


@pytest.fixture
def managed(ros: Ros) -> Callable[..., LifecycleNode]:
    def make(kind: Kind = LifecycleNode, **options: Any) -> LifecycleNode:
        return kind("managed", context=ros.context, **options)

    return make


def test_every_step_of_the_table_is_taken_and_every_other_refused_by_name() -> None:
    for state in LABELS:
        for step in STEPS:
            if step.start == state:
                assert step_by_id(state, step.transition) is step
                assert step_by_label(state, step.label) is step
            else:
                with pytest.raises(IllegalLifecycleTransition, match=LABELS[state]):
                    step_by_id(state, step.transition)


def test_a_node_goes_through_its_states_again_and_again(managed: Callable[..., LifecycleNode]) -> None:
    node = managed(enable_communication_interface=False)
    assert node._rcl_current_state.label == "unconfigured"
    for _ in range(5):
        assert node.trigger_configure() is SUCCESS
        for _ in range(5):
            assert node.trigger_activate() is SUCCESS
            assert node._rcl_current_state.label == "active"
            assert node.trigger_deactivate() is SUCCESS
        assert node.trigger_cleanup() is SUCCESS
    for impossible in (node.trigger_activate, node.trigger_deactivate, node.trigger_cleanup):
        with pytest.raises(RCLError, match="from unconfigured; possible are: configure"):
            impossible()
    assert node.trigger_shutdown() is SUCCESS
    assert node._rcl_current_state == ("finalized", State.PRIMARY_STATE_FINALIZED)
    with pytest.raises(RCLError, match="from finalized"):
        node.trigger_shutdown()


@pytest.mark.parametrize("before", [[], ["trigger_configure"], ["trigger_configure", "trigger_activate"]])
def test_a_node_is_shut_down_from_any_primary_state(managed: Callable[..., LifecycleNode], before: list[str]) -> None:
    node = managed(enable_communication_interface=False)
    for step in before:
        getattr(node, step)()
    assert node.trigger_shutdown() is SUCCESS
    assert node._rcl_current_state.label == "finalized"


class Answering(LifecycleNode):
    """Answers as the test says."""

    answer: Any = SUCCESS
    on_error_answer: TransitionCallbackReturn = SUCCESS

    def on_configure(self, state: Any) -> TransitionCallbackReturn:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]

    def on_error(self, state: Any) -> TransitionCallbackReturn:
        return self.on_error_answer


@pytest.mark.parametrize(
    ("answer", "of_error", "returned", "state"),
    [
        (SUCCESS, SUCCESS, SUCCESS, "inactive"), (FAILURE, SUCCESS, FAILURE, "unconfigured"),
        (ERROR, SUCCESS, ERROR, "unconfigured"), (ERROR, FAILURE, ERROR, "finalized"),
        (ERROR, ERROR, ERROR, "finalized"), (ValueError("on the way"), SUCCESS, ERROR, "unconfigured"),
        ("no answer", SUCCESS, ERROR, "unconfigured"),
    ],
)  # fmt: skip
def test_the_answer_of_a_callback_says_where_a_transition_ends(
    managed: Callable[..., LifecycleNode], answer: Any, of_error: Any, returned: Any, state: str
) -> None:
    node = managed(Answering, enable_communication_interface=False)
    node.answer, node.on_error_answer = answer, of_error  # type: ignore[attr-defined]
    assert node.trigger_configure() is returned
    assert node._rcl_current_state.label == state


class Recorder(ManagedEntity):
    """Remembers what it went through."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def on_configure(self, state: Any) -> TransitionCallbackReturn:
        self.seen.append(("configure", state.label))
        return FAILURE if len(self.seen) == 1 else SUCCESS

    def on_shutdown(self, state: Any) -> Any:
        return "no answer"


def test_what_is_managed_goes_through_the_transitions_and_can_stop_them(managed: Callable[..., LifecycleNode]) -> None:
    node, entity = managed(enable_communication_interface=False), Recorder()
    node.add_managed_entity(entity)
    assert (node.trigger_configure(), node._rcl_current_state.label) == (FAILURE, "unconfigured")
    assert (node.trigger_configure(), node.trigger_activate(), node.trigger_deactivate()) == (SUCCESS,) * 3
    assert (node.trigger_cleanup(), entity.seen) == (SUCCESS, [("configure", "unconfigured")] * 2)
    assert node.trigger_shutdown() is ERROR, "what it returned is no answer"
    with pytest.raises(TypeError, match="ManagedEntity"):
        node.add_managed_entity("other")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a bool"):
        managed(enable_communication_interface="yes")
    with pytest.raises(TypeError, match="nodes too"):
        LifecycleNodeMixin()


def test_a_managed_publisher_is_silent_while_its_node_is_not_active(
    ros: Ros, managed: Callable[..., LifecycleNode]
) -> None:
    node, listener = managed(), ros.node("listener")
    heard: list[str] = []
    listener.create_subscription(String, "talk", lambda message: heard.append(message.data), 10)
    ros.spin(listener)
    publisher = node.create_lifecycle_publisher(String, "talk", 10)
    eventually(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(String(data="unconfigured"))
    node.trigger_configure()
    publisher.publish(String(data="inactive"))
    node.trigger_activate()
    assert publisher.is_activated
    publisher.publish(String(data="active"))
    eventually(lambda: heard == ["active"])
    node.trigger_deactivate()
    publisher.publish(String(data="inactive again"))
    assert node.destroy_lifecycle_publisher(publisher)
    assert heard == ["active"]
    with pytest.raises(TypeError, match="publisher_class"):
        node.create_lifecycle_publisher(String, "talk", 10, publisher_class=object)


def test_a_method_says_what_it_does_while_not_active() -> None:
    class Light(SimpleManagedEntity):
        @SimpleManagedEntity.when_enabled
        def on(self) -> str:
            return "on"

        @SimpleManagedEntity.when_enabled(when_not_enabled=lambda: said.append("not active"))
        def off(self) -> str:
            return "off"

    said: list[str] = []
    light: Any = Light()
    assert (light.on(), light.off(), said) == (None, None, ["not active"])
    light.on_activate(None)
    assert (light.on(), light.off()) == ("on", "off")


def labels(described: Any) -> set[str]:
    return {item.transition.label for item in described.available_transitions}


def test_others_see_and_change_the_state_by_services_and_hear_of_it(
    ros: Ros, managed: Callable[..., LifecycleNode]
) -> None:
    node, asking = managed(), ros.node("asking")
    ros.spin(node, asking)
    events: list[TransitionEvent] = []
    asking.create_subscription(TransitionEvent, "/managed/transition_event", events.append, 10)

    def ask(kind: Any, name: str, **request: Any) -> Any:
        client = asking.create_client(kind, f"/managed/{name}")
        assert client.wait_for_service(timeout_sec=30)
        return result_of(client.call_async(kind.Request(**request)))

    assert ask(GetState, "get_state").current_state == State(id=1, label="unconfigured")
    states = ask(GetAvailableStates, "get_available_states").available_states
    assert {state.id: state.label for state in states} == dict(LABELS)
    eventually(lambda: node.count_subscribers("/managed/transition_event") == 1)
    assert ask(ChangeState, "change_state", transition=Transition(id=Transition.TRANSITION_CONFIGURE)).success
    assert labels(ask(GetAvailableTransitions, "get_available_transitions")) == {"activate", "cleanup", "shutdown"}
    assert len(ask(GetAvailableTransitions, "get_transition_graph").available_transitions) == len(STEPS)
    assert ask(ChangeState, "change_state", transition=Transition(label="activate")).success
    for impossible in (Transition(label="configure"), Transition(id=Transition.TRANSITION_CONFIGURE)):
        assert not ask(ChangeState, "change_state", transition=impossible).success
    assert ask(GetState, "get_state").current_state.label == "active"
    eventually(lambda: len(events) == 4)
    assert [(event.start_state.label, event.goal_state.label) for event in events] == [
        ("unconfigured", "configuring"), ("configuring", "inactive"),
        ("inactive", "activating"), ("activating", "active"),
    ]  # fmt: skip


def test_without_communication_a_managed_node_serves_nothing_more_than_a_node(ros: Ros) -> None:
    plain = Node("plain", context=ros.context)
    managed = LifecycleNode("managed", context=ros.context, enable_communication_interface=False)
    assert len(list(managed.services)) == len(list(plain.services))
    assert len(list(managed.publishers)) == len(list(plain.publishers))
