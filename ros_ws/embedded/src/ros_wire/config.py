"""Zenoh configuration of sessions and routers: rmw_zenoh's defaults, its environment variables, and ours on top."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlparse

import zenoh

from ros_wire.security import VARIABLE as SECURITY_VARIABLE
from ros_wire.security import read_security

_COMMON = {
    "scouting/multicast/enabled": False,
    "scouting/delay": 1,
    "scouting/gossip/enabled": True,
    "timestamping/enabled": {"router": True, "peer": True, "client": True},
    "transport/shared_memory/enabled": False,
    # a listener or a router that is not there yet is no reason to fail: it is tried again for ever
    "connect/timeout_ms": -1,
    "connect/exit_on_failure": False,
    "connect/retry": {"period_init_ms": 200, "period_max_ms": 2000, "period_increase_factor": 1.5},
}
_SESSION = {
    "mode": "peer",
    "connect/endpoints": ["tcp/localhost:7447"],
    "listen/endpoints": ["tcp/localhost:0"],
    # neighbours at the same router are spoken to directly; other routers are our router's business
    "scouting/gossip/autoconnect": {"router": [], "peer": ["peer"]},
    "scouting/gossip/autoconnect_strategy": {"peer": {"to_router": "always", "to_peer": "greater-zid"}},
    "scouting/gossip/target": {"router": ["router", "peer"], "peer": ["router"]},
    "queries_default_timeout": 60_000,
    # closing waits for greetings: with Zenoh's 10 s a neighbour that went away in the midst of one made it fail
    "transport/unicast/open_timeout": 2_000,
    "transport/unicast/accept_timeout": 2_000,
}
_ROUTER = {
    "mode": "router",
    "scouting/gossip/autoconnect": {"router": [], "peer": []},
    # between two peers that cannot reach each other the router carries the data
    "routing/router/peers_failover_brokering": True,
    "transport/unicast/open_timeout": 5_000,  # a mobile link greets slowly; closing fails after 10 s
}


class ConfigError(ValueError):
    """A setting that Zenoh refuses, or a variable that cannot be read; names both."""


def session_config(environment: Mapping[str, str] | None = None) -> zenoh.Config:
    """The configuration of a node's session.

    `ZENOH_SESSION_CONFIG_URI` (a path or `file://` address) replaces the defaults; `ROS_WIRE_SECURITY` is the path of
    a settings file (`ros_wire.security`); `ZENOH_CONFIG_OVERRIDE` (`key=value;key=value`, values in JSON5) changes
    single settings of the outcome.

    Raises:
        ConfigError, SecurityError: a file or an override cannot be read.
    """
    environment = os.environ if environment is None else environment
    uri = environment.get("ZENOH_SESSION_CONFIG_URI", "")
    config = _from_file(uri) if uri else _built({**_COMMON, **_SESSION})
    secured = environment.get(SECURITY_VARIABLE, "")
    if secured:
        for key, value in read_security(secured).session_settings().items():
            _insert(config, key, json.dumps(value))
    for item in environment.get("ZENOH_CONFIG_OVERRIDE", "").split(";"):
        if item.strip():
            key, equals, value = item.partition("=")
            if not equals:
                raise ConfigError(f"ZENOH_CONFIG_OVERRIDE: expected key=value, got {item!r}")
            _insert(config, key.strip(), value.strip())
    return config


def router_config(
    listen: Sequence[str], connect: Sequence[str], settings: Mapping[str, object] | None = None
) -> zenoh.Config:
    """The configuration of a router; `settings` are further Zenoh settings by path (`transport/link/tls`)."""
    chosen = {"listen/endpoints": list(listen), "connect/endpoints": list(connect)}
    return _built({**_COMMON, **_ROUTER, **chosen, **(settings or {})})


def domain_id(environment: Mapping[str, str] | None = None) -> int:
    """The ROS domain, from `ROS_DOMAIN_ID`; 0 where it is not set."""
    text = (os.environ if environment is None else environment).get("ROS_DOMAIN_ID", "") or "0"
    if not text.isdecimal():
        raise ConfigError(f"ROS_DOMAIN_ID: expected a number, got {text!r}")
    return int(text)


def _from_file(uri: str) -> zenoh.Config:
    path = unquote(urlparse(uri).path) if uri.startswith("file:") else uri
    try:
        return zenoh.Config.from_file(path)
    except zenoh.ZError as error:
        raise ConfigError(f"ZENOH_SESSION_CONFIG_URI: {path} cannot be used: {error}") from None


def _built(settings: Mapping[str, object]) -> zenoh.Config:
    config = zenoh.Config()
    for key, value in settings.items():
        _insert(config, key, json.dumps(value))
    return config


def _insert(config: zenoh.Config, key: str, value: str) -> None:
    try:
        config.insert_json5(key, value)
    except zenoh.ZError as error:
        raise ConfigError(f"zenoh setting {key}={value} was refused: {error}") from None
