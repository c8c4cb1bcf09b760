"""Which broker the telemetry lane follows, and which of its topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from patrol_core.errors import InvalidInput

VARIABLE = "RONDA_TELEMETRY_BROKER"
TOPICS = "RONDA_TELEMETRY_TOPICS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Any MQTT 5 broker."""

    host: str
    port: int
    username: str | None
    password: str | None
    topics: tuple[str, ...]  # filters; none: what devices of the site publish in our own form
    client_id: str = "ronda-telemetry"


def broker_from(environment: Mapping[str, str]) -> Broker | None:
    """The broker of `mqtt://user:password@host:1883`; None where none is named.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    text = environment.get(VARIABLE, "")
    if not text:
        return None
    url = urlsplit(text if "//" in text else f"//{text}", scheme="mqtt")
    try:
        number = url.port or 1883
    except ValueError:
        number = 0
    if url.scheme != "mqtt" or not url.hostname or not number:
        raise InvalidInput(f"expected mqtt://[user:password@]host[:port]; came {text!r:.80}", where=VARIABLE)
    topics = tuple(t.strip() for t in environment.get(TOPICS, "").split(",") if t.strip())
    return Broker(
        host=url.hostname,
        port=number,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        topics=topics,
    )
