"""A viewer's offer: what is asked of it, and that a browser's hidden addresses do not delay the answer."""

from __future__ import annotations

import pytest

from patrol_core.errors import InvalidInput
from teleop.offer import MAX_CHARS, checked_offer, ice_servers_from, wants_data

OFFER = "\r\n".join(
    [
        "v=0",
        "m=video 9 UDP/TLS/RTP/SAVPF 102",
        "a=candidate:1 1 udp 2113937151 4f6b6e2c-9d1e-4f0e.local 54321 typ host",
        "a=candidate:2 1 udp 1677729535 203.0.113.7 40000 typ srflx raddr 0.0.0.0 rport 0",
        "a=end-of-candidates",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "",
    ]
)


def test_hidden_addresses_and_the_end_of_candidates_are_left_out_and_all_else_stays() -> None:
    kept = checked_offer(OFFER).splitlines()
    assert [line for line in OFFER.splitlines() if line not in kept] == [
        "a=candidate:1 1 udp 2113937151 4f6b6e2c-9d1e-4f0e.local 54321 typ host",
        "a=end-of-candidates",
    ]


def test_a_data_section_is_seen() -> None:
    assert wants_data(checked_offer(OFFER))
    assert not wants_data(checked_offer("v=0\nm=video 9 UDP/TLS/RTP/SAVPF 102\n"))


@pytest.mark.parametrize(
    ("sdp", "words"),
    [
        ("", 'begins with "v=0"'),
        ("<html>", "<html>"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "video section"),
        ("v=0\n" + "a" * MAX_CHARS, "at most"),
    ],
)
def test_what_is_no_offer_of_video_is_refused_in_words(sdp: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        checked_offer(sdp)


def test_no_ice_servers_means_none() -> None:
    assert ice_servers_from("") == []
    assert ice_servers_from('[{"urls": ["stun:stun.example:3478"]}]') == [{"urls": ["stun:stun.example:3478"]}]


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '[{"username": "u"}]'])
def test_a_list_of_servers_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="expected a"):
        ice_servers_from(text)
