"""`ronda devices`: import and export the registry through a center that runs."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patrol_core.errors import InvalidInput, NotAuthenticated, Unavailable

DEFAULT_URL = "http://127.0.0.1:8000"
MEDIA = {".csv": "text/csv", ".yaml": "application/yaml", ".yml": "application/yaml"}
WITHIN_S = 600.0


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `devices` and its verbs to the `ronda` command."""
    devices = subparsers.add_parser("devices", help="import and export the registry of fixed sensors")
    verbs = devices.add_subparsers(required=True, metavar="verb")
    take = verbs.add_parser("import", help="register the devices of a CSV or YAML file")
    take.add_argument("file", type=Path, help="*.csv, *.yaml or *.yml")
    take.add_argument("--dry-run", action="store_true", help="say what would happen, and every error; keep nothing")
    take.set_defaults(run=_import)
    give = verbs.add_parser("export", help="every device as CSV")
    give.add_argument("file", type=Path, nargs="?", help="where to; standard output where none is named")
    give.set_defaults(run=_export)
    for verb in (take, give):
        verb.add_argument("--center", default=os.environ.get("RONDA_CENTER_URL", DEFAULT_URL), help="its address")
        verb.add_argument(
            "--user", default="admin", help="account; its password comes from RONDA_PASSWORD or is asked for"
        )


def _import(arguments: argparse.Namespace) -> int:
    media = MEDIA.get(arguments.file.suffix.lower())
    if media is None:
        raise InvalidInput(f"expected a file named {', '.join(MEDIA)}; came {arguments.file.name!r}")
    try:
        body = arguments.file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"expected a file to read; came: {error.strerror}", where=str(arguments.file)) from None
    with _session(arguments) as http:
        report = _answer(
            http.post(
                "/sensors/import",
                params={"dry_run": arguments.dry_run},
                content=body,
                headers={"Content-Type": media},
            )
        ).json()
    for problem in report["errors"]:
        column = f", {problem['column']}" if problem["column"] else ""
        print(
            f"{arguments.file}: line {problem['line']}{column}: "
            f"expected {problem['expected']['en']}; came {problem['came']['en']}",
            file=sys.stderr,
        )
    if report["errors_total"]:
        print(f"{report['errors_total']} errors; nothing was kept", file=sys.stderr)
        return 1
    done = "would be" if arguments.dry_run else "were"
    print(
        f"{report['rows']} devices: {report['added']} {done} added, {report['changed']} changed, "
        f"{report['unchanged']} are as they were"
    )
    return 0


def _export(arguments: argparse.Namespace) -> int:
    with _session(arguments) as http, http.stream("GET", "/sensors/export") as answer:
        _answer(answer)
        if arguments.file is None:
            for piece in answer.iter_text():
                sys.stdout.write(piece)
            return 0
        partial = arguments.file.with_name(arguments.file.name + ".partial")
        try:
            with partial.open("wb") as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)
            partial.replace(arguments.file)
        except OSError as error:
            raise InvalidInput(f"expected a file to write; came: {error.strerror}", where=str(arguments.file)) from None
    return 0


@contextmanager
def _session(arguments: argparse.Namespace) -> Iterator[Any]:
    """A client that is logged in.

    Raises:
        Unavailable: no center answers there.
        NotAuthenticated: the password is wrong.
    """
    import httpx

    password = os.environ.get("RONDA_PASSWORD") or getpass.getpass(f"password of {arguments.user}: ")
    url = f"{arguments.center}/api/v1"
    with httpx.Client(base_url=url, headers={"X-Ronda": "1"}, timeout=WITHIN_S) as http:
        try:
            answer = http.post("/session", json={"username": arguments.user, "password": password})
        except httpx.HTTPError as error:
            raise Unavailable(f"{arguments.center}: expected a center that answers; came: {error}") from None
        if answer.is_error:
            raise NotAuthenticated(_said(answer))
        yield http


def _answer(answer: Any) -> Any:
    """Raises InvalidInput with the center's own words where it refused."""
    if answer.is_error:
        answer.read()
        raise InvalidInput(_said(answer))
    return answer


def _said(answer: Any) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
