"""Reading .msg, .srv and .action text."""

from __future__ import annotations

import pytest

from ros_interfaces.definition import Constant, Field, FieldType, Shape
from ros_interfaces.parse import DefinitionError, parse_action, parse_message, parse_service


def only_field(line: str) -> Field:
    (field,) = parse_message("pkg/msg/Thing", line).fields
    return field


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("int32 x", FieldType(base="int32")),
        ("float64[36] x", FieldType(base="float64", shape=Shape.ARRAY, capacity=36)),
        ("uint8[] x", FieldType(base="uint8", shape=Shape.UNBOUNDED)),
        ("string[<=5] x", FieldType(base="string", shape=Shape.BOUNDED, capacity=5)),
        ("string<=9 x", FieldType(base="string", string_capacity=9)),
        ("wstring<=9[<=2] x", FieldType(base="wstring", string_capacity=9, shape=Shape.BOUNDED, capacity=2)),
        ("geometry_msgs/Point x", FieldType(base="geometry_msgs/msg/Point")),
        ("geometry_msgs/msg/Point x", FieldType(base="geometry_msgs/msg/Point")),
        ("Other[] x", FieldType(base="pkg/msg/Other", shape=Shape.UNBOUNDED)),
    ],
)
def test_a_type_is_read_with_its_bounds(line: str, expected: FieldType) -> None:
    assert only_field(line).type == expected


@pytest.mark.parametrize(
    ("line", "default"),
    [
        ("int8 x -3", -3),
        ("uint16 x 0x1F", 31),
        ("float32 x 2", 2.0),
        ("bool x true", True),
        ("bool x 0", False),
        ('string x "a # b"', "a # b"),
        ("string x plain words", "plain words"),
        (r'string x "# \\"  # said', "# \\"),
        (r'string x "a\x00\"b"', 'a\0"b'),
        ("int32[] x [1, 2, 3]", (1, 2, 3)),
        ("bool[2] x [true, false]", (True, False)),
        ("string[] x ['a', \"b\"]", ("a", "b")),
        ("int32 x", None),
    ],
)
def test_a_default_is_read_as_its_type(line: str, default: object) -> None:
    assert only_field(line).default == default


def test_constants_stand_apart_from_fields_and_comments_are_left_out() -> None:
    message = parse_message("pkg/msg/Thing", '# a thing\nuint8 ON=1  # lit\nstring NAME = "x"\n\nuint8 state\n')
    assert message.constants == (
        Constant(name="ON", type="uint8", value=1),
        Constant(name="NAME", type="string", value="x"),
    )
    assert [field.name for field in message.fields] == ["state"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("int32", "expected a type and a name"),
        ("int32 Wrong", "must be lower case"),
        ("int32 a__b", "single underscores"),
        ("a/b/c/D x", "'a/b/c/D' is not a type"),
        ("a/D/ x", "'a/D/' is not a type"),
        ("int32<=3 x", "only strings take an upper bound"),
        ("int32[<=] x", "'<=' needs a number"),
        ("int8 x 200", "200 does not fit int8"),
        ("bool x maybe", "'maybe' is not a bool"),
        ("string<=2 x abc", "longer than 2"),
        ("int32[2] x [1]", "do not fit a capacity of 2"),
        ("int32[] x 1", "written \\[a, b\\]"),
        ("Other x 3", "takes no default"),
        ("string x 'a', 'b'", "the text in quotes cannot be read"),
        ('string x "a\0"', "the text in quotes cannot be read"),
        ("int32[] x [" + "[" * 300 + "]", "the default cannot be read"),
        ("int32[] X=3", "must be a single primitive"),
        ("int32 x\nfloat32 x", "second field named 'x'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_what_was_expected(text: str, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=f"pkg/msg/Thing.*{complaint}"):
        parse_message("pkg/msg/Thing", text)


def test_a_service_has_a_request_a_response_and_an_event() -> None:
    service = parse_service("pkg/srv/Ask", "string question\n---\nstring answer\n")
    assert service.request.name == "pkg/srv/Ask_Request"
    assert [field.name for field in service.response.fields] == ["answer"]
    assert [field.name for field in service.event.fields] == ["info", "request", "response"]


def test_an_action_is_carried_by_two_services_and_a_feedback_message() -> None:
    action = parse_action("pkg/action/Go", "float32 x\n---\nbool done\n---\nfloat32 left\n")
    assert [field.name for field in action.send_goal.request.fields] == ["goal_id", "goal"]
    assert [field.name for field in action.get_result.response.fields] == ["status", "result"]
    assert action.feedback_message.fields[1].type.base == "pkg/action/Go_Feedback"


def test_a_service_without_its_line_of_dashes_is_refused() -> None:
    with pytest.raises(DefinitionError, match="expected 2 parts divided by '---', found 1"):
        parse_service("pkg/srv/Ask", "string question\n")
