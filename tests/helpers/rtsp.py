"""A real RTSP server in a thread, for tests: RFC 2326, MPEG-2 TS in interleaved RTP (RFC 2250), one film in a loop."""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

import av
import numpy as np

from tests.helpers.waiting import free_port

_PACKET = 7 * 188  # TS packets of one RTP packet
WIDTH_PX, HEIGHT_PX, RATE_HZ = 320, 240, 15
RED = (210, 40, 40)


def frame_at(i: int) -> np.ndarray:
    """Red, with a white bar that moves to the right."""
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), RED, dtype=np.uint8)
    left = (i * 4) % (WIDTH_PX - 24)
    picture[:, left : left + 24] = 255
    return picture


def film(container: str, *, pictures: int = 60) -> bytes:
    """A short film: every picture a key picture, so that it can be joined anywhere."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as writer:
        stream = writer.add_stream("mpeg2video" if container == "mpegts" else "mjpeg", rate=RATE_HZ)
        stream.width, stream.height = WIDTH_PX, HEIGHT_PX
        stream.pix_fmt = "yuv420p" if container == "mpegts" else "yuvj420p"
        stream.gop_size = 1
        for i in range(pictures):
            for packet in stream.encode(av.VideoFrame.from_ndarray(frame_at(i), format="rgb24")):
                writer.mux(packet)
        for packet in stream.encode():
            writer.mux(packet)
    return out.getvalue()


class RtspCamera:
    """Serves rtsp://127.0.0.1:<port>/ to one viewer at a time while it is started."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"rtsp://127.0.0.1:{self.port}/cam"
        self._film = film("mpegts")
        self._ending = threading.Event()
        self._server: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.viewers = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._ending.clear()
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._server.settimeout(0.1)
        self._thread = threading.Thread(target=self._serve, name="rtsp camera")
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        if self._server is not None:
            self._server.close()

    def _serve(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                viewer, _ = self._server.accept()
                with viewer, contextlib.suppress(OSError):
                    self._talk(viewer)

    def _talk(self, viewer: socket.socket) -> None:
        viewer.settimeout(0.1)
        text = b""
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                more = viewer.recv(4096)
                if not more:
                    return
                text += more
            while b"\r\n\r\n" in text:
                request, _, text = text.partition(b"\r\n\r\n")
                if self._answer(viewer, request.decode()):
                    self.viewers += 1
                    self._play(viewer)
                    return

    def _answer(self, viewer: socket.socket, request: str) -> bool:
        """Answer; whether it is time to play."""
        method = request.split(" ", 1)[0]
        sequence = next(line.split(":")[1].strip() for line in request.splitlines() if line.lower().startswith("cseq"))
        headers, body = ["Session: 7"], ""
        if method == "OPTIONS":
            headers.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
        elif method == "DESCRIBE":
            body = (
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n"
                "m=video 0 RTP/AVP 33\r\nc=IN IP4 0.0.0.0\r\na=control:track1\r\n"
            )
            headers += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        elif method == "SETUP":
            headers.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        head = "\r\n".join(["RTSP/1.0 200 OK", f"CSeq: {sequence}", *headers])
        viewer.sendall(f"{head}\r\n\r\n{body}".encode())
        return method == "PLAY"

    def _play(self, viewer: socket.socket) -> None:
        viewer.settimeout(2.0)
        bytes_per_s = len(self._film) / (60 / RATE_HZ)
        began_s, sent, sequence, place = time.monotonic(), 0, 0, 0
        while not self._ending.is_set():
            piece = self._film[place : place + _PACKET]
            place = 0 if place + _PACKET >= len(self._film) else place + _PACKET
            stamp = int((time.monotonic() - began_s) * 90_000) & 0xFFFFFFFF
            packet = struct.pack(">BBHII", 0x80, 33, sequence & 0xFFFF, stamp, 7) + piece
            viewer.sendall(b"$" + struct.pack(">BH", 0, len(packet)) + packet)
            sequence, sent = sequence + 1, sent + len(piece)
            ahead_s = sent / bytes_per_s - (time.monotonic() - began_s)
            if ahead_s > 0:
                self._ending.wait(ahead_s)
