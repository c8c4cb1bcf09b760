"""The MQTT endpoint: takes connections, and acknowledges a message only when the store has it."""

from __future__ import annotations

import asyncio
import logging
import ssl as tls
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime

from mqtt5 import DisconnectReasonCode, PublishPacket

from mission_planner.incidents.ingest.audience import Audience
from mission_planner.incidents.ingest.connection import Connection
from mission_planner.incidents.ingest.counters import Counters
from mission_planner.incidents.ingest.hub import Limits, Receipt
from mission_planner.incidents.ingest.intake import Intake, IntakeLimits, Waiting
from mission_planner.incidents.ingest.message import Authenticate, RawMessage, Sink, anonymous_from_loopback
from patrol_core.errors import Unavailable

log = logging.getLogger(__name__)

_DRAIN_S = 2.0


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class MqttListener:
    """A durable MQTT 3.1.1 and 5 endpoint.

    `start` binds, `serve` runs until `stop` is called or the sink dies. PUBACK (QoS 1) and PUBREC (QoS 2) follow the
    commit. Sessions end with their connection: what was not acknowledged comes again, so what reads the store must
    ignore what it knows. Nothing is retained. Subscribers are served at QoS 0, after the commit.

    Args:
        sink: keeps batches; see `Sink`.
        now: the stamp of received messages: site time, or None while it is not known. Must not raise.
        tls_context: TLS for the socket; needed off loopback.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sink: Sink,
        authenticate: Authenticate = anonymous_from_loopback,
        now: Callable[[], datetime | None] = utc_now,
        limits: Limits | None = None,
        intake_limits: IntakeLimits | None = None,
        tls_context: tls.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._asked_port = port
        self._tls_context = tls_context
        self.now = now
        self.authenticate = authenticate
        self.limits = limits or Limits()
        self.counters = Counters()
        self._intake: Intake[Receipt] = Intake(
            sink, on_kept=self._on_kept, on_lost=self._on_lost, on_space=self._on_space, limits=intake_limits
        )
        self._server: asyncio.Server | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._logins: set[asyncio.Task[None]] = set()
        self._accepts = asyncio.Event()
        self._stopping = asyncio.Event()
        self._connections: set[Connection] = set()
        self._by_client_id: dict[str, Connection] = {}
        self._subscribers = Audience()
        self._waiting: dict[Connection, None] = {}  # in the order they began to wait
        self._full = False

    async def start(self) -> None:
        """Bind the port; clients are accepted once `serve` runs.

        Raises:
            Unavailable: the port is taken, or not ours to take.
        """
        try:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: Connection(self),
                self._host,
                self._asked_port,
                ssl=self._tls_context,
                backlog=1024,
                start_serving=False,
            )
        except OSError as error:
            raise self._taken(error) from error
        log.info("mqtt: listening on %s:%d", self._host, self.port)

    async def _listen(self) -> None:
        """Binding does not keep a port yet: another process may have begun to listen on it since."""
        try:
            await self._server.start_serving()  # type: ignore[union-attr] # start() set it
        except OSError as error:
            raise self._taken(error) from error

    def _taken(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"MQTT cannot listen on {self._host}:{self._asked_port}: {error.strerror or error}; "
            "end the other listener, or set RONDA_MQTT_PORT to a free port"
        )

    @property
    def port(self) -> int:
        """The bound port, also when 0 was asked for."""
        if self._server is None or not self._server.sockets:
            raise Unavailable("the MQTT listener is not started")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def trouble(self) -> str | None:
        """Why messages are not being kept: from a failed commit until the next that succeeds."""
        return self._intake.trouble

    @property
    def serving(self) -> bool:
        """Whether clients are accepted."""
        return self._accepts.is_set()

    @property
    def open_connections(self) -> int:
        return len(self._connections)

    @property
    def waiting_messages(self) -> int:
        """Messages received and not yet given to the sink."""
        return self._intake.waiting

    async def serve(self) -> None:
        """Accept clients and commit what they send, until `stop`.

        Raises:
            ExceptionGroup: with Unavailable in it: the sink is dead. Every connection is closed, none acknowledged.
        """
        if self._server is None:
            await self.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                commits = tasks.create_task(self._intake.run(), name="mqtt commits")
                await self._listen()
                self._accepts.set()
                await self._stopping.wait()
                self._accepts.clear()
                await self._drain()
                for task in (commits, *self._logins):
                    task.cancel()
        finally:
            self._tasks = None
            self._accepts.clear()
            self._close("the listener ends", DisconnectReasonCode.SERVER_SHUTTING_DOWN)

    def forget(self, name: str) -> None:
        """A credential has ended, and with it the connections that were made with it."""
        for connection in list(self._connections):
            if connection.identity is not None and connection.identity.name == name:
                connection.end("its credential was revoked", code=DisconnectReasonCode.NOT_AUTHORIZED, fault=False)

    async def accepting(self) -> None:
        """Until clients are accepted; for who runs `serve` beside."""
        await self._accepts.wait()

    async def stop(self) -> None:
        """Take nothing more, acknowledge what is queued (at most 2 s), say goodbye; `serve` then returns."""
        self._stopping.set()

    async def _drain(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.hold()
        try:
            async with asyncio.timeout(_DRAIN_S):
                await self._intake.drained()
        except TimeoutError:
            log.warning("mqtt: %d messages were not committed before the end; they come again", self._intake.waiting)

    def _close(self, because: str, code: DisconnectReasonCode) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.end(because, code=code, fault=False)

    # what connections ask (Hub)

    def opened(self, connection: Connection) -> bool:
        if len(self._connections) >= self.limits.connections:
            self.counters.refused_full += 1
            if not self._full:
                self._full = True
                log.warning("mqtt: %d clients are connected; more are refused", len(self._connections))
            return False
        self._connections.add(connection)
        self.counters.connections += 1
        return True

    def closed(self, connection: Connection, because: str, *, fault: bool) -> None:
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        self._subscribers.leaves(connection)
        self._waiting.pop(connection, None)
        if self._by_client_id.get(connection.client_id) is connection:
            del self._by_client_id[connection.client_id]
        self._full = False
        self.counters.faults += fault
        log.log(
            logging.WARNING if fault else logging.DEBUG,
            "mqtt: client %.80r at %s ended: %s",
            connection.client_id,
            connection.peer,
            because,
        )

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        if self._tasks is None:
            work.close()
            return
        task = self._tasks.create_task(work)
        self._logins.add(task)
        task.add_done_callback(self._logins.discard)

    def claim(self, connection: Connection) -> None:
        older = self._by_client_id.get(connection.client_id)
        self._by_client_id[connection.client_id] = connection
        if older is not None:
            older.end(
                f"another client came with its id, from {connection.peer}",
                code=DisconnectReasonCode.SESSION_TAKEN_OVER,
                fault=True,
            )

    def must_wait(self, connection: Connection) -> bool:
        if not self._intake.full:
            return False
        self._waiting[connection] = None
        self.counters.waits += 1
        return True

    def take(self, message: RawMessage, receipt: Receipt) -> None:
        self.counters.received += 1
        self._intake.add(Waiting(message, receipt))

    def subscribed(self, connection: Connection) -> None:
        self._subscribers.settle(connection)

    def not_allowed(self) -> None:
        self.counters.not_allowed += 1

    def not_delivered(self) -> None:
        self.counters.not_delivered += 1

    # what the intake says

    def _on_space(self) -> None:
        while self._waiting and not self._intake.full:
            connection = next(iter(self._waiting))
            del self._waiting[connection]
            connection.resume()

    def _on_kept(self, batch: Sequence[Waiting[Receipt]]) -> None:
        self.counters.batches += 1
        self.counters.kept += len(batch)
        acknowledged: defaultdict[Connection, list[PublishPacket]] = defaultdict(list)
        for item in batch:
            packet = item.sender.packet
            if packet is not None and int(packet.qos):
                acknowledged[item.sender.connection].append(packet)
        for connection, packets in acknowledged.items():
            connection.kept(packets)
        if self._subscribers:
            for item in batch:
                self._subscribers.hear(item)

    def _on_lost(self, batch: Sequence[Waiting[Receipt]], because: str) -> None:
        self.counters.not_kept += len(batch)
        # MQTT sends again only after a reconnect: closing is what makes a publisher try again.
        for connection in {item.sender.connection for item in batch}:
            connection.end(
                f"its messages could not be kept: {because}",
                code=DisconnectReasonCode.UNSPECIFIED_ERROR,
                fault=False,
            )
