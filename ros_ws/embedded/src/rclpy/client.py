"""Service clients."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Generic, TypeVar

from service_msgs.msg import ServiceEventInfo

from rclpy._entity import Entity, Work
from rclpy._waiting import wait_for_graph
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import Clock
from rclpy.context import Context
from rclpy.exceptions import InvalidHandle, RCLError, ServiceCallError
from rclpy.qos import QoSProfile
from rclpy.service_introspection import Introspection, ServiceIntrospectionState
from rclpy.task import Future
from ros_interfaces import cdr
from ros_interfaces.message import Message
from ros_interfaces.message import Service as ServiceType
from ros_wire.names import Entity as WireEntity
from ros_wire.service_client import PendingCall, WireClient
from ros_wire.session import SessionClosed, WireSession

RequestT = TypeVar("RequestT", bound=Message)
ResponseT = TypeVar("ResponseT", bound=Message)


class Client(Entity, Generic[RequestT, ResponseT]):
    """Calls a service; made by `Node.create_client`.

    A call that no server answers, or whose server goes away, ends with `ServiceCallError`; rclpy proper waits for ever.
    """

    def __init__(
        self,
        context: Context,
        entity: WireEntity,
        srv_type: type[ServiceType[Any, Any]],
        callback_group: CallbackGroup,
        qos_profile: QoSProfile,
    ) -> None:
        super().__init__(callback_group)
        self.context = context
        self.srv_type = srv_type
        self.srv_name = entity.topic
        self.qos_profile = qos_profile
        self._session: WireSession = context.session
        self._replies: deque[tuple[Future[Any], bytes | ServiceCallError]] = deque()  # at most one each pending call
        self._calls: dict[Future[Any], PendingCall] = {}
        self._wire: WireClient | None = WireClient(self._session, entity)
        self._introspection = Introspection(self._session, entity, srv_type)

    @property
    def service_name(self) -> str:
        """The absolute name of the service."""
        return self.srv_name

    def call(self, request: RequestT, timeout_sec: float | None = None) -> ResponseT | None:
        """Call and wait; an executor on another thread must serve the node. None when the time is over.

        Raises:
            ServiceCallError: no server answered.
        """
        done = threading.Event()
        future = self.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(timeout_sec if timeout_sec is None or timeout_sec >= 0 else None):
            self.remove_pending_request(future)
            return None
        return future.result()

    def call_async(self, request: RequestT) -> Future[ResponseT]:
        """Call; the future is done once an executor has handled the reply.

        Raises:
            TypeError: the request is of another type.
            InvalidHandle: the client was destroyed.
            RCLError: the context was shut down.
        """
        if not isinstance(request, self.srv_type.Request):
            raise TypeError(
                f"{self.srv_name}: expected a {self.srv_type.Request.__name__}, got {type(request).__name__}"
            )
        if self._wire is None:
            raise InvalidHandle(f"the client of {self.srv_name} was destroyed")
        future: Future[ResponseT] = Future()

        def on_reply(data: bytes) -> None:
            self._replies.append((future, data))
            self._notify()

        def on_end(reason: str) -> None:
            if reason:
                self._replies.append((future, ServiceCallError(reason)))
                self._notify()

        # it is known before it is sent: the reply may come on another thread before `send` returns
        call = self._calls[future] = self._wire.prepare(cdr.serialize(request), on_reply, on_end)
        future.add_done_callback(self.remove_pending_request)
        self._introspection.tell(ServiceEventInfo.REQUEST_SENT, call.note, request=request)
        try:
            call.send()
        except SessionClosed as error:
            del self._calls[future]
            raise RCLError(str(error)) from None
        return future

    def remove_pending_request(self, future: Future[Any]) -> None:
        """Forget a call; a reply that comes yet is dropped."""
        call = self._calls.pop(future, None)
        if call is not None and (future.cancelled() or not future.done()):
            call.cancel()

    def service_is_ready(self) -> bool:
        """Whether a server is known."""
        return self._wire is not None and self._wire.server_is_ready

    def wait_for_service(self, timeout_sec: float | None = None) -> bool:
        """Wait until a server is known; False when the time is over or the context was shut down."""
        return wait_for_graph(self.context, self.service_is_ready, timeout_sec)

    def configure_introspection(
        self, clock: Clock, service_event_qos_profile: QoSProfile, introspection_state: ServiceIntrospectionState
    ) -> None:
        """Publish what it sends and receives on `<service>/_service_event`, or nothing any more."""
        self._introspection.configure(clock, service_event_qos_profile, introspection_state)

    def destroy(self) -> None:
        """Withdraw it; calls that wait are forgotten."""
        super().destroy()
        self._introspection.close()
        wire, self._wire = self._wire, None
        if wire is None:
            return
        for future in list(self._calls):
            self.remove_pending_request(future)
        wire.close()

    def _pending(self) -> bool:
        return bool(self._replies)

    def _take(self) -> Work | None:
        while self._replies:
            future, outcome = self._replies.popleft()
            if future in self._calls:
                return lambda: self._finish(future, outcome)
        return None

    def _finish(self, future: Future[Any], outcome: bytes | ServiceCallError) -> None:
        if isinstance(outcome, ServiceCallError):
            future.set_exception(outcome)
            return
        try:
            response = cdr.deserialize(outcome, self.srv_type.Response)
        except cdr.CdrError as error:
            self._session.log(f"{self.srv_name}: reply dropped: {error}")
            future.set_exception(ServiceCallError(str(error)))
        else:
            call = self._calls.get(future)
            if call is not None:
                self._introspection.tell(ServiceEventInfo.RESPONSE_RECEIVED, call.note, response=response)
            future.set_result(response)
