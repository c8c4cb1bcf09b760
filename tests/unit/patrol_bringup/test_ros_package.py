"""The ROS side of bringup: its files agree with the code they start, and name nothing that is not there."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from patrol_onboard.motion_mux import MuxPolicy
from patrol_onboard.policy import Policy
from sim.view import CAMERA_AHEAD_M, CAMERA_TILT_RAD, CAMERA_UP_M

PACKAGE = Path(__file__).resolve().parents[3] / "ros_ws" / "src" / "patrol_bringup"
IMPORTS = {"geometry_msgs", "nav2_msgs", "nav_msgs", "action_msgs", "sensor_msgs", "std_msgs", "rosgraph_msgs"}


@pytest.mark.parametrize(("section", "kind"), [("policy", Policy), ("base", MuxPolicy)])
def test_the_parameter_file_says_what_the_code_has_by_itself_in_the_codes_own_types(section: str, kind: type) -> None:
    written = yaml.safe_load((PACKAGE / "config" / "robot.yaml").read_text())["/**"]["ros__parameters"][section]
    usual = {f.name: f.default for f in fields(kind)}
    assert written == usual
    assert {k: type(v) for k, v in written.items()} == {k: type(v) for k, v in usual.items()}


def test_the_description_is_one_tree_with_the_camera_where_the_simulator_has_it() -> None:
    robot = ET.parse(PACKAGE / "urdf" / "robot.urdf").getroot()
    links = {link.attrib["name"] for link in robot.findall("link")}
    parents = {j.find("child").attrib["link"]: j for j in robot.findall("joint")}  # type: ignore[union-attr]
    assert links - set(parents) == {"base_footprint"}
    assert {j.find("parent").attrib["link"] for j in parents.values()} <= links  # type: ignore[union-attr]
    x_m = z_m = 0.0
    link = "camera_link"
    while link in parents:
        origin = parents[link].find("origin")
        assert origin is not None
        x, _, z = map(float, origin.attrib["xyz"].split())
        x_m, z_m, link = x_m + x, z_m + z, parents[link].find("parent").attrib["link"]  # type: ignore[union-attr]
    pitch = float(parents["camera_link"].find("origin").attrib["rpy"].split()[1])  # type: ignore[union-attr]
    assert (x_m, z_m) == pytest.approx((CAMERA_AHEAD_M, CAMERA_UP_M))
    assert pitch == pytest.approx(-CAMERA_TILT_RAD, abs=1e-6)


def test_every_message_package_the_nodes_import_is_a_dependency() -> None:
    manifest = ET.parse(PACKAGE / "package.xml").getroot()
    depends = {d.text for d in manifest.findall("exec_depend")}
    imported = set()
    for file in [*(PACKAGE.parent / "patrol_onboard").glob("*.py"), *(PACKAGE.parent / "patrol_wire").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and re.fullmatch(r"\w+\.(msg|srv|action)", module):
                imported.add(module.partition(".")[0])
    assert imported >= IMPORTS
    assert imported - {"builtin_interfaces"} <= depends


def test_what_cmake_installs_is_there_and_can_be_run() -> None:
    cmake = (PACKAGE / "CMakeLists.txt").read_text()
    folders = re.search(r"DIRECTORY ([\w ]+) DESTINATION", cmake)
    programs = re.search(r"PROGRAMS ([\w/ ]+) DESTINATION", cmake)
    assert folders is not None
    assert programs is not None
    assert all((PACKAGE / folder).is_dir() for folder in folders[1].split())
    assert all(os.access(PACKAGE / program, os.X_OK) for program in programs[1].split())


def test_the_launch_file_is_python_and_starts_only_programs_that_are_installed() -> None:
    text = (PACKAGE / "launch" / "robot.launch.py").read_text()
    ast.parse(text)
    assert {f"scripts/{name}" for name in re.findall(r'node\("(\w+)"\)', text)} == {
        f"scripts/{p.name}" for p in (PACKAGE / "scripts").iterdir()
    }


@pytest.mark.parametrize("name", ["base_node", "mission_node", "vision_node", "media_node", "voice_node"])
def test_a_program_started_as_ros2_run_does_says_what_it_misses(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, PACKAGE / "scripts" / name],
        env={**os.environ, "RONDA_DATA": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "expected the parameters site_id and robot_id" in done.stderr
    assert "Traceback" not in done.stderr
