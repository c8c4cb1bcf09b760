"""Bodies are read by several threads from the first moment on."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import make_dataclass
from typing import Any

from mission_planner.store.body import body_of, from_body

FIELDS, PARTS, KINDS = 20, 8, 100


def kinds(number: int) -> tuple[Any, Any]:
    """A value of a type with types within types that nobody has read yet, and the value within it."""
    parts = [make_dataclass(f"Part{number}_{k}", [(f"f{j}", int) for j in range(FIELDS)]) for k in range(PARTS)]
    inner = make_dataclass(f"Inner{number}", [(part.__name__, part) for part in parts])
    outer = make_dataclass(f"Outer{number}", [("inner", inner)])
    within = inner(*(part(*range(FIELDS)) for part in parts))
    return outer(within), within


def read_at_once() -> None:
    """Two threads read each pair at the same moment, for the first time."""
    sys.setswitchinterval(1e-6)
    together = threading.Barrier(2)

    def reads(value: Any) -> bool:
        body = body_of(value)
        together.wait()
        return all(from_body(type(value), body) == value for _ in range(20))

    with ThreadPoolExecutor(2) as threads:
        for number in range(KINDS):
            assert all(threads.map(reads, kinds(number)))


def test_two_threads_may_read_types_that_hold_each_other_for_the_first_time_at_once() -> None:
    done = subprocess.run([sys.executable, __file__], check=False, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr[-2_000:] or f"it crashed ({done.returncode})"


if __name__ == "__main__":
    read_at_once()
