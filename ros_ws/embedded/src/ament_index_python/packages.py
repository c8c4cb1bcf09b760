"""Finds a package's files: below AMENT_PREFIX_PATH, or in the folder of the Python package of that name."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


class PackageNotFoundError(KeyError):
    """No such package; names the places that were searched."""

    def __str__(self) -> str:
        return str(self.args[0])


def get_package_share_directory(package_name: str) -> str:
    """The folder of launch files, parameters and descriptions.

    Raises:
        PackageNotFoundError: it is in none of the places.
    """
    for prefix in _prefixes():
        share = prefix / "share" / package_name
        if share.is_dir():
            return str(share)
    spec = importlib.util.find_spec(package_name) if package_name.isidentifier() else None
    if spec is not None and spec.submodule_search_locations:
        return str(Path(next(iter(spec.submodule_search_locations))))
    searched = ", ".join(map(str, _prefixes())) or "none"
    raise PackageNotFoundError(
        f"no package {package_name!r}: no Python package of that name, nor a folder share/{package_name} in "
        f"AMENT_PREFIX_PATH ({searched})"
    )


def get_package_prefix(package_name: str) -> str:
    """The folder that holds a package's `share` and `lib`."""
    share = Path(get_package_share_directory(package_name))
    return str(share.parent.parent if share.parent.name == "share" else share)


def executable_command(package_name: str, executable: str) -> list[str] | None:
    """What starts a package's program, as words of a command; None where it has none of that name.

    Programs are files in `lib/<package>` of a prefix or `scripts` of the package, or modules of the Python package.
    """
    prefix, share = Path(get_package_prefix(package_name)), Path(get_package_share_directory(package_name))
    for path in (prefix / "lib" / package_name / executable, share / "scripts" / executable):
        if path.is_file():
            with path.open("rb") as file:
                first = file.readline()
            python = first.startswith(b"#!") and b"python" in first
            return [sys.executable, str(path)] if python else [str(path)]
    if executable.isidentifier() and (share / f"{executable}.py").is_file() and package_name.isidentifier():
        return [sys.executable, "-m", f"{package_name}.{executable}"]
    return None


def _prefixes() -> list[Path]:
    return [Path(path) for path in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if path]
