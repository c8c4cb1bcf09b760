"""How grave a line of the log is."""

from __future__ import annotations

from enum import IntEnum


class LoggingSeverity(IntEnum):
    """The numbers are those of rcutils and of rcl_interfaces/msg/LoggerLevel."""

    UNSET = 0
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50
