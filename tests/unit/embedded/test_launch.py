"""Launch files: what they say, and processes that are really started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from launch import LaunchContext, LaunchDescription, LaunchError
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    GroupAction,
    IncludeLaunchDescription,
    LogInfo,
    OpaqueFunction,
    SetEnvironmentVariable,
    SetLaunchConfiguration,
)
from launch.conditions import IfCondition, UnlessCondition
from launch.description import visit_all
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import EnvironmentVariable, LaunchConfiguration, PathJoinSubstitution, TextSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare
from rclpy.duration import Duration
from rclpy.time import Time
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros
from tf2_ros import Buffer, TransformListener


def visited(*actions: Any, **arguments: str) -> LaunchContext:
    context = LaunchContext(arguments=arguments)
    visit_all(LaunchDescription(actions), context)
    return context


def words(*actions: Any, **arguments: str) -> list[tuple[str, ...]]:
    return [process.command for process in visited(*actions, **arguments).processes]


def test_an_argument_has_its_default_until_another_is_given() -> None:
    actions = (
        DeclareLaunchArgument("site", default_value=EnvironmentVariable("NO_SUCH", default_value="xinghe")),
        ExecuteProcess(cmd=["echo", LaunchConfiguration("site"), ["a", TextSubstitution(text="b")]]),
    )
    assert words(*actions) == [("echo", "xinghe", "ab")]
    assert words(*actions, site="other") == [("echo", "other", "ab")]


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        (DeclareLaunchArgument("robot_id", description="who"), r"'robot_id' is missing \(who\): add robot_id:="),
        (DeclareLaunchArgument("mode", default_value="x", choices=["a", "b"]), "expected one of a, b, got 'x'"),
        (LogInfo(msg=LaunchConfiguration("nothing")), "launch configuration 'nothing' does not exist"),
        (LogInfo(msg=EnvironmentVariable("NO_SUCH")), "environment variable 'NO_SUCH' is not set"),
        (LogInfo(msg=FindPackageShare("no_such")), "no package 'no_such'"),
        (IncludeLaunchDescription("/no/such.launch.py"), "there is no launch file /no/such.launch.py"),
        (Node(package="no_such", executable="x"), "no package 'no_such'"),
        (Node(package="patrol_bringup", executable="x"), "package 'patrol_bringup' has no program 'x'"),
        (Node(package="patrol_bringup", executable="base_node", parameters=["/no.yaml"]), "no parameter file /no.yaml"),
    ],
)
def test_what_is_missing_is_told_in_words(action: Any, complaint: str) -> None:
    with pytest.raises(LaunchError, match=complaint):
        visited(action)


def test_conditions_decide_and_functions_add(capsys: pytest.CaptureFixture[str]) -> None:
    def further(context: LaunchContext, name: str) -> list[Any]:
        return [ExecuteProcess(cmd=[name, LaunchConfiguration("mode").perform(context)])]

    actions = [
        SetLaunchConfiguration("mode", "fast"),
        SetLaunchConfiguration("mode", "slow", condition=UnlessCondition("true")),
        GroupAction([ExecuteProcess(cmd=["sim"])], condition=IfCondition(LaunchConfiguration("sim", default="false"))),
        OpaqueFunction(function=further, args=["drive"]),
        LogInfo(msg=["mode ", LaunchConfiguration("mode")]),
    ]
    assert words(*actions) == [("drive", "fast")]
    assert words(*actions, sim="True") == [("sim",), ("drive", "fast")]
    assert capsys.readouterr().out.startswith("[launch] mode fast\n")


def test_a_node_gets_its_names_remappings_and_parameters(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("{}")
    node = Node(
        package="patrol_bringup", executable="base_node", name="base", namespace="xinghe/r1", respawn=True,
        respawn_delay=1.5, remappings=[("/tf", "tf")], arguments=["-v"],
        parameters=[str(file), {"a": {"b": 1}, "c": LaunchConfiguration("speed"), "d": ["x", 2.5]}],
    )  # fmt: skip
    (process,) = visited(SetEnvironmentVariable("MODE", "test"), node, speed="0.5").processes
    _, program, *rest = process.command
    assert program.endswith("patrol_bringup/scripts/base_node")
    assert rest[:8] == ["-v", "--ros-args", "-r", "__node:=base", "-r", "__ns:=/xinghe/r1", "-r", "/tf:=tf"]
    assert rest[8:10] == ["--params-file", str(file)]
    assert (process.name, process.respawn, process.respawn_delay_s) == ("base_node-1", True, 1.5)
    assert process.environment["MODE"] == "test"
    written = yaml.safe_load(Path(rest[11]).read_text())
    assert written == {"/**": {"ros__parameters": {"a": {"b": 1}, "c": 0.5, "d": ["x", 2.5]}}}


def test_a_file_is_included_with_arguments_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "inner.launch.py").write_text(
        "from launch import LaunchDescription\nfrom launch.actions import ExecuteProcess\n"
        "from launch.substitutions import LaunchConfiguration\n"
        "def generate_launch_description():\n"
        "    return LaunchDescription([ExecuteProcess(cmd=['run', LaunchConfiguration('who')])])\n"
    )
    path = PathJoinSubstitution([str(tmp_path), "inner.launch.py"])
    include = IncludeLaunchDescription(PythonLaunchDescriptionSource(path), launch_arguments={"who": "r2"}.items())
    assert words(include) == [("run", "r2")]


def test_packages_are_found_below_prefixes_and_as_python_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(get_package_share_directory("patrol_bringup"), "urdf", "robot.urdf").is_file()
    (tmp_path / "share" / "my_robot").mkdir(parents=True)
    (tmp_path / "lib" / "my_robot").mkdir(parents=True)
    (tmp_path / "lib" / "my_robot" / "drive").write_text("#!/bin/sh\n")
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    assert get_package_share_directory("my_robot") == str(tmp_path / "share" / "my_robot")
    ((program, *_),) = words(Node(package="my_robot", executable="drive"))
    assert program == str(tmp_path / "lib" / "my_robot" / "drive")
    with pytest.raises(PackageNotFoundError, match="no package 'my_other'"):
        get_package_share_directory("my_other")


class Launched:
    """`ronda ros launch` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def until(self, text: str) -> None:
        """Read on until a line has this."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return
        raise AssertionError(f"it ended without {text!r}: {''.join(self.lines)}")

    def stop(self) -> int:
        """Ctrl-C, and how it ended."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=60)
        self.lines += out.splitlines(keepends=True)
        return self.process.returncode


@contextmanager
def launched(*command: str, **environment: str) -> Iterator[Launched]:
    with subprocess.Popen(
        [sys.executable, "-m", "ros_cli.cli", "launch", *command],
        env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            yield Launched(process)
        finally:
            process.kill()


def launch_file(folder: Path, program: str, **options: Any) -> str:
    (folder / "program.py").write_text(program)
    path = folder / "test.launch.py"
    path.write_text(
        "import sys\nfrom launch import LaunchDescription\nfrom launch.actions import ExecuteProcess\n"
        "def generate_launch_description():\n"
        f"    cmd = [sys.executable, '-u', {str(folder / 'program.py')!r}]\n"
        f"    return LaunchDescription([ExecuteProcess(cmd=cmd, name='program', **{options!r})])\n"
    )
    return str(path)


def test_what_dies_is_started_again_and_ctrl_c_ends_all(tmp_path: Path) -> None:
    program = (
        "import pathlib, signal, sys\n"
        "seen = pathlib.Path(sys.argv[0] + '.seen')\n"
        "if not seen.exists():\n    seen.touch(); print('first'); sys.exit(3)\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(0)); print('second'); signal.pause()\n"
    )
    with launched(launch_file(tmp_path, program, respawn=True)) as launch:
        launch.until("[program-1] second")
        assert any("process has died [exit code 3]" in line for line in launch.lines)
        assert launch.stop() == 0
        assert any("process has finished cleanly" in line for line in launch.lines)


def test_a_process_that_fails_fails_the_launch(tmp_path: Path) -> None:
    with launched(launch_file(tmp_path, "import sys; print('x' * 3_000_000); sys.exit(4)")) as launch:
        out, _ = launch.process.communicate(timeout=60)
    assert launch.process.returncode == 2
    assert out.count("x") >= 3_000_000
    assert "[program-1] process has died [exit code 4]" in out
    assert "ronda ros: a process failed" in out


def test_the_bring_up_of_a_robot_runs(ros: Ros, router_port: int, tmp_path: Path) -> None:
    buffer, node = Buffer(), ros.node("watcher")
    environment = {"ROS_DOMAIN_ID": str(ros.domain), "RONDA_DATA": str(tmp_path)}
    watcher = ros.node(
        "frames", cli_args=["--ros-args", "-r", "/tf:=/xinghe/r1/tf", "-r", "/tf_static:=/xinghe/r1/tf_static"]
    )
    listener = TransformListener(buffer, watcher, spin_thread=True)
    with launched("patrol_bringup", "robot.launch.py", "robot_id:=r1", **environment) as launch:
        names = {"/xinghe/r1/base", "/xinghe/r1/mission", "/xinghe/r1/robot_state_publisher"}
        eventually(lambda: names <= set(node.get_fully_qualified_node_names()), within_s=90, what="the robot's nodes")
        found = buffer.lookup_transform("base_footprint", "camera_link", Time(), timeout=Duration(seconds=60))
        assert found.transform.translation.z > 0.5
        launch.until("robot r1 is up")
        assert launch.stop() == 0
    listener.unregister()
    started = [line.split("]")[0] for line in launch.lines if "process started" in line]
    ended = [line.split("]")[0] for line in launch.lines if "process has finished cleanly" in line]
    assert sorted(ended) == sorted(started), "".join(launch.lines)
    assert {name.rsplit("-", 1)[0] for name in ended} >= {"[base_node", "[mission_node", "[robot_state_publisher"}
