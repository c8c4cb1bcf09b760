"""The STUN and TURN servers of a site, as told by RONDA_ICE_SERVERS. None unless somebody says so."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from patrol_core.errors import InvalidInput

VARIABLE = "RONDA_ICE_SERVERS"
_URL = re.compile(r"(stuns?:[^?\s,;<>\"]+|turns?:[^?\s,;<>\"]+(\?transport=(udp|tcp))?)")
_EXAMPLE = '[{"urls": "turn:turn.example:3478", "username": "u", "credential": "c"}]'


@dataclass(frozen=True, slots=True, kw_only=True)
class IceServer:
    """One RTCIceServer. Browsers and robots are given the same."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None

    def json(self) -> dict[str, Any]:
        """As the WebRTC API wants it."""
        account = {"username": self.username, "credential": self.credential}
        return {"urls": list(self.urls), **{k: v for k, v in account.items() if v is not None}}

    def links(self) -> list[str]:
        """As `Link` header values (WHEP, section 4.4)."""
        account = ""
        if self.username is not None and self.credential is not None:
            account = f'; username="{_quoted(self.username)}"; credential="{_quoted(self.credential)}"'
            account += '; credential-type="password"'
        return [f'<{url}>; rel="ice-server"{account}' for url in self.urls]


def ice_servers_from(text: str) -> tuple[IceServer, ...]:
    """The servers of a JSON list.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    if not text.strip():
        return ()
    try:
        servers = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"expected JSON such as {_EXAMPLE}; {error}", where=VARIABLE) from None
    if not isinstance(servers, list):
        raise InvalidInput(f"expected a list such as {_EXAMPLE}; came {text:.80}", where=VARIABLE)
    return tuple(_server(server) for server in servers)


def _server(server: Any) -> IceServer:
    if not isinstance(server, dict) or not set(server) <= {"urls", "username", "credential"}:
        raise InvalidInput(f"expected urls, username and credential; came {server!r:.120}", where=VARIABLE)
    urls = server.get("urls")
    listed = [urls] if isinstance(urls, str) else urls
    if not isinstance(listed, list) or not listed or not all(isinstance(u, str) and _URL.fullmatch(u) for u in listed):
        raise InvalidInput(f"expected stun:, stuns:, turn: or turns: addresses; came {urls!r:.120}", where=VARIABLE)
    account = (server.get("username"), server.get("credential"))
    if any(url.startswith("turn") for url in listed) and not all(isinstance(a, str) and a for a in account):
        raise InvalidInput(f"expected a username and a credential for {listed[0]}; came none", where=VARIABLE)
    if not all(a is None or (isinstance(a, str) and a.isprintable()) for a in account):
        raise InvalidInput("expected a username and a credential of printable characters", where=VARIABLE)
    return IceServer(urls=tuple(listed), username=account[0], credential=account[1])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
