"""What one connection and the listener know of each other."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from mqtt5 import PublishPacket

from mission_planner.incidents.ingest.message import Authenticate, RawMessage

if TYPE_CHECKING:
    from mission_planner.incidents.ingest.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What clients may take."""

    connections: int = 1_000
    packet_bytes: int = 256 * 1024
    client_id_chars: int = 256
    connect_within_s: float = 10.0
    unacknowledged: int = 1_000  # per client; MQTT 5's receive maximum
    subscriptions: int = 100  # per client
    unread_bytes: int = 256 * 1024  # written, and not taken by the client
    close_within_s: float = 2.0


class Phase(StrEnum):
    """Where a connection stands."""

    EXPECTS_CONNECT = "expects_connect"
    CHECKING = "checking"  # the login is being looked at
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Whom to tell when a message is kept."""

    connection: Connection
    packet: PublishPacket | None  # None for a will: nobody waits


class Hub(Protocol):
    """What a connection needs from its listener."""

    limits: Limits
    authenticate: Authenticate

    def opened(self, connection: Connection) -> bool:
        """False when there is no room for it."""

    def closed(self, connection: Connection, because: str, *, fault: bool) -> None:
        """The socket is gone."""

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run under the listener's task group."""

    def claim(self, connection: Connection) -> None:
        """The connection now owns its client id: an older one with the same id ends."""

    def must_wait(self, connection: Connection) -> bool:
        """True when there is no room for messages; `resume` is called when there is."""

    def take(self, message: RawMessage, receipt: Receipt) -> None:
        """Queue a message for the store."""

    def subscribed(self, connection: Connection) -> None:
        """The connection's subscriptions changed."""

    def not_delivered(self) -> None:
        """A subscriber does not read: a message to it was left out."""

    def not_allowed(self) -> None:
        """A client published to a topic that is not its own."""

    def now(self) -> datetime | None:
        """The stamp for what just came, UTC; None where it is not known."""
