"""Loggers, their conditions, /rosout and the logger services, as rclpy has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rcl_interfaces.msg import Log, LoggerLevel
from rcl_interfaces.srv import GetLoggerLevels, SetLoggerLevels

import rclpy.logging
from rclpy.clock import ROSClock
from rclpy.context import Context
from rclpy.logging import LoggingSeverity, get_logger
from rclpy.qos import qos_profile_rosout_default
from rclpy.time import Time
from tests.helpers.waiting import eventually
from tests.unit.embedded.helpers import Ros, result_of


@pytest.fixture(autouse=True)
def levels_as_they_were() -> Iterator[None]:
    yield
    rclpy.logging.clear_config()


def test_a_level_is_ones_own_or_that_of_the_nearest_logger_above() -> None:
    parent = get_logger("conf")
    child = parent.get_child("child")
    assert child.name == "conf.child"
    assert child.get_effective_level() is LoggingSeverity.INFO
    parent.set_level(LoggingSeverity.ERROR)
    assert child.get_effective_level() is LoggingSeverity.ERROR
    assert rclpy.logging.get_logger_level("conf.child") is LoggingSeverity.UNSET
    child.set_level(LoggingSeverity.DEBUG)
    assert (parent.is_enabled_for(LoggingSeverity.WARN), child.is_enabled_for(LoggingSeverity.DEBUG)) == (False, True)
    child.set_level(LoggingSeverity.UNSET)
    assert child.get_effective_level() is LoggingSeverity.ERROR
    rclpy.logging.set_logger_level("conf", LoggingSeverity.FATAL)
    assert rclpy.logging.get_logger_effective_level("conf.child") is LoggingSeverity.FATAL
    rclpy.logging.clear_config()
    assert child.get_effective_level() is LoggingSeverity.INFO
    for make in (get_logger, parent.get_child):
        with pytest.raises(ValueError, match="must not be empty"):
            make("")


def test_what_is_below_the_level_is_not_said(capfd: pytest.CaptureFixture[str]) -> None:
    logger = get_logger("conf")
    said = [logger.debug("a"), logger.info("b"), logger.warn("c"), logger.warning("d"), logger.error("e")]
    assert [*said, logger.fatal("f")] == [False, True, True, True, True, True]
    lines = capfd.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["[INFO]", "[WARN]", "[WARN]", "[ERROR]", "[FATAL]"]
    assert all("[conf]: " in line for line in lines)


def five(**conditions: Any) -> list[bool]:
    logger = get_logger("conf")
    return [logger.info("again", **conditions) for _ in range(5)]


def test_conditions_hold_for_each_calling_line() -> None:
    logger = get_logger("conf")
    assert [logger.info("once", once=True) for _ in range(3)] == [True, False, False]
    assert [logger.info("not once", once=False) for _ in range(3)] == [True, True, True]
    assert [logger.info("skipped", skip_first=True) for _ in range(3)] == [False, True, True]
    assert [logger.info("both", skip_first=True, once=True) for _ in range(4)] == [False, True, False, False]
    assert [logger.info("rarely", throttle_duration_sec=3600) for _ in range(3)] == [True, False, False]
    said = [logger.info("a", throttle_duration_sec=3600, skip_first=True) for _ in range(3)]
    assert said == [False, False, False], "the first that was not throttled is skipped"
    assert [get_logger(name).info("each", once=True) for name in ("conf.a", "conf.b", "conf.a")] == [True, True, False]


def test_lines_are_throttled_by_the_clock_that_is_given() -> None:
    clock, logger = ROSClock(), get_logger("conf")
    clock._set_ros_time_is_active(True)
    said = []
    for second in range(5):
        clock.set_ros_time_override(Time(seconds=second))
        said.append(logger.info("now", throttle_duration_sec=2, throttle_time_source_type=clock))
    assert said == [False, False, True, False, True]


def test_conditions_must_be_whole_known_and_the_same_each_time() -> None:
    logger = get_logger("conf")
    with pytest.raises(TypeError, match="required parameter"):
        logger.info("half", throttle_time_source_type=ROSClock())
    with pytest.raises(TypeError, match="not one of the recognized"):
        logger.info("unknown", unknown=1)
    with pytest.raises(TypeError, match="severity"):
        logger.fatal("twice", severity=LoggingSeverity.DEBUG)
    with pytest.raises(ValueError, match="parameters cannot be changed"):
        for number in (1, 2):
            logger.info("changing", throttle_duration_sec=number)
    with pytest.raises(ValueError, match="name cannot be changed"):
        for name in ("a", "b"):
            logger.info("changing", name=name)
    with pytest.raises(ValueError, match="severity cannot be changed"):
        for severity in (LoggingSeverity.WARN, LoggingSeverity.ERROR):
            logger.log("changing", severity)


def test_severities_are_found_by_name() -> None:
    for severity in LoggingSeverity:
        assert rclpy.logging.get_logging_severity_from_string(severity.name.lower()) is severity
    with pytest.raises(RuntimeError, match="DEBUG, INFO"):
        rclpy.logging.get_logging_severity_from_string("loud")


def test_the_log_folder_is_where_ros_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somebody")
    for variable in ("ROS_LOG_DIR", "ROS_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert rclpy.logging.get_logging_directory() == Path("/somebody/.ros/log")
    monkeypatch.setenv("ROS_HOME", "/ros")
    assert rclpy.logging.get_logging_directory() == Path("/ros/log")
    monkeypatch.setenv("ROS_LOG_DIR", "/logs")
    assert rclpy.logging.get_logging_directory() == Path("/logs")


def heard_on_rosout(ros: Ros) -> list[Log]:
    listener = ros.node("listener", enable_rosout=False)
    heard: list[Log] = []
    listener.create_subscription(Log, "/rosout", heard.append, qos_profile_rosout_default)
    ros.spin(listener)
    return heard


def test_what_a_nodes_logger_and_its_children_say_is_published_on_rosout(ros: Ros) -> None:
    node = ros.node("talker", namespace="/ns")
    logger = node.get_logger()
    logger.warning("before anybody listens")
    heard = heard_on_rosout(ros)
    logger.get_child("arm").error("from a child")
    logger.debug("below the level")
    get_logger("somebody.else").error("of no node")
    eventually(lambda: [line.msg for line in heard] == ["before anybody listens", "from a child"])
    assert [line.name for line in heard] == ["ns.talker", "ns.talker.arm"]
    assert heard[1].level == LoggingSeverity.ERROR
    assert heard[1].file.endswith("test_logging.py")
    assert heard[1].function.startswith("test_what_a_nodes_logger")
    assert (heard[1].line > heard[0].line, heard[1].stamp.sec > 0) == (True, True)
    node.destroy_node()
    assert logger.error("after its end"), "the console has it"
    assert len(heard) == 2


@pytest.mark.usefixtures("wired")
def test_rosout_and_the_console_can_be_turned_off(capfd: pytest.CaptureFixture[str]) -> None:
    quiet = Ros(args=["--ros-args", "--disable-rosout-logs", "--disable-stdout-logs", "--log-level", "quiet:=debug"])
    try:
        node, silent = quiet.node("quiet"), quiet.node("silent", enable_rosout=False)
        assert node.count_publishers("/rosout") == 0
        assert node.get_logger().debug("neither here nor there") is True
        assert silent.get_logger().debug("below the level") is False
        assert "neither" not in capfd.readouterr().err
    finally:
        quiet.close()
        context = Context()
        context.init([])
        context.shutdown()
    assert get_logger("loud").info("here again")
    assert "here again" in capfd.readouterr().err


def test_levels_are_seen_and_set_by_services(ros: Ros) -> None:
    node, asking = ros.node("logged", namespace="/ns", enable_logger_service=True), ros.node("asking")
    assert ros.node("plain").count_services("/plain/get_logger_levels") == 0
    ros.spin(node, asking)
    get = asking.create_client(GetLoggerLevels, "/ns/logged/get_logger_levels")
    change = asking.create_client(SetLoggerLevels, "/ns/logged/set_logger_levels")
    assert get.wait_for_service(5)
    assert change.wait_for_service(5)
    wanted = [LoggerLevel(name="conf", level=10), LoggerLevel(name="conf.other", level=22)]
    results = result_of(change.call_async(SetLoggerLevels.Request(levels=wanted))).results
    assert [result.successful for result in results] == [True, False]
    assert "22" in results[1].reason
    levels = result_of(get.call_async(GetLoggerLevels.Request(names=["conf", "conf.other"]))).levels
    assert [(level.name, level.level) for level in levels] == [("conf", 10), ("conf.other", 0)]
    assert get_logger("conf.other").get_effective_level() is LoggingSeverity.DEBUG
