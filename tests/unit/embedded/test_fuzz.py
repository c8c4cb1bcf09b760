"""The parser and the CDR reader against inputs that nobody wrote."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ros_interfaces import cdr
from tests.fuzz.properties import NAMES, a_definition_is_read_or_refused_in_words, bytes_are_read_or_refused_in_words
from tests.helpers.ros_messages import ROS_WS, random_message

ROOT = Path(__file__).parents[3]
WORDS = [
    "int8", "uint64", "bool", "byte", "char", "float32", "string", "wstring", "geometry_msgs/Pose", "Header", "x",
    "a_b", "X", "A_B", "=", "<=", "<=3", "[]", "[3]", "[<=3]", "[", "]", "-1", "1e400", "nan", "'", '"', "\\", "true",
    "[1, 2]", "['a', \"b\"]", "#", "---", "\n", " ", "\t", "\r\n", "0x10", "1_0", "巡",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_words_of_definitions_in_any_order_are_read_or_refused(words: list[str]) -> None:
    a_definition_is_read_or_refused_in_words("".join(words))
    a_definition_is_read_or_refused_in_words(" ".join(words))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    a_definition_is_read_or_refused_in_words(text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_real_definitions_with_characters_changed_are_read_or_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted((ROS_WS / "embedded" / "interfaces").rglob("*.[mas]*"))))
    text = list(path.read_text(encoding="utf-8")[:400])
    for _ in range(data.draw(st.integers(1, 4))):
        if text:
            text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from([*WORDS, ""]))
    a_definition_is_read_or_refused_in_words("".join(text))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(NAMES) - 1), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(which: int, data: bytes) -> None:
    bytes_are_read_or_refused_in_words(which, data)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(NAMES) - 1), st.integers(0, 1 << 32), st.data())
def test_real_messages_with_bytes_changed_are_read_or_refused(which: int, seed: int, data: st.DataObject) -> None:
    raw = bytearray(cdr.serialize(random_message(NAMES[which], random.Random(seed)))[4:])
    for _ in range(data.draw(st.integers(1, 4))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.sampled_from([0, 1, 127, 128, 255]))
    bytes_are_read_or_refused_in_words(which, bytes(raw))


def atheris_finds_nothing(what: str, seconds: int, tmp_path: Path) -> None:
    """Run the fuzzer over seeds of its own; it ends with what it found on its output."""
    pytest.importorskip("atheris")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    if what == "definitions":
        for number, path in enumerate((ROS_WS / "embedded" / "interfaces").rglob("*.action")):
            (seeds / str(number)).write_bytes(path.read_bytes())
    else:
        rng = random.Random(9)
        for number, name in enumerate(NAMES):
            raw = bytes(cdr.serialize(random_message(name, rng)))[4:]
            (seeds / str(number)).write_bytes(number.to_bytes(2, "little") + raw)
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.atheris_process", what, f"-max_total_time={seconds}", "-max_len=4096",
            f"-artifact_prefix={tmp_path}/", str(seeds),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds + 120,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert "DONE" in done.stderr


@pytest.mark.parametrize("what", ["definitions", "cdr"])
def test_a_short_coverage_guided_run_finds_nothing(what: str, tmp_path: Path) -> None:
    atheris_finds_nothing(what, 3, tmp_path)


@pytest.mark.prove
@pytest.mark.parametrize("what", ["definitions", "cdr"])
def test_a_long_coverage_guided_run_finds_nothing(what: str, tmp_path: Path) -> None:
    atheris_finds_nothing(what, 150, tmp_path)
