"""Opens and closes Zenoh sessions, with an end to the waiting."""

from __future__ import annotations

import threading
from contextlib import suppress

import zenoh

PATIENCE_S = 30.0  # a session opens in milliseconds; a busy machine takes seconds


class NotOpened(RuntimeError):
    """A session that Zenoh refused, or did not open in time; says which of the two and why."""


def open_zenoh(config: zenoh.Config, *, patience_s: float = PATIENCE_S) -> zenoh.Session:
    """Open a session; one that comes after `patience_s` is closed again.

    Raises:
        NotOpened: a setting or an endpoint to listen on cannot be used, or the time is over: nobody answers in client
            mode, or Zenoh stands still.
    """
    attempt = _Attempt(config)
    attempt.thread.start()
    attempt.thread.join(patience_s)
    return attempt.outcome(patience_s)


def close_zenoh(session: zenoh.Session) -> str | None:
    """Close a session; None, or what Zenoh says of links that it gave up waiting for."""
    try:
        session.close()
    except zenoh.ZError as error:
        return f"links that did not answer were left: {error}"
    return None


class _Attempt:
    """One call of `zenoh.open`, which nothing can interrupt, on a thread that the process does not wait for."""

    def __init__(self, config: zenoh.Config) -> None:
        self.thread = threading.Thread(target=self._run, name="open a session", daemon=True)
        self._config = config
        self._lock = threading.Lock()
        self._given_up = False
        self._session: zenoh.Session | None = None
        self._error: Exception | None = None

    def outcome(self, patience_s: float) -> zenoh.Session:
        """What came of it by now; what comes later is closed."""
        with self._lock:
            self._given_up = True
            if self._session is not None:
                return self._session
            if self._error is not None:
                raise NotOpened(str(self._error)) from None
        config = self._config
        mode, endpoints = config.get_json("mode"), config.get_json("connect/endpoints")
        raise NotOpened(
            f"Zenoh opened no session within {patience_s:g} s (mode {mode}, connecting to {endpoints}): a client waits "
            "for a router to answer; otherwise Zenoh stands still (its issue 2581: many peers came and went at once)"
        )

    def _run(self) -> None:
        try:
            session = zenoh.open(self._config)
        except zenoh.ZError as error:
            with self._lock:
                self._error = error
            return
        with self._lock:
            if not self._given_up:
                self._session = session
                return
        with suppress(zenoh.ZError):
            session.close()
