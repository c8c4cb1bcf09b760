"""`ronda evidence`: verify the chain or a bundle, export a bundle, say the head for anchoring elsewhere."""

from __future__ import annotations

import argparse
import os
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from mission_planner.settings import settings_from
from mission_planner.store.protocol import Tx
from patrol_core.errors import InvalidInput

_BUNDLE_ALONE = (
    "  The bundle agrees with itself. Give --head from where the center's heads are kept to prove whose it is."
)
_CHAIN_ALONE = "  Links cut off at the end are seen only against a head kept elsewhere: give --head."


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda evidence`."""
    parser = subparsers.add_parser("evidence", help="verify and export what the center keeps as evidence")
    commands = parser.add_subparsers(required=True, metavar="verify|export|head")
    verify = commands.add_parser("verify", help="recompute everything; exit code 1 when something was changed")
    verify.add_argument("bundle", nargs="?", type=Path, help="a bundle; without one, the center's own store")
    verify.add_argument("--head", default="", help="a head that was kept elsewhere, NUMBER:SHA-256")
    verify.set_defaults(run=_verify)
    export = commands.add_parser("export", help="write everything about one incident into a bundle")
    export.add_argument("--incident", required=True, help="its id")
    export.add_argument("-o", "--output", type=Path, help="file; incident-<id>.zip here without it")
    export.set_defaults(run=_export)
    head = commands.add_parser("head", help="the newest link, to be kept elsewhere")
    head.set_defaults(run=_head)
    for command in (verify, export, head):
        command.add_argument("--data", help="the center's folder (RONDA_DATA)")
        command.add_argument("--store", help="the center's PostgreSQL database (RONDA_STORE)")


def _verify(arguments: argparse.Namespace) -> int:
    from mission_planner.incidents.bundle import verify_bundle
    from mission_planner.incidents.chain import Head
    from mission_planner.incidents.chain_check import verify

    known = Head.parse(arguments.head) if arguments.head else None
    if arguments.bundle is not None:
        verdict = verify_bundle(arguments.bundle, known=known)
    else:
        with _reading(arguments) as tx:
            verdict = verify(tx, _folder(arguments) / "evidence" / "blobs", known=known)
    for fault in verdict.faults:
        print(f"BROKEN: {fault}")
    if verdict.more:
        print(f"  and {verdict.more} more")
    print(f"{verdict.links} links, {verdict.pictures} pictures; head {verdict.head}")
    if not verdict.whole:
        return 1
    print("whole: every link follows, every record and picture is as it was linked")
    if known is None:
        print(_BUNDLE_ALONE if arguments.bundle is not None else _CHAIN_ALONE)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from mission_planner.incidents.bundle import write_bundle

    try:
        incident_id = UUID(arguments.incident)
    except ValueError:
        raise InvalidInput(f"expected the id of an incident; came {arguments.incident!r:.80}") from None
    path: Path = arguments.output or Path(f"incident-{incident_id}.zip")
    partial = path.with_name(path.name + ".partial")
    try:
        with _reading(arguments) as tx, partial.open("wb") as out:
            head = write_bundle(tx, incident_id, _folder(arguments) / "evidence" / "blobs", out)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{path}\nhead {head}")
    return 0


def _head(arguments: argparse.Namespace) -> int:
    from mission_planner.store import chain

    with _reading(arguments) as tx:
        print(chain.head(tx))
    return 0


def _reading(arguments: argparse.Namespace) -> AbstractContextManager[Tx]:
    from mission_planner.store.opening import reading

    address = arguments.store or os.environ.get("RONDA_STORE") or None
    return reading(address, file=_folder(arguments) / "center.db")


def _folder(arguments: argparse.Namespace) -> Path:
    given = {"RONDA_DATA": arguments.data} if arguments.data else {}
    return settings_from({**os.environ, **given}).data
