"""A small center for tests: takes pictures as the evidence routes do, and fails as it is told to."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

TOKEN = "robot-token"


class EvidenceServer:
    """HEAD, PATCH and PUT of /api/v1/evidence/<sha256> on a free port."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.complete: dict[str, bytes] = {}
        self.order: list[str] = []  # digests, as they became complete
        self.calls: list[tuple[str, int]] = []  # method, bytes
        self.fail: list[int] = []  # statuses of the next answers to PUT and PATCH; 0 cuts the line half-way
        self.refused: set[str] = set()  # digests that are always answered 507
        handler = type("Handler", (_Handler,), {"center": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, digest: str, body: bytes) -> int:
        self.parts[digest] = self.parts.get(digest, b"") + body
        if hashlib.sha256(self.parts[digest]).hexdigest() == digest:
            self.complete[digest] = self.parts[digest]
            self.order.append(digest)
            return 201
        return 204


class _Handler(BaseHTTPRequestHandler):
    center: EvidenceServer
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        digest = self.path.rsplit("/", 1)[1]
        have = self.center.parts.get(digest)
        if not self._allowed():
            self._answer(401)
        elif have is None:
            self._answer(404)
        else:
            self._answer(200, offset=len(have))

    def do_PUT(self) -> None:
        self._take(offset=0)

    def do_PATCH(self) -> None:
        self._take(offset=int(self.headers["Upload-Offset"]))

    def _take(self, *, offset: int) -> None:
        digest = self.path.rsplit("/", 1)[1]
        length = int(self.headers["Content-Length"])
        failure = self.center.fail.pop(0) if self.center.fail else None
        if failure == 0:
            self.center.parts[digest] = self.center.parts.get(digest, b"") + self.rfile.read(length // 2)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        self.center.calls.append((self.command, length))
        if not self._allowed():
            self._answer(401)
        elif digest in self.center.refused:
            self._answer(507)
        elif failure is not None:
            self._answer(failure)
        elif offset != len(self.center.parts.get(digest, b"")):
            self._answer(409)
        else:
            self._answer(self.center.take(digest, body), offset=len(self.center.parts[digest]))

    def _allowed(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _answer(self, status: int, *, offset: int | None = None) -> None:
        self.send_response(status)
        if offset is not None:
            self.send_header("Upload-Offset", str(offset))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Tests print nothing."""
