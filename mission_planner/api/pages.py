"""The console's files: what Vite built, its one page for every other path, or a page that says how to build it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

DIST = Path(__file__).resolve().parents[1] / "console" / "dist"
NOT_BUILT = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Ronda 巡护</title>
<body style="font: 16px/1.6 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>Ronda 巡护</h1>
<p>中心在运行，控制台还没有构建：请运行 <code>make setup</code>（需要 Node.js 20 和 npm）。</p>
<p>The center is running; the console is not built yet. <code>make setup</code> builds it (needs Node.js 20 and npm).
The API is described at <a href="/openapi.json">/openapi.json</a>.</p>"""
# Everything comes from here; map tiles and fonts are our own, workers and images may be made in the page.
CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}  # Vite puts a hash into these names
_ASK_AGAIN = {"Cache-Control": "no-cache"}


def pages(dist: Path = DIST) -> APIRouter:
    """Routes for everything outside the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}")
    async def page(path: str) -> Response:
        if path.startswith("api/"):
            raise HTTPException(404, f"no such path: /{path}")
        file = _file(dist, path)
        if file is not None:
            cache = _FOR_GOOD if path.startswith("assets/") else _ASK_AGAIN
            return FileResponse(file, headers={**_HEADERS, **cache})
        if Path(path).suffix:
            raise HTTPException(404, f"no such file: /{path}")
        index = _file(dist, "index.html")
        if index is None:
            return HTMLResponse(NOT_BUILT, headers={**_HEADERS, **_ASK_AGAIN})
        return FileResponse(index, headers={**_HEADERS, **_ASK_AGAIN})

    return router


def _file(dist: Path, path: str) -> Path | None:
    """The file below `dist`, never one outside it."""
    found = (dist / path).resolve()
    return found if path and found.is_relative_to(dist.resolve()) and found.is_file() else None
