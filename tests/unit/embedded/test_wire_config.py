"""The configuration of sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ros_wire.config import ConfigError, domain_id, router_config, session_config


def test_a_session_is_a_peer_of_the_local_router_by_default() -> None:
    config = session_config({})
    assert config.get_json("mode") == '"peer"'
    assert config.get_json("connect/endpoints") == '["tcp/localhost:7447"]'
    assert config.get_json("scouting/multicast/enabled") == "false"
    assert config.get_json("scouting/gossip/enabled") == "true"
    assert '"peer":true' in config.get_json("timestamping/enabled")


def test_overrides_change_single_settings() -> None:
    config = session_config({"ZENOH_CONFIG_OVERRIDE": 'mode="client";connect/endpoints=["tcp/10.0.0.1:7447"]; '})
    assert config.get_json("mode") == '"client"'
    assert config.get_json("connect/endpoints") == '["tcp/10.0.0.1:7447"]'


@pytest.mark.parametrize("form", ["{path}", "file://{path}"])
def test_a_file_replaces_the_defaults_and_overrides_still_hold(form: str, tmp_path: Path) -> None:
    path = tmp_path / "session.json5"
    path.write_text('{ mode: "client", connect: { endpoints: ["tcp/10.0.0.2:7447"] } }')
    environment = {"ZENOH_SESSION_CONFIG_URI": form.format(path=path), "ZENOH_CONFIG_OVERRIDE": 'mode="peer"'}
    config = session_config(environment)
    assert config.get_json("connect/endpoints") == '["tcp/10.0.0.2:7447"]'
    assert config.get_json("mode") == '"peer"'


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"ZENOH_CONFIG_OVERRIDE": "mode"}, "expected key=value, got 'mode'"),
        ({"ZENOH_CONFIG_OVERRIDE": "no/such/key=1"}, "no/such/key=1 was refused"),
        ({"ZENOH_SESSION_CONFIG_URI": "/no/such/file.json5"}, "/no/such/file.json5 cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        session_config(environment)


def test_the_domain_is_a_number_and_zero_by_default() -> None:
    assert domain_id({}) == 0
    assert domain_id({"ROS_DOMAIN_ID": "42"}) == 42
    with pytest.raises(ConfigError, match="expected a number, got 'home'"):
        domain_id({"ROS_DOMAIN_ID": "home"})


def test_a_router_takes_further_settings_by_path() -> None:
    config = router_config(["tcp/127.0.0.1:0"], [], {"transport/link/tls/enable_mtls": True})
    assert config.get_json("mode") == '"router"'
    assert '"enable_mtls":true' in config.get_json("transport/link/tls")
