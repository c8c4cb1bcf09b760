"""`ronda ros launch`"""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch import LaunchContext, LaunchDescription, LaunchError, LaunchService
from launch.launch_description_sources import PythonLaunchDescriptionSource
from ros_cli.errors import CommandError


def run(chosen: Namespace) -> None:
    """Run a launch file, named by its path or by package and file, until it ends or is stopped."""
    words = [word for word in chosen.words if ":=" not in word]
    if chosen.router:
        os.environ["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["{chosen.router}"]'
    service = LaunchService(argv=[word for word in chosen.words if ":=" in word])
    try:
        description: LaunchDescription = PythonLaunchDescriptionSource(_file(words)).get_launch_description(
            LaunchContext()
        )
        service.include_launch_description(description)
        code = service.run()
    except LaunchError as error:
        raise CommandError(str(error)) from None
    if code:
        raise CommandError("a process failed; its last words stand above")


def _file(words: list[str]) -> Path:
    match words:
        case [file]:
            return Path(file)
        case [package, name]:
            try:
                share = Path(get_package_share_directory(package))
            except PackageNotFoundError as error:
                raise CommandError(str(error)) from None
            for path in (share / "launch" / name, share / name):
                if path.is_file():
                    return path
            known = ", ".join(sorted(path.name for path in (share / "launch").glob("*.launch.py"))) or "none"
            raise CommandError(f"package {package!r} has no launch file {name!r}; it has {known}")
        case _:
            raise CommandError(
                f"expected a launch file, or a package and a launch file, got {' '.join(words) or 'nothing'}"
            )
