"""What every generated message, service and action is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

RequestT = TypeVar("RequestT", bound="Message")
ResponseT = TypeVar("ResponseT", bound="Message")
GoalT = TypeVar("GoalT", bound="Message")
ResultT = TypeVar("ResultT", bound="Message")
FeedbackT = TypeVar("FeedbackT", bound="Message")


class Message:
    """Base of the generated messages.

    Names with a trailing underscore belong to the machinery: no ROS field can be called so.
    """

    __slots__: tuple[str, ...] = ()
    __hash__ = None  # type: ignore[assignment]
    _TYPE_NAME_: ClassVar[str]  # std_msgs/msg/String
    _TYPE_HASH_: ClassVar[str]  # RIHS01_…
    _FIELDS_: ClassVar[Mapping[str, str]]  # name → ROS's word for its type
    _DEFINITION_: ClassVar[str]  # its own lines of .msg text

    @classmethod
    def get_fields_and_field_types(cls) -> dict[str, str]:
        """Field names with their types, as ROS writes them (`sequence<double>`)."""
        return dict(cls._FIELDS_)

    def _write_(self, out: bytearray) -> None:
        raise NotImplementedError

    @classmethod
    def _read_(cls, data: bytes | bytearray | memoryview, at: int) -> tuple[Self, int]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return False
        return all(getattr(self, slot) == getattr(other, slot) for slot in self.__slots__)

    def __repr__(self) -> str:
        package, kind, name = self._TYPE_NAME_.split("/")
        fields = ", ".join(f"{field}={getattr(self, field)!r}" for field in self._FIELDS_)
        return f"{package}.{kind}.{name}({fields})"


class Service(Generic[RequestT, ResponseT]):
    """Base of the generated services: names its messages, is never instantiated."""

    Request: ClassVar[type[Any]]
    Response: ClassVar[type[Any]]
    Event: ClassVar[type[Any]]
    _TYPE_NAME_: ClassVar[str]
    _TYPE_HASH_: ClassVar[str]

    def __init__(self) -> None:
        raise NotImplementedError(f"{self._TYPE_NAME_} is a service: make a Request or a Response of it")


class ActionImpl:
    """The services and topics that carry an action."""

    SendGoalService: ClassVar[type[Service[Any, Any]]]
    GetResultService: ClassVar[type[Service[Any, Any]]]
    CancelGoalService: ClassVar[type[Service[Any, Any]]]
    FeedbackMessage: ClassVar[type[Any]]
    GoalStatusMessage: ClassVar[type[Any]]


class Action(Generic[GoalT, ResultT, FeedbackT]):
    """Base of the generated actions: names its messages, is never instantiated."""

    Goal: ClassVar[type[Any]]
    Result: ClassVar[type[Any]]
    Feedback: ClassVar[type[Any]]
    Impl: ClassVar[type[ActionImpl]]
    _TYPE_NAME_: ClassVar[str]
    _TYPE_HASH_: ClassVar[str]

    def __init__(self) -> None:
        raise NotImplementedError(f"{self._TYPE_NAME_} is an action: make a Goal, Result or Feedback of it")
