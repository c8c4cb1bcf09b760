"""A small load generator in a process of its own: alarms by MQTT 3.1.1 at QoS 1 over a few connections, paced or not.

`python -m tests.bench.incidents_load <json, or @file>` prints one line of JSON: how many were sent and acknowledged,
over how long, and the time from when each was due (not from when it was sent) to its acknowledgement.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

WINDOW = 200  # unacknowledged messages of one connection
AT_ONCE = 50  # messages in one write


@dataclass
class Connection:
    """One publisher."""

    socket: socket.socket
    waiting: deque[float] = field(default_factory=deque)  # when each was due; answers come in order
    out: bytearray = field(default_factory=bytearray)
    inn: bytearray = field(default_factory=bytearray)
    packet_id: int = 0


def connect(port: int) -> Connection:
    """CONNECT, and its answer."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    name = f"load-{uuid4().hex[:12]}".encode()
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
    sock.sendall(b"\x10" + bytes([len(body)]) + body)
    answer = sock.recv(4)
    if answer[:1] != b"\x20" or answer[3] != 0:
        raise ConnectionError(f"expected an accepting CONNACK; came {answer!r}")
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(sock)


def run(given: dict[str, Any]) -> dict[str, Any]:
    """Publish what was asked for.

    `topics`: in turn. `rate`: per second over all connections; 0: as fast as they are acknowledged. `count` or
    `seconds`.
    """
    topics = [t.encode() for t in given["topics"]]
    rate, most, seconds = given["rate"], given.get("count"), given.get("seconds", 600.0)
    boot = uuid4().hex
    links = [connect(given["port"]) for _ in range(given.get("connections", 8))]
    selector = selectors.DefaultSelector()
    for link in links:
        selector.register(link.socket, selectors.EVENT_READ, link)
    latencies: list[float] = []
    sent, begun = 0, time.monotonic()
    while True:
        now = time.monotonic()
        over = now - begun >= seconds or (most is not None and sent >= most)
        allowed = 0 if over else (int((now - begun) * rate) - sent if rate else len(links) * AT_ONCE)
        for _ in range(min(allowed, len(links) * AT_ONCE) if most is None else min(allowed, most - sent)):
            link = links[sent % len(links)]
            if not rate and len(link.waiting) >= WINDOW:
                break
            link.waiting.append(begun + sent / rate if rate else now)
            link.packet_id = link.packet_id % 65_535 + 1
            link.out += publish(topics[sent % len(topics)], boot, sent, link.packet_id)
            sent += 1
        for link in links:
            if link.out:
                with contextlib.suppress(BlockingIOError):
                    del link.out[: link.socket.send(link.out)]
        for key, _ in selector.select(0.001 if not over else 0.01):
            receive(key.data, latencies)
        if over and not any(link.waiting for link in links):
            break
        if over and time.monotonic() - begun > seconds + 120:
            break
    return {
        "boot": boot,
        "begun_s": begun,  # of the monotonic clock, which all processes of a machine share
        "sent": sent,
        "acknowledged": len(latencies),
        "elapsed_s": time.monotonic() - begun,
        "latencies_s": latencies,
    }


def publish(topic: bytes, boot: str, number: int, packet_id: int) -> bytes:
    """One PUBLISH at QoS 1."""
    payload = b'{"state":"alarm","value":%d,"boot":"%s","seq":%d}' % (number, boot.encode(), number)
    body = len(topic).to_bytes(2, "big") + topic + packet_id.to_bytes(2, "big") + payload
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([size % 128 | 128, size // 128])
    return b"\x32" + length + body


def receive(link: Connection, latencies: list[float]) -> None:
    """Take acknowledgements: four bytes each."""
    data = link.socket.recv(65_536)
    if not data:
        raise ConnectionError("the center closed the connection")
    link.inn += data
    now = time.monotonic()
    for at in range(0, len(link.inn) - 3, 4):
        if link.inn[at] != 0x40:
            raise ConnectionError(f"expected PUBACK; came {link.inn[at]:#x}")
        latencies.append(now - link.waiting.popleft())
    del link.inn[: len(link.inn) // 4 * 4]


if __name__ == "__main__":
    asked = sys.argv[1]
    print(json.dumps(run(json.loads(Path(asked[1:]).read_text() if asked.startswith("@") else asked))))
