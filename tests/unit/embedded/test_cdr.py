"""Messages in bytes: there and back, against rosbags, and bytes that are wrong."""

from __future__ import annotations

from array import array
from functools import cache
from typing import Any

import hypothesis.strategies as st
import pytest
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Pose, PoseArray, PoseStamped
from hypothesis import given, settings
from nav_msgs.msg import Odometry
from rcl_interfaces.msg import ParameterDescriptor, ParameterValue
from sensor_msgs.msg import BatteryState, Image, Imu, JointState, LaserScan, NavSatFix, PointCloud2
from std_msgs.msg import Bool, ByteMultiArray, ColorRGBA, Empty, Header, Int8, String, UInt64MultiArray
from std_srvs.srv import SetBool
from test_msgs.msg import WStrings
from tf2_msgs.msg import TFMessage

from ros_interfaces import cdr
from ros_interfaces.generate import read_packages
from ros_interfaces.message import Message
from tests.unit.embedded.test_type_hash import INTERFACES

KINDS = [
    Bool, BatteryState, ByteMultiArray, ColorRGBA, Empty, Header, Image, Imu, Int8, JointState, LaserScan, NavSatFix,
    Odometry, ParameterDescriptor, ParameterValue, PointCloud2, PoseArray, PoseStamped, String, TFMessage,
    UInt64MultiArray, SetBool.Response,
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
RANGES = {"b": (8, True), "B": (8, False), "h": (16, True), "H": (16, False), "i": (32, True), "I": (32, False)}


def numbers(typecode: str) -> st.SearchStrategy[Any]:
    if typecode in "fd":
        return st.floats(width=32 if typecode == "f" else 64, allow_nan=False)
    bits, signed = RANGES.get(typecode, (64, typecode == "q"))
    return st.integers(-(1 << bits - 1) if signed else 0, (1 << bits - signed) - 1)


WORDS = {
    "double": "d", "float": "f", "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "int64": "q", "uint64": "Q",
}  # fmt: skip


def filled(message: Message, draw: Any) -> Message:
    """The message with something drawn for each field."""
    for name, word in message.get_fields_and_field_types().items():
        now = getattr(message, name)
        if isinstance(now, Message):
            filled(now, draw)
        elif isinstance(now, array):
            size = len(now) or None
            items = draw(st.lists(numbers(now.typecode), min_size=size or 0, max_size=size or 9))
            setattr(message, name, items)
        elif isinstance(now, list):
            setattr(
                message, name, [item_of(word, draw) for _ in range(draw(st.integers(0, 1 if ", 1>" in word else 4)))]
            )
        else:
            setattr(message, name, value_of(now, word, draw))
    return message


def value_of(now: object, word: str, draw: Any) -> object:
    if isinstance(now, bool):
        return draw(st.booleans())
    if isinstance(now, bytes):
        return draw(st.binary(min_size=1, max_size=1))
    if isinstance(now, str):
        return draw(TEXT)
    return draw(numbers(WORDS[word]))


def item_of(word: str, draw: Any) -> object:
    inner = word.removeprefix("sequence<").split(",")[0].rstrip(">")
    if inner in ("string", "boolean", "octet"):
        return value_of({"string": "", "boolean": False, "octet": b"\0"}[inner], inner, draw)
    package, name = inner.split("/")
    return filled(getattr(__import__(f"{package}.msg", fromlist=[name]), name)(), draw)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_message_comes_back_as_it_went(data: st.DataObject) -> None:
    message = filled(data.draw(st.sampled_from(KINDS))(), data.draw)
    raw = bytes(cdr.serialize(message))
    assert cdr.deserialize(raw, type(message)) == message


@cache
def rosbags_of_jazzy() -> Any:
    typesys = pytest.importorskip("rosbags.typesys")
    return typesys.get_typestore(typesys.Stores.ROS2_JAZZY)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_bytes_are_those_that_rosbags_writes(data: st.DataObject) -> None:
    store = rosbags_of_jazzy()
    kind = data.draw(st.sampled_from([kind for kind in KINDS if kind._TYPE_NAME_ in store.fielddefs]))
    raw = bytes(cdr.serialize(filled(kind(), data.draw)))
    theirs = store.deserialize_cdr(raw, kind._TYPE_NAME_)
    assert bytes(store.serialize_cdr(theirs, kind._TYPE_NAME_)) == raw


def test_every_interface_writes_its_defaults_as_rosbags_reads_them() -> None:
    store = rosbags_of_jazzy()
    for name in read_packages([INTERFACES], []):
        if name in store.fielddefs:
            package, kind, short = name.split("/")
            message = getattr(__import__(f"{package}.{kind}", fromlist=[short]), short)()
            raw = bytes(cdr.serialize(message))
            assert bytes(store.serialize_cdr(store.deserialize_cdr(raw, name), name)) == raw, name
            assert cdr.deserialize(raw, type(message)) == message


def test_the_bytes_of_a_string_are_known() -> None:
    assert bytes(cdr.serialize(String(data="hi"))) == bytes.fromhex("00010000 03000000 686900")


def test_a_wide_string_keeps_its_last_nul() -> None:
    assert cdr.deserialize(cdr.serialize(WStrings(wstring_value="a\0\0")), WStrings).wstring_value == "a\0\0"


def test_an_empty_message_is_one_byte_after_the_header() -> None:
    assert bytes(cdr.serialize(Empty())) == bytes.fromhex("00010000 00")


@pytest.mark.parametrize(("frame", "padded"), [("map", 16), ("map0", 24)])
def test_eight_byte_numbers_are_aligned_from_the_end_of_the_header(frame: str, padded: int) -> None:
    raw = bytes(cdr.serialize(PoseStamped(header=Header(frame_id=frame), pose=Pose())))
    assert len(raw) == 4 + padded + 7 * 8


@pytest.mark.parametrize("size", range(9))
def test_padding_is_right_at_every_offset(size: int) -> None:
    message = JointState(name=["n" * size], position=[1.5], velocity=[2.5])
    assert cdr.deserialize(cdr.serialize(message), JointState) == message


def test_text_that_is_not_utf8_becomes_replacement_characters() -> None:
    raw = bytes.fromhex("00010000 03000000 ff4100")
    assert cdr.deserialize(raw, String).data == "\N{REPLACEMENT CHARACTER}A"


@given(st.binary(max_size=80))
def test_bytes_of_any_kind_are_read_or_refused_in_words(raw: bytes) -> None:
    for kind in (Odometry, TFMessage, ParameterValue, LaserScan):
        try:
            cdr.deserialize(b"\0\1\0\0" + raw, kind)
        except cdr.CdrError as error:
            assert kind._TYPE_NAME_ in str(error)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "expected a CDR little endian header, got nothing"),
        (b"\0\0\0\0", "got 00 00 00 00"),
        (b"\0\1\0\0", "cannot be read"),
        (b"\0\1\0\0\xff\xff\xff\x7fhi\0", "passes the end"),
    ],
)
def test_bytes_that_are_no_string_message_are_refused(raw: bytes, complaint: str) -> None:
    with pytest.raises(cdr.CdrError, match=complaint):
        cdr.deserialize(raw, String)


def test_a_false_count_costs_no_memory() -> None:
    with pytest.raises(cdr.CdrError, match="4294967295 items"):
        cdr.deserialize(b"\0\1\0\0" + b"\xff" * 4 + bytes(100), TFMessage)


def test_an_image_takes_bytes_and_gives_them_back() -> None:
    pixels = bytes(range(256)) * 3600
    raw = cdr.serialize(Image(width=640, height=480, data=pixels))
    assert cdr.deserialize(raw, Image).data.tobytes() == pixels


def test_times_before_1970_are_kept() -> None:
    assert cdr.deserialize(cdr.serialize(Time(sec=-5, nanosec=7)), Time) == Time(sec=-5, nanosec=7)
