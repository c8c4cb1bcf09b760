"""QoS events, QoS from parameters, introspection and type descriptions, as rclpy has them."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from nav_msgs.msg import OccupancyGrid
from rcl_interfaces.msg import SetParametersResult
from service_msgs.msg import ServiceEventInfo
from std_msgs.msg import Bool, Int32, String
from std_srvs.srv import SetBool
from test_msgs.msg import Arrays, BoundedSequences, UnboundedSequences, WStrings
from type_description_interfaces.srv import GetTypeDescription

from rclpy.duration import Duration, Infinite
from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks, UnsupportedEventTypeError
from rclpy.parameter import Parameter
from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    QoSPolicyKind,
    QoSProfile,
    ReliabilityPolicy,
    qos_profile_default,
    qos_profile_services_default,
)
from rclpy.qos_overriding_options import InvalidQosOverridesError, QoSOverridingOptions
from rclpy.service_introspection import ServiceIntrospectionState
from rclpy.type_description_service import definition_of
from ros_interfaces.type_hash import type_hash
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of


def test_each_side_is_told_when_the_other_comes_and_goes(ros: Ros) -> None:
    node, other = ros.node("told"), ros.node("other")
    ros.spin(node)
    told: list[tuple[str, int, int]] = []

    def note(word: str) -> Any:
        return lambda info: told.append((word, info.total_count, info.current_count))

    node.create_publisher(String, "talk", 1, event_callbacks=PublisherEventCallbacks(matched=note("publisher")))
    subscription = other.create_subscription(String, "talk", print, 1)
    eventually(lambda: told == [("publisher", 1, 1)])
    other.destroy_subscription(subscription)
    eventually(lambda: told[1:] == [("publisher", 1, 0)])
    node.create_subscription(
        String, "talk", print, 1, event_callbacks=SubscriptionEventCallbacks(matched=note("subscription"))
    )
    eventually(lambda: set(told[2:]) == {("publisher", 2, 1), ("subscription", 1, 1)})


def test_what_changed_is_counted_from_one_telling_to_the_next(ros: Ros) -> None:
    node, other = ros.node("told"), ros.node("other")
    told: list[Any] = []
    node.create_subscription(String, "talk", print, 1, event_callbacks=SubscriptionEventCallbacks(matched=told.append))
    publishers = [other.create_publisher(String, "talk", 1) for _ in range(3)]
    ros.spin(node)
    eventually(lambda: bool(told))
    assert (told[0].total_count, told[0].total_count_change, told[0].current_count_change) == (3, 3, 3)
    other.destroy_publisher(publishers[0])
    eventually(lambda: len(told) == 2)
    assert (told[1].total_count_change, told[1].current_count, told[1].current_count_change) == (0, 2, -1)


def test_qos_that_does_not_fit_by_ros_rules_is_told_to_both(ros: Ros) -> None:
    node = ros.node("told")
    ros.spin(node)
    told: list[tuple[str, QoSPolicyKind]] = []
    volatile, latched = QoSProfile(depth=1), QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    node.create_publisher(
        String, "talk", volatile,
        event_callbacks=PublisherEventCallbacks(
            incompatible_qos=lambda info: told.append(("publisher", info.last_policy_kind))
        ),
    )  # fmt: skip
    node.create_subscription(
        String, "talk", print, latched,
        event_callbacks=SubscriptionEventCallbacks(
            incompatible_qos=lambda info: told.append(("subscription", info.last_policy_kind))
        ),
    )  # fmt: skip
    node.create_subscription(String, "talk", print, volatile)
    kind = QoSPolicyKind.DURABILITY
    eventually(lambda: sorted(told) == [("publisher", kind), ("subscription", kind)])


def test_another_type_on_the_same_topic_is_told(ros: Ros) -> None:
    node = ros.node("told")
    ros.spin(node)
    told: list[int] = []
    callbacks = SubscriptionEventCallbacks(incompatible_type=lambda info: told.append(info.total_count))
    node.create_subscription(String, "talk", print, 1, event_callbacks=callbacks)
    node.create_publisher(Bool, "talk", 1)
    eventually(lambda: told == [1])


def test_publishers_that_are_alive_are_counted(ros: Ros) -> None:
    node, other = ros.node("told"), ros.node("other")
    ros.spin(node)
    alive: list[int] = []
    callbacks = SubscriptionEventCallbacks(liveliness=lambda info: alive.append(info.alive_count))
    node.create_subscription(String, "talk", print, 1, event_callbacks=callbacks)
    publisher = other.create_publisher(String, "talk", 1)
    eventually(lambda: alive == [1])
    other.destroy_publisher(publisher)
    eventually(lambda: alive == [1, 0])
    with pytest.raises(UnsupportedEventTypeError, match="its token shows it"):
        node.create_publisher(String, "talk", 1, event_callbacks=PublisherEventCallbacks(liveliness=print))


def test_messages_that_never_came_are_counted(ros: Ros) -> None:
    node = ros.node("told")
    lost: list[int] = []
    callbacks = SubscriptionEventCallbacks(message_lost=lambda info: lost.append(info.total_count))
    subscription = node.create_subscription(Int32, "count", lambda message: None, 2, event_callbacks=callbacks)
    publisher = node.create_publisher(Int32, "count", 10)
    publisher.publish(Int32())
    eventually(subscription._pending)
    assert subscription.take_message(Int32, False) is not None
    for _ in range(5):
        publisher.publish(Int32())
    eventually(lambda: subscription._wire is not None and subscription._wire.overflowed == 3)
    ros.spin(node)
    eventually(lambda: lost == [3])


def test_a_deadline_that_passes_is_told_to_both_after_the_first_message(ros: Ros) -> None:
    node = ros.node("told")
    profile = QoSProfile(depth=1, deadline=Duration(seconds=0.02))
    missed: dict[str, int] = {}
    publisher = node.create_publisher(
        String, "talk", profile,
        event_callbacks=PublisherEventCallbacks(deadline=lambda info: missed.update(offered=info.total_count)),
    )  # fmt: skip
    node.create_subscription(
        String, "talk", print, profile,
        event_callbacks=SubscriptionEventCallbacks(deadline=lambda info: missed.update(asked=info.total_count)),
    )  # fmt: skip
    assert all(timer.is_canceled() for timer in node.timers)
    ros.spin(node)
    publisher.publish(String())
    eventually(lambda: min(missed.get("offered", 0), missed.get("asked", 0)) >= 2)


@pytest.mark.parametrize("deadline", [Duration(), Infinite])
def test_without_a_deadline_none_is_ever_missed(ros: Ros, deadline: Duration) -> None:
    node = ros.node("told")
    before = len(list(node.timers))
    publisher = node.create_publisher(
        String, "talk", QoSProfile(depth=1, deadline=deadline), event_callbacks=PublisherEventCallbacks(deadline=print)
    )
    publisher.publish(String())
    assert len(list(node.timers)) == before


def test_the_handlers_go_with_their_endpoint(ros: Ros) -> None:
    node = ros.node("told")
    before = set(node._rcl_entities_served)
    callbacks = PublisherEventCallbacks(matched=print, deadline=print)
    profile = QoSProfile(depth=1, deadline=Duration(seconds=1))
    publisher = node.create_publisher(String, "talk", profile, event_callbacks=callbacks)
    subscription = node.create_subscription(
        String, "talk", print, 1, event_callbacks=SubscriptionEventCallbacks(matched=print)
    )
    assert len(set(node._rcl_entities_served) - before) == 4
    node.destroy_publisher(publisher)
    node.destroy_subscription(subscription)
    assert set(node._rcl_entities_served) == before
    assert node.context.session.graph._topic_listeners == {}


def overridden(ros: Ros, options: QoSOverridingOptions, **parameters: Any) -> Any:
    node = ros.node(
        "tuned", parameter_overrides=[
            Parameter(f"qos_overrides./talk.publisher{name}", value=value) for name, value in parameters.items()
        ],
    )  # fmt: skip
    publisher = node.create_publisher(String, "talk", qos_profile_default, qos_overriding_options=options)
    return node, publisher.qos_profile


def test_parameters_change_the_qos_that_may_be_changed_and_no_preset(ros: Ros) -> None:
    kept = copy(qos_profile_default)
    options = QoSOverridingOptions.with_default_policies()
    node, profile = overridden(ros, options, **{".depth": 100, ".reliability": "best_effort"})
    assert (profile.depth, profile.reliability) == (100, ReliabilityPolicy.BEST_EFFORT)
    assert qos_profile_default == kept
    declared = {name: p.value for name, p in node.get_parameters_by_prefix("qos_overrides").items()}
    assert declared == {
        "/talk.publisher.history": "keep_last", "/talk.publisher.depth": 100,
        "/talk.publisher.reliability": "best_effort",
    }  # fmt: skip
    again = node.create_publisher(String, "talk", 5, qos_overriding_options=options)
    assert again.qos_profile.depth == 100
    assert not node.set_parameters([Parameter("qos_overrides./talk.publisher.depth", value=1)])[0].successful


def test_every_policy_can_be_a_parameter_and_an_id_tells_endpoints_apart(ros: Ros) -> None:
    options = QoSOverridingOptions(
        [kind for kind in QoSPolicyKind if kind is not QoSPolicyKind.INVALID], entity_id="left"
    )
    given = {"_left.deadline": 10**9, "_left.durability": "transient_local", "_left.lifespan": 5}
    node, profile = overridden(ros, options, **given)
    assert (profile.deadline, profile.lifespan) == (Duration(seconds=1), Duration(nanoseconds=5))
    assert profile.durability is DurabilityPolicy.TRANSIENT_LOCAL
    subscription = node.create_subscription(String, "talk", print, 1, qos_overriding_options=options)
    assert not node.has_parameter("qos_overrides./talk.subscription_left.lifespan")
    assert node.get_parameter("qos_overrides./talk.subscription_left.depth").value == 1
    assert subscription.qos_profile.history is HistoryPolicy.KEEP_LAST


def test_overrides_that_make_no_sense_or_are_refused_are_named(ros: Ros) -> None:
    options = QoSOverridingOptions.with_default_policies(
        callback=lambda profile: SetParametersResult(successful=profile.depth < 50, reason="too deep")
    )
    assert overridden(ros, options)[1].depth == 10
    with pytest.raises(InvalidQosOverridesError, match="too deep"):
        overridden(ros, options, **{".depth": 100})
    with pytest.raises(RuntimeError, match="keep_last, keep_all"):
        overridden(ros, options, **{".history": "keep_some"})
    node = ros.node("odd")
    unknown = QoSProfile(depth=1, history=HistoryPolicy.UNKNOWN)
    with pytest.raises(ValueError, match="UNKNOWN"):
        node.create_publisher(String, "talk", unknown, qos_overriding_options=options)


@pytest.mark.parametrize("state", ServiceIntrospectionState)
def test_what_passes_through_a_service_is_published_as_far_as_asked(ros: Ros, state: ServiceIntrospectionState) -> None:
    node, watcher = ros.node("both"), ros.node("watcher")
    events: list[Any] = []
    watcher.create_subscription(SetBool.Event, "/echo/_service_event", events.append, 10)
    service = node.create_service(SetBool, "echo", lambda q, a: SetBool.Response(success=q.data))
    client = node.create_client(SetBool, "echo")
    for end in (service, client):
        end.configure_introspection(node.get_clock(), qos_profile_services_default, state)
    ros.spin(node, watcher)
    assert client.wait_for_service(timeout_sec=30)
    assert result_of(client.call_async(SetBool.Request(data=True))).success
    if state is ServiceIntrospectionState.OFF:
        assert watcher.count_publishers("/echo/_service_event") == 0
        return
    assert watcher.count_publishers("/echo/_service_event") == 2
    result_of(client.call_async(SetBool.Request(data=True)))
    kinds = (
        ServiceEventInfo.REQUEST_SENT, ServiceEventInfo.REQUEST_RECEIVED,
        ServiceEventInfo.RESPONSE_SENT, ServiceEventInfo.RESPONSE_RECEIVED,
    )  # fmt: skip
    eventually(lambda: set(kinds) <= {event.info.event_type for event in events})
    eventually(lambda: {event.info.event_type for event in events if event.info.sequence_number == 2} == set(kinds))
    of_one = {event.info.event_type: event for event in events if event.info.sequence_number == 2}
    assert len({bytes(event.info.client_gid) for event in of_one.values()}) == 1
    contents = state is ServiceIntrospectionState.CONTENTS
    assert list(of_one[kinds[1]].request) == ([SetBool.Request(data=True)] if contents else [])
    assert list(of_one[kinds[2]].response) == ([SetBool.Response(success=True)] if contents else [])
    node.destroy_service(service)
    node.destroy_client(client)
    assert watcher.count_publishers("/echo/_service_event") == 0


@pytest.mark.parametrize(
    "message", [String, DiagnosticArray, OccupancyGrid, Arrays, BoundedSequences, UnboundedSequences, WStrings]
)
def test_a_description_read_back_from_a_class_has_the_hash_of_the_class(message: Any) -> None:
    assert type_hash(*definition_of(message)) == message._TYPE_HASH_


def test_a_node_describes_the_types_it_is_asked_for(ros: Ros) -> None:
    node = ros.node("described")
    ros.spin(node)
    client = node.create_client(GetTypeDescription, "~/get_type_description")
    assert client.wait_for_service(timeout_sec=30)

    def ask(name: str, digest: str = "") -> Any:
        request = GetTypeDescription.Request(type_name=name, type_hash=digest)
        return result_of(client.call_async(request))

    answer = ask("nav_msgs/msg/OccupancyGrid", OccupancyGrid._TYPE_HASH_)
    assert answer.successful
    described = answer.type_description
    assert described.type_description.type_name == "nav_msgs/msg/OccupancyGrid"
    assert [field.name for field in described.type_description.fields] == ["header", "info", "data"]
    assert "std_msgs/msg/Header" in [item.type_name for item in described.referenced_type_descriptions]
    for name, digest, reason in (
        ("nav_msgs/msg/Nothing", "", "no message"), ("std_msgs/msg/String", "RIHS01_00", "not RIHS01_00"),
        ("nonsense", "", "no message"),
    ):  # fmt: skip
        answer = ask(name, digest)
        assert (answer.successful, reason in answer.failure_reason) == (False, True)
    silent = ros.node("silent", parameter_overrides=[Parameter("start_type_description_service", value=False)])
    assert silent.count_services("/silent/get_type_description") == 0
