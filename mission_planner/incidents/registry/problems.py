"""What is wrong with a file of devices, so that whoever wrote it knows where to look."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_core.errors import InvalidInput
from patrol_core.site import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    line: int  # 1-based
    column: str | None  # name of the column; None where it is about the whole line
    expected: Text
    came: Text

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: expected {self.expected.en}; came {self.came.en}"


class RowProblem(InvalidInput):
    """A problem that ends the reading."""

    def __init__(self, line: int, column: str | None, expected: Text, came: Text) -> None:
        self.problem = Problem(line, column, expected, came)
        super().__init__(str(self.problem))
