"""`ronda models`: which model sets are here, and getting the one that comes in a package."""

from __future__ import annotations

import argparse
from pathlib import Path

from patrol_core.errors import Unavailable
from patrol_vision.models import SETS, ModelSet, models_folder, verified


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda models`."""
    parser = subparsers.add_parser("models", help="the networks that find people in pictures: list, fetch, verify")
    parser.add_argument("--folder", type=Path, help="where they lie (RONDA_MODELS)")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    verbs.add_parser("list", help="every model set and whether it is here").set_defaults(run=_list)
    verbs.add_parser("fetch", help="get BlazePose out of its package, by pip").set_defaults(run=_fetch)
    verbs.add_parser("verify", help="exit with 2 unless the default set is whole").set_defaults(run=_verify)


def _folder(arguments: argparse.Namespace) -> Path:
    folder: Path | None = arguments.folder
    return models_folder() if folder is None else folder


def _list(arguments: argparse.Namespace) -> int:
    folder = _folder(arguments)
    for one in SETS.values():
        because = _lacking(folder, one)
        print(f"{one.version}  {because or f'here, in {folder}'}")
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    from patrol_vision.models_fetch import fetch_blazepose

    for path in fetch_blazepose(_folder(arguments)):
        print(path)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from patrol_vision.models import load_finder

    print(f"{load_finder(folder=_folder(arguments)).name} is whole and runs")
    return 0


def _lacking(folder: Path, one: ModelSet) -> str | None:
    try:
        for file in one.files:
            verified(folder, one, file)
    except Unavailable as error:
        return f"unavailable: {error}"
    return None
