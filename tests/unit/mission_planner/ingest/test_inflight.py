"""What a client waits for, and what it is told."""

from __future__ import annotations

import mqtt5

from mission_planner.incidents.ingest import wire
from mission_planner.incidents.ingest.inflight import Arrival, InFlight

LEVELS = (mqtt5.QoS.AT_MOST_ONCE, mqtt5.QoS.AT_LEAST_ONCE, mqtt5.QoS.EXACTLY_ONCE)


def publish(qos: int, packet_id: int | None = None) -> mqtt5.PublishPacket:
    return mqtt5.PublishPacket("t", b"x", qos=LEVELS[qos], packet_id=packet_id)


def test_nobody_waits_for_qos_0() -> None:
    flight = InFlight()
    assert flight.arrived(publish(0)) is Arrival.NEW
    assert flight.unacknowledged == 0


def test_qos_1_is_new_each_time_it_comes() -> None:
    flight = InFlight()
    assert [flight.arrived(publish(1, 5)) for _ in range(2)] == [Arrival.NEW] * 2, "the inbox knows what it has"
    assert flight.unacknowledged == 2
    assert flight.kept([publish(1, 5), publish(1, 5)]) == wire.puback(5) * 2
    assert flight.unacknowledged == 0


def test_qos_2_is_new_once_until_it_is_released() -> None:
    flight = InFlight()
    assert flight.arrived(publish(2, 5)) is Arrival.NEW
    assert flight.arrived(publish(2, 5)) is Arrival.UNDER_WAY
    assert flight.kept([publish(2, 5)]) == wire.pubrec(5)
    assert flight.arrived(publish(2, 5)) is Arrival.KNOWN
    assert flight.released(5) == wire.pubcomp(5)
    assert flight.arrived(publish(2, 5)) is Arrival.NEW


def test_a_release_of_nothing_is_answered() -> None:
    assert InFlight().released(9) == wire.pubcomp(9)
