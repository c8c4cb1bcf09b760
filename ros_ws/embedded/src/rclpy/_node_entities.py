"""The part of a node that makes and ends publishers, subscriptions, services, clients, timers and guard conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from rclpy._endpoint_events import EndpointEvents
from rclpy._entity import Entity
from rclpy._node_parameters import NodeParameters
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.client import Client
from rclpy.clock import Clock
from rclpy.duration import S_TO_NS
from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks
from rclpy.exceptions import UnsupportedOptionError
from rclpy.guard_condition import GuardCondition
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile, qos_profile_services_default
from rclpy.qos_overriding_options import QoSOverridingOptions, _declare_qos_parameters
from rclpy.service import Reply, RequestServer, Service
from rclpy.subscription import Subscription
from rclpy.timer import Rate, Timer
from rclpy.type_support import check_is_valid_msg_type, check_is_valid_srv_type
from ros_interfaces.message import Message
from ros_interfaces.message import Service as ServiceType
from ros_wire.names import Entity as WireEntity
from ros_wire.names import Kind
from ros_wire.topics import WirePublisher

if TYPE_CHECKING:
    from rclpy.executors import Executor

MsgT = TypeVar("MsgT", bound=Message)
RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)
EntityT = TypeVar("EntityT", bound=Entity)


class NodeEntities(NodeParameters):
    """Keeps what it made until it is destroyed, by itself or with the node."""

    def __init__(self, **identity: Any) -> None:
        super().__init__(**identity)
        self._rcl_served_by: Executor | None = None
        self._rcl_entities_served: dict[Entity, None] = {}
        self._rcl_publishers: dict[Publisher[Any], None] = {}
        self._rcl_on_destroy: list[Callable[[], None]] = []  # what is made of several endpoints ends itself

    @property
    def publishers(self) -> Iterator[Publisher[Any]]:
        """Its publishers."""
        yield from list(self._rcl_publishers)

    @property
    def subscriptions(self) -> Iterator[Subscription[Any]]:
        """Its subscriptions."""
        yield from (entity for entity in list(self._rcl_entities_served) if isinstance(entity, Subscription))

    @property
    def clients(self) -> Iterator[Client[Any, Any]]:
        """Its clients."""
        yield from (entity for entity in list(self._rcl_entities_served) if isinstance(entity, Client))

    @property
    def services(self) -> Iterator[Service[Any, Any]]:
        """Its services."""
        yield from (entity for entity in list(self._rcl_entities_served) if isinstance(entity, Service))

    @property
    def timers(self) -> Iterator[Timer]:
        """Its timers."""
        yield from (entity for entity in list(self._rcl_entities_served) if isinstance(entity, Timer))

    @property
    def guards(self) -> Iterator[GuardCondition]:
        """Its guard conditions."""
        yield from (entity for entity in list(self._rcl_entities_served) if isinstance(entity, GuardCondition))

    def create_publisher(
        self,
        msg_type: type[MsgT],
        topic: str,
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
        event_callbacks: PublisherEventCallbacks | None = None,
        qos_overriding_options: QoSOverridingOptions | None = None,
        publisher_class: type[Publisher[Any]] = Publisher,
    ) -> Publisher[MsgT]:
        """Publish messages of a type on a topic; an int for QoS is the depth."""
        name = self.resolve_topic_name(topic)
        profile = self._rcl_profile(Publisher, name, qos_profile, qos_overriding_options)
        check_is_valid_msg_type(msg_type)
        entity = self._rcl_endpoint(Kind.PUBLISHER, name, msg_type, profile)
        session = self._context.session
        events = EndpointEvents(
            session.graph, entity, profile, event_callbacks or PublisherEventCallbacks(),
            callback_group or self._default_callback_group,
        )  # fmt: skip
        publisher = publisher_class(WirePublisher(session, entity), msg_type, profile, session, events)
        self._rcl_publishers[publisher] = None
        for handler in publisher.event_handlers:
            self._rcl_serve(handler)
        return publisher

    def create_subscription(
        self,
        msg_type: type[MsgT],
        topic: str,
        callback: Callable[[MsgT], Any] | Callable[[MsgT, Any], Any],
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
        event_callbacks: SubscriptionEventCallbacks | None = None,
        qos_overriding_options: QoSOverridingOptions | None = None,
        raw: bool = False,
        content_filter_options: object = None,
    ) -> Subscription[MsgT]:
        """Call `callback` with each message; with its `MessageInfo` too where it takes two arguments.

        Raises:
            UnsupportedOptionError: a content filter is asked for; this wire has none.
        """
        if content_filter_options is not None:
            raise UnsupportedOptionError(f"{topic}: rmw_zenoh has no content filters; filter in the callback")
        name = self.resolve_topic_name(topic)
        profile = self._rcl_profile(Subscription, name, qos_profile, qos_overriding_options)
        check_is_valid_msg_type(msg_type)
        entity = self._rcl_endpoint(Kind.SUBSCRIPTION, name, msg_type, profile)
        group = callback_group or self._default_callback_group
        events = EndpointEvents(
            self._context.session.graph, entity, profile, event_callbacks or SubscriptionEventCallbacks(), group
        )
        subscription = Subscription(
            self._context.session, entity, msg_type, callback, group, qos_profile=profile, raw=raw, events=events
        )
        for handler in subscription.event_handlers:
            self._rcl_serve(handler)
        return self._rcl_serve(subscription)

    def create_client(
        self,
        srv_type: type[ServiceType[RequestT, ResponseT]],
        srv_name: str,
        *,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> Client[RequestT, ResponseT]:
        """Call a service."""
        check_is_valid_srv_type(srv_type)
        entity = self._rcl_endpoint(Kind.CLIENT, self.resolve_service_name(srv_name), srv_type, qos_profile)
        group = callback_group or self._default_callback_group
        return self._rcl_serve(Client(self._context, entity, srv_type, group, qos_profile))

    def create_service(
        self,
        srv_type: type[ServiceType[RequestT, ResponseT]],
        srv_name: str,
        callback: Callable[[Any, Any], Any],
        *,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> Service[RequestT, ResponseT]:
        """Answer requests with what `callback(request, response)` returns."""
        check_is_valid_srv_type(srv_type)
        entity = self._rcl_endpoint(Kind.SERVICE, self.resolve_service_name(srv_name), srv_type, qos_profile)
        group = callback_group or self._default_callback_group
        session = self._context.session
        return self._rcl_serve(Service(session, entity, srv_type, callback, group, qos_profile=qos_profile))

    def _rcl_create_request_server(
        self,
        srv_type: type[ServiceType[Any, Any]],
        srv_name: str,
        handle: Callable[[Any, Reply], Any],
        qos_profile: QoSProfile,
        callback_group: CallbackGroup,
    ) -> RequestServer:
        """A service whose replies may come later; actions are made of these."""
        entity = self._rcl_endpoint(Kind.SERVICE, self.resolve_service_name(srv_name), srv_type, qos_profile)
        return self._rcl_serve(RequestServer(self._context.session, entity, srv_type, handle, callback_group))

    def create_timer(
        self,
        timer_period_sec: float,
        callback: Callable[[], Any] | None,
        callback_group: CallbackGroup | None = None,
        clock: Clock | None = None,
        autostart: bool = True,
    ) -> Timer:
        """Call `callback` every so many seconds of the node's clock, or another."""
        group = callback_group or self._default_callback_group
        period_ns = int(float(timer_period_sec) * S_TO_NS)
        return self._rcl_serve(Timer(callback, group, period_ns, clock or self._clock, autostart=autostart))

    def create_rate(self, frequency: float, clock: Clock | None = None) -> Rate:
        """Sleep so many times a second."""
        if frequency <= 0:
            raise ValueError("frequency must be > 0")
        group = MutuallyExclusiveCallbackGroup()
        return Rate(self.create_timer(1.0 / frequency, None, group, clock), context=self._context)

    def create_guard_condition(
        self, callback: Callable[[], Any] | None, callback_group: CallbackGroup | None = None
    ) -> GuardCondition:
        """Call `callback` after it was triggered."""
        return self._rcl_serve(GuardCondition(callback, callback_group or self._default_callback_group))

    def destroy_publisher(self, publisher: Publisher[Any]) -> bool:
        """Withdraw a publisher; False where it is not this node's."""
        if publisher not in self._rcl_publishers:
            return False
        del self._rcl_publishers[publisher]
        for handler in publisher.event_handlers:
            self._rcl_destroy(handler)
        publisher.destroy()
        return True

    def destroy_subscription(self, subscription: Subscription[Any]) -> bool:
        """Withdraw a subscription; False where it is not this node's."""
        for handler in subscription.event_handlers:
            self._rcl_destroy(handler)
        return self._rcl_destroy(subscription)

    def destroy_client(self, client: Client[Any, Any]) -> bool:
        """Withdraw a client; False where it is not this node's."""
        return self._rcl_destroy(client)

    def destroy_service(self, service: Service[Any, Any]) -> bool:
        """Withdraw a service; False where it is not this node's."""
        return self._rcl_destroy(service)

    def destroy_timer(self, timer: Timer) -> bool:
        """End a timer; False where it is not this node's."""
        return self._rcl_destroy(timer)

    def destroy_guard_condition(self, guard: GuardCondition) -> bool:
        """End a guard condition; False where it is not this node's."""
        return self._rcl_destroy(guard)

    def destroy_rate(self, rate: Rate) -> bool:
        """End a rate."""
        rate.destroy()
        return self._rcl_entities_served.pop(rate._timer, False) is None

    def _rcl_serve(self, entity: EntityT) -> EntityT:
        self._rcl_entities_served[entity] = None
        entity._attach(self._rcl_served_by)
        return entity

    def _rcl_destroy(self, entity: Any) -> bool:
        if entity not in self._rcl_entities_served:
            return False
        del self._rcl_entities_served[entity]
        entity.destroy()
        return True

    def _rcl_endpoint(self, kind: Kind, name: str, type_: type[Any], profile: QoSProfile) -> WireEntity:
        return self._context.session.endpoint(
            kind=kind,
            owner=self._rcl_id,
            topic=name,
            type_name=type_._TYPE_NAME_,
            type_hash=type_._TYPE_HASH_,
            qos=profile.to_wire(),
        )

    def _rcl_profile(
        self, entity_type: type[Any], topic: str, qos: QoSProfile | int, options: QoSOverridingOptions | None
    ) -> QoSProfile:
        """The profile asked for, changed by parameters where that is allowed."""
        if isinstance(qos, bool) or not isinstance(qos, (QoSProfile, int)):
            raise TypeError(f"Expected QoSProfile or int, but received {qos!r}")
        if isinstance(qos, int):
            if qos < 0:
                raise ValueError("history depth must be greater than or equal to zero")
            qos = QoSProfile(depth=qos)
        if options is None:
            return qos
        profile = copy(qos)  # a preset that others use too stays as it is
        _declare_qos_parameters(entity_type, self, topic, profile, options)
        return profile
