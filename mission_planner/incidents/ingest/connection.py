"""One MQTT client: its packets in, its acknowledgements out, and everything that ends its connection."""

from __future__ import annotations

import asyncio
import ipaddress
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

from mission_planner.incidents.ingest import wire
from mission_planner.incidents.ingest.faults import ProtocolFault, protocol_error
from mission_planner.incidents.ingest.frames import Frame, Framer
from mission_planner.incidents.ingest.greeting import objection
from mission_planner.incidents.ingest.hub import Hub, Phase, Receipt
from mission_planner.incidents.ingest.identity import Identity
from mission_planner.incidents.ingest.inflight import Arrival, InFlight
from mission_planner.incidents.ingest.message import RawMessage
from mission_planner.incidents.ingest.subscriptions import Subscriptions
from mission_planner.incidents.ingest.topics import is_topic_name
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
        self._timer: asyncio.TimerHandle | None = None
        self._heard_s = self._loop.time()
        self._keep_alive_s = 0
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
        if not self._hub.opened(self):
            self.phase = Phase.ENDED
            self._transport.abort()
            return
        self._timer = self._loop.call_later(self._hub.limits.connect_within_s, self._look_at_the_clock)

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
        if self._timer is not None:
            self._timer.cancel()
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
        self._heard_s = self._loop.time()  # its silence was our doing
        self._work()

    def kept(self, packets: Sequence[PublishPacket]) -> None:
        """These are in the store: acknowledge them, in one write."""
        self._write(self._in_flight.kept(packets))

    def deliver(self, packet: bytes) -> None:
        """Send a message at QoS 0. A subscriber that does not read misses it, and the listener counts that."""
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
                self._heard_s = self._loop.time()
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
        try:
            admitted = await self._hub.authenticate(
                client_id=packet.client_id,
                username=packet.username,
                password=packet.password,
                peer_is_loopback=self.peer_is_loopback,
            )
        except Exception:
            # The check is not ours; its fault ends one connection, not the listener.
            log.exception("mqtt: the login check failed")
            self._refuse(ConnAckReasonCode.SERVER_UNAVAILABLE, "its login could not be checked")
            return
        if self.phase is not Phase.CHECKING:
            return  # it left, or took too long
        if admitted is not None and packet.will is not None and not admitted.may_publish(packet.will.topic):
            self._refuse(
                ConnAckReasonCode.NOT_AUTHORIZED, f"its will is on a topic not its own: {packet.will.topic!r:.80}"
            )
        elif admitted is not None:
            self.identity = admitted
            self._admit(packet)
        elif packet.username is None:
            self._refuse(ConnAckReasonCode.NOT_AUTHORIZED, "it named no user, and nobody may be nameless from there")
        else:
            self._refuse(ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, "its user name or password is wrong")

    def _refuse(self, code: ConnAckReasonCode, because: str) -> None:
        self._write(wire.connack(self.version, code))
        self.end(f"refused: {because}", code=Reason.NOT_AUTHORIZED, fault=True)

    def _admit(self, packet: ConnectPacket) -> None:
        assigned = None if packet.client_id else f"auto-{secrets.token_hex(8)}"
        self.client_id = assigned or packet.client_id
        self._will = packet.will
        self._keep_alive_s = packet.keep_alive
        self._heard_s = self._loop.time()
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
        self._look_at_the_clock()
        self._work()

    def _on_publish(self, packet: PublishPacket) -> None:
        if packet.topic_alias is not None:
            raise ProtocolFault("expected no topic alias, as CONNACK says; came one", code=Reason.TOPIC_ALIAS_INVALID)
        if not is_topic_name(packet.topic):
            raise ProtocolFault(
                f"expected a topic name without wildcards; came {packet.topic!r:.80}",
                code=Reason.TOPIC_NAME_INVALID,
            )
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
        if packet.subscription_id is not None:
            raise ProtocolFault(
                "expected no subscription identifier, as CONNACK says; came one",
                code=Reason.SUBSCRIPTION_IDS_NOT_SUPPORTED,
            )
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

    # time

    def _look_at_the_clock(self) -> None:
        """End a silent connection; otherwise look again when it could have become one."""
        if self._timer is not None:
            self._timer.cancel()
        if self.phase in (Phase.EXPECTS_CONNECT, Phase.CHECKING):
            because = f"it was not logged in within {self._hub.limits.connect_within_s:g} s"
            self.end(because, code=Reason.MAX_CONNECT_TIME, fault=True)
            return
        if self.phase is Phase.ENDED or not self._keep_alive_s:
            return
        limit_s = 1.5 * self._keep_alive_s  # MQTT 5, 3.1.2.10
        left_s = self._heard_s + limit_s - self._loop.time()
        if left_s <= 0 and not self._waits:
            because = f"nothing heard for {limit_s:g} s; its keep-alive is {self._keep_alive_s} s"
            self.end(because, code=Reason.KEEP_ALIVE_TIMEOUT, fault=True)
            return
        self._timer = self._loop.call_later(left_s if left_s > 0 else limit_s, self._look_at_the_clock)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's; IPv4 in IPv6 clothes included."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback
