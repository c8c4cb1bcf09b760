"""The `ronda` command: each room registers its subcommands by entry point; only the one asked for is imported."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points, version

from patrol_core.errors import PatrolError

GROUP = "ronda.commands"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; its exit code. A PatrolError becomes one sentence on stderr and exit code 2."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format=f"%(asctime)s %(levelname).1s {_who(arguments)} %(name)s: %(message)s",
        datefmt="%H:%M:%S",
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    parser = _parser(arguments)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except PatrolError as error:
        print(f"ronda: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _who(arguments: Sequence[str]) -> str:
    """Which process a line of the log is from: "center", "robot-mission r1"."""
    words = list(arguments[:1])
    if "--id" in arguments[:-1]:
        words.append(arguments[arguments.index("--id") + 1])
    return " ".join(words)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ronda", description="Patrol orchestration for residential communities.")
    parser.add_argument("--version", action="version", version=f"ronda {version('ronda')}")
    subparsers = parser.add_subparsers(required=True, metavar="command")
    rooms = {entry.name: entry for entry in entry_points(group=GROUP)}
    asked = rooms.get(arguments[0]) if arguments else None
    for room in _distinct([asked] if asked else list(rooms.values())):
        room.load()(subparsers)
    return parser


def _distinct(rooms: Sequence[EntryPoint]) -> list[EntryPoint]:
    return list({room.value: room for room in rooms}.values())


if __name__ == "__main__":
    sys.exit(main())
