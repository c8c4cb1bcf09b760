"""What an SDP offer must have before a robot is troubled with it. Pure text; the robot reads it in full."""

from __future__ import annotations

from patrol_core.errors import InvalidInput

MAX_BYTES = 64 * 1024


def checked(body: bytes) -> str:
    """The offer as text.

    Raises:
        InvalidInput: it is no offer that a robot could answer; says what was expected and what came.
    """
    if len(body) > MAX_BYTES:
        raise InvalidInput(f"expected an SDP offer of at most {MAX_BYTES} bytes; came {len(body)}")
    try:
        sdp = body.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("expected an SDP offer as UTF-8 text; came other bytes") from None
    lines = sdp.replace("\r\n", "\n").split("\n")
    if lines[0] != "v=0":
        raise InvalidInput(f'expected an SDP offer that begins with "v=0"; came {lines[0]!r:.40}')
    for beginning, what in (
        ("m=video ", "a video section"),
        ("a=ice-ufrag:", "ICE credentials"),
        ("a=fingerprint:", "a certificate's fingerprint"),
    ):
        if not any(line.startswith(beginning) for line in lines):
            raise InvalidInput(f"expected {what} ({beginning.strip()}) in the SDP offer; came none")
    if not any(line.startswith("a=rtpmap:") and " H264/90000" in line for line in lines):
        raise InvalidInput("expected H.264 among the codecs of the SDP offer (a=rtpmap:… H264/90000); came others")
    return sdp
