"""No request may fill the memory: bodies are counted as they come, and refused where they are too large."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024  # the largest patrol is a tenth of it
MAX_IMPORT_BYTES = 64 * 1024 * 1024
# These count by themselves: for robots, for who registers devices, for photos of a place.
COUNTING = re.compile(r"/api/v1/(evidence/|sensors/import$|incidents/[^/]+/photos$)")


class BodyLimit:
    """ASGI middleware; what it raises inside the app is answered like every other error."""

    def __init__(self, app: ASGIApp, at_most: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._at_most = at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._at_most:
                raise HTTPException(413, f"expected at most {self._at_most} bytes; came more")
            return message

        free = scope["type"] != "http" or COUNTING.match(scope["path"]) is not None
        await self._app(scope, receive if free else counted, send)
