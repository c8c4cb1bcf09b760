"""A PostgreSQL server of the tests' own, from the machine's package: in a temporary folder, on a Unix socket only."""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.helpers.waiting import eventually

_PR_SET_PDEATHSIG = 1
_FRESH = ("-U", "ronda", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
_numbers = count()


def _programs() -> Path | None:
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda p: int(p.parent.name))
    beside = shutil.which("initdb")
    return Path(beside).parent if beside else None


def installed() -> bool:
    """Whether this machine has a server's programs."""
    return _programs() is not None


def _owner() -> str | None:
    """The server refuses root, so there it runs as the package's own user."""
    return "postgres" if os.geteuid() == 0 else None


class Server:
    """One server; ends with this process, however it ends.

    Args:
        disk: where its folder is made; None: where temporary things are.
        small: it logs in pieces of 1 MB instead of 16.
    """

    def __init__(self, *, fsync: bool, disk: Path | None = None, small: bool = False) -> None:
        programs = _programs()
        if programs is None:
            pytest.skip("PostgreSQL is not installed (Debian's package postgresql)")
        self._programs, self._fsync = programs, fsync
        self._small = small
        self.folder = Path(tempfile.mkdtemp(prefix="ronda-pg-", dir=disk))
        self._user: dict[str, object] = {}
        if (owner := _owner()) is not None:
            entry = pwd.getpwnam(owner)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        made = subprocess.run(
            [programs / "initdb", "-D", self.folder / "data", *_FRESH, *(["--wal-segsize=1"] if small else [])],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            **self._user,  # type: ignore[call-overload]
        )
        assert made.returncode == 0, made.stderr
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {"fsync": "on" if self._fsync else "off", "listen_addresses": "", "max_connections": "60"}
        options |= {"shared_buffers": "32MB", "unix_socket_directories": str(self.folder)}
        options |= {"min_wal_size": "2MB", "max_wal_size": "4MB"} if self._small else {}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *(f"-c{k}={v}" for k, v in options.items())],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one prctl
                **self._user,  # type: ignore[call-overload]
            )
        eventually(self._answers, within_s=30, what=lambda: (self.folder / "log").read_text()[-2_000:])

    def kill(self) -> None:
        """As if the machine had stopped: nobody tidies up, and no session outlives the server for a last commit."""
        sessions = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.wait()
        for session in sessions:
            with suppress(psutil.NoSuchProcess):
                session.kill()
        psutil.wait_procs(sessions, timeout=30)
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """End it and remove everything."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{next(_numbers)}"
        with psycopg.connect(self._conninfo, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return f"postgresql://ronda@/{name}?host={self.folder}"

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected."""
        name = address.split("/")[3].split("?", maxsplit=1)[0]
        with psycopg.connect(self._conninfo, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    @property
    def _conninfo(self) -> str:
        return f"host={self.folder} user=ronda dbname=postgres"

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.folder / "log").read_text()[-2_000:]
        try:
            psycopg.connect(self._conninfo).close()
        except psycopg.OperationalError:
            return False
        return True


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


@cache
def server(*, fsync: bool = False) -> Server:
    """The one server of this process; synced to disk only where a test is about that."""
    made = Server(fsync=fsync)
    atexit.register(made.stop)
    return made
