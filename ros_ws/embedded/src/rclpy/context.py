"""A context: one session on the wire, the arguments given to it, and the nodes made in it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from rclpy._arguments import Arguments, parse_arguments
from rclpy._logger import outlets
from rclpy._origin import check_one_origin
from rclpy.exceptions import NotInitializedException, RCLError
from rclpy.logging import get_logger, set_logger_level_text
from ros_wire.config import ConfigError
from ros_wire.security import SecurityError
from ros_wire.session import WireSession


def _warn(sentence: str) -> None:
    get_logger("rmw").warning(sentence)


class Context:
    """Opened by `init`, closed by `shutdown`; several may live side by side in one process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._session: WireSession | None = None
        self._initialized = False
        self._callbacks: list[Callable[[], object]] = []
        self.arguments = Arguments()
        self.spinner: Any = None  # the executor that `rclpy.spin` uses for this context's nodes

    def init(
        self, args: Sequence[str] | None = None, *, initialize_logging: bool = True, domain_id: int | None = None
    ) -> None:
        """Open the session. `args` are command line arguments, those of the process by default.

        Raises:
            RuntimeError: it was initialised before.
            MixedInstallationError: rclpy and the message packages are not of one installation.
        """
        check_one_origin()
        with self._lock:
            if self._initialized:
                raise RuntimeError("Context.init() must only be called once")
            self.arguments = parse_arguments(sys.argv[1:] if args is None else args)
            if initialize_logging:
                outlets.to_console = self.arguments.console
                for text in self.arguments.log_levels:
                    set_logger_level_text(text)
            environment = dict(os.environ)
            if domain_id is not None:
                environment["ROS_DOMAIN_ID"] = str(domain_id)
            try:
                self._session = WireSession(log=_warn, environment=environment)
            except (ConfigError, SecurityError) as error:
                raise RCLError(str(error)) from None
            self._initialized = True

    @property
    def handle(self) -> WireSession | None:
        """What is beneath it: the session, None where it is not open."""
        return self._session

    @property
    def session(self) -> WireSession:
        """The session on the wire.

        Raises:
            NotInitializedException: there is none (yet, or any more).
        """
        session = self._session
        if session is None:
            raise NotInitializedException
        return session

    def ok(self) -> bool:
        """Whether it is open."""
        return self._session is not None

    def get_domain_id(self) -> int:
        """The ROS domain."""
        return self.session.domain

    def shutdown(self) -> None:
        """Close it: spinning ends, every entity goes.

        Raises:
            RuntimeError: it is not open.
        """
        if not self._shutdown():
            raise RuntimeError("Context must be initialized before it can be shutdown")

    def try_shutdown(self) -> None:
        """Close it where it is open."""
        self._shutdown()

    def destroy(self) -> None:
        """Close it for good."""
        self._shutdown()

    def on_shutdown(self, callback: Callable[[], object]) -> None:
        """Call `callback` once it is closed."""
        if not callable(callback):
            raise TypeError("callback should be a callable")
        with self._lock:
            self._callbacks.append(callback)

    def remove_on_shutdown(self, callback: Callable[[], object]) -> None:
        """Do not call it."""
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def _shutdown(self) -> bool:
        with self._lock:
            session, self._session = self._session, None
            if session is None:
                return False
            callbacks, self._callbacks = self._callbacks, []
        session.close()
        for callback in callbacks:
            callback()
        return True

    def __enter__(self) -> Self:
        if not self._initialized:
            self.init()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.try_shutdown()
