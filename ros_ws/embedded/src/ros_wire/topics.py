"""Publishers and subscribers of bytes."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import zenoh
from zenoh import ext
from zenoh.handlers import FifoChannel, RingChannel

from ros_wire import attachment, qos
from ros_wire.attachment import Attachment
from ros_wire.names import Entity, WireError
from ros_wire.session import SessionClosed, WireSession

_AHEAD = 256  # samples between Zenoh's thread and ours; beyond, the link is held up, or the oldest goes
_JOIN_S = 1.0  # the receiving thread ends as soon as its subscriber is gone
_HEARTBEAT_S = 0.5  # rmw_zenoh's: how soon a lost last sample of a latched topic is noticed


class WirePublisher:
    """Publishes on one topic, announced from construction to `close`."""

    def __init__(self, session: WireSession, entity: Entity) -> None:
        self.entity = entity
        self._session = session
        self._gid = entity.gid
        self._sequence = itertools.count(1)
        self._lock = threading.Lock()
        reliable = entity.qos.reliability == qos.RELIABLE
        options: dict[str, Any] = {
            # only keep-all may hold the publisher up: a robot's node must not wait for a dead mobile link
            "congestion_control": zenoh.CongestionControl.BLOCK
            if reliable and entity.qos.history == qos.KEEP_ALL
            else zenoh.CongestionControl.DROP,
            "reliability": zenoh.Reliability.RELIABLE if reliable else zenoh.Reliability.BEST_EFFORT,
        }
        self._publisher: zenoh.Publisher | ext.AdvancedPublisher
        if entity.qos.durability == qos.TRANSIENT_LOCAL:
            self._publisher = ext.declare_advanced_publisher(
                session.zenoh,
                entity.data_key,
                cache=ext.CacheConfig(entity.qos.queue_length),
                sample_miss_detection=ext.MissDetectionConfig(heartbeat=None, sporadic_heartbeat=_HEARTBEAT_S)
                if reliable
                else None,
                publisher_detection=True,
                **options,
            )
        else:
            self._publisher = session.zenoh.declare_publisher(entity.data_key, **options)
        self._token = session.announce(entity)

    def publish(self, payload: bytes | bytearray) -> None:
        """Send one sample; one thread at a time, so that sequence numbers go out in order.

        Raises:
            SessionClosed: the session, or this publisher, was closed.
        """
        try:
            with self._lock, self._session.inside:
                note = attachment.pack(next(self._sequence), time.time_ns(), self._gid)
                self._publisher.put(payload, attachment=note)
        except (SessionClosed, zenoh.ZError) as error:
            raise SessionClosed(f"{self.entity.topic}: nothing was published: {error}") from None

    def close(self) -> None:
        """Withdraw it; a latched topic's samples go with it."""
        self._session.withdraw(self.entity, self._token)
        with suppress(SessionClosed), self._session.inside:
            self._publisher.undeclare()  # type: ignore[no-untyped-call]


@dataclass(slots=True, eq=False)  # frozen ones take twice as long to make, and there is one for every sample
class Received:
    """One sample as it came; few ask for more than its data, so its attachment is read for those only."""

    data: bytes
    attachment: bytes  # of the right form
    came_ns: int  # since 1970, this machine's clock

    @property
    def note(self) -> Attachment:
        """Who sent it, as which of its samples, and when."""
        return attachment.unpack(self.attachment)


class WireSubscriber:
    """Keeps the newest samples of one topic, as many as its QoS says; beyond, the oldest goes (`overflowed` counts)."""

    def __init__(self, session: WireSession, entity: Entity, on_ready: Callable[[], None]) -> None:
        """Listen; `on_ready` is called on a Zenoh thread after each sample and must not block."""
        self.entity = entity
        self.overflowed = 0
        self._session = session
        self._on_ready = on_ready
        self._queue: deque[tuple[zenoh.Sample, int]] = deque(maxlen=entity.qos.queue_length)
        self._malformed = False
        self._subscriber: zenoh.Subscriber[Any] | ext.AdvancedSubscriber[Any]
        handler: Any = FifoChannel(_AHEAD)
        if entity.qos.durability == qos.TRANSIENT_LOCAL:
            if entity.qos.history != qos.KEEP_ALL:
                # until it stands nobody takes samples over: a channel that holds the link up would wait for itself
                handler = RingChannel(max(_AHEAD, entity.qos.queue_length))
            self._subscriber = ext.declare_advanced_subscriber(
                session.zenoh,
                entity.data_key,
                handler,
                history=ext.HistoryConfig(detect_late_publishers=True, max_samples=entity.qos.queue_length),
                recovery=ext.RecoveryConfig(periodic_queries=None, heartbeat=True)
                if entity.qos.reliability == qos.RELIABLE
                else None,
                subscriber_detection=True,
            )
        else:
            self._subscriber = session.zenoh.declare_subscriber(entity.data_key, handler)
        self._token = session.announce(entity)
        self._thread = threading.Thread(target=self._receive, name=f"receive {entity.topic}", daemon=True)
        self._thread.start()
        # a thread that comes out of Zenoh while the interpreter goes away takes the whole process down
        session.before_close.add(self._end)

    @property
    def pending(self) -> bool:
        """Whether a sample waits."""
        return bool(self._queue)

    def take(self) -> Received | None:
        """The oldest sample that waits. Samples without a proper attachment are dropped, with a line in the log."""
        while True:
            try:
                sample, came_ns = self._queue.popleft()
            except IndexError:
                return None
            note = sample.attachment
            raw = None if note is None else note.to_bytes()
            if raw is not None and attachment.is_whole(raw):
                data = sample.payload.to_bytes()
                if data or sample.kind == zenoh.SampleKind.PUT:  # a deletion, which ROS never sends, is empty
                    return Received(data, raw, came_ns)
                continue
            try:
                attachment.unpack(raw)
            except WireError as error:
                self._session.log(f"{self.entity.topic}: sample dropped: {error}")

    def close(self) -> None:
        """Listen no more."""
        self._end()
        self._session.withdraw(self.entity, self._token)
        self._queue.clear()

    def _end(self) -> None:
        """Undeclare it, which ends its thread; once, by itself or by the session's end."""
        try:
            self._session.before_close.remove(self._end)
        except KeyError:
            return
        self._subscriber.undeclare()  # type: ignore[no-untyped-call]
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)

    def _receive(self) -> None:
        """Take samples over until the subscriber is gone: Zenoh's own threads never wait for the interpreter so.

        What came together is taken over in one go while the queue has room for it; the interpreter changes hands, and
        the executor is told, once for all of it.
        """
        queue, depth = self._queue, self.entity.qos.queue_length
        channel = self._subscriber.handler  # undeclaring holds the subscriber itself, but not this
        for first in channel:
            sample: zenoh.Sample | None = first
            came_ns = time.time_ns()
            with suppress(zenoh.ZError):  # the subscriber went away meanwhile
                while sample is not None:
                    if len(queue) == depth:
                        self.overflowed += 1
                    queue.append((sample, came_ns))
                    sample = channel.try_recv() if len(queue) < depth else None
            self._on_ready()
