"""A store with a small file beside it for what has just come in, whatever its own database is and does just now."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mission_planner.store.arrival_table import position
from mission_planner.store.arrivals import Arrivals
from mission_planner.store.protocol import Tx, Urgency
from mission_planner.store.reserve import Reserve
from mission_planner.store.writer import GroupStore


class WithArrivals(GroupStore):
    """Both live and die together; comes before the kind of store among the bases."""

    arrivals: Arrivals

    def open_arrivals(self, path: Path, reserve: Reserve) -> None:
        """Open the file; the store is closed where that fails.

        Raises:
            Unavailable: the file cannot be opened.
        """
        try:
            drawn_in = self._read(_drawn_in)
            self.arrivals = Arrivals(path, site_id=self._site_id, drawn_in=drawn_in, reserve=reserve)
        except BaseException:
            super().close()
            raise

    @property
    def trouble(self) -> str | None:
        return super().trouble or self.arrivals.trouble

    async def watch(self) -> None:
        both = [asyncio.ensure_future(super().watch()), asyncio.ensure_future(self.arrivals.watch())]
        try:
            ended, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            for one in both:
                one.cancel()

    def tend(self) -> None:
        super().tend()
        self.arrivals.tend()

    def close(self) -> None:
        super().close()
        self.arrivals.close()


def _drawn_in(tx: Tx) -> dict[Urgency, int]:
    return {urgency: position(tx, urgency) for urgency in Urgency}
