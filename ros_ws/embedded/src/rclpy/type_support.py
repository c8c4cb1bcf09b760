"""Checks that a class is a generated interface, before anything is announced with it."""

from __future__ import annotations

from typing import Any

from rclpy.exceptions import NotAnInterfaceError, NoTypeSupportImportedException, WrongInterfaceKindError
from ros_interfaces.message import Message, Service


def check_for_type_support(msg_or_srv_type: Any, wanted: str = "interface") -> None:
    """Nothing for a generated message, service or action.

    Raises:
        NotAnInterfaceError: it is no type of an interface at all; an AttributeError too, as in rclpy.
        NoTypeSupportImportedException: it is one of another installation, which this wire cannot carry.
    """
    if getattr(msg_or_srv_type, "_TYPE_HASH_", None) is not None:
        return
    if hasattr(type(msg_or_srv_type), "_TYPE_SUPPORT"):
        raise NoTypeSupportImportedException(
            f"expected a {wanted} type of the packages that belong to this rclpy, got {msg_or_srv_type!r} of others"
        )
    raise NotAnInterfaceError(f"expected a {wanted} type of an installed interface package, got {msg_or_srv_type!r}")


def check_is_valid_msg_type(msg_type: Any) -> None:
    """Nothing for a message; RuntimeError for another kind of interface."""
    check_for_type_support(msg_type, "message")
    if not issubclass(msg_type, Message):
        raise WrongInterfaceKindError(f"expected a message type, got {msg_type!r}")


def check_is_valid_srv_type(srv_type: Any) -> None:
    """Nothing for a service; RuntimeError for another kind of interface."""
    check_for_type_support(srv_type, "service")
    if not issubclass(srv_type, Service):
        raise WrongInterfaceKindError(f"expected a service type, got {srv_type!r}")
