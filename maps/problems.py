"""What is wrong with a site: every problem is collected, so that a person mends them in one go."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from patrol_core.errors import InvalidInput, InvalidSite

MOST_QUOTED = 60  # characters


class SiteProblems(InvalidInput):
    """A site cannot be used. Its text lists every problem, one on a line.

    Args:
        site: the site's folder, as shown to a person.
        problems: at least one; each names file, feature, what was expected and what came.
    """

    def __init__(self, *, site: str, problems: Sequence[InvalidSite]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"expected a site without problems; came {count}:{lines}", where=site)
        self.problems = tuple(problems)


class ProblemList:
    """Problems of one site, in the order they were found."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._problems: list[InvalidSite] = []

    def add(self, file: str, feature: str | None, *, expected: str, came: str) -> None:
        """Note one problem. `expected` and `came` are words that finish "expected …; came …"."""
        self._problems.append(InvalidSite(file=file, feature=feature, expected=expected, came=came))

    def __len__(self) -> int:
        return len(self._problems)

    def raise_if_any(self) -> None:
        """Raises SiteProblems when at least one problem was noted."""
        if self._problems:
            raise SiteProblems(site=self.site, problems=self._problems)


def shown(path: Path) -> str:
    """A path as a person reads it: relative where it lies below the working directory."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")


def quoted(value: object) -> str:
    """What came, as it stands in the file, cut to a readable length."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, str) else repr(value)
    text = text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"
    return f'"{text}"' if isinstance(value, str) else text


def listed(words: Sequence[str]) -> str:
    """Words as a choice: `a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
