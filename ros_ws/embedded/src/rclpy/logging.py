"""Logging to standard error, by named loggers."""

from __future__ import annotations

import sys
import threading
import time
from enum import IntEnum


class LoggingSeverity(IntEnum):
    """How grave a line is."""

    UNSET = 0
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50


class _State:
    """The levels of all loggers of the process, and what was said once or throttled."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.default = LoggingSeverity.INFO
        self.levels: dict[str, LoggingSeverity] = {}
        self.last_said: dict[tuple[str, str, int], float] = {}


_state = _State()


class RcutilsLogger:
    """Writes lines of the form `[INFO] [seconds.nanoseconds] [name]: message`."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def get_child(self, name: str) -> RcutilsLogger:
        """A logger below this one."""
        if not name:
            raise ValueError("Child logger name must not be empty.")
        return RcutilsLogger(f"{self.name}.{name}" if self.name else name)

    def set_level(self, level: LoggingSeverity | int) -> None:
        """Say nothing below `level`; UNSET takes the level of the logger above."""
        with _state.lock:
            _state.levels[self.name] = LoggingSeverity(level)

    def get_effective_level(self) -> LoggingSeverity:
        """The level that holds: its own, else that of the nearest logger above."""
        name = self.name
        while name:
            level = _state.levels.get(name, LoggingSeverity.UNSET)
            if level is not LoggingSeverity.UNSET:
                return level
            name = name.rpartition(".")[0]
        return _state.levels.get("", LoggingSeverity.UNSET) or _state.default

    def is_enabled_for(self, severity: LoggingSeverity | int) -> bool:
        """Whether a line of this severity is written."""
        return severity >= self.get_effective_level()

    def log(
        self,
        message: object,
        severity: LoggingSeverity | int,
        *,
        once: bool = False,
        throttle_duration_sec: float | None = None,
        skip_first: bool = False,
        throttle_time_source_type: object = None,
        name: str | None = None,
    ) -> bool:
        """Write a line; whether it was. `once`, `throttle_duration_sec` and `skip_first` hold per calling line."""
        severity = LoggingSeverity(severity)
        if not self.is_enabled_for(severity):
            return False
        if (once or skip_first or throttle_duration_sec) and not self._due(once, throttle_duration_sec, skip_first):
            return False
        now_ns = time.time_ns()
        line = f"[{severity.name}] [{now_ns // 10**9}.{now_ns % 10**9:09d}] [{name or self.name}]: {message}\n"
        sys.stderr.write(line)
        return True

    def _due(self, once: bool, throttle_s: float | None, skip_first: bool) -> bool:
        frame = sys._getframe(2)
        while frame.f_back is not None and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        key = (self.name, frame.f_code.co_filename, frame.f_lineno)
        now = time.monotonic()
        with _state.lock:
            last = _state.last_said.get(key)
            if last is not None and (once or (throttle_s and now - last < throttle_s)):
                return False
            _state.last_said[key] = now
        return not (skip_first and last is None)

    def debug(self, message: object, **conditions: object) -> bool:
        """A line for developers."""
        return self.log(message, LoggingSeverity.DEBUG, **conditions)  # type: ignore[arg-type]

    def info(self, message: object, **conditions: object) -> bool:
        """A line for everybody."""
        return self.log(message, LoggingSeverity.INFO, **conditions)  # type: ignore[arg-type]

    def warning(self, message: object, **conditions: object) -> bool:
        """Something is odd."""
        return self.log(message, LoggingSeverity.WARN, **conditions)  # type: ignore[arg-type]

    warn = warning

    def error(self, message: object, **conditions: object) -> bool:
        """Something failed."""
        return self.log(message, LoggingSeverity.ERROR, **conditions)  # type: ignore[arg-type]

    def fatal(self, message: object, **conditions: object) -> bool:
        """Nothing can go on."""
        return self.log(message, LoggingSeverity.FATAL, **conditions)  # type: ignore[arg-type]


def get_logger(name: str) -> RcutilsLogger:
    """The logger of a name."""
    if not name:
        raise ValueError("Logger name must not be empty.")
    return RcutilsLogger(name)


def set_logger_level(name: str, level: LoggingSeverity | int) -> None:
    """Set the level of a logger by name."""
    RcutilsLogger(name).set_level(level)


def get_logger_effective_level(name: str) -> LoggingSeverity:
    """The level that holds for a logger."""
    return RcutilsLogger(name).get_effective_level()


def get_logging_severity_from_string(text: str) -> LoggingSeverity:
    """The severity of a name, in any case."""
    try:
        return LoggingSeverity[text.upper()]
    except KeyError:
        known = ", ".join(level.name for level in LoggingSeverity)
        raise RuntimeError(f"{text!r} is not a severity: {known}") from None


def set_logger_level_text(text: str) -> None:
    """Set a level from the command line: `debug`, or `name:=debug`."""
    name, separator, level = text.rpartition(":=")
    severity = get_logging_severity_from_string(level)
    if separator:
        set_logger_level(name, severity)
    else:
        _state.default = severity
