"""Whether an action is done."""

from __future__ import annotations

from typing import Any

from launch.context import LaunchContext
from launch.description import is_true
from launch.substitutions import text_of


class IfCondition:
    """Where the text is `true` or `1`."""

    def __init__(self, predicate_expression: Any) -> None:
        self._expression = predicate_expression

    def evaluate(self, context: LaunchContext) -> bool:
        """Whether it holds now."""
        return is_true(text_of(self._expression, context))


class UnlessCondition(IfCondition):
    """Where it is not."""

    def evaluate(self, context: LaunchContext) -> bool:
        """Whether it holds now."""
        return not super().evaluate(context)
