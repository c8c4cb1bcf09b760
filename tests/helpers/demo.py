"""A whole demo (center, simulator, robots) on free ports with a state folder of its own, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from tests.helpers.waiting import eventually, free_port

PASSWORD = "patrol-at-dawn"
RONDA = (sys.executable, "-m", "patrol_bringup.cli")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Center:
    """An HTTP client that is logged in as admin."""

    url: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=f"{self.url}/api/v1", headers={"X-Ronda": "1"}, timeout=60)

    def log_in(self) -> Self:
        """Log in as admin; raises for any other answer than 200."""
        answer = self.http.post("/session", json={"username": "admin", "password": PASSWORD})
        answer.raise_for_status()
        return self

    def get(self, path: str, **query: str | int) -> Any:
        """JSON of a GET."""
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def items(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """The first page of a list."""
        items: list[dict[str, Any]] = self.get(path, **query)["items"]
        return items

    def post(self, path: str, body: object | None = None) -> Any:
        """JSON of a POST."""
        answer = self.http.post(path, json={} if body is None else body)
        answer.raise_for_status()
        return answer.json()

    def events(self) -> Iterator[tuple[str, Any]]:
        """Server-sent events of one connection: (event name, data)."""
        with self.http.stream("GET", "/events", timeout=None) as answer:
            answer.raise_for_status()
            name, data = "message", []
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data.append(line[5:].strip())
                elif not line and data:
                    yield name, json.loads("\n".join(data))
                    name, data = "message", []


@dataclass(slots=True)
class RunningDemo:
    """The process of `ronda demo` and how to talk to it."""

    process: subprocess.Popen[bytes]
    data: Path
    http_port: int
    mqtt_port: int
    router_port: int
    log: Path
    center: Center = field(init=False)

    def __post_init__(self) -> None:
        self.center = Center(f"http://127.0.0.1:{self.http_port}")

    @property
    def url(self) -> str:
        return self.center.url

    def wait_ready(self, *, within_s: float = 180.0) -> Self:
        """Until the demo says so; fails with the log when it ended."""

        def ready() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"the demo ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
            return b"is ready" in self.log.read_bytes()

        eventually(ready, within_s=within_s, every_s=0.05, what=self._where_it_stands)
        self.center.log_in()
        return self

    def _where_it_stands(self) -> str:
        """The end of the log, with what each thread of every process of it does; they end of being asked."""
        family = self.processes()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGABRT)
        psutil.wait_procs(family, timeout=5)
        return f"the demo is ready; its log, {self.log}, ends:\n{self.log.read_text(errors='replace')[-20_000:]}"

    def processes(self) -> list[psutil.Process]:
        """Every process of the demo, itself included."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def process_named(self, *words: str) -> psutil.Process:
        """The one process whose command line has all `words` as arguments."""
        found = [p for p in self.processes() if set(words) <= set(_command_line(p))]
        assert len(found) == 1, (
            f"expected one process with {words}; came {[_command_line(p) for p in self.processes()]}"
        )
        return found[0]

    def stop(self, *, within_s: float = 60.0) -> int:
        """Ctrl-C; the exit code. Fails if anything stays behind."""
        self.center.http.close()
        family = self.processes() if self.process.poll() is None else []
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=within_s)
        left = [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        assert not left, f"expected every process to end; still there: {left}"
        return code


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def start_demo(
    folder: Path, *, arguments: tuple[str, ...] = (), command: list[str] | None = None, **environment: str
) -> RunningDemo:
    """Start `ronda demo` with state in `folder`; ports are free ones unless given in `environment`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "RONDA_DATA": str(folder / "data"),
        "RONDA_PORT": str(free_port()),
        "RONDA_MQTT_PORT": str(free_port()),
        "RONDA_ROUTER_PORT": str(free_port(room=8)),
        "RONDA_ADMIN_PASSWORD": PASSWORD,
        "PYTHONFAULTHANDLER": "1",
        **environment,
    }
    log = folder / f"demo-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command or [*RONDA, "demo", *arguments],
            env={**os.environ, **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return RunningDemo(
        process=process,
        data=Path(settings["RONDA_DATA"]),
        http_port=int(settings["RONDA_PORT"]),
        mqtt_port=int(settings["RONDA_MQTT_PORT"]),
        router_port=int(settings["RONDA_ROUTER_PORT"]),
        log=log,
    )


@contextmanager
def running_demo(folder: Path, *, arguments: tuple[str, ...] = (), **environment: str) -> Iterator[RunningDemo]:
    """A ready demo that ends with the block, whatever happens in it."""
    demo = start_demo(folder, arguments=arguments, **environment)
    try:
        yield demo.wait_ready()
    finally:
        demo.center.http.close()
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGINT)
            try:
                demo.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                demo.process.kill()
