"""The HTTP server: its socket, bound before anything else is touched, and uvicorn as a task among others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from mission_planner.settings import Settings
from patrol_core.errors import Unavailable

SHUTDOWN_S = 2


class HttpServer(uvicorn.Server):
    """uvicorn in a task of ours: signals are the command's business, and so is the end."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=SHUTDOWN_S - 1,
            )
        )

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn, and also when it is cancelled nothing of it stays in the event loop.

        A socket that is closed while the loop still watches it makes the loop deaf to the next one of its number.
        """
        try:
            await super().serve(sockets)
        finally:
            for server in getattr(self, "servers", ()):  # none before it has started
                server.close()
            for connection in tuple(self.server_state.connections):
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def until_started(self) -> None:
        """Return once requests are answered."""
        while not self.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)


@contextmanager
def bound(settings: Settings) -> Iterator[socket.socket]:
    """The HTTP socket, listening; before anything else is touched."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # by its protocol asyncio knows that it may switch off Nagle's delay: it cost each answer 40 ms
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.http_port))
            listening.listen(1024)
        except OSError as error:
            raise Unavailable(
                f"the console cannot listen on {settings.host}:{settings.http_port}: {error.strerror or error}; "
                "end the other program, or set RONDA_PORT to a free port"
            ) from None
        yield listening
