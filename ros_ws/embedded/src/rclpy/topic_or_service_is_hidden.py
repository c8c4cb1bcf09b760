"""Which names are hidden: those with a part that begins with an underscore."""

from __future__ import annotations

from rclpy._names import TOPIC_SEPARATOR_STRING


def topic_or_service_is_hidden(name: str) -> bool:
    """Whether tools leave a topic or service out unless asked for it."""
    return any(part.startswith("_") for part in name.split(TOPIC_SEPARATOR_STRING))
