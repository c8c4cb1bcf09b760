"""A fast MQTT 5 subscriber that acknowledges when it is told to.

Messages are collected, and their PUBACKs leave in one write once whoever took them has done with them.

No kept client does that without a task for each message. What it speaks is little: CONNECT, SUBSCRIBE, PUBLISH in,
PUBACK out, PING. The codec writes the rare packets; PUBLISH is read here, because there are many.

Queue: at most `waiting_messages` messages or `waiting_bytes` wait. Beyond, the socket is read no more until half are
done: the broker keeps what comes (its own limits apply), and nothing is dropped here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import mqtt5

from mission_planner.incidents.telemetry.broker import Broker
from patrol_core.errors import Unavailable

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 30
SESSION_S = 24 * 3600  # the broker keeps what we miss for so long
CONNECT_WITHIN_S = 10.0
RETRY_S = 2.0
RECEIVE_MAX = 20_000  # unacknowledged messages the broker may have under way to us
MAX_PACKET_BYTES = 256 * 1024
_PUBLISH, _PUBACK, _PINGRESP, _DISCONNECT = 3, b"\x40\x02", 13, 14
_PINGREQ = b"\xc0\x00"


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages in the order they came."""

    topics: Sequence[bytes]
    payloads: Sequence[bytes]
    packet_ids: Sequence[int]  # 0: QoS 0, nothing to acknowledge
    connection: int  # acknowledged only on the connection they came by


class Subscriber(asyncio.Protocol):
    """One connection after the other to one broker; `run` keeps it up."""

    def __init__(
        self, broker: Broker, *, waiting_messages: int = 20_000, waiting_bytes: int = 32 * 1024 * 1024
    ) -> None:
        self._broker = broker
        self._most = waiting_messages
        self._most_bytes = waiting_bytes
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._topics: deque[bytes] = deque()
        self._payloads: deque[bytes] = deque()
        self._ids: deque[int] = deque()
        self._bytes = 0
        self._connection = 0
        self._paused = False
        self._arrived = asyncio.Event()
        self._over: asyncio.Future[None] | None = None
        self._accepted: asyncio.Future[None] | None = None
        self.received = 0
        self.waits = 0  # times the broker had to wait
        self.trouble: str | None = f"not connected yet to {broker.host}:{broker.port}"

    @property
    def waiting(self) -> int:
        """Messages that nobody has taken yet."""
        return len(self._ids)

    # for the lane

    async def take(self, most: int) -> Taken:
        """At most so many messages, as soon as there is one."""
        await self._arrived.wait()
        count = min(most, len(self._ids))
        topics = [self._topics.popleft() for _ in range(count)]
        payloads = [self._payloads.popleft() for _ in range(count)]
        ids = [self._ids.popleft() for _ in range(count)]
        self._bytes -= sum(map(len, payloads))
        if not self._ids:
            self._arrived.clear()
        if self._paused and len(self._ids) <= self._most // 2 and self._bytes <= self._most_bytes // 2:
            self._paused = False
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()
        return Taken(topics, payloads, ids, self._connection)

    def done(self, taken: Taken) -> None:
        """They need not come again."""
        transport = self._transport
        if transport is None or transport.is_closing() or taken.connection != self._connection:
            return  # the broker sends them again on the next connection
        transport.write(b"".join(_PUBACK + i.to_bytes(2, "big") for i in taken.packet_ids if i))

    # the connection

    async def run(self) -> None:
        """Stay connected, for ever."""
        while True:
            try:
                await self._once()
            except (OSError, TimeoutError, Unavailable) as error:
                said = f"{self._broker.host}:{self._broker.port}: {error or 'no answer'}"
                if said != self.trouble:
                    log.warning("telemetry: %s", said)
                self.trouble = said
            finally:
                if self._transport is not None:
                    self._transport.abort()
                self._forget()
            await asyncio.sleep(RETRY_S)

    async def _once(self) -> None:
        loop = asyncio.get_running_loop()
        self._over, self._accepted = loop.create_future(), loop.create_future()
        async with asyncio.timeout(CONNECT_WITHIN_S):
            await loop.create_connection(lambda: self, self._broker.host, self._broker.port)
            await self._accepted
        log.info("telemetry: following %s:%d", self._broker.host, self._broker.port)
        self.trouble = None
        pings = asyncio.ensure_future(self._ping())
        try:
            await self._over
        finally:
            pings.cancel()

    async def _ping(self) -> None:
        while self._transport is not None and not self._transport.is_closing():
            self._transport.write(_PINGREQ)
            await asyncio.sleep(KEEP_ALIVE_S / 2)

    def _forget(self) -> None:
        """What waits unacknowledged comes again."""
        self._transport = None
        self._buffer.clear()
        self._topics.clear()
        self._payloads.clear()
        self._ids.clear()
        self._bytes = 0
        self._paused = False
        self._arrived.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = ours = cast(asyncio.Transport, transport)
        self._connection += 1
        ours.write(
            mqtt5.ConnectPacket(
                self._broker.client_id,
                username=self._broker.username,
                password=self._broker.password.encode() if self._broker.password is not None else None,
                clean_start=False,
                keep_alive=KEEP_ALIVE_S,
                session_expiry_interval=SESSION_S,
                receive_max=RECEIVE_MAX,
                max_packet_size=MAX_PACKET_BYTES,
            ).write()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the broker closed the connection{f': {exc}' if exc else ''}")

    def _fail(self, because: str) -> None:
        for waits in (self._accepted, self._over):
            if waits is not None and not waits.done():
                waits.set_exception(Unavailable(because))
                waits.exception()  # looked at by whoever waits; by nobody where the other one did
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            self._read()
        except (IndexError, ValueError) as error:
            self._fail(f"expected MQTT 5; came something else: {error}")
            return
        if not self._paused and (len(self._ids) >= self._most or self._bytes >= self._most_bytes):
            self._paused = True
            self.waits += 1
            if self._transport is not None:
                self._transport.pause_reading()

    def _read(self) -> None:
        """Take every whole packet out of the buffer."""
        buffer, at, end = self._buffer, 0, len(self._buffer)
        while end - at >= 2:
            length, body = buffer[at + 1], at + 2
            if length & 0x80:
                found = _varint(buffer, at + 1, end)
                if found is None:
                    break
                length, body = found
            if length > MAX_PACKET_BYTES:
                raise ValueError(f"a packet of {length} bytes")
            after = body + length
            if after > end:
                break
            if buffer[at] >> 4 == _PUBLISH:
                self._on_publish(buffer, buffer[at], body, after)
            else:
                self._on_other(buffer[at] >> 4, bytes(buffer[at:after]))
            at = after
        del buffer[:at]

    def _on_publish(self, buffer: bytearray, first: int, at: int, end: int) -> None:
        topic_at = at + 2
        at = topic_at + (buffer[at] << 8 | buffer[at + 1])
        topic = bytes(buffer[topic_at:at])
        packet_id = 0
        if first & 0x06:
            packet_id = buffer[at] << 8 | buffer[at + 1]
            at += 2
        properties = buffer[at]
        if properties & 0x80:
            found = _varint(buffer, at, end)
            if found is None:
                raise ValueError("properties that end beyond their packet")
            properties, at = found
        else:
            at += 1
        payload = bytes(buffer[at + properties : end])
        self._topics.append(topic)
        self._payloads.append(payload)
        self._ids.append(packet_id)
        self._bytes += len(payload)
        self.received += 1
        self._arrived.set()

    def _on_other(self, kind: int, packet: bytes) -> None:
        if kind == _PINGRESP:
            return
        came = mqtt5.read(memoryview(packet))[0]
        if isinstance(came, mqtt5.ConnAckPacket):
            if int(came.reason_code):
                self._fail(f"the broker refused us: {came.reason_code}")
                return
            wishes = [mqtt5.TopicFilter(pattern, max_qos=mqtt5.QoS.AT_LEAST_ONCE) for pattern in self._broker.topics]
            if self._transport is not None:
                self._transport.write(mqtt5.SubscribePacket(1, wishes).write())
        elif isinstance(came, mqtt5.SubAckPacket):
            refused = [str(code) for code in came.reason_codes if int(code) >= 0x80]
            if refused:
                self._fail(f"the broker refused {', '.join(self._broker.topics)}: {', '.join(refused)}")
            elif self._accepted is not None and not self._accepted.done():
                self._accepted.set_result(None)
        elif kind == _DISCONNECT:
            self._fail(f"the broker said goodbye: {getattr(came, 'reason_code', '')}")


def _varint(buffer: bytearray, at: int, end: int) -> tuple[int, int] | None:
    """A variable byte integer and what follows it; None where the buffer ends before."""
    value = 0
    for shift in range(0, 28, 7):
        if at >= end:
            return None
        byte = buffer[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise ValueError("a length of more than 4 bytes")
