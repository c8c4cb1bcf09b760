"""Opening and closing contexts, as rclpy has them."""

from __future__ import annotations

import pytest

import rclpy
from rclpy import signals
from rclpy.context import Context
from rclpy.exceptions import NotInitializedException, RCLError
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.signals import SignalHandlerOptions

pytestmark = pytest.mark.usefixtures("wired")


def test_a_context_is_open_between_init_and_shutdown() -> None:
    for _ in range(2):
        context = Context()
        assert not context.ok()
        rclpy.init(context=context, args=[])
        assert context.ok()
        assert context.handle is context.session
        rclpy.shutdown(context=context)
        assert not context.ok()
        assert context.handle is None


def test_the_default_context_can_be_opened_more_than_once() -> None:
    for _ in range(2):
        rclpy.init(args=[])
        assert rclpy.ok()
        rclpy.shutdown()
        assert not rclpy.ok()


def test_a_second_init_and_a_second_shutdown_are_errors() -> None:
    context = Context()
    rclpy.init(context=context, args=[])
    with pytest.raises(RuntimeError, match="once"):
        rclpy.init(context=context, args=[])
    rclpy.shutdown(context=context)
    with pytest.raises(RuntimeError, match="initialized"):
        rclpy.shutdown(context=context)


def test_no_node_is_made_in_a_context_that_was_not_opened() -> None:
    with pytest.raises(NotInitializedException):
        rclpy.create_node("early", context=Context())


def test_what_is_no_ros_argument_is_refused_by_name() -> None:
    with pytest.raises(rclpy_implementation.UnknownROSArgsError, match=r"\['unknown'\]"):
        rclpy.init(context=Context(), args=["--ros-args", "unknown"])
    with pytest.raises(rclpy_implementation.RCLInvalidROSArgsError, match="no-rule"):
        rclpy.init(context=Context(), args=["--ros-args", "-r", "no-rule"])


def test_an_argument_that_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        rclpy.init(context=Context(), args=["node.py", "Ragnar\udcc3\udcb6k"])


def test_the_domain_is_the_one_asked_for() -> None:
    context = Context()
    rclpy.init(context=context, args=[], domain_id=123)
    assert context.get_domain_id() == 123
    rclpy.shutdown(context=context)
    with pytest.raises(RCLError, match="expected a number, got '-1'"):
        rclpy.init(context=Context(), args=[], domain_id=-1)


def test_signals_are_handled_while_the_default_context_is_open() -> None:
    rclpy.init(args=[])
    assert signals.get_current_signal_handlers_options() is SignalHandlerOptions.ALL
    rclpy.shutdown()
    assert signals.get_current_signal_handlers_options() is SignalHandlerOptions.NO


def test_only_the_signals_asked_for_are_handled() -> None:
    context = Context()
    rclpy.init(context=context, args=[], signal_handler_options=SignalHandlerOptions.SIGTERM)
    assert signals.get_current_signal_handlers_options() is SignalHandlerOptions.SIGTERM
    rclpy.shutdown(context=context, uninstall_handlers=True)
    assert signals.get_current_signal_handlers_options() is SignalHandlerOptions.NO
