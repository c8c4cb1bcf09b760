"""Waits for one message of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import QoSProfile
from rclpy.task import Future
from ros_interfaces.message import Message

if TYPE_CHECKING:
    from rclpy.node import Node

MsgT = TypeVar("MsgT", bound=Message)


def wait_for_message(
    msg_type: type[MsgT], node: Node, topic: str, *, qos_profile: QoSProfile | int = 1, time_to_wait: float = -1
) -> tuple[Literal[True], MsgT] | tuple[Literal[False], None]:
    """Subscribe until one message came or `time_to_wait` seconds are over (negative: for ever).

    Only this subscription is served meanwhile: whoever spins the node is not disturbed.
    """
    future: Future[MsgT] = Future()

    def on_message(message: MsgT) -> None:
        if not future.done():
            future.set_result(message)

    subscription = node.create_subscription(msg_type, topic, on_message, qos_profile)
    executor = SingleThreadedExecutor(context=node.context)
    try:
        subscription._attach(executor)
        executor.spin_until_future_complete(future, time_to_wait if time_to_wait >= 0 else None)
    finally:
        node.destroy_subscription(subscription)
        executor.shutdown()
    message = future.result()
    return (False, None) if message is None else (True, message)
