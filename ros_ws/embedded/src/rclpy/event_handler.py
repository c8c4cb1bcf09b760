"""QoS events: what happened between an endpoint and its counterparts, and the callbacks that are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Self, TypeVar

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup
from rclpy.qos import QoSPolicyKind


class UnsupportedEventTypeError(Exception):
    """An event was asked for that this wire cannot know of."""


@dataclass(kw_only=True)
class _Status:
    """Counts since the endpoint was made; those named `…_change` since the callback was told last."""

    def told(self) -> Self:
        """A copy to tell; the changes begin anew."""
        copy = replace(self)
        for field in fields(self):
            if field.name.endswith("_change"):
                setattr(self, field.name, 0)
        return copy


@dataclass(kw_only=True)
class _Total(_Status):
    total_count: int = 0
    total_count_change: int = 0

    def one_more(self) -> None:
        """It happened once more."""
        self.total_count += 1
        self.total_count_change += 1


@dataclass(kw_only=True)
class QoSRequestedDeadlineMissedInfo(_Total):
    """No message came within the deadline that a subscription asks for."""


@dataclass(kw_only=True)
class QoSOfferedDeadlineMissedInfo(_Total):
    """Nothing was published within the deadline that a publisher offers."""


@dataclass(kw_only=True)
class QoSMessageLostInfo(_Total):
    """Messages that were sent and never reached the callback."""


@dataclass(kw_only=True)
class IncompatibleTypeInfo(_Total):
    """Endpoints of another type, or another definition of it, on the same topic."""


@dataclass(kw_only=True)
class QoSRequestedIncompatibleQoSInfo(_Total):
    """Endpoints whose QoS does not fit by ROS's rules, and the first policy that does not."""

    last_policy_kind: QoSPolicyKind = QoSPolicyKind.INVALID


QoSOfferedIncompatibleQoSInfo = QoSRequestedIncompatibleQoSInfo


@dataclass(kw_only=True)
class QoSLivelinessChangedInfo(_Status):
    """How many publishers are alive."""

    alive_count: int = 0
    not_alive_count: int = 0
    alive_count_change: int = 0
    not_alive_count_change: int = 0

    def changed(self, by: int) -> None:
        """So many more are alive; those that went away are forgotten, not counted as dead."""
        self.alive_count += by
        self.alive_count_change += by


@dataclass(kw_only=True)
class QoSSubscriptionMatchedInfo(_Total):
    """How many counterparts there were, and are."""

    current_count: int = 0
    current_count_change: int = 0

    def changed(self, by: int) -> None:
        """A counterpart came (1) or went (-1)."""
        if by > 0:
            self.one_more()
        self.current_count += by
        self.current_count_change += by


QoSPublisherMatchedInfo = QoSSubscriptionMatchedInfo
StatusT = TypeVar("StatusT", bound=_Status)
Callback = Callable[[Any], Any]


class EventHandler(Entity, Generic[StatusT]):
    """Tells one callback of one kind of event, on the executor; several before that count as one call."""

    def __init__(self, status: StatusT, callback: Callback, callback_group: CallbackGroup) -> None:
        super().__init__(callback_group)
        self.callback = callback
        self._lock = threading.Lock()
        self._status = status
        self._news = False

    def note(self, change: Callable[[StatusT], None]) -> None:
        """Something happened; from any thread."""
        with self._lock:
            change(self._status)
            self._news = True
        self._notify()

    def _pending(self) -> bool:
        return self._news

    def _take(self) -> Work | None:
        with self._lock:
            if not self._news:
                return None
            self._news = False
            told = self._status.told()
        return lambda: self.callback(told)


@dataclass(kw_only=True)
class SubscriptionEventCallbacks:
    """What a subscription's user wants to be told; with `use_default_callbacks` the log is told of the rest."""

    deadline: Callback | None = None
    incompatible_qos: Callback | None = None
    liveliness: Callback | None = None
    message_lost: Callback | None = None
    incompatible_type: Callback | None = None
    matched: Callback | None = None
    use_default_callbacks: bool = True


@dataclass(kw_only=True)
class PublisherEventCallbacks:
    """What a publisher's user wants to be told; with `use_default_callbacks` the log is told of the rest."""

    deadline: Callback | None = None
    liveliness: Callback | None = None
    incompatible_qos: Callback | None = None
    incompatible_type: Callback | None = None
    matched: Callback | None = None
    use_default_callbacks: bool = True
