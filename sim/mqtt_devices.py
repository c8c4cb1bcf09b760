"""The fixed sensors' gateway: their reports travel over real MQTT, wait while nobody listens, and arrive in order."""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from sim.devices import DeviceReport

_WAITING_MAX = 2_000
_IN_FLIGHT_MAX = 20
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    payload: bytes
    alarm: bool


class SensorGateway:
    """Publishes with QoS 1. `boot` is new at every start: with the device's `seq` it tells two messages apart.

    Overflow: when 2,000 reports wait, the oldest quiet one goes; only where all are alarms, the oldest alarm. Both are
    counted in `dropped` and said.

    A thread of its own hands reports to paho, and never while it holds this object's lock: paho's callbacks take that
    lock while they hold paho's own.
    """

    def __init__(self, *, site_id: str, host: str, port: int, boot: UUID) -> None:
        self._site_id = site_id
        self._boot = boot
        self._changed = threading.Condition()
        self._waiting: deque[_Message] = deque()
        self._in_flight = 0
        self._connected = False
        self._closing = False
        self._told_lost = False
        self.dropped = 0
        self.delivered = 0
        self._client: Any = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"gateway-{site_id}-{boot.hex[-8:]}", protocol=mqtt.MQTTv311
        )
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_publish = self._on_publish
        self._client.reconnect_delay_set(min_delay=1, max_delay=5)
        self._where = f"{host}:{port}"
        self._client.connect_async(host, port, keepalive=30)
        self._feeder = threading.Thread(target=self._feed, name="sensors", daemon=True)

    def __enter__(self) -> Self:
        self._client.loop_start()
        self._feeder.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._feeder.join()
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def waiting(self) -> int:
        """Reports that nobody has acknowledged yet."""
        with self._changed:
            return len(self._waiting) + self._in_flight

    def send(self, report: DeviceReport, at: datetime) -> None:
        """One report; returns at once."""
        with self._changed:
            if len(self._waiting) >= _WAITING_MAX:
                self._drop_one()
            self._waiting.append(self._message(report, at))
            self._changed.notify()

    def _message(self, report: DeviceReport, at: datetime) -> _Message:
        body: dict[str, Any] = {
            "state": "alarm" if report.alarm else "normal",
            "kind": report.kind.value,
            "value": report.value,
            "unit": report.unit,
            "battery_pct": report.battery_pct,
            "at": at.isoformat().replace("+00:00", "Z"),
            "boot": str(self._boot),
            "seq": report.seq,
        }
        return _Message(
            topic=f"{self._site_id}/sensors/{report.device_id}/event",
            payload=json.dumps({k: v for k, v in body.items() if v is not None}, separators=(",", ":")).encode(),
            alarm=report.alarm,
        )

    def _drop_one(self) -> None:
        victim = next((m for m in self._waiting if not m.alarm), self._waiting[0])
        self._waiting.remove(victim)
        self.dropped += 1
        if victim.alarm or self.dropped % 500 == 1:
            log.error("%d sensor reports dropped: %d wait and nobody listens", self.dropped, _WAITING_MAX)

    def _feed(self) -> None:
        """Hand on what waits; paho sends again after a reconnect what it was handed and nobody acknowledged."""
        while True:
            with self._changed:
                self._changed.wait_for(self._may_send)
                if self._closing:
                    return
                message = self._waiting.popleft()
                self._in_flight += 1
            self._client.publish(message.topic, message.payload, qos=1)

    def _may_send(self) -> bool:
        return self._closing or (self._connected and bool(self._waiting) and self._in_flight < _IN_FLIGHT_MAX)

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        with self._changed:
            self._connected = not reason.is_failure
            if reason.is_failure:
                log.error("sensors: %s refused the gateway: %s", self._where, reason)
                return
            log.info("sensors: connected to %s, %d reports waited", self._where, len(self._waiting))
            self._told_lost = False
            self._changed.notify()

    def _on_disconnect(self, *_: Any) -> None:
        with self._changed:
            self._connected = False
        self._say_lost()

    def _on_connect_fail(self, *_: Any) -> None:
        self._say_lost()

    def _say_lost(self) -> None:
        if not self._told_lost:
            self._told_lost = True
            log.warning("sensors: no MQTT listener at %s; reports wait", self._where)

    def _on_publish(self, *_: Any) -> None:
        with self._changed:
            self._in_flight -= 1
            self.delivered += 1
            self._changed.notify()
