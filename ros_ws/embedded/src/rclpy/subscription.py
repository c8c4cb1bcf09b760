"""Subscriptions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup
from rclpy.qos import QoSProfile
from ros_interfaces import cdr
from ros_interfaces.message import Message
from ros_wire.names import Entity as WireEntity
from ros_wire.session import WireSession
from ros_wire.topics import Received, WireSubscriber

if TYPE_CHECKING:
    from rclpy._endpoint_events import EndpointEvents

MsgT = TypeVar("MsgT", bound=Message)


class MessageInfo(TypedDict):
    """What is known of a sample beside its message; times in nanoseconds since 1970."""

    source_timestamp: int
    received_timestamp: int
    publication_sequence_number: int | None
    reception_sequence_number: int | None


class Subscription(Entity, Generic[MsgT]):
    """Calls back with each message of a topic; made by `Node.create_subscription`."""

    class CallbackType(Enum):
        """Whether the callback takes a `MessageInfo` too."""

        MessageOnly = 0
        WithMessageInfo = 1

    def __init__(
        self,
        session: WireSession,
        entity: WireEntity,
        msg_type: type[MsgT],
        callback: Callable[..., Any],
        callback_group: CallbackGroup,
        *,
        qos_profile: QoSProfile,
        raw: bool = False,
        events: EndpointEvents,
    ) -> None:
        super().__init__(callback_group)
        self.msg_type = msg_type
        self.topic = entity.topic
        self.qos_profile = qos_profile
        self.raw = raw
        self.callback = callback
        self.event_handlers: list[Entity] = events.entities
        self._events = events
        self._session = session
        self._wire: WireSubscriber | None = None
        self._wire = WireSubscriber(session, entity, self._notify)

    @property
    def callback(self) -> Callable[..., Any]:
        """What is called; it may be set."""
        return self._callback

    @callback.setter
    def callback(self, value: Callable[..., Any]) -> None:
        self._with_info = _takes_two(value)
        self._callback = value

    @property
    def _callback_type(self) -> CallbackType:
        return self.CallbackType.WithMessageInfo if self._with_info else self.CallbackType.MessageOnly

    @property
    def topic_name(self) -> str:
        """The absolute name of the topic."""
        return self.topic

    def get_publisher_count(self) -> int:
        """How many publishers of this type are known."""
        return 0 if self._wire is None else self._session.graph.matches(self._wire.entity)

    def take_message(self, msg_type: type[Message], raw: bool) -> tuple[Any, MessageInfo] | None:
        """The oldest message that waits, without an executor, and what is known of it; None where none does."""
        while self._wire is not None:
            received = self._wire.take()
            if received is None:
                return None
            message = self._read(received, msg_type, raw)
            if message is not None:
                return message, _info(received)
        return None

    def destroy(self) -> None:
        """Listen no more."""
        super().destroy()
        wire, self._wire = self._wire, None
        if wire is not None:
            self._events.close()
            wire.close()

    def _pending(self) -> bool:
        return self._wire is not None and self._wire.pending

    def _take(self) -> Work | None:
        while self._wire is not None:
            received = self._wire.take()
            if received is None:
                return None
            message = self._read(received, self.msg_type, self.raw)
            if message is not None:
                callback = self._callback
                if self._with_info:
                    return lambda: callback(message, _info(received))
                return lambda: callback(message)
        return None

    def _read(self, received: Received, msg_type: type[Message], raw: bool) -> Any:
        """The message, or None where it is malformed."""
        if self.event_handlers:
            self._events.passed(received)
        if raw:
            return received.data
        try:
            return cdr.deserialize(received.data, msg_type)
        except cdr.CdrError as error:
            self._session.log(f"{self.topic}: sample dropped: {error}")
            return None


def _info(received: Received) -> MessageInfo:
    return MessageInfo(
        source_timestamp=received.note.stamp_ns,
        received_timestamp=received.came_ns,
        publication_sequence_number=received.note.sequence,
        reception_sequence_number=None,
    )


def _takes_two(callback: Callable[..., Any]) -> bool:
    """Whether a callback wants the `MessageInfo` too."""
    try:
        signature = inspect.signature(callback)
        signature.bind(object())
    except TypeError:
        try:
            signature.bind(object(), object())
        except TypeError:
            raise RuntimeError(
                "Subscription.__init__(): callback should be either be callable with one argument"
                "(to get only the message) or two (to get message and message info)"
            ) from None
        return True
    except ValueError:  # a builtin without a signature
        return False
    return False
