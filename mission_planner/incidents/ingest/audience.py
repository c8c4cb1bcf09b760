"""Clients that want to hear messages: each is passed on to them after its commit, at QoS 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mqtt5 import PublishPacket

from mission_planner.incidents.ingest import wire
from mission_planner.incidents.ingest.hub import Receipt
from mission_planner.incidents.ingest.intake import Waiting

if TYPE_CHECKING:
    from mission_planner.incidents.ingest.connection import Connection


class Audience:
    """Connections with subscriptions."""

    def __init__(self) -> None:
        self._listeners: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def settle(self, connection: Connection) -> None:
        """Its subscriptions changed."""
        if connection.subscriptions:
            self._listeners.add(connection)
        else:
            self._listeners.discard(connection)

    def leaves(self, connection: Connection) -> None:
        """It is gone."""
        self._listeners.discard(connection)

    def hear(self, item: Waiting[Receipt]) -> None:
        """Pass a message on to whom it concerns; it is encoded once for each version."""
        message = item.message
        packet = item.sender.packet or PublishPacket(message.topic, message.payload)
        encoded: dict[wire.Version, bytes] = {}
        for connection in list(self._listeners):
            if connection.subscriptions.match(message.topic, own=connection is item.sender.connection):
                version = connection.version
                if version not in encoded:
                    encoded[version] = wire.publish(version, packet)
                connection.deliver(encoded[version])
