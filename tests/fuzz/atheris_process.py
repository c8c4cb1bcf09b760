"""Coverage-guided fuzzing in a process of its own.

python -m tests.fuzz.atheris_process <definitions|cdr> [libFuzzer options]
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["ros_interfaces"]):
    from tests.fuzz.properties import a_definition_is_read_or_refused_in_words, bytes_are_read_or_refused_in_words


def definitions(data: bytes) -> None:
    """Text, most of it made of what definitions are made of."""
    a_definition_is_read_or_refused_in_words(data.decode("utf-8", "replace"))


def cdr(data: bytes) -> None:
    """Two bytes choose the message, the rest is its content."""
    bytes_are_read_or_refused_in_words(int.from_bytes(data[:2], "little"), data[2:])


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], {"definitions": definitions, "cdr": cdr}[sys.argv[1]])
    atheris.Fuzz()
