"""What the center is told from outside: environment variables, then flags. Read once, never at import."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mission_planner.incidents.retention import Retention, retention_from
from mission_planner.incidents.telemetry.broker import Broker, broker_from
from mission_planner.video.ice import VARIABLE as ICE_VARIABLE
from mission_planner.video.ice import IceServer, ice_servers_from
from patrol_core.environment import port, speed
from patrol_core.errors import InvalidInput

DEFAULT_SITE = "xinghe"
MIN_SECRET = 16
DEFAULT_RESERVE_MIB = 16  # holds thousands of cries for help with all that follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is told outside the console, by signed HTTP POSTs."""

    url: str
    secret: str  # signs each body
    routing_key: str = ""  # of a PagerDuty service; "" for others
    console_url: str = ""  # links in the message lead there


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Validated settings of one center."""

    site: str  # name below maps/sites, or a path
    data: Path  # everything the center keeps
    store: str | None = None  # address of a PostgreSQL database; None for SQLite in `data`
    retention: Retention = field(default_factory=Retention)
    reserve_bytes: int = 0  # of the disk under `data`, kept free for cries for help
    host: str = "127.0.0.1"
    http_port: int = 8000
    mqtt_port: int = 1883
    mqtt_anonymous: bool = False  # nameless clients of this machine may say everything
    telemetry: Broker | None = None  # whose values are followed
    router_port: int = 7447
    speed: float = 1.0  # site seconds per real second
    admin_password: str | None = None
    insecure_http: bool = False
    demo: bool = False
    webhook: Receiver | None = None  # who is told outside the console
    ice_servers: tuple[IceServer, ...] = ()  # STUN and TURN, for browsers and robots alike

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.insecure_http:
            raise InvalidInput(
                f"expected a loopback address; came {self.host!r}: passwords and pictures would cross the network "
                "unencrypted. Put a TLS proxy in front, or accept that with --insecure-http (RONDA_INSECURE_HTTP=1)",
                where="RONDA_HOST",
            )

    @property
    def url(self) -> str:
        """Where the console answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.http_port}"


def settings_from(environment: Mapping[str, str], *, demo: bool = False, insecure_http: bool = False) -> Settings:
    """Settings from the environment; a flag that was given stands in `environment` already.

    Raises:
        InvalidInput: names the variable, what was expected and what came.
    """
    return Settings(
        site=environment.get("RONDA_SITE") or DEFAULT_SITE,
        data=_folder(environment),
        store=environment.get("RONDA_STORE") or None,
        reserve_bytes=_reserve(environment),
        retention=retention_from(environment),
        host=environment.get("RONDA_HOST") or "127.0.0.1",
        http_port=port(environment, "RONDA_PORT", 8000),
        mqtt_port=port(environment, "RONDA_MQTT_PORT", 1883),
        mqtt_anonymous=_anonymous(environment),
        telemetry=broker_from(environment),
        router_port=port(environment, "RONDA_ROUTER_PORT", 7447),
        speed=speed(environment),
        admin_password=environment.get("RONDA_ADMIN_PASSWORD") or None,
        insecure_http=insecure_http or environment.get("RONDA_INSECURE_HTTP", "") not in ("", "0"),
        demo=demo,
        webhook=_receiver(environment),
        ice_servers=ice_servers_from(environment.get(ICE_VARIABLE, "")),
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _anonymous(environment: Mapping[str, str]) -> bool:
    came = environment.get("RONDA_MQTT_ANONYMOUS", "") or "none"
    if came not in ("none", "loopback"):
        raise InvalidInput(f'expected "none" or "loopback"; came {came!r:.40}', where="RONDA_MQTT_ANONYMOUS")
    return came == "loopback"


def _receiver(environment: Mapping[str, str]) -> Receiver | None:
    url = environment.get("RONDA_WEBHOOK_URL", "")
    if not url:
        return None
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise InvalidInput(f"expected an http or https address; came {url!r:.120}", where="RONDA_WEBHOOK_URL")
    secret = environment.get("RONDA_WEBHOOK_SECRET", "")
    if len(secret) < MIN_SECRET:
        raise InvalidInput(
            f"expected at least {MIN_SECRET} characters, with which each message is signed; came {len(secret)}",
            where="RONDA_WEBHOOK_SECRET",
        )
    return Receiver(
        url=url,
        secret=secret,
        routing_key=environment.get("RONDA_WEBHOOK_ROUTING_KEY", ""),
        console_url=environment.get("RONDA_CONSOLE_URL", "").rstrip("/"),
    )


def _reserve(environment: Mapping[str, str]) -> int:
    given = environment.get("RONDA_RESERVE_MIB") or str(DEFAULT_RESERVE_MIB)
    if not (given.isascii() and given.isdigit() and int(given) <= 10_000):
        raise InvalidInput(f"expected whole MiB from 0 to 10000; came {given!r:.80}", where="RONDA_RESERVE_MIB")
    return int(given) * 1024 * 1024


def _folder(environment: Mapping[str, str]) -> Path:
    given = environment.get("RONDA_DATA")
    if given:
        return Path(given)
    state_home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state_home) / "ronda" / "center"
