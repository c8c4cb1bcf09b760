"""Publishers."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from rclpy._entity import Entity
from rclpy.duration import Duration
from rclpy.exceptions import InvalidHandle, RCLError
from rclpy.qos import QoSProfile
from ros_interfaces import cdr
from ros_interfaces.message import Message
from ros_wire.session import SessionClosed, WireSession
from ros_wire.topics import WirePublisher

if TYPE_CHECKING:
    from rclpy._endpoint_events import EndpointEvents

MsgT = TypeVar("MsgT", bound=Message)


class Publisher(Generic[MsgT]):
    """Publishes messages of one type on one topic; made by `Node.create_publisher`."""

    def __init__(
        self,
        wire: WirePublisher,
        msg_type: type[MsgT],
        qos_profile: QoSProfile,
        session: WireSession,
        events: EndpointEvents,
    ) -> None:
        self._wire: WirePublisher | None = wire
        self._events = events
        self.event_handlers: list[Entity] = events.entities
        self._session = session
        self.msg_type = msg_type
        self.topic = wire.entity.topic
        self.qos_profile = qos_profile

    @property
    def handle(self) -> Self:
        """Itself: here is no second object beneath it. `with publisher.handle:` asks that it was not destroyed."""
        return self

    def __enter__(self) -> Self:
        if self._wire is None:
            raise InvalidHandle(f"the publisher on {self.topic} was destroyed")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    @property
    def topic_name(self) -> str:
        """The absolute name of the topic."""
        return self.topic

    def publish(self, msg: MsgT | bytes) -> None:
        """Send a message, or bytes that are one already.

        Raises:
            TypeError: it is of another type.
            InvalidHandle: the publisher was destroyed.
            RCLError: the context was shut down.
        """
        if self._wire is None:
            raise InvalidHandle(f"the publisher on {self.topic} was destroyed")
        try:
            if isinstance(msg, self.msg_type):
                self._wire.publish(cdr.serialize(msg))
            elif isinstance(msg, bytes):
                self._wire.publish(msg)
            else:
                raise TypeError(f"{self.topic}: expected {self.msg_type.__name__}, got {type(msg).__name__}")
        except SessionClosed as error:
            raise RCLError(str(error)) from None
        if self.event_handlers:
            self._events.passed()

    def get_subscription_count(self) -> int:
        """How many subscriptions of this type are known."""
        return 0 if self._wire is None else self._session.graph.matches(self._wire.entity)

    def assert_liveliness(self) -> None:
        """Say that it is alive; on this wire its token says so."""

    def wait_for_all_acked(self, timeout: Duration | None = None) -> bool:
        """True: Zenoh gives no acknowledgements to wait for, and rmw_zenoh says so too."""
        return True

    def destroy(self) -> None:
        """Withdraw it."""
        wire, self._wire = self._wire, None
        if wire is not None:
            self._events.close()
            wire.close()
