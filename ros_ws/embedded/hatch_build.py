"""Build hook: writes the message packages from their definitions and puts them into the wheel."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MessagePackages(BuildHookInterface):  # type: ignore[type-arg]
    """Generates real Python packages, so that no import hook is needed at run time."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate into a folder of this build's own, and name every package for the wheel.

        The project's own interfaces lie beside this project (`ros_ws/src/patrol_interfaces`). An sdist carries a copy.
        """
        root = Path(self.root)
        places = (root.parent / "src" / "patrol_interfaces", root / "own" / "patrol_interfaces")
        own = [path for path in places if path.is_dir()]
        if self.target_name == "sdist":
            build_data["force_include"].update({str(path): f"own/{path.name}" for path in own[:1]})
            return
        sys.path.insert(0, str(root / "src"))
        from ros_interfaces.generate import generate, overlay_of

        self.folder = Path(tempfile.mkdtemp(prefix="ronda-embedded-ros-"))
        overlay = overlay_of(root / "distros", os.environ.get("RONDA_ROS_DISTRO") or "jazzy")
        packages = generate([root / "interfaces"], own[:1], self.folder, overlay=overlay)
        build_data["force_include"].update({str(self.folder / name): name for name in packages})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was generated: it is in the wheel now."""
        if self.target_name != "sdist":
            shutil.rmtree(self.folder, ignore_errors=True)
