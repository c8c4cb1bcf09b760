"""When a client has been silent for too long: before it is logged in, and after, by its keep-alive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mqtt5 import DisconnectReasonCode as Reason


class Patience:
    """One client's timer."""

    def __init__(
        self, *, login_within_s: float, end: Callable[[str, Reason], None], our_doing: Callable[[], bool]
    ) -> None:
        """Args:
        end: ends the connection, with the reason.
        our_doing: whether it is silent because nobody reads it.
        """
        self._loop = asyncio.get_running_loop()
        self._end = end
        self._our_doing = our_doing
        self._login_within_s = login_within_s
        self._limit_s = 0.0  # 0: for ever
        self._heard_s = self._loop.time()
        self._timer = self._loop.call_later(login_within_s, self._too_late)

    def heard(self) -> None:
        """A whole packet came."""
        self._heard_s = self._loop.time()

    def logged_in(self, *, keep_alive_s: int) -> None:
        """From now on its keep-alive counts; 0 is none."""
        self._limit_s = 1.5 * keep_alive_s  # MQTT 5, 3.1.2.10
        self.heard()
        self._timer.cancel()
        if self._limit_s:
            self._timer = self._loop.call_later(self._limit_s, self._look)

    def stop(self) -> None:
        """The connection is gone."""
        self._timer.cancel()

    def _too_late(self) -> None:
        self._end(f"it was not logged in within {self._login_within_s:g} s", Reason.MAX_CONNECT_TIME)

    def _look(self) -> None:
        """End a silent connection; otherwise look again when it could have become one."""
        left_s = self._heard_s + self._limit_s - self._loop.time()
        if left_s <= 0 and not self._our_doing():
            because = f"nothing heard for {self._limit_s:g} s; its keep-alive is {self._limit_s / 1.5:g} s"
            self._end(because, Reason.KEEP_ALIVE_TIMEOUT)
            return
        self._timer = self._loop.call_later(left_s if left_s > 0 else self._limit_s, self._look)
