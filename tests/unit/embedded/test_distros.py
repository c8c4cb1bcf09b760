"""Interfaces that differ between ROS distributions."""

from __future__ import annotations

import pytest

from ros_interfaces.definition import MessageDef
from ros_interfaces.generate import hashes_of, overlay_of, read_packages
from ros_interfaces.parse import DefinitionError
from tests.unit.embedded.test_type_hash import INTERFACES, check_against_rosbags

DISTROS = INTERFACES.parent / "distros"
# as a build of nav2_msgs that Kilted has carries them
OF_KILTED = {
    "nav2_msgs/action/ComputeRoute": "RIHS01_303bfda47f20ae2cb27788d5e8fd0a692f51da499397a3b323ba7f015f8fdedc",
    "nav2_msgs/action/ComputeAndTrackRoute": "RIHS01_d3970a8643572b8f1398cfb6b4c48dae7db967fb7b809a2b0c2e5b6deed77a2a",
}


@pytest.mark.parametrize("distro", ["jazzy", "kilted", "lyrical"])
def test_every_message_of_a_distribution_has_the_hash_and_constants_that_rosbags_knows(distro: str) -> None:
    interfaces = read_packages([INTERFACES], [], overlay=overlay_of(DISTROS, distro))
    assert check_against_rosbags(distro, interfaces) > 110


def test_navigation_hashes_differ_where_the_distributions_do() -> None:
    name, overlays = "nav2_msgs/action/NavigateToPose", ("jazzy", "kilted", "lyrical")
    hashes = [hashes_of(read_packages([INTERFACES], [], overlay=overlay_of(DISTROS, distro))) for distro in overlays]
    assert len({known[f"{name}_Goal"] for known in hashes}) == 1
    assert len({known[f"{name}_Feedback"] for known in hashes}) == 2
    _, kilted, _ = hashes
    assert {known: kilted[known] for known in OF_KILTED} == OF_KILTED


def test_an_overlay_adds_and_replaces_and_leaves_the_rest() -> None:
    jazzy = read_packages([INTERFACES], [])
    lyrical = read_packages([INTERFACES], [], overlay=overlay_of(DISTROS, "lyrical"))
    assert "nav_msgs/msg/Trajectory" in lyrical.keys() - jazzy.keys()
    stamp = lyrical["lifecycle_msgs/msg/TransitionEvent"]
    assert isinstance(stamp, MessageDef)
    assert stamp.fields[0].type.base == "builtin_interfaces/msg/Time"
    assert lyrical["std_msgs/msg/String"] == jazzy["std_msgs/msg/String"]


def test_a_distribution_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(DefinitionError, match="expected one of jazzy, kilted, lyrical, got 'humble'"):
        overlay_of(DISTROS, "humble")
