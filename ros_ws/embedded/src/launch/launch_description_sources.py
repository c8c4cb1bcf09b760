"""Launch files as files."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

from launch.context import LaunchContext, LaunchError
from launch.description import LaunchDescription
from launch.substitutions import text_of


class PythonLaunchDescriptionSource:
    """A Python file with a function `generate_launch_description`."""

    def __init__(self, launch_file_path: Any) -> None:
        self._path = launch_file_path

    def get_launch_description(self, context: LaunchContext) -> LaunchDescription:
        """What the file returns.

        Raises:
            LaunchError: there is no such file, or it has no such function.
        """
        path = Path(text_of(self._path, context))
        if not path.is_file():
            raise LaunchError(f"there is no launch file {path}")
        name = "launch_file_" + "".join(char if char.isalnum() else "_" for char in path.stem)
        loader = SourceFileLoader(name, str(path))
        spec = importlib.util.spec_from_loader(name, loader)
        if spec is None:
            raise LaunchError(f"{path} cannot be read as Python")
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
        made = getattr(module, "generate_launch_description", None)
        if made is None:
            raise LaunchError(f"{path}: expected a function generate_launch_description")
        description: LaunchDescription = made()
        return description
