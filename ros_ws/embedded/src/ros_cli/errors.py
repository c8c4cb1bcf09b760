"""What a person did or asked for that cannot be; printed as one sentence."""

from __future__ import annotations


class CommandError(Exception):
    """Says what was expected and what came."""
