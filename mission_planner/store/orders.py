"""Orders to robots: numbered per robot, kept until the robot's state carries their epoch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from mission_planner.store.protocol import Tx
from mission_planner.store.schema import orders
from patrol_core.codec import from_json, to_json
from patrol_core.orders import Order, OrderKind


def newest_epoch(tx: Tx, robot_id: str) -> int:
    """The highest epoch given to the robot; 0 before the first."""
    query = select(func.max(orders.c.epoch)).where(orders.c.site_id == tx.site_id, orders.c.robot_id == robot_id)
    return tx.conn.scalar(query) or 0


def kind_of(tx: Tx, robot_id: str, epoch: int) -> OrderKind | None:
    """What the order of that epoch asks for; None when there is none."""
    query = select(orders.c.kind).where(
        orders.c.site_id == tx.site_id, orders.c.robot_id == robot_id, orders.c.epoch == epoch
    )
    kind = tx.conn.scalar(query)
    return OrderKind(kind) if kind is not None else None


def add(tx: Tx, order: Order) -> None:
    """Keep an order whose epoch is new."""
    tx.conn.execute(
        insert(orders).values(
            order_id=order.order_id,
            site_id=tx.site_id,
            robot_id=order.robot_id,
            epoch=order.epoch,
            mission_id=order.mission_id,
            kind=order.kind.value,
            issued_at=order.issued_at,
            taken_at=None,
            body=to_json(order),
        )
    )


def untaken(tx: Tx, robot_id: str | None = None) -> tuple[Order, ...]:
    """Orders no robot has said it took, in rising epoch."""
    query = select(orders.c.body).where(orders.c.site_id == tx.site_id, orders.c.taken_at.is_(None))
    if robot_id is not None:
        query = query.where(orders.c.robot_id == robot_id)
    return tuple(from_json(Order, body) for body in tx.conn.scalars(query.order_by(orders.c.robot_id, orders.c.epoch)))


def take(tx: Tx, robot_id: str, epoch: int, at: datetime) -> None:
    """The robot has taken every order up to `epoch`."""
    tx.conn.execute(
        update(orders)
        .where(
            orders.c.site_id == tx.site_id,
            orders.c.robot_id == robot_id,
            orders.c.epoch <= epoch,
            orders.c.taken_at.is_(None),
        )
        .values(taken_at=at)
    )
