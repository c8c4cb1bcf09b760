"""The logger: levels by name, conditions by calling line, lines to standard error and to whoever else listens."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from rclpy.impl.logging_severity import LoggingSeverity

if TYPE_CHECKING:
    from rclpy.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log, and where in the program it was written."""

    stamp_ns: int  # since 1970
    severity: LoggingSeverity
    name: str
    text: str
    code: CodeType
    number: int  # of the line in its file


class Levels:
    """The levels of all loggers of the process, by name."""

    def __init__(self) -> None:
        self.default = LoggingSeverity.INFO
        self._own: dict[str, LoggingSeverity] = {}

    def set(self, name: str, level: LoggingSeverity) -> None:
        """Set a logger's own; UNSET takes that of the logger above."""
        self._own[name] = level

    def own(self, name: str) -> LoggingSeverity:
        """A logger's own, UNSET where none was set."""
        return self._own.get(name, LoggingSeverity.UNSET)

    def effective(self, name: str) -> LoggingSeverity:
        """The level that holds: its own, else that of the nearest logger above."""
        while name:
            level = self._own.get(name, LoggingSeverity.UNSET)
            if level is not LoggingSeverity.UNSET:
                return level
            name = name.rpartition(".")[0]
        return self._own.get("", LoggingSeverity.UNSET) or self.default

    def clear(self) -> None:
        """Forget what was set."""
        self._own.clear()
        self.default = LoggingSeverity.INFO


class Outlets:
    """Who else gets the lines of a logger and of those below it: a node's /rosout."""

    def __init__(self) -> None:
        self.to_console = True
        self._lock = threading.Lock()
        self._of: dict[str, dict[object, Callable[[Line], None]]] = {}

    def add(self, name: str, owner: object, outlet: Callable[[Line], None]) -> None:
        """Give the lines of `name` to `outlet` too."""
        with self._lock:
            self._of.setdefault(name, {})[owner] = outlet

    def remove(self, name: str, owner: object) -> None:
        """Give it no more."""
        with self._lock:
            outlets = self._of.get(name, {})
            outlets.pop(owner, None)
            if not outlets:
                self._of.pop(name, None)

    def of(self, name: str) -> list[Callable[[Line], None]]:
        """The outlets of the nearest logger that has some; of nodes of one name the newest."""
        with self._lock:
            while name:
                outlets = self._of.get(name)
                if outlets:
                    return [list(outlets.values())[-1]]
                name = name.rpartition(".")[0]
        return []


@dataclass(slots=True, kw_only=True)
class _Place:
    """One calling line: with what it logged first, and what its conditions remember."""

    name: str
    severity: LoggingSeverity
    conditions: tuple[bool, bool, float | None, Clock | None]
    last_ns: int = 0
    was_skipped: bool = False
    was_said: bool = False


levels = Levels()
outlets = Outlets()
_places: dict[tuple[str, CodeType, int], _Place] = {}  # bounded by the calls that the program's text has


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
        levels.set(self.name, LoggingSeverity(level))

    def get_effective_level(self) -> LoggingSeverity:
        """The level that holds: its own, else that of the nearest logger above."""
        return levels.effective(self.name)

    def is_enabled_for(self, severity: LoggingSeverity | int) -> bool:
        """Whether a line of this severity is written."""
        return LoggingSeverity(severity) >= self.get_effective_level()

    def log(
        self,
        message: object,
        severity: LoggingSeverity | int,
        *,
        once: bool = False,
        skip_first: bool = False,
        throttle_duration_sec: float | None = None,
        throttle_time_source_type: Clock | None = None,
        name: str | None = None,
        **unknown: Any,
    ) -> bool:
        """Write a line; whether it was. The conditions hold per calling line: throttle, then skip the first, then once.

        Raises:
            TypeError: a condition is not known, or half of one is missing.
            ValueError: the same line logged before with another name, severity or condition.
        """
        if unknown:
            raise TypeError(f"parameter {next(iter(unknown))!r} is not one of the recognized logging options")
        if throttle_time_source_type is not None and throttle_duration_sec is None:
            raise TypeError(
                "required parameter 'throttle_duration_sec' not specified beside 'throttle_time_source_type'"
            )
        severity = LoggingSeverity(severity)
        if not self.is_enabled_for(severity):
            return False
        caller = _caller()
        conditions = (once, skip_first, throttle_duration_sec, throttle_time_source_type)
        place = self._place(caller, name or self.name, severity, conditions)
        if not _due(place):
            return False
        _write(
            Line(
                stamp_ns=time.time_ns(), severity=severity, name=place.name, text=str(message),
                code=caller.f_code, number=caller.f_lineno,
            )
        )  # fmt: skip
        return True

    def _place(
        self,
        caller: FrameType,
        name: str,
        severity: LoggingSeverity,
        conditions: tuple[bool, bool, float | None, Clock | None],
    ) -> _Place:
        key = (self.name, caller.f_code, caller.f_lasti)  # two calls on one line are two
        place = _places.get(key)
        if place is None:
            place = _places.setdefault(key, _Place(name=name, severity=severity, conditions=conditions))
        if place.severity is not severity:
            raise ValueError("Logger severity cannot be changed between calls.")
        if place.name != name:
            raise ValueError("Logger name cannot be changed between calls.")
        if place.conditions != conditions:
            raise ValueError("Logging filter parameters cannot be changed between calls.")
        return place

    def debug(self, message: object, **conditions: Any) -> bool:
        """A line for developers."""
        return self.log(message, LoggingSeverity.DEBUG, **conditions)

    def info(self, message: object, **conditions: Any) -> bool:
        """A line for everybody."""
        return self.log(message, LoggingSeverity.INFO, **conditions)

    def warning(self, message: object, **conditions: Any) -> bool:
        """Something is odd."""
        return self.log(message, LoggingSeverity.WARN, **conditions)

    warn = warning

    def error(self, message: object, **conditions: Any) -> bool:
        """Something failed."""
        return self.log(message, LoggingSeverity.ERROR, **conditions)

    def fatal(self, message: object, **conditions: Any) -> bool:
        """Nothing can go on."""
        return self.log(message, LoggingSeverity.FATAL, **conditions)


def _caller() -> FrameType:
    """The frame that called the logger."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _due(place: _Place) -> bool:
    once, skip_first, throttle_s, clock = place.conditions
    if throttle_s:
        now_ns = time.monotonic_ns() if clock is None else clock.now().nanoseconds
        if now_ns < place.last_ns + throttle_s * 1e9:
            return False
        place.last_ns = now_ns
    if skip_first and not place.was_skipped:
        place.was_skipped = True
        return False
    if once and place.was_said:
        return False
    place.was_said = True
    return True


def _write(line: Line) -> None:
    if outlets.to_console:
        stamp = f"{line.stamp_ns // 10**9}.{line.stamp_ns % 10**9:09d}"
        sys.stderr.write(f"[{line.severity.name}] [{stamp}] [{line.name}]: {line.text}\n")
    for outlet in outlets.of(line.name):
        outlet(line)
