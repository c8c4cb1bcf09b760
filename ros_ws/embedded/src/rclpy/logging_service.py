"""The services by which others see and set the levels of a process's loggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rcl_interfaces.msg import LoggerLevel, SetLoggerLevelsResult
from rcl_interfaces.srv import GetLoggerLevels, SetLoggerLevels

from rclpy.logging import get_logger_level, set_logger_level

if TYPE_CHECKING:
    from rclpy.node import Node


class LoggingService:
    """Serves `get_logger_levels` and `set_logger_levels` below a node's name."""

    def __init__(self, node: Node) -> None:
        node.create_service(GetLoggerLevels, "~/get_logger_levels", _get)
        node.create_service(SetLoggerLevels, "~/set_logger_levels", _set)


def _get(request: GetLoggerLevels.Request, response: GetLoggerLevels.Response) -> GetLoggerLevels.Response:
    response.levels = [LoggerLevel(name=name, level=int(get_logger_level(name))) for name in request.names]
    return response


def _set(request: SetLoggerLevels.Request, response: SetLoggerLevels.Response) -> SetLoggerLevels.Response:
    for wanted in request.levels:
        result = SetLoggerLevelsResult(successful=True)
        try:
            set_logger_level(wanted.name, wanted.level)
        except ValueError:
            result = SetLoggerLevelsResult(successful=False, reason=f"{wanted.level} is not a logger level")
        response.results.append(result)
    return response
