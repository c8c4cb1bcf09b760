"""One viewer: a WebRTC peer connection that is answered once, sends one camera, and is closed for one reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError

from patrol_core.errors import InvalidInput
from teleop.encoder import EncodedPicture
from teleop.feed import CameraFeed
from teleop.offer import checked_offer, wants_data
from teleop.overlay import LABEL, Seen, SentPictures, seen_message, stamp_message
from teleop.retransmission import RetransmissionBudget
from teleop.sender_hooks import SenderEars, hook, hook_consent, hook_pictures
from teleop.viewer_watch import Presence

log = logging.getLogger(__name__)

CLOSE_S = 5.0
BUFFERED_BYTES = 32 * 1024  # that wait in a viewer's data channel; what comes then is dropped: the next is newer
STAMP_EVERY_S = 0.25  # between two, the RTP time carries on
_WANTED = frozenset({"video/H264", "video/rtx"})
_H264 = [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.mimeType in _WANTED]
_GONE = frozenset({"failed", "closed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a viewer asks for."""

    session_id: str
    camera_id: str
    viewer: str  # account name, for the log
    offer_sdp: str
    ice_servers: list[dict[str, Any]]


class ViewerSession:
    """Belongs to the asyncio thread."""

    def __init__(
        self, asked: Asked, feed: CameraFeed, *, monotonic_s: Callable[[], float], gone: Callable[[str, str], None]
    ) -> None:
        """`gone(session_id, because)` is called when the viewer itself ends it; then call `close`."""
        self.asked = asked
        self.presence = Presence(opened_s=monotonic_s())
        self.dropped_messages = 0
        self._feed = feed
        self._monotonic_s = monotonic_s
        self._gone = gone
        self._sent = SentPictures()
        self._again = RetransmissionBudget()
        self._early: Seen | None = None
        self._channel: RTCDataChannel | None = None
        self._stamped_s = float("-inf")  # arrival of the picture that was stamped last
        servers = [RTCIceServer(**_known(server)) for server in asked.ice_servers]
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))  # none given means none: no public STUN

    async def answer(self) -> str:
        """The SDP answer, with every candidate in it.

        Raises:
            InvalidInput: the offer cannot be answered; says why.
        """
        offer = checked_offer(self.asked.offer_sdp)
        queue = self._feed.join(self.asked.session_id)
        self._peer.on("connectionstatechange", self._on_state)

        async def next_picture() -> EncodedPicture | None:
            queue.begin()
            return await queue.next()

        try:
            transceiver = self._peer.addTransceiver("video", direction="sendonly")
            transceiver.setCodecPreferences(_H264)  # before the offer is applied, or it becomes VP8
            await self._peer.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
            if wants_data(offer):
                self._channel = self._peer.createDataChannel(LABEL, ordered=False, maxRetransmits=0)
            hook(transceiver.sender, self._ears())
            hook_consent(transceiver.sender, self._heard)
            hook_pictures(transceiver.sender, next_picture, sent=self._on_sent, ended=self._on_ended)
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except (ValueError, KeyError, IndexError, AttributeError, AssertionError, TypeError) as error:
            raise InvalidInput(f"expected an SDP offer; came {error!r:.120}", where="offer") from None
        except (OperationError, InvalidAccessError, InvalidStateError) as error:
            raise InvalidInput(
                f"expected an offer that receives H.264 with packetization-mode 1; {error}", where="offer"
            ) from None
        return str(self._peer.localDescription.sdp)

    def show(self, seen: Seen) -> None:
        """Send the boxes of one picture."""
        rtp = self._sent.rtp_of(seen.stamped_at)
        if rtp is None and seen.stamped_at > self._sent.newest:
            self._early = seen  # eyes that are faster than the encoder; the newest only, said with its picture
            return
        self._say(seen_message(seen, rtp))

    async def close(self) -> None:
        """Leave the camera and end the connection; idempotent, and bounded in time."""
        self._peer.remove_all_listeners("connectionstatechange")
        self._tell_what_was_left_out()
        await self._feed.leave(self.asked.session_id)
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._peer.close()
        except TimeoutError:
            log.warning("session %s: the connection did not end within %g s", self.asked.session_id, CLOSE_S)

    def _tell_what_was_left_out(self) -> None:
        queue = self._feed.viewers.get(self.asked.session_id)
        pictures = 0 if queue is None else queue.dropped
        if pictures or self.dropped_messages or self._again.refused:
            log.info(
                "session %s: left out %d pictures, %d messages, %d repetitions",
                self.asked.session_id,
                pictures,
                self.dropped_messages,
                self._again.refused,
            )

    def _ears(self) -> SenderEars:
        session_id, feed = self.asked.session_id, self._feed

        def remb(bps: int) -> None:
            now_s = self._monotonic_s()
            feed.says(session_id, lambda says: replace(says, remb_bps=bps, remb_s=now_s))

        def lost(share: float) -> None:
            now_s = self._monotonic_s()
            feed.says(session_id, lambda says: replace(says, lost=share, lost_s=now_s))

        def may_send_again(sequence_number: int) -> bool:
            return self._again.may_send(sequence_number, now_s=self._monotonic_s(), rate_bps=feed.rate.bps)

        return SenderEars(
            heard=self._heard, key_wanted=feed.want_key, remb_bps=remb, lost=lost, may_send_again=may_send_again
        )

    def _heard(self) -> None:
        self.presence = replace(self.presence, heard_s=self._monotonic_s())

    def _on_sent(self, encoded: EncodedPicture) -> None:
        self._sent.note(encoded.stamped_at, encoded.rtp)
        if encoded.heard_s - self._stamped_s >= STAMP_EVERY_S:
            self._stamped_s = encoded.heard_s
            age_ms = round((self._monotonic_s() - encoded.heard_s) * 1_000)
            self._say(stamp_message(encoded.stamped_at, encoded.rtp, age_ms=age_ms))
        early = self._early
        if early is not None and early.stamped_at <= encoded.stamped_at:
            self._early = None
            self._say(seen_message(early, self._sent.rtp_of(early.stamped_at)))

    def _on_ended(self) -> None:
        self._gone(self.asked.session_id, "the camera's encoder has ended")

    def _say(self, text: str) -> None:
        channel = self._channel
        if channel is None or channel.readyState != "open":
            return
        if channel.bufferedAmount > BUFFERED_BYTES:
            self.dropped_messages += 1
            return
        channel.send(text)

    def _on_state(self) -> None:
        state = self._peer.connectionState
        log.info("session %s of %s: %s", self.asked.session_id, self.asked.viewer, state)
        if state == "connected":
            now_s = self._monotonic_s()
            self.presence = replace(self.presence, connected_s=now_s, heard_s=now_s)
        elif state in _GONE:
            self._gone(self.asked.session_id, f"its connection is {state}")


def _known(server: dict[str, Any]) -> dict[str, Any]:
    return {name: server[name] for name in ("urls", "username", "credential") if server.get(name) is not None}
