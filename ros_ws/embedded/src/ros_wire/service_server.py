"""Service servers of bytes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import zenoh
from zenoh.handlers import Callback

from ros_wire import attachment
from ros_wire.attachment import Attachment
from ros_wire.names import Entity, WireError
from ros_wire.session import SessionClosed, WireSession


class WireRequest:
    """A request that waits for its reply."""

    __slots__ = ("_query", "_server", "data", "note")

    def __init__(self, server: WireServer, query: zenoh.Query, data: bytes, note: Attachment) -> None:
        self._query = query
        self._server = server
        self.data = data
        self.note = note

    def reply(self, payload: bytes | bytearray) -> None:
        """Answer it, once; where the caller cannot be reached any more, the log says so."""
        note = attachment.pack(self.note.sequence, time.time_ns(), self.note.gid)
        try:
            with self._server.session.inside:
                self._query.reply(self._server.entity.data_key, payload, attachment=note)
                self._query.drop()
        except (SessionClosed, zenoh.ZError) as error:
            self._server.session.log(f"{self._server.entity.topic}: a reply could not be sent: {error}")

    def refuse(self, because: str) -> None:
        """Answer with an error: the caller learns at once that no reply will come, and why."""
        self._server.refuse(self._query, because)


class WireServer:
    """Serves one name; requests wait in order, as many as the QoS says, and when full the oldest is refused."""

    def __init__(self, session: WireSession, entity: Entity, on_ready: Callable[[], None]) -> None:
        """Serve; `on_ready` is called on a Zenoh thread after each request and must not block."""
        self.entity = entity
        self.session = session
        self._on_ready = on_ready
        self._limit = entity.qos.queue_length
        self._queue: deque[zenoh.Query] = deque()
        self._queryable = session.zenoh.declare_queryable(
            entity.data_key, Callback(self._on_query, indirect=False), complete=True
        )
        self._token = session.announce(entity)

    @property
    def pending(self) -> bool:
        """Whether a request waits."""
        return bool(self._queue)

    def take(self) -> WireRequest | None:
        """The oldest request that waits. One without payload or attachment is refused, with a line in the log."""
        while True:
            try:
                query = self._queue.popleft()
            except IndexError:
                return None
            note, payload = query.attachment, query.payload
            try:
                read = attachment.unpack(None if note is None else note.to_bytes())
                if payload is None:
                    raise WireError("expected a payload, got none")
                return WireRequest(self, query, payload.to_bytes(), read)
            except WireError as error:
                self.session.log(f"{self.entity.topic}: request dropped: {error}")
                self.refuse(query, f"the request was malformed: {error}")

    def close(self) -> None:
        """Serve no more; requests that wait are refused."""
        self.session.withdraw(self.entity, self._token)
        with suppress(SessionClosed), self.session.inside:
            self._queryable.undeclare()
        while self._queue:
            self.refuse(self._queue.popleft(), "the server went away")

    def refuse(self, query: zenoh.Query, because: str) -> None:
        """Answer a query with an error; on a session that was closed it ended by itself."""
        try:
            with self.session.inside:
                query.reply_err(because.encode())
                query.drop()
        except (SessionClosed, zenoh.ZError):
            return

    def _on_query(self, query: zenoh.Query) -> None:
        self._queue.append(query)
        if len(self._queue) > self._limit:
            self.session.log(f"{self.entity.topic}: more than {self._limit} requests wait, the oldest was refused")
            self.refuse(self._queue.popleft(), f"more than {self._limit} requests wait")
        self._on_ready()
