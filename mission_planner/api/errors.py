"""Every error that leaves the API, in one envelope: `{"error": {"code", "message", "message_zh", "where"}}`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from mission_planner.people.throttle import Throttled
from patrol_core import errors

log = logging.getLogger(__name__)


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    message_zh: str | None  # the same in Chinese, where the console shows it as it is
    where: str | None


class ErrorView(BaseModel):
    """The envelope."""

    error: ErrorBody


# The first class that fits counts, so the narrower stands first.
STATUS: Sequence[tuple[type[errors.PatrolError], int, str]] = (
    (errors.InvalidInput, 422, "invalid"),
    (errors.NotFound, 404, "not_found"),
    (errors.Conflict, 409, "conflict"),
    (errors.NotAuthenticated, 401, "not_authenticated"),
    (errors.NotAllowed, 403, "not_allowed"),
    (Throttled, 429, "throttled"),
    (errors.Unavailable, 503, "unavailable"),
    (errors.ClockUnknown, 503, "unavailable"),
    (errors.PatrolError, 503, "unavailable"),
)
_HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
}

ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorView, "description": text}
    for status, text in (
        (400, "the body is not even text"),
        (401, "not logged in"),
        (403, "the role does not carry the action"),
        (404, "no such thing"),
        (409, "not in a state that allows it"),
        (413, "the body is too large"),
        (415, "a body of another type is expected"),
        (422, "the request is wrong; `where` names the field"),
        (503, "a part that this needs is not there"),
    )
}


def install(app: FastAPI) -> None:
    """Give the app its error answers."""
    app.exception_handler(errors.PatrolError)(_patrol_error)
    app.exception_handler(RequestValidationError)(_validation_error)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Exception)(_unforeseen)


def answer(
    status: int,
    code: str,
    message: str,
    where: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    message_zh: str | None = None,
) -> JSONResponse:
    """The envelope as a response."""
    body = ErrorView(error=ErrorBody(code=code, message=message, message_zh=message_zh, where=where))
    return JSONResponse(body.model_dump(), status_code=status, headers=headers)


async def _patrol_error(_request: Request, error: errors.PatrolError) -> JSONResponse:
    status, code = next((s, c) for kind, s, c in STATUS if isinstance(error, kind))
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, Throttled) else None
    if status == 503:
        headers = {"Retry-After": "1"}
    where = error.where if isinstance(error, errors.InvalidInput) else None
    message = error.what if isinstance(error, errors.InvalidInput) else str(error)
    return answer(status, code, message, where, headers, message_zh=error.zh)


async def _validation_error(_request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    path = [str(p) for p in first["loc"] if p not in ("body", "query", "path")]
    came = "" if first["type"] in ("missing", "json_invalid") else f"; came {first.get('input')!r:.80}"
    return answer(422, "invalid", f"{first['msg']}{came}", ".".join(path) or None)


async def _http_error(_request: Request, error: HTTPException) -> JSONResponse:
    code = _HTTP_CODES.get(error.status_code, f"http_{error.status_code}")
    return answer(error.status_code, code, str(error.detail), None, dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(500, "internal", "an error nobody foresaw; the center's log has it")
