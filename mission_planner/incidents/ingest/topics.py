"""Topic names and filters: what is valid (MQTT 5, 4.7), and which filter matches which name."""

from __future__ import annotations

_MAX_BYTES = 65_535
_MAX_CHARS = _MAX_BYTES // 4  # whatever they are, they are no more bytes


def is_topic_name(topic: str) -> bool:
    """A name a message may be published to: not empty, no wildcards."""
    if not topic or "+" in topic or "#" in topic or "\x00" in topic:
        return False
    return len(topic) <= _MAX_CHARS or len(topic.encode()) <= _MAX_BYTES


def is_topic_filter(pattern: str) -> bool:
    """`+` fills a whole level; `#` a whole level, and the last."""
    levels = pattern.split("/")
    return (
        bool(pattern)
        and "\x00" not in pattern
        and len(pattern.encode()) <= _MAX_BYTES
        and all(level == "+" or "+" not in level for level in levels)
        and all("#" not in level for level in levels[:-1])
        and ("#" not in levels[-1] or levels[-1] == "#")
    )


def matches(pattern: str, topic: str) -> bool:
    """Whether a valid filter matches a valid name. Wildcards at the first level leave `$…` topics out."""
    wanted, have = pattern.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for i, level in enumerate(wanted):
        if level == "#":
            return True  # "a/#" matches "a" too: its parent level is always there
        if i == len(have):
            return False
        if level not in ("+", have[i]):
            return False
    return len(wanted) == len(have)


def covers(pattern: str, wanted: str) -> bool:
    """Whether every name that the filter `wanted` matches is matched by the filter `pattern`, too."""
    if not is_topic_filter(wanted):
        return False
    ours, theirs = pattern.split("/"), wanted.split("/")
    for i, level in enumerate(ours):
        if level == "#":
            return True
        if i == len(theirs) or theirs[i] == "#":
            return False
        if level not in ("+", theirs[i]):
            return False
    return len(ours) == len(theirs)
