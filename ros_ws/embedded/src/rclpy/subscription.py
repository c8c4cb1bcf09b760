"""Subscriptions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Generic, TypedDict, TypeVar

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup
from rclpy.qos import QoSProfile
from ros_interfaces import cdr
from ros_interfaces.message import Message
from ros_wire.names import Entity as WireEntity
from ros_wire.session import WireSession
from ros_wire.topics import Received, WireSubscriber

MsgT = TypeVar("MsgT", bound=Message)


class MessageInfo(TypedDict):
    """What is known of a sample beside its message; times in nanoseconds since 1970."""

    source_timestamp: int
    received_timestamp: int
    publication_sequence_number: int | None
    reception_sequence_number: int | None


class Subscription(Entity, Generic[MsgT]):
    """Calls back with each message of a topic; made by `Node.create_subscription`."""

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
    ) -> None:
        super().__init__(callback_group)
        self.msg_type = msg_type
        self.topic = entity.topic
        self.qos_profile = qos_profile
        self.raw = raw
        self.callback = callback
        self._session = session
        self._wants_info = _takes_two(callback)
        self._wire: WireSubscriber | None = None
        self._wire = WireSubscriber(session, entity, self._notify)

    @property
    def topic_name(self) -> str:
        """The absolute name of the topic."""
        return self.topic

    def get_publisher_count(self) -> int:
        """How many publishers of this type are known."""
        return 0 if self._wire is None else self._session.graph.matches(self._wire.entity)

    def destroy(self) -> None:
        """Listen no more."""
        self._attach(None)
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _pending(self) -> bool:
        return self._wire is not None and self._wire.pending

    def _take(self) -> Work | None:
        while self._wire is not None:
            received = self._wire.take()
            if received is None:
                return None
            if self.raw:
                return self._work(received.data, received)
            try:
                return self._work(cdr.deserialize(received.data, self.msg_type), received)
            except cdr.CdrError as error:
                self._session.log(f"{self.topic}: sample dropped: {error}")
        return None

    def _work(self, msg: object, received: Received) -> Work:
        if not self._wants_info:
            return lambda: self.callback(msg)
        note = received.note
        info = MessageInfo(
            source_timestamp=note.stamp_ns,
            received_timestamp=0,
            publication_sequence_number=note.sequence,
            reception_sequence_number=None,
        )
        return lambda: self.callback(msg, info)


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
