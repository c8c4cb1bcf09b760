"""The pictures in the README are those of the tables."""

from __future__ import annotations

from pathlib import Path

import patrol_core
from patrol_core.diagram import diagrams, mermaid
from patrol_core.mission import TRANSITIONS


def test_the_readme_shows_the_tables_as_they_are() -> None:
    readme = (Path(patrol_core.__file__).parent / "README.md").read_text()
    for name, diagram in diagrams().items():
        assert f"### {name}\n```mermaid\n{diagram}\n```" in readme


def test_every_row_of_a_table_is_one_arrow() -> None:
    arrows = [line for line in mermaid(TRANSITIONS).splitlines() if ": " in line]
    assert len(arrows) == len(TRANSITIONS)
