"""A viewer's SDP offer: what it must have, and what is taken out of it. Pure text."""

from __future__ import annotations

import json
from typing import Any

from patrol_core.errors import InvalidInput

MAX_CHARS = 64 * 1024


def checked_offer(sdp: str) -> str:
    """The offer as aiortc gets it.

    Candidates with a `.local` name are left out: a browser hides its addresses behind them (mDNS), and asking the
    network for each costs a second that often ends with nothing. They are not needed. The browser knows the robot's
    candidates from the answer and calls; where the call comes from is the candidate (peer reflexive, RFC 8445 7.3.1.3).
    So that ICE waits for that call, the offer's end of candidates is left out as well.

    Raises:
        InvalidInput: not an offer that asks for video.
    """
    if len(sdp) > MAX_CHARS:
        raise InvalidInput(f"expected at most {MAX_CHARS} characters; came {len(sdp)}", where="offer")
    lines = sdp.replace("\r\n", "\n").strip().split("\n")
    if lines[0] != "v=0":
        raise InvalidInput(f'expected SDP that begins with "v=0"; came {lines[0]!r:.40}', where="offer")
    if not any(line.startswith("m=video ") for line in lines):
        raise InvalidInput("expected a video section (m=video); came none", where="offer")
    kept = [line for line in lines if line != "a=end-of-candidates" and not _hidden_candidate(line)]
    return "\r\n".join(kept) + "\r\n"


def wants_data(sdp: str) -> bool:
    """Whether the viewer can take a data channel."""
    return "\nm=application " in sdp


def ice_servers_from(text: str) -> list[dict[str, Any]]:
    """The center's list of RTCIceServer, each with `urls`, and `username` and `credential` where it has them.

    Raises:
        InvalidInput: not such a list.
    """
    try:
        servers = json.loads(text or "[]")
    except ValueError:
        raise InvalidInput(f"expected a JSON list; came {text!r:.60}", where="ice_servers") from None
    if not isinstance(servers, list) or not all(isinstance(s, dict) and s.get("urls") for s in servers):
        raise InvalidInput(f"expected a list of objects with urls; came {text!r:.60}", where="ice_servers")
    return servers


def _hidden_candidate(line: str) -> bool:
    words = line.split()
    return line.startswith("a=candidate:") and len(words) > 4 and words[4].endswith(".local")
