"""The table of conformance names cases that exist, and excuses few."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parents[2] / "ros_ws" / "embedded" / "CONFORMANCE.md"
ROW = re.compile(r"^\| `(?P<theirs>[\w.]+)` \| (?:`(?P<file>[\w/]+\.py)::(?P<case>\w+)`|excused: (?P<why>.+)) \|$")


def rows() -> list[re.Match[str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    found = [ROW.match(line) for line in lines]
    assert all(found), [line for line, row in zip(lines, found, strict=True) if row is None]
    return [row for row in found if row is not None]


def cases(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_case_that_the_table_names_exists() -> None:
    named = {(row["file"], row["case"]) for row in rows() if row["file"]}
    known = {file: cases(file) for file, _ in named}
    assert [(file, case) for file, case in sorted(named) if case not in known[file]] == []


def test_the_table_excuses_at_most_one_in_ten_and_says_how_many() -> None:
    found = rows()
    excused = [row["theirs"] for row in found if row["why"]]
    assert len(excused) <= len(found) / 10
    assert f"{len(found)} tests of rclpy, {len(excused)} of them excused" in TABLE.read_text(encoding="utf-8")
