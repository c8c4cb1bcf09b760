"""One MQTT client: its packets in, its acknowledgements out, and everything that ends its connection."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Sequence
from typing import cast

from mqtt5 import (
    ConnAckReasonCode,
    ConnectPacket,
    DisconnectPacket,
    PingReqPacket,
    PublishPacket,
    PubRelPacket,
    SubAckReasonCode,
    SubscribePacket,
    UnsubscribePacket,
    Will,
)
from mqtt5 import DisconnectReasonCode as Reason

from mission_planner.incidents.ingest import agreed, wire
from mission_planner.incidents.ingest.faults import ProtocolFault, protocol_error
from mission_planner.incidents.ingest.frames import Frame, Framer
from mission_planner.incidents.ingest.greeting import is_loopback, let_in, objection
from mission_planner.incidents.ingest.hub import Hub, Phase, Receipt
from mission_planner.incidents.ingest.identity import Identity
from mission_planner.incidents.ingest.inflight import Arrival, InFlight
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.incidents.ingest.patience import Patience
from mission_planner.incidents.ingest.subscriptions import Subscriptions
from mission_planner.incidents.ingest.wire import Version

log = logging.getLogger(__name__)

_CONNECT = 0x10  # first byte: type 1, no flags


class Connection(asyncio.Protocol):
    """One client. Everything runs in the event loop's thread."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._framer = Framer(max_packet_bytes=hub.limits.packet_bytes)
        self._transport: asyncio.Transport
        self._patience: Patience
        self._waits = False  # the store's queue is full
        self._held = False  # the listener is stopping
        self._because, self._fault = "the client closed the connection", False
        self._will: Will | None = None
        self._in_flight = InFlight()
        self.subscriptions = Subscriptions(at_most=hub.limits.subscriptions)
        self.phase = Phase.EXPECTS_CONNECT
        self.version = Version.V311
        self.client_id = ""
        self.username: str | None = None
        self.identity: Identity | None = None  # None until it is let in
        self._told_refused = False
        self.peer = "?"
        self.peer_is_loopback = False

    # the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if peername := transport.get_extra_info("peername"):
            self.peer = f"{peername[0]}:{peername[1]}"
            self.peer_is_loopback = is_loopback(str(peername[0]))
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._patience = Patience(
            login_within_s=self._hub.limits.connect_within_s,
            end=lambda because, code: self.end(because, code=code, fault=True),
            our_doing=lambda: self._waits,
        )
        if not self._hub.opened(self):
            self.phase = Phase.ENDED
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.phase is Phase.ENDED:
            return
        self._framer.feed(data)
        if self.phase is Phase.EXPECTS_CONNECT and self._framer.first != _CONNECT:
            # Some other protocol: what it calls a length would keep us waiting for the rest.
            self.end("expected an MQTT CONNECT first; came another", code=Reason.PROTOCOL_ERROR, fault=True)
            return
        self._work()

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.stop()
        if exc is not None and self.phase is not Phase.ENDED:
            self._because = f"the connection broke: {exc}"
        self.phase = Phase.ENDED
        self._hub.closed(self, self._because, fault=self._fault)
        if self._will is not None:
            will, self._will = self._will, None
            message = self._message(will.topic, will.payload or b"", qos=int(will.qos), retain=will.retain)
            self._hub.take(message, Receipt(self, None))

    def _write(self, data: bytes) -> None:
        if self.phase is Phase.ENDED or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > self._hub.limits.unread_bytes:
            self.end("it does not read its answers", code=Reason.QUOTA_EXCEEDED, fault=True)

    # what the listener asks

    def hold(self) -> None:
        """Read nothing more; what is queued may still be acknowledged. Its will stays unsaid: we left, not it."""
        self._held = True
        self._will = None
        self._steer_reading()

    def resume(self) -> None:
        """There is room again."""
        self._waits = False
        self._patience.heard()  # its silence was our doing
        self._work()

    def kept(self, packets: Sequence[PublishPacket]) -> None:
        """These are in the store: acknowledge them, in one write."""
        self._write(self._in_flight.kept(packets))

    def deliver(self, packet: bytes) -> None:
        """At QoS 0. A subscriber that does not read misses it, and the listener counts that."""
        if self.phase is not Phase.CONNECTED:
            return
        if self._transport.get_write_buffer_size() + len(packet) > self._hub.limits.unread_bytes:
            self._hub.not_delivered()
        else:
            self._transport.write(packet)

    def end(self, because: str, *, code: Reason, fault: bool) -> None:
        """Say goodbye and close. Closing waits for the client to read; one that never reads is cut off."""
        if self.phase is Phase.ENDED:
            return
        was, self.phase = self.phase, Phase.ENDED
        self._because, self._fault = because, fault
        if was is Phase.CONNECTED:
            self._transport.write(wire.disconnect(self.version, code))
        self._transport.close()
        self._loop.call_later(self._hub.limits.close_within_s, self._transport.abort)

    # packets

    def _work(self) -> None:
        try:
            while self._may_read():
                if self._hub.must_wait(self):
                    self._waits = True
                    break
                frame = self._framer.next()
                if frame is None:
                    break
                self._patience.heard()
                self._handle(frame)
        except ProtocolFault as fault:
            self.end(fault.because, code=fault.code, fault=True)
        self._steer_reading()

    def _may_read(self) -> bool:
        return self.phase in (Phase.EXPECTS_CONNECT, Phase.CONNECTED) and not self._waits and not self._held

    def _steer_reading(self) -> None:
        if self._transport.is_closing():
            return
        if self._may_read():
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _handle(self, frame: Frame) -> None:
        if self.phase is Phase.EXPECTS_CONNECT:
            self._on_connect(frame)
            return
        match wire.read(frame, self.version):
            case PublishPacket() as packet:
                self._on_publish(packet)
            case PubRelPacket(packet_id=packet_id):
                self._write(self._in_flight.released(packet_id))
            case PingReqPacket():
                self._write(wire.PINGRESP)
            case SubscribePacket() as packet:
                self._on_subscribe(packet)
            case UnsubscribePacket() as packet:
                codes = self.subscriptions.remove(packet.patterns)
                self._hub.subscribed(self)
                self._write(wire.unsuback(self.version, packet.packet_id, codes))
            case DisconnectPacket() as packet:
                if packet.reason_code != Reason.DISCONNECT_WITH_WILL_MESSAGE:
                    self._will = None
                self.end("it said goodbye", code=Reason.NORMAL_DISCONNECTION, fault=False)
            case packet:
                raise protocol_error(f"expected one CONNECT and nothing like it again; came {type(packet).__name__}")

    def _on_connect(self, frame: Frame) -> None:
        try:
            self.version = wire.version_of(frame)
        except wire.UnknownVersion as fault:
            self._refuse(ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION, fault.because)
            return
        packet = cast(ConnectPacket, wire.read(frame, self.version))
        self.client_id, self.username = packet.client_id, packet.username
        if wrong := objection(packet, self.version, self._hub.limits):
            self._refuse(*wrong)
            return
        self.phase = Phase.CHECKING
        self._hub.spawn(self._check_login(packet))

    async def _check_login(self, packet: ConnectPacket) -> None:
        said = await let_in(packet, self._hub.authenticate, peer_is_loopback=self.peer_is_loopback)
        if self.phase is not Phase.CHECKING:
            return  # it left, or took too long
        if isinstance(said, tuple):
            self._refuse(*said)
        else:
            self.identity = said
            self._admit(packet)

    def _refuse(self, code: ConnAckReasonCode, because: str) -> None:
        self._write(wire.connack(self.version, code))
        self.end(f"refused: {because}", code=Reason.NOT_AUTHORIZED, fault=True)

    def _admit(self, packet: ConnectPacket) -> None:
        assigned = None if packet.client_id else f"auto-{secrets.token_hex(8)}"
        self.client_id = assigned or packet.client_id
        self._will = packet.will
        self._patience.logged_in(keep_alive_s=packet.keep_alive)
        self.phase = Phase.CONNECTED
        self._hub.claim(self)
        self._write(
            wire.connack(
                self.version,
                ConnAckReasonCode.SUCCESS,
                assigned_client_id=assigned,
                receive_max=self._hub.limits.unacknowledged,
                max_packet_bytes=self._hub.limits.packet_bytes,
            )
        )
        self._work()

    def _on_publish(self, packet: PublishPacket) -> None:
        agreed.check_publish(packet)
        if self.identity is None or not self.identity.may_publish(packet.topic):
            self._refuse_publish(packet)
            return
        arrival = self._in_flight.arrived(packet)
        if arrival is Arrival.KNOWN:
            self._write(wire.pubrec(packet.packet_id or 0))
        if arrival is not Arrival.NEW:
            return
        most = self._hub.limits.unacknowledged
        if self.version is Version.V5 and self._in_flight.unacknowledged > most:
            raise ProtocolFault(
                f"expected at most {most} unacknowledged messages; came more", code=Reason.RECEIVE_MAX_EXCEEDED
            )
        message = self._message(packet.topic, packet.payload, qos=int(packet.qos), retain=packet.retain)
        self._hub.take(message, Receipt(self, packet))

    def _refuse_publish(self, packet: PublishPacket) -> None:
        """Not its topic. An acknowledgement would be a promise; 3.1.1 knows no other answer than the end."""
        self._hub.not_allowed()
        name = self.identity.name if self.identity is not None else ""
        if not self._told_refused:
            self._told_refused = True
            log.warning("mqtt: %.80r at %s may not publish to %.80r", name, self.peer, packet.topic)
        qos = int(packet.qos)
        if qos and self.version is Version.V311:
            because = f"expected a topic of {name!r:.80}; came {packet.topic!r:.80}"
            self.end(because, code=Reason.NOT_AUTHORIZED, fault=True)
        elif qos:
            self._write(wire.refused(qos, packet.packet_id or 0))

    def _on_subscribe(self, packet: SubscribePacket) -> None:
        agreed.check_subscribe(packet)
        codes = [
            self.subscriptions.add(wish)
            if self.identity is not None and self.identity.may_subscribe(wish.pattern)
            else SubAckReasonCode.NOT_AUTHORIZED
            for wish in packet.topic_filters
        ]
        self._hub.subscribed(self)
        self._write(wire.suback(self.version, packet.packet_id, codes))

    def _message(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> RawMessage:
        return RawMessage(
            topic=topic,
            payload=payload,
            qos=qos,
            retain=retain,
            client_id=self.client_id,
            username=self.username,
            received_at=self._hub.now(),
        )
