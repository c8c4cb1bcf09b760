"""Carries orders to robots: at once, and again every second until the robot's state carries their epoch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from mission_planner.fleet.live import Fleet
from mission_planner.fleet.missions import to_resend
from patrol_core.orders import Order

RESEND_S = 1.0  # real time


class Courier:
    """Orders on their way. Bounded by what is untaken in the store; nothing is dropped but what was taken."""

    def __init__(self, fleet: Fleet, publish: Callable[[Order], None], untaken: Iterable[Order] = ()) -> None:
        """`untaken` are orders from before a restart."""
        self._fleet = fleet
        self._publish = publish
        self._waiting: dict[str, list[Order]] = defaultdict(list)
        for order in untaken:
            self._waiting[order.robot_id].append(order)

    def send(self, order: Order) -> None:
        """A new order."""
        self._waiting[order.robot_id].append(order)
        self._publish(order)

    def resend(self) -> None:
        """Publish again what has not been taken, and forget what has."""
        for robot_id, orders in list(self._waiting.items()):
            left = to_resend(orders, self._fleet.robot(robot_id).state)
            if left:
                self._waiting[robot_id] = list(left)
            else:
                del self._waiting[robot_id]
            for order in left:
                self._publish(order)

    def __len__(self) -> int:
        return sum(len(orders) for orders in self._waiting.values())
