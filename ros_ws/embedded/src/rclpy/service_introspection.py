"""Publishes what passes through a service, for those who look into it: `<service>/_service_event`."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from service_msgs.msg import ServiceEventInfo

from rclpy.clock import Clock
from rclpy.qos import QoSProfile
from ros_interfaces import cdr
from ros_interfaces.message import Service as ServiceType
from ros_wire.attachment import Attachment
from ros_wire.names import Entity, Kind
from ros_wire.session import SessionClosed, WireSession
from ros_wire.topics import WirePublisher


class ServiceIntrospectionState(IntEnum):
    """How much is published."""

    OFF = 0
    METADATA = 1
    CONTENTS = 2


class Introspection:
    """One client's or server's: silent until `configure` says otherwise, and after `close`."""

    def __init__(self, session: WireSession, endpoint: Entity, srv_type: type[ServiceType[Any, Any]]) -> None:
        self._session = session
        self._endpoint = endpoint
        self._type = srv_type
        self._publisher: WirePublisher | None = None
        self._clock: Clock | None = None
        self._state = ServiceIntrospectionState.OFF

    def configure(self, clock: Clock, qos_profile: QoSProfile, state: ServiceIntrospectionState) -> None:
        """Publish so much, with this clock's stamps."""
        self.close()
        self._clock = clock
        self._state = ServiceIntrospectionState(state)
        if self._state is ServiceIntrospectionState.OFF:
            return
        event = self._type.Event
        self._publisher = WirePublisher(
            self._session,
            self._session.endpoint(
                kind=Kind.PUBLISHER, owner=self._endpoint.owner, topic=f"{self._endpoint.topic}/_service_event",
                type_name=event._TYPE_NAME_, type_hash=event._TYPE_HASH_, qos=qos_profile.to_wire(),
            ),
        )  # fmt: skip

    def close(self) -> None:
        """Publish no more."""
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.close()

    def tell(self, kind: int, note: Attachment, *, request: Any = None, response: Any = None) -> None:
        """A request or response was sent or received (numbers of service_msgs/msg/ServiceEventInfo)."""
        publisher, clock = self._publisher, self._clock
        if publisher is None or clock is None:
            return
        info = ServiceEventInfo(
            event_type=kind, stamp=clock.now().to_msg(), client_gid=note.gid, sequence_number=note.sequence
        )
        contents = self._state is ServiceIntrospectionState.CONTENTS
        event = self._type.Event(
            info=info,
            request=[request] if contents and request is not None else [],
            response=[response] if contents and response is not None else [],
        )
        try:
            publisher.publish(cdr.serialize(event))
        except SessionClosed:
            return  # it is going away
