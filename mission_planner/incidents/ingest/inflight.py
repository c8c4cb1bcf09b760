"""Messages of one client that wait for the store, and QoS 2 ids that wait for their release. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mqtt5 import PublishPacket

from mission_planner.incidents.ingest import wire


class Arrival(StrEnum):
    """What a PUBLISH is to us."""

    NEW = "new"  # for the store
    UNDER_WAY = "under_way"  # QoS 2, sent again before the store had it: the first one's answer answers both
    KNOWN = "known"  # QoS 2, sent again after: PUBREC once more


class InFlight:
    """Counts and answers. An acknowledgement exists only for what `kept` was told."""

    def __init__(self) -> None:
        self.unacknowledged = 0
        self._unreleased: dict[int, bool] = {}  # QoS 2 ids, and whether each is kept

    def arrived(self, packet: PublishPacket) -> Arrival:
        """Note a PUBLISH."""
        qos, packet_id = int(packet.qos), packet.packet_id or 0  # the codec's QoS is no int, and its QoS 0 is truthy
        if qos == 2:
            if packet_id in self._unreleased:
                return Arrival.KNOWN if self._unreleased[packet_id] else Arrival.UNDER_WAY
            self._unreleased[packet_id] = False
        if qos:
            self.unacknowledged += 1
        return Arrival.NEW

    def kept(self, packets: Sequence[PublishPacket]) -> bytes:
        """The acknowledgements of messages that are in the store, all of QoS 1 or 2."""
        self.unacknowledged -= len(packets)
        answers = []
        for packet in packets:
            packet_id = packet.packet_id or 0
            if int(packet.qos) == 2:
                self._unreleased[packet_id] = True
                answers.append(wire.pubrec(packet_id))
            else:
                answers.append(wire.puback(packet_id))
        return b"".join(answers)

    def released(self, packet_id: int) -> bytes:
        """The answer to PUBREL: the id may be used again."""
        self._unreleased.pop(packet_id, None)
        return wire.pubcomp(packet_id)
