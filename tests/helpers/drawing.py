"""Arrivals drawn into the inbox and left there, as where they do not go straight through."""

from __future__ import annotations

from functools import partial

from mission_planner.incidents.drawing import Drawn, draw_in
from mission_planner.store import inbox
from mission_planner.store.protocol import ArrivalKeeper, Store, Tx


def keep_drawn(keeper: ArrivalKeeper, tx: Tx, about: int = 1_000) -> Drawn:
    """One transaction's."""
    drawn = draw_in(keeper, tx, about)
    inbox.keep(tx, drawn.reports)
    return drawn


async def draw_all(store: Store) -> None:
    """Until nothing is left to be drawn."""
    keeper = store.arrivals
    assert keeper is not None
    while (drawn := await store.write(partial(keep_drawn, keeper))).rows:
        keeper.forget(drawn.upto)
