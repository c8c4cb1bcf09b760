"""Text about ROS packages that is known only when a launch file runs."""

from __future__ import annotations

from typing import Any

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch.context import LaunchContext, LaunchError
from launch.substitutions import Substitution, text_of


class FindPackageShare(Substitution):
    """The folder of a package's launch files, parameters and descriptions."""

    def __init__(self, package: Any) -> None:
        self._package = package

    def perform(self, context: LaunchContext) -> str:
        """The folder.

        Raises:
            LaunchError: there is no such package.
        """
        try:
            return get_package_share_directory(text_of(self._package, context))
        except PackageNotFoundError as error:
            raise LaunchError(str(error)) from None
