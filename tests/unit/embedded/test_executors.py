"""Executors and callback groups."""

from __future__ import annotations

import threading
import time

import pytest
from std_msgs.msg import Int32, String

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.executors import MultiThreadedExecutor, SingleThreadedExecutor
from rclpy.task import Future
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros


class Meeting:
    """Counts how many are inside at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = 0
        self.most = 0
        self.visits = 0
        self.gate = threading.Event()

    def visit(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.gate.wait(60)
        with self.lock:
            self.inside -= 1
            self.visits += 1


def test_spin_once_waits_no_longer_than_it_is_told(ros: Ros) -> None:
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(ros.node("idle"))
    executor.spin_once(timeout_sec=0)
    before = time.monotonic()
    executor.spin_once(timeout_sec=0.05)
    assert 0.04 < time.monotonic() - before < 30  # of what would wait for ever


def test_an_idle_executor_uses_no_processor_time(ros: Ros) -> None:
    node = ros.node("idle")
    node.create_timer(3600.0, lambda: None)
    ros.spin(node)
    woken = threading.Event()
    before = time.process_time()
    woken.wait(0.5)
    assert time.process_time() - before < 0.05


def test_an_exception_in_a_callback_is_raised_where_the_executor_spins(ros: Ros) -> None:
    node = ros.node("faulty")

    def fail() -> None:
        raise ValueError("in a callback")

    node.create_guard_condition(fail).trigger()
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    with pytest.raises(ValueError, match="in a callback"):
        executor.spin_once(timeout_sec=1)
    node.create_guard_condition(lambda: None).trigger()
    executor.spin_once(timeout_sec=1)  # the group is free again


def test_an_exception_on_a_pool_thread_is_raised_where_the_executor_spins(ros: Ros) -> None:
    node = ros.node("faulty")

    def fail() -> None:
        raise ValueError("on another thread")

    node.create_guard_condition(fail).trigger()
    with MultiThreadedExecutor(2, context=ros.context) as executor:
        executor.add_node(node)
        with pytest.raises(ValueError, match="on another thread"):
            for _ in range(10):
                executor.spin_once(timeout_sec=1)


def test_a_node_belongs_to_one_executor_at_a_time(ros: Ros) -> None:
    node = ros.node("moved")
    one, other = SingleThreadedExecutor(context=ros.context), SingleThreadedExecutor(context=ros.context)
    assert one.add_node(node) is True
    assert one.add_node(node) is False
    other.add_node(node)
    assert one.get_nodes() == []
    assert node.executor is other
    node.executor = one
    assert other.get_nodes() == []
    one.remove_node(node)
    assert (one.get_nodes(), node.executor) == ([], one), "it remembers who served it last"
    node.executor = None
    assert node.executor is None


def test_what_came_before_a_node_was_added_is_served(ros: Ros) -> None:
    node = ros.node("early")
    heard: list[str] = []
    subscription = node.create_subscription(String, "talk", lambda m: heard.append(m.data), 10)
    node.create_publisher(String, "talk", 10).publish(String(data="early"))
    eventually(subscription._pending)
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    executor.spin_once(timeout_sec=1)
    assert heard == ["early"]


def test_callbacks_of_an_exclusive_group_never_run_beside_each_other(ros: Ros) -> None:
    node, meeting = ros.node("exclusive"), Meeting()
    group = MutuallyExclusiveCallbackGroup()
    guards = [node.create_guard_condition(meeting.visit, group) for _ in range(4)]
    ros.spin(node, executor=MultiThreadedExecutor(4, context=ros.context))
    for guard in guards:
        guard.trigger()
    eventually(lambda: meeting.inside == 1)
    meeting.gate.set()
    eventually(lambda: meeting.visits == 4)
    assert meeting.most == 1


@pytest.mark.parametrize("reentrant", [True, False])
def test_callbacks_of_different_or_reentrant_groups_run_beside_each_other(ros: Ros, reentrant: bool) -> None:
    node, meeting = ros.node("parallel"), Meeting()
    shared = ReentrantCallbackGroup()
    for _ in range(3):
        group = shared if reentrant else MutuallyExclusiveCallbackGroup()
        node.create_guard_condition(meeting.visit, group).trigger()
    ros.spin(node, executor=MultiThreadedExecutor(4, context=ros.context))
    eventually(lambda: meeting.inside == 3)
    meeting.gate.set()
    eventually(lambda: meeting.visits == 3)


def test_one_subscription_of_a_reentrant_group_is_served_by_several_threads(ros: Ros) -> None:
    node, meeting = ros.node("parallel"), Meeting()
    node.create_subscription(Int32, "count", lambda m: meeting.visit(), 10, callback_group=ReentrantCallbackGroup())
    publisher = node.create_publisher(Int32, "count", 10)
    ros.spin(node, executor=MultiThreadedExecutor(3, context=ros.context))
    for _ in range(5):
        publisher.publish(Int32())
    eventually(lambda: meeting.inside == 3)
    meeting.gate.set()
    eventually(lambda: meeting.visits == 5)
    assert meeting.most == 3, "never more than there are threads"


def test_a_callback_that_awaits_lets_others_run_but_not_its_own_group(ros: Ros) -> None:
    node = ros.node("awaiting")
    seen: list[str] = []
    awaited: Future[str] = Future()
    group = MutuallyExclusiveCallbackGroup()

    async def first() -> None:
        seen.append("begins")
        seen.append(str(await awaited))

    node.create_guard_condition(first, group).trigger()
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    executor.spin_once(timeout_sec=1)
    node.create_guard_condition(lambda: seen.append("same group"), group).trigger()
    executor.spin_once(timeout_sec=0)
    node.create_guard_condition(lambda: seen.append("other group"), ReentrantCallbackGroup()).trigger()
    executor.spin_once(timeout_sec=1)
    awaited.set_result("goes on")
    executor.spin_once(timeout_sec=1)
    executor.spin_once(timeout_sec=1)
    assert seen == ["begins", "other group", "goes on", "same group"]


def test_no_entity_starves_another(ros: Ros) -> None:
    node = ros.node("fair")
    order: list[str] = []
    for name in ("a", "b"):
        node.create_subscription(Int32, name, lambda m, name=name: order.append(name), 10)  # type: ignore[misc]
    publishers = [node.create_publisher(Int32, name, 10) for name in ("a", "b")]
    for publisher in publishers:
        for _ in range(3):
            publisher.publish(Int32())
    executor = SingleThreadedExecutor(context=ros.context)
    eventually(lambda: all(subscription._pending() for subscription in node.subscriptions))
    executor.add_node(node)
    for _ in range(6):
        executor.spin_once(timeout_sec=1)
    assert sorted(order) == ["a"] * 3 + ["b"] * 3
    assert set(order[:2]) == {"a", "b"}


def test_shutdown_waits_for_a_callback_that_runs(ros: Ros) -> None:
    node, meeting = ros.node("slow"), Meeting()
    executor = MultiThreadedExecutor(2, context=ros.context)
    node.create_guard_condition(meeting.visit).trigger()
    ros.spin(node, executor=executor)
    eventually(lambda: meeting.inside == 1)
    assert executor.shutdown(timeout_sec=0.01) is False
    meeting.gate.set()
    assert executor.shutdown(timeout_sec=5) is True
    assert executor.get_nodes() == []


def test_spinning_until_a_future_is_done_ends_in_time(ros: Ros) -> None:
    node = ros.node("patient")
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    never: Future[int] = Future()
    executor.spin_until_future_complete(never, timeout_sec=0.01)
    assert not never.done()
    soon: Future[int] = Future()
    node.create_timer(0.01, lambda: soon.set_result(1))
    executor.spin_until_future_complete(soon, timeout_sec=30)
    assert soon.result() == 1


def test_many_nodes_come_and_go_without_a_trace(ros: Ros) -> None:
    watcher = ros.node("watcher")
    executor = SingleThreadedExecutor(context=ros.context)
    threads = threading.active_count()
    for _ in range(50):
        node = ros.node("passing")
        node.create_timer(1.0, lambda: None)
        node.create_subscription(String, "talk", lambda m: None, 10)
        executor.add_node(node)
        node.destroy_node()
    assert watcher.get_node_names() == ["watcher"]
    assert [name for name, _ in watcher.get_topic_names_and_types()] == ["/parameter_events", "/rosout"]
    assert (executor.get_nodes(), len(executor._timers), len(executor._ready)) == ([], 0, 0)
    assert threading.active_count() == threads


def test_a_backlog_is_worked_off_while_a_timer_and_another_node_are_served_too(ros: Ros) -> None:
    order: list[str] = []
    busy, other = ros.node("busy"), ros.node("other")
    publisher = busy.create_publisher(String, "flood", 500)
    busy.create_subscription(String, "flood", lambda m: order.append("flood"), 500)
    other.create_subscription(String, "aside", lambda m: order.append("aside"), 10)
    busy.create_timer(0.005, lambda: order.append("timer"))
    aside = other.create_publisher(String, "aside", 10)
    for _ in range(300):
        publisher.publish(String())
    aside.publish(String())
    ros.spin(busy, other)
    eventually(lambda: order.count("flood") == 300 and "aside" in order and "timer" in order)


def test_spin_once_runs_one_callback_however_many_wait(ros: Ros) -> None:
    heard: list[str] = []
    node = ros.node("counts")
    publisher = node.create_publisher(String, "talk", 10)
    subscription = node.create_subscription(String, "talk", lambda m: heard.append(m.data), 10)
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    for word in ("a", "b", "c"):
        publisher.publish(String(data=word))
    eventually(subscription._pending)
    executor.spin_once(timeout_sec=30)
    assert heard == ["a"]


def test_a_failure_in_a_backlog_is_raised_and_the_rest_waits(ros: Ros) -> None:
    heard: list[str] = []
    node = ros.node("fails")
    publisher = node.create_publisher(String, "talk", 10)

    def on_message(message: String) -> None:
        heard.append(message.data)
        if message.data == "b":
            raise RuntimeError("not b")

    subscription = node.create_subscription(String, "talk", on_message, 10)
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(node)
    for word in ("a", "b", "c"):
        publisher.publish(String(data=word))
    eventually(lambda: len(subscription._wire._queue) == 3)  # type: ignore[union-attr]
    with pytest.raises(RuntimeError, match="not b"):
        executor.spin()
    assert heard == ["a", "b"]
    publisher.publish(String(data="d"))
    eventually(lambda: len(subscription._wire._queue) == 2)  # type: ignore[union-attr]
    executor.spin_once(timeout_sec=30)
    assert heard == ["a", "b", "c"]
