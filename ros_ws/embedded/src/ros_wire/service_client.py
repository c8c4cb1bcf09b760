"""Service clients of bytes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import zenoh
from zenoh.handlers import Callback

from ros_wire import attachment
from ros_wire.attachment import Attachment
from ros_wire.names import Entity, WireError
from ros_wire.session import SessionClosed, WireSession

# An action's result is asked for when the goal begins and may take days; Zenoh has no "for ever"
_NO_TIMEOUT_S = 10 * 365 * 86400.0
_DEFAULT_TIMEOUT_S = 60.0
# Routers that have just met know each other's servers a moment before they know the way to them. A query that ends
# sooner than this, without reply or error, went nowhere: it is asked again after this time, so many times.
_NO_WAY_S = 0.1
_TRIES = 20


class WireClient:
    """Calls one name."""

    def __init__(self, session: WireSession, entity: Entity) -> None:
        self.entity = entity
        self.session = session
        self._sequence = itertools.count(1)
        self.timeout_s = _NO_TIMEOUT_S if entity.topic.endswith("/_action/get_result") else _DEFAULT_TIMEOUT_S
        self._token = session.announce(entity)

    @property
    def server_is_ready(self) -> bool:
        """Whether a server of this name, type and hash is known."""
        return self.session.graph.matches(self.entity) > 0

    def prepare(
        self, payload: bytes | bytearray, on_reply: Callable[[bytes], None], on_end: Callable[[str], None]
    ) -> PendingCall:
        """A request that `send` sends.

        The first proper reply goes to `on_reply`. `on_end` follows in any case, once no more replies can come, with
        the reason why there was none (empty where there was one). Both run on threads of Zenoh and must not block.
        """
        return PendingCall(self, bytes(payload), next(self._sequence), on_reply, on_end)

    def close(self) -> None:
        """Withdraw the client."""
        self.session.withdraw(self.entity, self._token)


class PendingCall:
    """One call on its way. Its callbacks run one after the other."""

    def __init__(
        self,
        client: WireClient,
        payload: bytes,
        sequence: int,
        on_reply: Callable[[bytes], None],
        on_end: Callable[[str], None],
    ) -> None:
        self._client = client
        self._payload = payload
        self._sequence = sequence
        self._on_reply = on_reply
        self._on_end = on_end
        self._gid = client.entity.gid
        self._answered = False
        self._reason = ""
        self._sent_s = 0.0
        self._tries = 0
        self._cancelled = False
        self._token = zenoh.CancellationToken()

    def send(self) -> None:
        """Ask; raises SessionClosed where that is not possible any more."""
        self._tries += 1
        self._sent_s = time.monotonic()
        try:
            with self._client.session.inside:
                self._client.session.zenoh.get(
                    self._client.entity.data_key,
                    Callback(self._on_zenoh_reply, self._on_zenoh_end, indirect=False),
                    target=zenoh.QueryTarget.ALL_COMPLETE,
                    consolidation=zenoh.ConsolidationMode.NONE,
                    timeout=self._client.timeout_s,
                    payload=self._payload,
                    attachment=attachment.pack(self._sequence, time.time_ns(), self._gid),
                    cancellation_token=self._token,
                )
        except (SessionClosed, zenoh.ZError) as error:
            raise SessionClosed(f"{self._client.entity.topic}: nothing was asked: {error}") from None

    @property
    def note(self) -> Attachment:
        """What goes with the request."""
        return Attachment(sequence=self._sequence, stamp_ns=time.time_ns(), gid=self._gid)

    def cancel(self) -> None:
        """Wait for the reply no longer; `on_end` follows."""
        self._cancelled = True
        self._token.cancel()

    def _on_zenoh_reply(self, reply: zenoh.Reply) -> None:
        sample = reply.ok
        if sample is None:
            error = reply.err
            self._reason = "the call failed" if error is None else error.payload.to_bytes().decode(errors="replace")
            return
        note = sample.attachment
        try:
            read = attachment.unpack(None if note is None else note.to_bytes())
        except WireError as error:
            self._reason = f"a reply was dropped: {error}"
            return
        if (read.sequence, read.gid) != (self._sequence, self._gid):
            self._reason = f"a reply was dropped: it answers request {read.sequence}, not {self._sequence}"
        elif not self._answered:
            self._answered = True
            self._on_reply(sample.payload.to_bytes())

    def _on_zenoh_end(self) -> None:
        went_nowhere = not (self._answered or self._reason or self._cancelled)
        if went_nowhere and time.monotonic() - self._sent_s < _NO_WAY_S and self._tries < _TRIES:
            retry = threading.Timer(_NO_WAY_S, self._send_again)
            retry.daemon = True
            retry.start()
        else:
            self._end()

    def _send_again(self) -> None:
        if self._cancelled or not self._client.server_is_ready:
            self._end()
            return
        try:
            self.send()
        except SessionClosed as error:
            self._reason = str(error)
            self._end()

    def _end(self) -> None:
        reason = self._reason or "no server answered"
        self._on_end("" if self._answered else f"{self._client.entity.topic}: {reason}")
