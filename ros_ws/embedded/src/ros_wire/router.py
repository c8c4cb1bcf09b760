"""A Zenoh router inside this process: what a robot, the center and the simulator each run for their nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ros_wire.config import router_config
from ros_wire.opening import NotOpened, close_zenoh, open_zenoh
from ros_wire.security import read_security


class RouterError(RuntimeError):
    """A router that could not start; names what it should have listened on."""


class Router:
    """Routes between the peers that connect to it, and to the routers it connects to.

    Upstream routers need not be there: each is tried for ever, from 0.2 s to 2 s apart, and again when it was lost.
    The router runs from construction until `close`.
    """

    def __init__(
        self,
        *,
        listen: Sequence[str] = ("tcp/localhost:7447",),
        connect: Sequence[str] = (),
        settings: Mapping[str, object] | None = None,
        security: Path | str | None = None,
    ) -> None:
        """Start listening on endpoints such as `tcp/localhost:7447`; port 0 lets the system choose.

        `security` is a settings file (`ros_wire.security`) that says whom it lets in and what they may; `settings` are
        further Zenoh settings by path, such as `transport/link/tls`.

        Raises:
            RouterError: an endpoint cannot be listened on.
            SecurityError: the settings file cannot be read.
        """
        secured = read_security(security).settings() if security is not None else {}
        try:
            self._session = open_zenoh(router_config(listen, connect, {**secured, **(settings or {})}))
        except NotOpened as error:
            raise RouterError(f"no router on {', '.join(listen)}: {error}") from None

    @property
    def router_id(self) -> str:
        """Its Zenoh id, hexadecimal."""
        return str(self._session.zid())

    def upstream_ids(self) -> list[str]:
        """The ids of the routers it is connected to now."""
        return [str(zid) for zid in self._session.info.routers_zid()]

    def peer_ids(self) -> list[str]:
        """The ids of the sessions that are connected to it now."""
        return [str(zid) for zid in self._session.info.peers_zid()]

    def close(self) -> None:
        """Stop routing and end every connection."""
        if not self._session.is_closed():
            close_zenoh(self._session)  # what did not answer is gone with its link

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
