"""STUN and TURN servers: none unless told, and what is told is checked by name."""

from __future__ import annotations

import pytest

from mission_planner.settings import settings_from
from mission_planner.video.ice import IceServer, ice_servers_from
from patrol_core.errors import InvalidInput

TURN = '[{"urls": ["turn:turn.example:3478?transport=udp"], "username": "op", "credential": "se\\"cret"}]'


def test_there_is_none_by_default() -> None:
    assert settings_from({}).ice_servers == ()
    assert ice_servers_from("[]") == ()


def test_a_turn_server_with_its_account() -> None:
    (server,) = settings_from({"RONDA_ICE_SERVERS": TURN}).ice_servers
    assert server.json() == {
        "urls": ["turn:turn.example:3478?transport=udp"],
        "username": "op",
        "credential": 'se"cret',
    }
    (link,) = server.links()
    assert link.startswith('<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="op"; ')
    assert link.endswith('; credential="se\\"cret"; credential-type="password"')


def test_one_address_may_stand_alone() -> None:
    assert ice_servers_from('[{"urls": "stun:[2001:db8::1]:3478"}]') == (IceServer(urls=("stun:[2001:db8::1]:3478",)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "expected JSON such as"),
        ('{"urls": "stun:a"}', "expected a list"),
        ('["stun:a"]', "expected urls, username and credential"),
        ('[{"urls": "stun:a", "url": "stun:b"}]', "expected urls, username and credential"),
        ('[{"urls": "http://a"}]', "expected stun:, stuns:, turn: or turns: addresses"),
        ('[{"urls": []}]', "expected stun:, stuns:, turn: or turns: addresses"),
        ('[{"urls": "stun:a\\r\\nSet-Cookie: x"}]', "expected stun:, stuns:, turn: or turns: addresses"),
        ('[{"urls": "turn:a"}]', "expected a username and a credential for turn:a"),
        ('[{"urls": "turn:a", "username": "u\\n", "credential": "c"}]', "printable"),
    ],
)
def test_what_is_wrong_is_said_with_the_name_of_the_setting(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        ice_servers_from(text)
    assert str(caught.value).startswith("RONDA_ICE_SERVERS: ")
