"""One Zenoh session with its view of the ROS graph: what a ROS context is on the wire."""

from __future__ import annotations

import atexit
import itertools
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from types import TracebackType

import zenoh
from zenoh.handlers import Callback

from ros_wire.config import domain_id, session_config
from ros_wire.graph import Graph, Log
from ros_wire.names import Entity, Kind, NodeId, liveliness_pattern
from ros_wire.opening import NotOpened, close_zenoh, open_zenoh
from ros_wire.qos import Qos

_open: weakref.WeakSet[WireSession] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    # a Zenoh thread that calls into an interpreter which is going away takes the whole process down
    for session in list(_open):
        session.close()


class SessionError(RuntimeError):
    """A session that could not be opened; says what Zenoh said."""


class SessionClosed(RuntimeError):
    """Something was to be sent on a session that was closed; names what."""


class _Gate:
    """Who is inside Zenoh now. Closing lets nobody in any more and waits for those inside to come out."""

    _PATIENCE_S = 5.0  # as long as Zenoh itself waits for a link that is congested

    def __init__(self) -> None:
        self._inside: list[None] = []  # one for each; append and pop are atomic, so that sending needs no lock
        self._closing = threading.Lock()
        self._left = threading.Event()
        self.closed = False

    def __enter__(self) -> None:
        self._inside.append(None)
        if self.closed:
            self._inside.pop()
            self._left.set()
            raise SessionClosed("the session was closed")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside.pop()
        if self.closed:
            self._left.set()

    def close(self) -> bool:
        """Close it; False where it was closed before."""
        with self._closing:
            first, self.closed = not self.closed, True
        deadline_s = time.monotonic() + self._PATIENCE_S
        while self._inside and (left_s := deadline_s - time.monotonic()) > 0:
            self._left.wait(left_s)
            self._left.clear()
        return first


class WireSession:
    """A session that is open from construction to `close`; the router need not be there yet."""

    def __init__(self, *, log: Log, environment: Mapping[str, str] | None = None) -> None:
        """Open it as the environment says (`ros_wire.config`); `log` takes a sentence for each thing gone wrong.

        Raises:
            ConfigError, SessionError: a setting cannot be used, or an endpoint cannot be listened on.
        """
        self.log = log
        self.domain = domain_id(environment)
        try:
            self.zenoh = open_zenoh(session_config(environment))
        except NotOpened as error:
            raise SessionError(f"the session could not be opened: {error}") from None
        _open.add(self)
        self.session_id = str(self.zenoh.zid())
        self.graph = Graph(log)
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.inside = _Gate()
        self.before_close: set[Callable[[], None]] = set()  # ends threads that wait inside Zenoh
        self._watch = self.zenoh.liveliness().declare_subscriber(
            liveliness_pattern(self.domain), Callback(self._on_token, indirect=False), history=True
        )

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self.inside.closed

    def node_id(self, namespace: str, name: str) -> NodeId:
        """An identity for a new node of this session."""
        return NodeId(
            domain=self.domain, session=self.session_id, node=next(self._numbers), namespace=namespace, name=name
        )

    def endpoint(self, *, kind: Kind, owner: NodeId, topic: str, type_name: str, type_hash: str, qos: Qos) -> Entity:
        """An identity for a new endpoint of one of this session's nodes."""
        return Entity(
            kind=kind, owner=owner, number=next(self._numbers),
            topic=topic, type_name=type_name, type_hash=type_hash, qos=qos,
        )  # fmt: skip

    def announce(self, entity: Entity) -> zenoh.LivelinessToken:
        """Declare an entity's token, and know it here at once; undo with `withdraw`."""
        self.graph.add(entity, own=True)
        with self.inside:
            return self.zenoh.liveliness().declare_token(entity.token)

    def withdraw(self, entity: Entity, token: zenoh.LivelinessToken) -> None:
        """Take an entity back."""
        try:
            with self.inside:
                token.undeclare()
        except SessionClosed:
            pass  # it went with the session
        self.graph.remove_token(entity.token)

    def close(self) -> None:
        """End the session and everything declared on it; whoever calls second waits for the first."""
        with self._lock:
            if self.inside.close():
                for end in list(self.before_close):
                    end()
                complaint = close_zenoh(self.zenoh)
                if complaint is not None:
                    self.log(complaint)

    def _on_token(self, sample: zenoh.Sample) -> None:
        if sample.kind == zenoh.SampleKind.PUT:
            self.graph.add_token(str(sample.key_expr))
        else:
            self.graph.remove_token(str(sample.key_expr))
