"""What holds for every interface that is shipped: bytes, reading back, words."""

from __future__ import annotations

import copy
import random

import pytest

from ros_interfaces import cdr
from ros_interfaces.parse import parse_message
from tests.helpers.ros_messages import (
    definitions,
    message_class,
    random_message,
    readable_by_rosbags,
    rosbags_store,
    same_bytes,
)

NAMES = sorted(definitions())


def test_random_messages_of_every_interface_come_back_as_they_went() -> None:
    rng = random.Random(4)
    for name in NAMES:
        message = random_message(name, rng)
        raw = bytes(cdr.serialize(message))
        back = cdr.deserialize(raw, message_class(name))
        assert back == message, name
        assert bytes(cdr.serialize(back)) == raw, name
        assert copy.deepcopy(message) == message, name


def test_the_bytes_of_every_interface_are_those_that_rosbags_writes() -> None:
    pytest.importorskip("rosbags.typesys")
    rng, compared = random.Random(5), 0
    for name in NAMES:
        if readable_by_rosbags(name):
            assert same_bytes(name, bytes(cdr.serialize(message_class(name)()))), name
            assert same_bytes(name, bytes(cdr.serialize(random_message(name, rng)))), name
            compared += 1
    assert compared > len(NAMES) - 5


def test_the_hash_of_every_message_is_what_rosbags_makes_of_its_definition() -> None:
    pytest.importorskip("rosbags.typesys")
    messages = [name for name in NAMES if "/msg/" in name and readable_by_rosbags(name)]
    assert len(messages) > 200
    for name in messages:
        assert rosbags_store().hash_rihs01(name) == message_class(name)._TYPE_HASH_, name


def test_cut_short_anywhere_every_message_is_refused_in_words() -> None:
    rng = random.Random(6)
    for name in NAMES:
        kind, raw = message_class(name), bytes(cdr.serialize(random_message(name, rng)))
        for end in rng.sample(range(len(raw)), min(12, len(raw))):
            try:
                cdr.deserialize(raw[:end], kind)
            except cdr.CdrError as error:
                assert name in str(error)


def test_field_types_are_told_for_every_field_in_order() -> None:
    for name, definition in definitions().items():
        kind = message_class(name)
        assert list(kind.get_fields_and_field_types()) == [field.name for field in definition.fields]
        assert kind.__slots__ == tuple(f"_{field.name}" for field in definition.fields)


def test_the_definition_that_a_class_carries_is_read_as_the_one_it_came_from() -> None:
    for name, definition in definitions().items():
        assert parse_message(name, message_class(name)._DEFINITION_) == definition


def test_rosbags_reads_every_definition_that_a_bag_carries() -> None:
    typesys = pytest.importorskip("rosbags.typesys")
    messages = [name for name in NAMES if "/msg/" in name and readable_by_rosbags(name)]
    for name in [*random.Random(8).sample(messages, 40), "test_msgs/msg/Defaults", "sensor_msgs/msg/NavSatStatus"]:
        if definitions()[name].fields:
            fields = typesys.get_types_from_msg(message_class(name)._DEFINITION_, name)[name][1]
            assert [field for field, _ in fields] == [field.name for field in definitions()[name].fields]
