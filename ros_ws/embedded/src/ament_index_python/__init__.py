"""Where the files of packages lie: the part of ament_index_python that launch files use."""

from ament_index_python.packages import (
    PackageNotFoundError,
    get_package_prefix,
    get_package_share_directory,
)

__all__ = ["PackageNotFoundError", "get_package_prefix", "get_package_share_directory"]
