"""Type hashes against those that others publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from ros_interfaces.definition import Interface, MessageDef
from ros_interfaces.generate import hashes_of, read_packages
from ros_interfaces.parse import DefinitionError, parse_message

INTERFACES = Path(__file__).parents[3] / "ros_ws" / "embedded" / "interfaces"

# Full names and digits as builds of ROS 2 Jazzy and the tests of other implementations have them
PUBLISHED = dict(
    line.split()
    for line in (Path(__file__).parent / "published_hashes.txt").read_text().splitlines()
    if not line.startswith("#")
)


@pytest.fixture(scope="module")
def interfaces() -> dict[str, Interface]:
    return read_packages([INTERFACES], [])


@pytest.fixture(scope="module")
def hashes(interfaces: dict[str, Interface]) -> dict[str, str]:
    return hashes_of(interfaces)


def test_hashes_are_those_that_ros_publishes(hashes: dict[str, str]) -> None:
    assert len(PUBLISHED) > 100
    for name, digits in PUBLISHED.items():
        assert hashes[name] == f"RIHS01_{digits}", name


def check_against_rosbags(distro: str, interfaces: dict[str, Interface]) -> int:
    """Compare hashes and constants of what rosbags knows of a distribution; how many messages that were."""
    typesys = pytest.importorskip("rosbags.typesys")
    store = typesys.get_typestore(typesys.Stores[f"ROS2_{distro.upper()}"])
    # rosbags takes `char` for the character of DDS; ROS 2 means uint8
    wrong_there = {"std_msgs/msg/Char", "service_msgs/msg/ServiceEventInfo"}
    hashes = hashes_of(interfaces)
    compared = 0
    for name, interface in interfaces.items():
        if name in store.fielddefs and isinstance(interface, MessageDef):
            compared += 1
            if name not in wrong_there:
                assert store.hash_rihs01(name) == hashes[name], name
            constants = {name: value for name, _, value in store.fielddefs[name][0]}
            assert {constant.name: constant.value for constant in interface.constants} == constants, name
    return compared


def test_char_hashes_as_uint8_and_only_structure_counts() -> None:
    def hashed(text: str) -> str:
        message = parse_message("pkg/msg/Thing", text)
        return hashes_of({message.name: message})[message.name]

    assert hashed("char x") == hashed("uint8 x")
    assert hashed("uint8 x 3") == hashed("uint8 x  # with a comment") == hashed("uint8 A=1\nuint8 x")
    assert hashed("uint8 x") != hashed("uint8 y") != hashed("uint8[] x")


def test_a_field_of_an_interface_that_is_not_there_is_named() -> None:
    message = parse_message("pkg/msg/Thing", "Missing x")
    with pytest.raises(DefinitionError, match="pkg/msg/Thing uses pkg/msg/Missing, which is not defined"):
        hashes_of({message.name: message})
