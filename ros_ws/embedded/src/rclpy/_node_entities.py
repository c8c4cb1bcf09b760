"""The part of a node that makes and ends publishers, subscriptions, services, clients, timers and guard conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from rclpy._entity import Entity
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.client import Client
from rclpy.clock import Clock
from rclpy.context import Context
from rclpy.duration import S_TO_NS
from rclpy.exceptions import NoTypeSupportImportedException
from rclpy.guard_condition import GuardCondition
from rclpy.logging import RcutilsLogger
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile, qos_profile_services_default
from rclpy.service import Reply, RequestServer, Service
from rclpy.subscription import Subscription
from rclpy.timer import Rate, Timer
from ros_interfaces.message import Message
from ros_interfaces.message import Service as ServiceType
from ros_wire.names import Entity as WireEntity
from ros_wire.names import Kind, NodeId
from ros_wire.topics import WirePublisher

if TYPE_CHECKING:
    from rclpy.executors import Executor

MsgT = TypeVar("MsgT", bound=Message)
RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)
EntityT = TypeVar("EntityT", bound=Entity)


class NodeEntities:
    """Keeps what it made until it is destroyed, by itself or with the node."""

    _context: Context
    _id: NodeId
    _clock: Clock
    _logger: RcutilsLogger
    _served_by: Executor | None
    _entities_served: dict[Entity, None]
    _publishers: dict[Publisher[Any], None]
    _default_callback_group: CallbackGroup

    def resolve_topic_name(self, topic: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a topic."""
        raise NotImplementedError

    def resolve_service_name(self, service: str, *, only_expand: bool = False) -> str:
        """The absolute, remapped name of a service."""
        raise NotImplementedError

    @property
    def publishers(self) -> Iterator[Publisher[Any]]:
        """Its publishers."""
        yield from list(self._publishers)

    @property
    def subscriptions(self) -> Iterator[Subscription[Any]]:
        """Its subscriptions."""
        yield from (entity for entity in list(self._entities_served) if isinstance(entity, Subscription))

    @property
    def clients(self) -> Iterator[Client[Any, Any]]:
        """Its clients."""
        yield from (entity for entity in list(self._entities_served) if isinstance(entity, Client))

    @property
    def services(self) -> Iterator[Service[Any, Any]]:
        """Its services."""
        yield from (entity for entity in list(self._entities_served) if isinstance(entity, Service))

    @property
    def timers(self) -> Iterator[Timer]:
        """Its timers."""
        yield from (entity for entity in list(self._entities_served) if isinstance(entity, Timer))

    @property
    def guards(self) -> Iterator[GuardCondition]:
        """Its guard conditions."""
        yield from (entity for entity in list(self._entities_served) if isinstance(entity, GuardCondition))

    def create_publisher(
        self,
        msg_type: type[MsgT],
        topic: str,
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
        event_callbacks: object = None,
        qos_overriding_options: object = None,
    ) -> Publisher[MsgT]:
        """Publish messages of a type on a topic; an int for QoS is the depth."""
        self._without(event_callbacks=event_callbacks, qos_overriding_options=qos_overriding_options)
        profile = _profile(qos_profile)
        entity = self._endpoint(Kind.PUBLISHER, self.resolve_topic_name(topic), msg_type, Message, profile)
        publisher = Publisher(WirePublisher(self._context.session, entity), msg_type, profile, self._context.session)
        self._publishers[publisher] = None
        return publisher

    def create_subscription(
        self,
        msg_type: type[MsgT],
        topic: str,
        callback: Callable[[MsgT], Any] | Callable[[MsgT, Any], Any],
        qos_profile: QoSProfile | int,
        *,
        callback_group: CallbackGroup | None = None,
        event_callbacks: object = None,
        qos_overriding_options: object = None,
        raw: bool = False,
    ) -> Subscription[MsgT]:
        """Call `callback` with each message; with its `MessageInfo` too where it takes two arguments."""
        self._without(event_callbacks=event_callbacks, qos_overriding_options=qos_overriding_options)
        profile = _profile(qos_profile)
        entity = self._endpoint(Kind.SUBSCRIPTION, self.resolve_topic_name(topic), msg_type, Message, profile)
        group = callback_group or self._default_callback_group
        return self._serve(
            Subscription(self._context.session, entity, msg_type, callback, group, qos_profile=profile, raw=raw)
        )

    def create_client(
        self,
        srv_type: type[ServiceType[RequestT, ResponseT]],
        srv_name: str,
        *,
        qos_profile: QoSProfile = qos_profile_services_default,
        callback_group: CallbackGroup | None = None,
    ) -> Client[RequestT, ResponseT]:
        """Call a service."""
        entity = self._endpoint(Kind.CLIENT, self.resolve_service_name(srv_name), srv_type, ServiceType, qos_profile)
        group = callback_group or self._default_callback_group
        return self._serve(Client(self._context, entity, srv_type, group, qos_profile))

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
        entity = self._endpoint(Kind.SERVICE, self.resolve_service_name(srv_name), srv_type, ServiceType, qos_profile)
        group = callback_group or self._default_callback_group
        return self._serve(Service(self._context.session, entity, srv_type, callback, group, qos_profile=qos_profile))

    def _create_request_server(
        self,
        srv_type: type[ServiceType[Any, Any]],
        srv_name: str,
        handle: Callable[[Any, Reply], Any],
        qos_profile: QoSProfile,
        callback_group: CallbackGroup,
    ) -> RequestServer:
        """A service whose replies may come later; actions are made of these."""
        entity = self._endpoint(Kind.SERVICE, self.resolve_service_name(srv_name), srv_type, ServiceType, qos_profile)
        return self._serve(RequestServer(self._context.session, entity, srv_type, handle, callback_group))

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
        return self._serve(Timer(callback, group, period_ns, clock or self._clock, autostart=autostart))

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
        return self._serve(GuardCondition(callback, callback_group or self._default_callback_group))

    def destroy_publisher(self, publisher: Publisher[Any]) -> bool:
        """Withdraw a publisher; False where it is not this node's."""
        if publisher not in self._publishers:
            return False
        del self._publishers[publisher]
        publisher.destroy()
        return True

    def destroy_subscription(self, subscription: Subscription[Any]) -> bool:
        """Withdraw a subscription; False where it is not this node's."""
        return self._destroy(subscription)

    def destroy_client(self, client: Client[Any, Any]) -> bool:
        """Withdraw a client; False where it is not this node's."""
        return self._destroy(client)

    def destroy_service(self, service: Service[Any, Any]) -> bool:
        """Withdraw a service; False where it is not this node's."""
        return self._destroy(service)

    def destroy_timer(self, timer: Timer) -> bool:
        """End a timer; False where it is not this node's."""
        return self._destroy(timer)

    def destroy_guard_condition(self, guard: GuardCondition) -> bool:
        """End a guard condition; False where it is not this node's."""
        return self._destroy(guard)

    def destroy_rate(self, rate: Rate) -> bool:
        """End a rate."""
        rate.destroy()
        return self._entities_served.pop(rate._timer, False) is None

    def _serve(self, entity: EntityT) -> EntityT:
        self._entities_served[entity] = None
        entity._attach(self._served_by)
        return entity

    def _destroy(self, entity: Any) -> bool:
        if entity not in self._entities_served:
            return False
        del self._entities_served[entity]
        entity.destroy()
        return True

    def _without(self, **options: object) -> None:
        for name, value in options.items():
            if value is not None:
                self._logger.warning(f"{name} is not supported by the embedded ROS and is left out", once=True)

    def _endpoint(self, kind: Kind, name: str, type_: type[Any], base: type[Any], profile: QoSProfile) -> WireEntity:
        if not (isinstance(type_, type) and issubclass(type_, base) and hasattr(type_, "_TYPE_HASH_")):
            raise NoTypeSupportImportedException(
                f"{name}: expected a {base.__name__.lower()} type of an installed interface package, got {type_!r}"
            )
        return self._context.session.endpoint(
            kind=kind,
            owner=self._id,
            topic=name,
            type_name=type_._TYPE_NAME_,
            type_hash=type_._TYPE_HASH_,
            qos=profile.to_wire(),
        )


def _profile(qos: QoSProfile | int) -> QoSProfile:
    if isinstance(qos, QoSProfile):
        return qos
    if isinstance(qos, bool) or not isinstance(qos, int):
        raise TypeError(f"expected a QoSProfile or a depth, got {qos!r}")
    if qos < 0:
        raise ValueError("depth must be greater than or equal to zero")
    return QoSProfile(depth=qos)
