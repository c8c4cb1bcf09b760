"""Type hashes against those that others publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from ros_interfaces.definition import Interface, MessageDef
from ros_interfaces.generate import hashes_of, read_packages
from ros_interfaces.parse import DefinitionError, parse_message

INTERFACES = Path(__file__).parents[3] / "ros_ws" / "embedded" / "interfaces"

# Seen on the wire of ROS 2 Jazzy and in the sources of other implementations of it
PUBLISHED = {
    "std_msgs/msg/String": "df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
    "std_msgs/msg/Empty": "20b625256f32d5dbc0d04fee44f43c41e51c70d3502f84b4a08e7a9c26a96312",
    "std_srvs/srv/Trigger": "eeff2cd6fa5ad9d27cdf4dec64818317839b62f212a91e6b5304b634b2062c5f",
}


@pytest.fixture(scope="module")
def interfaces() -> dict[str, Interface]:
    return read_packages([INTERFACES], [])


@pytest.fixture(scope="module")
def hashes(interfaces: dict[str, Interface]) -> dict[str, str]:
    return hashes_of(interfaces)


@pytest.mark.parametrize(("name", "digits"), PUBLISHED.items())
def test_a_hash_is_the_one_that_ros_publishes(name: str, digits: str, hashes: dict[str, str]) -> None:
    assert hashes[name] == f"RIHS01_{digits}"


def test_every_message_that_rosbags_knows_has_its_hash_and_constants(
    interfaces: dict[str, Interface], hashes: dict[str, str]
) -> None:
    typesys = pytest.importorskip("rosbags.typesys")
    store = typesys.get_typestore(typesys.Stores.ROS2_JAZZY)
    # rosbags takes `char` for the character of DDS; ROS 2 means uint8
    wrong_there = {"std_msgs/msg/Char", "service_msgs/msg/ServiceEventInfo"}
    compared = 0
    for name, interface in interfaces.items():
        if name in store.fielddefs and isinstance(interface, MessageDef):
            compared += 1
            if name not in wrong_there:
                assert store.hash_rihs01(name) == hashes[name], name
            constants = {name: value for name, _, value in store.fielddefs[name][0]}
            assert {constant.name: constant.value for constant in interface.constants} == constants, name
    assert compared > 110


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
