"""What is wrong with a file of devices, so that whoever wrote it knows where to look."""

from __future__ import annotations

from dataclasses import dataclass

from patrol_core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    line: int  # 1-based
    column: str | None  # name of the column; None where it is about the whole line
    expected: str
    came: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: expected {self.expected}; came {self.came}"


class RowProblem(InvalidInput):
    """A problem that ends the reading."""

    def __init__(self, line: int, column: str | None, expected: str, came: str) -> None:
        self.problem = Problem(line, column, expected, came)
        super().__init__(str(self.problem))
