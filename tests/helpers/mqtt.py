"""A running MQTT listener for tests, and a client that can also misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import mqtt5

from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.ingest.message import RawMessage
from tests.helpers.waiting import eventually


class MemorySink:
    """Keeps batches in memory; a test may hold it shut, or make it fail."""

    def __init__(self) -> None:
        self.batches: list[Sequence[RawMessage]] = []
        self.open = threading.Event()
        self.open.set()
        self.calls = 0
        self.fails_with: BaseException | None = None

    async def __call__(self, batch: Sequence[RawMessage]) -> None:
        self.calls += 1
        while not self.open.is_set():
            await asyncio.sleep(0.005)
        if self.fails_with is not None:
            raise self.fails_with
        self.batches.append(batch)

    @property
    def kept(self) -> list[RawMessage]:
        return [m for batch in self.batches for m in batch]

    @property
    def payloads(self) -> list[bytes]:
        return [m.payload for m in self.kept]


class Served:
    """A listener that runs in a thread with a loop of its own."""

    def __init__(self, sink: Any, **options: Any) -> None:
        self.sink = sink
        self.error: BaseException | None = None
        self._options = options
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mqtt listener of a test")

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(60)
        if self.error is not None:
            raise self.error
        eventually(lambda: self.listener.serving or self.error, what="the listener serves")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it ended meanwhile
                asyncio.run_coroutine_threadsafe(self.listener.stop(), self.loop).result(60)
        self._thread.join(60)
        assert not self._thread.is_alive()

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    @property
    def port(self) -> int:
        return self._port

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - the test asks for it
            self.error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.listener = MqttListener(**{"host": "127.0.0.1", "port": 0, "sink": self.sink, **self._options})
        await self.listener.start()
        self._port = self.listener.port
        self._ready.set()
        await self.listener.serve()


class RawClient:
    """Speaks MQTT 5 by the codec, and anything else byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._buffer = b""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def connect(self, client_id: str = "raw", **fields: Any) -> mqtt5.ConnAckPacket:
        """CONNECT, and the answer."""
        self.send(mqtt5.ConnectPacket(client_id, clean_start=True, **fields))
        answer = self.read()
        if answer is None:
            raise ConnectionResetError("the listener closed before it answered CONNECT")
        assert isinstance(answer, mqtt5.ConnAckPacket)
        return answer

    def publish(self, payload: bytes, *, topic: str = "x/sensors/d1/event", qos: int = 1, packet_id: int = 1) -> None:
        """PUBLISH; waits for nothing."""
        level = (mqtt5.QoS.AT_MOST_ONCE, mqtt5.QoS.AT_LEAST_ONCE, mqtt5.QoS.EXACTLY_ONCE)[qos]
        self.send(mqtt5.PublishPacket(topic, payload, qos=level, packet_id=packet_id if qos else None))

    def send(self, packet: Any) -> None:
        self.send_bytes(packet.write())

    def send_bytes(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> Any:
        """The next MQTT 5 packet; None when the listener closed."""
        while True:
            if self._buffer:
                with contextlib.suppress(IndexError):
                    packet, used = mqtt5.read(memoryview(self._buffer))
                    self._buffer = self._buffer[used:]
                    return packet
            more = self._receive()
            if not more:
                return None
            self._buffer += more

    def read_bytes(self, size: int) -> bytes:
        """Exactly so many bytes, or fewer when the listener closed."""
        while len(self._buffer) < size and (more := self._receive()):
            self._buffer += more
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def silent_for(self, seconds: float) -> bool:
        """Whether nothing comes, and the connection stays open, for a while."""
        if self._buffer:
            return False
        self.socket.settimeout(seconds)
        try:
            self._buffer += self.socket.recv(1)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(60)
        return False

    def closed(self) -> bool:
        """Read to the end: whether the listener closed, whatever it said before."""
        while self._receive():
            pass
        return True

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(65_536)
        except ConnectionError:
            return b""


@contextlib.contextmanager
def serving(sink: Any | None = None, **options: Any) -> Iterator[Served]:
    """A listener for the length of a `with`."""
    with Served(sink or MemorySink(), **options) as served:
        yield served
