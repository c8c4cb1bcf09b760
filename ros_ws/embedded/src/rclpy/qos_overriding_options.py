"""Lets parameters such as `qos_overrides./topic.publisher.depth` change the QoS of single endpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rcl_interfaces.msg import ParameterDescriptor, SetParametersResult

import rclpy.qos
from rclpy.duration import Duration
from rclpy.exceptions import ParameterAlreadyDeclaredException
from rclpy.publisher import Publisher
from rclpy.qos import QoSPolicyKind, QoSProfile
from rclpy.subscription import Subscription

if TYPE_CHECKING:
    from rclpy._node_parameters import NodeParameters

QosCallbackResult = SetParametersResult
QosCallbackType = Callable[[QoSProfile], SetParametersResult]


class InvalidQosOverridesError(Exception):
    """The callback refused the profile that the parameters made; says why."""


class QoSOverridingOptions:
    """Which policies may be changed, who must agree, and an id where one topic has several endpoints."""

    def __init__(
        self,
        policy_kinds: Iterable[QoSPolicyKind],
        *,
        callback: QosCallbackType | None = None,
        entity_id: str | None = None,
    ) -> None:
        self.policy_kinds = tuple(policy_kinds)
        self.callback = callback
        self.entity_id = entity_id

    @classmethod
    def with_default_policies(
        cls, *, callback: QosCallbackType | None = None, entity_id: str | None = None
    ) -> QoSOverridingOptions:
        """History, depth and reliability."""
        kinds = (QoSPolicyKind.HISTORY, QoSPolicyKind.DEPTH, QoSPolicyKind.RELIABILITY)
        return cls(kinds, callback=callback, entity_id=entity_id)


_ENUMS = {
    QoSPolicyKind.HISTORY: rclpy.qos.HistoryPolicy,
    QoSPolicyKind.RELIABILITY: rclpy.qos.ReliabilityPolicy,
    QoSPolicyKind.DURABILITY: rclpy.qos.DurabilityPolicy,
    QoSPolicyKind.LIVELINESS: rclpy.qos.LivelinessPolicy,
}
_SPANS = (QoSPolicyKind.DEADLINE, QoSPolicyKind.LIFESPAN, QoSPolicyKind.LIVELINESS_LEASE_DURATION)


def _declare_qos_parameters(
    entity_type: type[Any], node: NodeParameters, topic_name: str, qos: QoSProfile, options: QoSOverridingOptions
) -> None:
    """Declare a read-only parameter for each policy, and let those given from outside change `qos`.

    Raises:
        InvalidQosOverridesError: the callback refused what came of it.
        ValueError, RuntimeError: a policy is UNKNOWN, or the parameter names none.
    """
    if not issubclass(entity_type, (Publisher, Subscription)):
        raise TypeError(f"expected Publisher or Subscription, got {entity_type!r}")
    publishes = issubclass(entity_type, Publisher)
    kind = "publisher" if publishes else "subscription"
    suffix = "" if options.entity_id is None else f"_{options.entity_id}"
    for policy in options.policy_kinds:
        if policy is QoSPolicyKind.LIFESPAN and not publishes:
            continue  # only the sender's counts
        word = policy.name.lower()
        name = f"qos_overrides.{topic_name}.{kind}{suffix}.{word}"
        about = ParameterDescriptor(
            description=f"{word} of the {kind} on {topic_name}, id {options.entity_id}", read_only=True
        )
        try:
            parameter = node.declare_parameter(name, _get_qos_policy_parameter(qos, policy), about)
        except ParameterAlreadyDeclaredException:
            parameter = node.get_parameter(name)
        _override_qos_policy_with_param(qos, policy, parameter.value)
    if options.callback is not None:
        result = options.callback(qos)
        if not result.successful:
            raise InvalidQosOverridesError(
                f"{topic_name}: the QoS of this {kind}, with its overrides, was refused: {result.reason}"
            )


def _get_qos_policy_parameter(qos: QoSProfile, policy: QoSPolicyKind) -> str | int | bool:
    """A policy as a parameter has it: its name in lower case, nanoseconds, or the number itself."""
    value = getattr(qos, policy.name.lower())
    if policy in _ENUMS:
        if value.name == "UNKNOWN":
            raise ValueError(f"the profile's {policy.name.lower()} is UNKNOWN: it cannot be offered as a parameter")
        return str(value.name.lower())
    if policy in _SPANS:
        return int(value.nanoseconds)
    return bool(value) if isinstance(value, bool) else int(value)


def _override_qos_policy_with_param(qos: QoSProfile, policy: QoSPolicyKind, value: Any) -> None:
    if policy in _ENUMS:
        try:
            value = _ENUMS[policy][value.upper()]
        except KeyError:
            known = ", ".join(_ENUMS[policy].short_keys())
            raise RuntimeError(f"qos_overrides: {policy.name.lower()} cannot be {value!r}; it may be {known}") from None
    elif policy in _SPANS:
        value = Duration(nanoseconds=value)
    setattr(qos, policy.name.lower(), value)
