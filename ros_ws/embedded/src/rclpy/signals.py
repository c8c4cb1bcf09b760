"""What SIGINT and SIGTERM do: they shut contexts down, so that spinning ends."""

from __future__ import annotations

import signal
import threading
import weakref
from enum import IntEnum
from queue import SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rclpy.context import Context


class SignalHandlerOptions(IntEnum):
    """Which signals rclpy handles."""

    NO = 0
    SIGINT = 1
    SIGTERM = 2
    ALL = 3


class _Handlers:
    """The handlers that were there before, the contexts to shut down, and the thread that does it.

    A handler interrupts the main thread anywhere, also while it holds a lock that a shutdown needs. It therefore only
    puts the signal into a queue; at most one for each signal sent.
    """

    def __init__(self) -> None:
        self.previous: dict[int, Any] = {}
        self.contexts: weakref.WeakSet[Context] = weakref.WeakSet()
        self.caught: SimpleQueue[int] = SimpleQueue()
        self.thread: threading.Thread | None = None

    def run(self) -> None:
        while True:
            self.caught.get()
            for context in list(self.contexts):
                context.try_shutdown()


_handlers = _Handlers()


def install_signal_handlers(options: SignalHandlerOptions = SignalHandlerOptions.ALL) -> None:
    """Handle the signals; outside the main thread Python allows none, and nothing is done."""
    if threading.current_thread() is not threading.main_thread():
        return
    if _handlers.thread is None:
        _handlers.thread = threading.Thread(target=_handlers.run, name="rclpy-signals", daemon=True)
        _handlers.thread.start()
    for number, bit in ((signal.SIGINT, SignalHandlerOptions.SIGINT), (signal.SIGTERM, SignalHandlerOptions.SIGTERM)):
        if options & bit and number not in _handlers.previous:
            _handlers.previous[number] = signal.signal(number, _on_signal)


def uninstall_signal_handlers() -> None:
    """Put the handlers back that were there before."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number, handler in _handlers.previous.items():
        signal.signal(number, handler)
    _handlers.previous.clear()


def get_current_signal_handlers_options() -> SignalHandlerOptions:
    """Which signals are handled now."""
    bits = (signal.SIGINT in _handlers.previous) + 2 * (signal.SIGTERM in _handlers.previous)
    return SignalHandlerOptions(bits)


def watch(context: Context) -> None:
    """Shut this context down on a signal."""
    _handlers.contexts.add(context)


def _on_signal(number: int, frame: FrameType | None) -> None:
    _handlers.caught.put(number)
    previous = _handlers.previous.get(number)
    if callable(previous):
        previous(number, frame)  # Python's own raises KeyboardInterrupt
