"""What a process keeps on disk: every core type survives the trip, and what is wrong in a file is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrol_core.codec import from_json, to_json
from patrol_core.errors import InvalidInput
from patrol_core.ids import uuid7
from tests.unit.patrol_core import core_types


@pytest.mark.parametrize("name", sorted(core_types.ALL))
def test_every_core_type_survives_the_disk(name: str) -> None:
    kind, values = core_types.ALL[name]

    @given(values)
    def survives(value: Any) -> None:
        assert from_json(kind, to_json(value)) == value

    survives()


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    size_m: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    tree_id: UUID
    colour: Colour
    planted_at: datetime
    count: int = 0
    alive: bool = True
    leaves: tuple[Leaf, ...] = ()
    by_name: Mapping[str, Leaf] = field(default_factory=dict)
    parent: str | None = None


TREE = Tree(tree_id=uuid7(), colour=Colour.RED, planted_at=datetime(2026, 3, 2, tzinfo=UTC))


def broken(**changes: Any) -> str:
    return json.dumps({**json.loads(to_json(TREE)), **changes})


def test_the_text_is_compact_and_readable() -> None:
    text = to_json(Leaf(size_m=1.5, note="栾树"))
    assert text == '{"size_m":1.5,"note":"栾树"}'


def test_a_field_with_a_default_may_be_missing() -> None:
    assert from_json(Leaf, '{"size_m": 2}') == Leaf(size_m=2.0)


def test_a_whole_number_is_a_number() -> None:
    assert isinstance(from_json(Leaf, '{"size_m": 2}').size_m, float)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "expected JSON"),
        ("[]", r"Tree: expected dict; came \[\]"),
        (broken(colour="blue"), r"Tree\.colour: expected one of \['red'\]; came 'blue'"),
        (broken(tree_id="x"), r"Tree\.tree_id: expected a UUID; came 'x'"),
        (broken(planted_at="today"), r"Tree\.planted_at: expected an ISO 8601 time; came 'today'"),
        (broken(planted_at="2026-03-02T00:00:00"), r"Tree\.planted_at: expected a time with its UTC offset"),
        (broken(count="1"), r"Tree\.count: expected int; came '1'"),
        (broken(count=True), r"Tree\.count: expected int; came True"),
        (broken(count=1.5), r"Tree\.count: expected int; came 1\.5"),
        (broken(alive=1), r"Tree\.alive: expected bool; came 1"),
        (broken(leaves=[{"size_m": "big"}]), r"Tree\.leaves\[0\]\.size_m: expected number; came 'big'"),
        (broken(leaves=[{}]), r"Tree\.leaves\[0\]: expected \['size_m'\]; came nothing there"),
        (broken(by_name={"a": 3}), r"Tree\.by_name\.a: expected dict; came 3"),
        (broken(parent=3), r"Tree\.parent: expected str; came 3"),
        (broken(height_m=3), r"Tree: expected only .*; came also \['height_m'\]"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        from_json(Tree, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_no_json_whatever_breaks_the_reader_in_another_way(data: object) -> None:
    try:
        from_json(Tree, json.dumps(data))
    except InvalidInput as error:
        assert "expected" in str(error)
