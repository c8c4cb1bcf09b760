"""Contexts: their beginning, their end, signals, and the refusal of a mixture."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from std_msgs.msg import String
from std_srvs.srv import SetBool

import rclpy
from rclpy.context import Context
from rclpy.exceptions import NotInitializedException, RCLError
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.task import Future
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros


def test_a_node_needs_a_context_that_is_open() -> None:
    with pytest.raises(NotInitializedException):
        Node("early", context=Context())


@pytest.mark.usefixtures("wired")
def test_the_default_context_can_be_opened_again_after_its_shutdown() -> None:
    for _ in range(2):
        assert not rclpy.ok()
        rclpy.init(args=[])
        assert rclpy.ok()
        with pytest.raises(RuntimeError, match="only be called once"):
            rclpy.init(args=[])
        rclpy.create_node("again").destroy_node()
        rclpy.shutdown()
    with pytest.raises(RuntimeError):
        rclpy.shutdown()
    rclpy.try_shutdown()


@pytest.mark.usefixtures("wired")
def test_several_contexts_live_side_by_side_and_hear_each_other_within_a_domain() -> None:
    one, other, apart = Ros(domain=901), Ros(domain=901), Ros(domain=902)
    try:
        heard: list[str] = []
        far: list[str] = []
        listener, stranger = other.node("listener"), apart.node("stranger")
        listener.create_subscription(String, "talk", lambda m: heard.append(m.data), 10)
        stranger.create_subscription(String, "talk", lambda m: far.append(m.data), 10)
        other.spin(listener)
        apart.spin(stranger)
        publisher = one.node("talker").create_publisher(String, "talk", 10)
        eventually(lambda: publisher.get_subscription_count() == 1)
        publisher.publish(String(data="hello"))
        eventually(lambda: heard == ["hello"])
        assert far == []
        assert stranger.get_node_names() == ["stranger"]
    finally:
        for ros in (one, other, apart):
            ros.close()


def test_shutdown_ends_spinning_and_calls_back(ros: Ros) -> None:
    called: list[int] = []
    ros.context.on_shutdown(lambda: called.append(1))
    executor = SingleThreadedExecutor(context=ros.context)
    executor.add_node(ros.node("spun"))
    executor.create_task(ros.context.shutdown)
    executor.spin()
    assert called == [1]
    with pytest.raises(ExternalShutdownException):
        executor.spin_once(timeout_sec=0)


def test_after_shutdown_nothing_is_sent_and_rclpys_own_error_says_so(ros: Ros) -> None:
    node = ros.node("late")
    publisher, client = node.create_publisher(String, "talk", 10), node.create_client(SetBool, "switch")
    ros.context.shutdown()
    with pytest.raises(RCLError, match="/talk: nothing was published"):
        publisher.publish(String())
    with pytest.raises(RCLError, match="/switch: nothing was asked"):
        client.call_async(SetBool.Request())


def test_what_user_code_takes_from_the_package_itself_is_there() -> None:
    assert rclpy.Parameter is Parameter
    assert rclpy.Future is Future
    with pytest.raises(AttributeError, match="module 'rclpy' has no attribute 'Parameters'"):
        _ = rclpy.Parameters  # type: ignore[attr-defined]


SPINNER = """
import sys, rclpy
from rclpy.executors import ExternalShutdownException
rclpy.init(args=[])
node = rclpy.create_node("spinner")
timer = node.create_timer(0.0, lambda: (print("up", flush=True), timer.cancel()))
try:
    rclpy.spin(node)
except KeyboardInterrupt:
    print("interrupted")
except ExternalShutdownException:
    print("terminated")
print("ok" if not rclpy.ok() else "still open")
"""


@pytest.mark.parametrize(("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
@pytest.mark.usefixtures("wired")
def test_a_signal_ends_a_node_that_spins(number: signal.Signals, word: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", SPINNER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert out.split()[0] == word
    assert process.returncode == 0


BUSY = """
import threading, rclpy
from std_msgs.msg import String
rclpy.init(args=[])
node = rclpy.create_node("busy")
heard = threading.Event()
publisher = node.create_publisher(String, "talk", 10)
subscription = node.create_subscription(String, "talk", lambda m: (heard.set(), publisher.publish(m)), 10)
threading.Thread(target=rclpy.spin, args=(node,), daemon=True).start()
publisher.publish(String())
heard.wait(60)
"""


@pytest.mark.usefixtures("wired")
def test_a_process_that_ends_without_shutdown_in_the_midst_of_traffic_ends_well() -> None:
    for _ in range(5):
        assert python(BUSY).returncode == 0


def python(code: str, *, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join([str(path), environment.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=environment
    )


def test_a_mixture_of_installations_is_refused_and_both_are_named(tmp_path: Path) -> None:
    stub = tmp_path / "std_msgs"
    stub.mkdir()
    (stub / "__init__.py").write_text("")
    result = python("import rclpy; rclpy.init(args=[])", path=tmp_path)
    assert "MixedInstallationError" in result.stderr
    assert f"std_msgs from another installation ({stub})" in result.stderr
    assert str(Path(rclpy.__file__).parent) in result.stderr


def test_a_mixture_is_refused_even_where_the_other_packages_hold_nothing(tmp_path: Path) -> None:
    stub = tmp_path / "rcl_interfaces"
    stub.mkdir()
    (stub / "__init__.py").write_text("")
    result = python("import rclpy; rclpy.init(args=[])", path=tmp_path)
    assert f"rcl_interfaces from another installation ({stub})" in result.stderr


def test_importing_rclpy_imports_no_zenoh_session_and_no_numpy() -> None:
    result = python("import sys, rclpy, rclpy.node; print('numpy' in sys.modules, 'rosbags' in sys.modules)")
    assert result.stdout.split() == ["False", "False"], result.stderr
