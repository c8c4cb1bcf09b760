"""Keys, tokens, QoS and attachments as rmw_zenoh writes them."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ros_wire import attachment, qos
from ros_wire.names import Entity, Kind, NodeId, WireError, dds_type, parse_token, ros_type
from ros_wire.qos import Qos, decode_qos, encode_qos

HASH = "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18"
NODE = NodeId(domain=0, session="aac3178e146ba6f1fc6e6a4085e77f21", node=2, namespace="/robot1", name="demo_server")
PUBLISHER = Entity(
    kind=Kind.PUBLISHER, owner=NODE, number=5, topic="/chatter", type_name="std_msgs/msg/String", type_hash=HASH,
    qos=Qos(depth=10),
)  # fmt: skip


def test_a_data_key_is_domain_topic_type_and_hash() -> None:
    assert PUBLISHER.data_key == f"0/chatter/std_msgs::msg::dds_::String_/{HASH}"


def test_a_publishers_token_is_written_as_rmw_zenoh_writes_it() -> None:
    assert PUBLISHER.token == (
        "@ros2_lv/0/aac3178e146ba6f1fc6e6a4085e77f21/2/5/MP/%/%robot1/demo_server/%chatter/"
        f"std_msgs::msg::dds_::String_/{HASH}/::,10:,:,:,,"
    )


def test_a_node_in_the_root_namespace_has_a_percent_sign_for_it() -> None:
    owner = NodeId(domain=3, session="ab", node=0, namespace="/", name="talker")
    assert Entity(kind=Kind.NODE, owner=owner, number=0).token == "@ros2_lv/3/ab/0/0/NN/%/%/talker"


def test_slashes_within_a_topic_are_kept_in_the_key_and_mangled_in_the_token() -> None:
    entity = Entity(kind=Kind.SERVICE, owner=NODE, number=6, topic="/a/b/c", type_name="p/srv/S", type_hash="RIHS01_0")
    assert entity.data_key.startswith("0/a/b/c/p::srv::dds_::S_/")
    assert "/%a%b%c/" in entity.token


@pytest.mark.parametrize("entity", [PUBLISHER, Entity(kind=Kind.NODE, owner=NODE, number=2)])
def test_a_token_is_read_back(entity: Entity) -> None:
    assert parse_token(entity.token) == entity


@pytest.mark.parametrize(
    "token",
    ["", "@ros2_lv/0", "@ros2_lv/0/ab/1/1/XX/%/%/n", "@ros2_lv/zero/ab/1/1/NN/%/%/n", "@ros2_lv/0/ab/1/1/MP/%/%/n/%t"],
)
def test_a_token_of_another_form_is_refused_by_name(token: str) -> None:
    with pytest.raises(WireError, match="cannot be read"):
        parse_token(token)


def test_a_gid_is_sixteen_bytes_that_follow_from_the_token() -> None:
    assert len(PUBLISHER.gid) == 16
    assert parse_token(PUBLISHER.token).gid == PUBLISHER.gid


def test_types_go_to_their_dds_names_and_back() -> None:
    assert dds_type("nav2_msgs/action/Go_SendGoal") == "nav2_msgs::action::dds_::Go_SendGoal_"
    assert ros_type("nav2_msgs::action::dds_::Go_SendGoal_") == "nav2_msgs/action/Go_SendGoal"
    assert ros_type("something else") == "something else"


@pytest.mark.parametrize(
    ("policies", "text"),
    [
        (Qos(), "::,:,:,:,,"),
        (Qos(depth=10), "::,10:,:,:,,"),
        (Qos(reliability=qos.BEST_EFFORT, depth=5), "2::,5:,:,:,,"),
        (Qos(durability=qos.TRANSIENT_LOCAL, depth=1), ":1:,1:,:,:,,"),
        (Qos(history=qos.KEEP_ALL), "::2,:,:,:,,"),
        (Qos(deadline_ns=1_500_000_000, lease_ns=2_000_000_000), "::,:1,500000000:,:,2,0"),
    ],
)
def test_qos_is_written_short_and_read_back(policies: Qos, text: str) -> None:
    assert encode_qos(policies) == text
    assert decode_qos(text) == policies


@given(st.integers(0, 2), st.integers(1, 2), st.integers(1, 10**6), st.integers(1, 2**62))
def test_any_qos_comes_back(history: int, reliability: int, depth: int, deadline_ns: int) -> None:
    policies = Qos(history=history, reliability=reliability, depth=depth, deadline_ns=deadline_ns)
    assert decode_qos(encode_qos(policies)) == policies


@pytest.mark.parametrize("text", ["", "::,10", "x::,10:,:,:,,", "::10:,:,:,,"])
def test_qos_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode_qos(text)


def test_an_attachment_is_thirty_three_bytes() -> None:
    raw = attachment.pack(1, 2, b"0123456789abcdef")
    assert raw == b"\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\x100123456789abcdef"
    assert attachment.unpack(raw).gid == b"0123456789abcdef"


@pytest.mark.parametrize("raw", [None, b"", bytes(32), bytes(33), bytes(34)])
def test_an_attachment_of_another_form_is_refused(raw: bytes | None) -> None:
    with pytest.raises(WireError, match="expected a"):
        attachment.unpack(raw)
