"""Service servers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from service_msgs.msg import ServiceEventInfo

from rclpy._entity import Entity, Work
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock
from rclpy.qos import QoSProfile
from rclpy.service_introspection import Introspection, ServiceIntrospectionState
from ros_interfaces import cdr
from ros_interfaces.message import Message
from ros_interfaces.message import Service as ServiceType
from ros_wire.names import Entity as WireEntity
from ros_wire.service_server import WireRequest, WireServer
from ros_wire.session import WireSession

RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)


_FAILED = "the service callback failed"


class Reply:
    """Answers one request, once, from any thread: call it with the response, or refuse with a reason."""

    def __init__(
        self, asked: WireRequest, response_type: type[Message], name: str, introspection: Introspection
    ) -> None:
        self._asked = asked
        self._response_type = response_type
        self._name = name
        self._introspection = introspection

    def __call__(self, response: Any) -> None:
        """Send the response; raises TypeError for anything else."""
        if not isinstance(response, self._response_type):
            raise TypeError(f"{self._name}: expected a {self._response_type.__name__}, got {type(response).__name__}")
        self._asked.reply(cdr.serialize(response))
        self._introspection.tell(ServiceEventInfo.RESPONSE_SENT, self._asked.note, response=response)

    def refuse(self, because: str) -> None:
        """Tell the caller that no response will come."""
        self._asked.refuse(because)


class RequestServer(Entity):
    """Hands each request of one service to `handle(request, reply)`; the reply may come later."""

    def __init__(
        self,
        session: WireSession,
        entity: WireEntity,
        srv_type: type[ServiceType[Any, Any]],
        handle: Callable[[Any, Reply], Coroutine[Any, Any, Any] | None],
        callback_group: CallbackGroup,
    ) -> None:
        super().__init__(callback_group)
        self.srv_type = srv_type
        self._session = session
        self._handle = handle
        self._name = entity.topic
        self._introspection = Introspection(session, entity, srv_type)
        self._wire: WireServer | None = None
        self._wire = WireServer(session, entity, self._notify)

    def destroy(self) -> None:
        """Serve no more."""
        super().destroy()
        self._introspection.close()
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def configure_introspection(
        self, clock: Clock, service_event_qos_profile: QoSProfile, introspection_state: ServiceIntrospectionState
    ) -> None:
        """Publish what it receives and sends on `<service>/_service_event`, or nothing any more."""
        self._introspection.configure(clock, service_event_qos_profile, introspection_state)

    def _pending(self) -> bool:
        return self._wire is not None and self._wire.pending

    def _take(self) -> Work | None:
        while self._wire is not None:
            asked = self._wire.take()
            if asked is None:
                return None
            try:
                request = cdr.deserialize(asked.data, self.srv_type.Request)
            except cdr.CdrError as error:
                self._session.log(f"{self._name}: request dropped: {error}")
                asked.refuse(f"the request was malformed: {error}")
                continue
            return self._work(asked, request)
        return None

    def _work(self, asked: WireRequest, request: Any) -> Work:
        reply = Reply(asked, self.srv_type.Response, self._name, self._introspection)
        self._introspection.tell(ServiceEventInfo.REQUEST_RECEIVED, asked.note, request=request)

        async def finish(outcome: Coroutine[Any, Any, Any]) -> None:
            try:
                await outcome
            except BaseException:
                reply.refuse(_FAILED)
                raise

        def run() -> Coroutine[Any, Any, Any] | None:
            try:
                outcome = self._handle(request, reply)
            except BaseException:
                reply.refuse(_FAILED)
                raise
            return finish(outcome) if inspect.iscoroutine(outcome) else None

        return run


class Service(RequestServer, Generic[RequestT, ResponseT]):
    """Answers requests with what its callback returns; made by `Node.create_service`."""

    def __init__(
        self,
        session: WireSession,
        entity: WireEntity,
        srv_type: type[ServiceType[Any, Any]],
        callback: Callable[[RequestT, ResponseT], ResponseT | Coroutine[Any, Any, ResponseT]],
        callback_group: CallbackGroup,
        *,
        qos_profile: QoSProfile,
    ) -> None:
        self.callback = callback
        self.srv_name = entity.topic
        self.qos_profile = qos_profile
        super().__init__(session, entity, srv_type, self._answer, callback_group)

    @property
    def service_name(self) -> str:
        """The absolute name of the service."""
        return self.srv_name

    def _answer(self, request: Any, reply: Reply) -> Coroutine[Any, Any, Any] | None:
        outcome = self.callback(request, self.srv_type.Response())
        if not inspect.iscoroutine(outcome):
            reply(outcome)
            return None

        async def later() -> None:
            reply(await outcome)

        return later()
