"""Logging by named loggers, to standard error and to /rosout."""

from __future__ import annotations

import os
from pathlib import Path

from rclpy._logger import RcutilsLogger, levels
from rclpy.impl.logging_severity import LoggingSeverity

__all__ = [
    "LoggingSeverity", "RcutilsLogger", "clear_config", "get_logger", "get_logger_effective_level", "get_logger_level",
    "get_logging_directory", "get_logging_severity_from_string", "set_logger_level",
]  # fmt: skip


_root_logger = RcutilsLogger()


def get_logger(name: str) -> RcutilsLogger:
    """The logger of a name."""
    if not name:
        raise ValueError("Logger name must not be empty.")
    return RcutilsLogger(name)


def set_logger_level(name: str, level: LoggingSeverity | int, detailed_error: bool = False) -> None:
    """Set the level of a logger by name; ValueError where there is no such level."""
    RcutilsLogger(name).set_level(level)


def get_logger_level(name: str) -> LoggingSeverity:
    """The level that was set for a logger itself; UNSET where none was."""
    return levels.own(name)


def get_logger_effective_level(name: str) -> LoggingSeverity:
    """The level that holds for a logger: its own, or that of the nearest logger above."""
    return levels.effective(name)


def get_logging_severity_from_string(log_severity: str) -> LoggingSeverity:
    """The severity of a name, in any case."""
    try:
        return LoggingSeverity[log_severity.upper()]
    except KeyError:
        known = ", ".join(level.name for level in LoggingSeverity)
        raise RuntimeError(f"{log_severity!r} is not a severity: {known}") from None


def get_logging_directory() -> Path:
    """Where ROS keeps log files: `ROS_LOG_DIR`, else below `ROS_HOME`. Nothing is written there by this rclpy."""
    given = os.environ.get("ROS_LOG_DIR")
    return Path(given).expanduser() if given else Path(os.environ.get("ROS_HOME") or "~/.ros").expanduser() / "log"


def clear_config() -> None:
    """Forget every level that was set."""
    levels.clear()


def set_logger_level_text(text: str) -> None:
    """Set a level from the command line: `debug`, or `name:=debug`."""
    name, separator, level = text.rpartition(":=")
    severity = get_logging_severity_from_string(level)
    if separator:
        set_logger_level(name, severity)
    else:
        levels.default = severity
