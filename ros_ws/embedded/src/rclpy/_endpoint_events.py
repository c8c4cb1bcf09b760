"""Watches the graph and the clock for one publisher or subscription, and tells its event handlers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from rclpy._entity import Entity
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock, ClockType
from rclpy.duration import Duration, Infinite
from rclpy.event_handler import (
    EventHandler,
    IncompatibleTypeInfo,
    PublisherEventCallbacks,
    QoSLivelinessChangedInfo,
    QoSMessageLostInfo,
    QoSOfferedDeadlineMissedInfo,
    QoSRequestedDeadlineMissedInfo,
    QoSRequestedIncompatibleQoSInfo,
    QoSSubscriptionMatchedInfo,
    SubscriptionEventCallbacks,
    UnsupportedEventTypeError,
)
from rclpy.qos import QoSProfile, incompatible_policies
from rclpy.timer import Timer
from ros_wire.graph import Graph
from ros_wire.names import OPPOSITE, Kind
from ros_wire.names import Entity as WireEntity
from ros_wire.topics import Received

_SENDERS_REMEMBERED = 1000  # whose last number is known; beyond, the one silent longest is forgotten


class EndpointEvents:
    """The handlers of one endpoint; those nobody asked for are not there and cost nothing."""

    def __init__(
        self,
        graph: Graph,
        entity: WireEntity,
        qos: QoSProfile,
        callbacks: SubscriptionEventCallbacks | PublisherEventCallbacks,
        group: CallbackGroup,
    ) -> None:
        """Watch from now on; raises UnsupportedEventTypeError for an event that this wire cannot know of."""
        self._graph = graph
        self._entity = entity
        self._qos = qos
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._last_numbers: OrderedDict[bytes, int] = OrderedDict()
        self._deadline: Timer | None = None

        def handler(status: Any, callback: Callable[[Any], Any] | None) -> EventHandler[Any] | None:
            return None if callback is None else EventHandler(status, callback, group)

        self._matched = handler(QoSSubscriptionMatchedInfo(), callbacks.matched)
        self._qos_differs = handler(QoSRequestedIncompatibleQoSInfo(), callbacks.incompatible_qos)
        self._type_differs = handler(IncompatibleTypeInfo(), callbacks.incompatible_type)
        self._lost: EventHandler[Any] | None = None
        self._alive: EventHandler[Any] | None = None
        missed: QoSRequestedDeadlineMissedInfo | QoSOfferedDeadlineMissedInfo = QoSOfferedDeadlineMissedInfo()
        if isinstance(callbacks, SubscriptionEventCallbacks):
            missed = QoSRequestedDeadlineMissedInfo()
            self._lost = handler(QoSMessageLostInfo(), callbacks.message_lost)
            self._alive = handler(QoSLivelinessChangedInfo(), callbacks.liveliness)
        elif callbacks.liveliness is not None:
            raise UnsupportedEventTypeError(
                f"{entity.topic}: no publisher is told that its liveliness was lost: on this wire its token shows it"
            )
        if callbacks.deadline is not None and qos.deadline not in (Duration(), Infinite):
            self._deadline = self._watch_deadline(missed, callbacks.deadline, group)
        self._watches = any((self._matched, self._qos_differs, self._type_differs, self._alive))
        if self._watches:
            graph.add_topic_listener(entity.topic, self._on_endpoint)
            for other in graph.on_topic(OPPOSITE[entity.kind], entity.topic):
                self._on_endpoint(other, True)

    @property
    def entities(self) -> list[Entity]:
        """What an executor must serve."""
        handlers = (self._matched, self._qos_differs, self._type_differs, self._lost, self._alive, self._deadline)
        return [handler for handler in handlers if handler is not None]

    def passed(self, received: Received | None = None) -> None:
        """A message was published, or this one received."""
        if self._deadline is not None:
            self._deadline.reset()
        if self._lost is None or received is None:
            return
        note = received.note
        last = self._last_numbers.pop(note.gid, None)
        self._last_numbers[note.gid] = note.sequence
        if len(self._last_numbers) > _SENDERS_REMEMBERED:
            self._last_numbers.popitem(last=False)
        missing = 0 if last is None else note.sequence - last - 1
        if missing > 0:
            self._lost.note(lambda status: _count(status, missing))

    def close(self) -> None:
        """Watch no more."""
        if self._watches:
            self._graph.remove_topic_listener(self._entity.topic, self._on_endpoint)

    def _watch_deadline(self, status: Any, callback: Callable[[Any], Any], group: CallbackGroup) -> Timer:
        def missed() -> Any:
            status.one_more()
            return callback(status.told())

        # it begins with the first message, as in DDS
        period_ns = self._qos.deadline.nanoseconds
        return Timer(missed, group, period_ns, Clock(clock_type=ClockType.STEADY_TIME), autostart=False)

    def _on_endpoint(self, other: WireEntity, came: bool) -> None:
        if other.kind is not OPPOSITE[self._entity.kind]:
            return
        with self._lock:
            if came == (other.token in self._known):
                return
            (self._known.add if came else self._known.discard)(other.token)
        if (other.type_name, other.type_hash) != (self._entity.type_name, self._entity.type_hash):
            if came and self._type_differs is not None:
                self._type_differs.note(lambda status: status.one_more())
            return
        by = 1 if came else -1
        for handler in (self._matched, self._alive):
            if handler is not None:
                handler.note(lambda status: status.changed(by))
        theirs = QoSProfile.from_wire(other.qos)
        pair = (self._qos, theirs) if self._entity.kind is Kind.PUBLISHER else (theirs, self._qos)
        differing = incompatible_policies(*pair)
        if came and differing and self._qos_differs is not None:
            kind = differing[0][0]
            self._qos_differs.note(lambda status: _incompatible(status, kind))


def _count(status: QoSMessageLostInfo, missing: int) -> None:
    status.total_count += missing
    status.total_count_change += missing


def _incompatible(status: QoSRequestedIncompatibleQoSInfo, kind: Any) -> None:
    status.one_more()
    status.last_policy_kind = kind
