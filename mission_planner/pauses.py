"""What would make everybody in this process wait for one: kept short while a center runs.

The event loop, the stores' writers and the readers share one interpreter. Two things hold it for longer than a cry for
help should wait: a full garbage collection, which looks through all that lives as long as the process (the site, the
code: 150 ms and more), and a thread that computes, which gives the others their turn only so often.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN_S = 0.001  # after which a computing thread lets another one have its turn, where one waits
YOUNG, OFTEN = 20_000, 20  # new objects before a collection of the young; every so often the older ones, too


@contextmanager
def short_pauses() -> Iterator[None]:
    """Begin when what lives for ever is there: it is not looked through again until the block ends."""
    turn_s = sys.getswitchinterval()
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OFTEN, OFTEN)
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turn_s)
        gc.set_threshold(*thresholds)
        gc.unfreeze()
