"""One robot, one process: claims a robot id on this machine, and the folder it keeps its things in."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from patrol_core.errors import Conflict


class Claim:
    """Held until closed, or until the process dies, however it dies.

    The id is claimed for one center: two separate sites of the same name may live side by side on a developer's
    machine. Linux: an abstract socket, which leaves nothing behind.
    """

    def __init__(self, *, site: str, robot_id: str, center_router: str, data: Path) -> None:
        """Claim the id and the folder.

        Raises:
            Conflict: the robot is live already, or another process keeps its things in this folder.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        key = hashlib.sha256(f"{site}\n{robot_id}\n{center_router}".encode()).hexdigest()[:40]
        try:
            self._socket.bind(f"\0ronda-robot-{key}")
        except OSError:
            self._socket.close()
            raise Conflict(
                f'robot "{robot_id}" of site "{site}" is already live on this machine (center {center_router}); '
                "stop it, or give this one another --id"
            ) from None
        data.mkdir(parents=True, exist_ok=True)
        self._folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise Conflict(
                f"another robot keeps its things in {data}; give this one a folder of its own in RONDA_DATA"
            ) from None

    def close(self) -> None:
        """Give both back."""
        self._socket.close()
        os.close(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
