"""`Buffer`: what listeners heard, and the transforms between frames that follow from it."""

from __future__ import annotations

import threading
import time as wall
from collections.abc import Callable
from typing import Any, ClassVar

from geometry_msgs.msg import Transform, TransformStamped

from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.task import Future
from rclpy.time import Time
from tf2_ros.rigid import Rigid
from tf2_ros.tree import Sample, TransformException, Tree

_CACHE = Duration(seconds=10)


class TypeException(TransformException):
    """A message type for which nobody has said how it is transformed."""


class Buffer:
    """Frames and their history; it may be filled and asked by any thread."""

    _transforms: ClassVar[dict[type, Callable[[Any, TransformStamped], Any]]] = {}

    def __init__(self, cache_time: Duration | None = None, node: Node | None = None) -> None:
        """Keep `cache_time` of each link (10 s where not given). `node` is there for its logger."""
        self._tree = Tree((cache_time or _CACHE).nanoseconds)
        self._changed = threading.Condition(threading.RLock())
        self._waiting: list[tuple[Callable[[], bool], Future[bool]]] = []
        self._node = node

    # what listeners do

    def set_transform(self, transform: TransformStamped, authority: str) -> None:
        """Take a transform of a link that moves. `authority` says who told it, for the log."""
        self._put(transform, authority, static=False)

    def set_transform_static(self, transform: TransformStamped, authority: str) -> None:
        """Take a transform that holds at any time."""
        self._put(transform, authority, static=True)

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._tree.clear()

    def _put(self, told: TransformStamped, authority: str, *, static: bool) -> None:
        sample = Sample(stamp_ns=_ns(told.header.stamp), parent=told.header.frame_id, pose=_rigid(told.transform))
        with self._changed:
            taken = self._tree.put(told.child_frame_id, sample, static=static)
            self._changed.notify_all()
            done = [item for item in self._waiting if item[0]()]
            self._waiting = [item for item in self._waiting if item not in done]
        if not taken and self._node is not None:
            self._node.get_logger().debug(
                f"old or repeated transform of {told.child_frame_id} from {authority} left out",
                throttle_duration_sec=10,
            )
        for _, future in done:
            future.set_result(True)

    # what people ask

    def lookup_transform(
        self, target_frame: str, source_frame: str, time: Any, timeout: Duration | None = None
    ) -> TransformStamped:
        """What takes points of `source_frame` to `target_frame` at a time; `Time()` asks for the newest.

        It waits `timeout` for it, and then says why there is none.

        Raises:
            LookupException, ConnectivityException, ExtrapolationException, InvalidArgumentException
        """
        self._wait(lambda: self.can_transform(target_frame, source_frame, time), timeout)
        with self._changed:
            pose, stamp_ns = self._tree.lookup(target_frame, source_frame, _ns(time))
        return _stamped(target_frame, source_frame, pose, stamp_ns)

    def lookup_transform_full(  # noqa: PLR0917 - the published signature
        self,
        target_frame: str,
        target_time: Any,
        source_frame: str,
        source_time: Any,
        fixed_frame: str,
        timeout: Duration | None = None,
    ) -> TransformStamped:
        """The same between two times, through a frame that did not move meanwhile."""
        self._wait(
            lambda: self.can_transform_full(target_frame, target_time, source_frame, source_time, fixed_frame), timeout
        )
        with self._changed:
            to_fixed, _ = self._tree.lookup(fixed_frame, source_frame, _ns(source_time))
            from_fixed, stamp_ns = self._tree.lookup(target_frame, fixed_frame, _ns(target_time))
        return _stamped(target_frame, source_frame, from_fixed @ to_fixed, stamp_ns)

    def can_transform(
        self,
        target_frame: str,
        source_frame: str,
        time: Any,
        timeout: Duration | None = None,
        return_debug_tuple: bool = False,
    ) -> Any:
        """Whether `lookup_transform` would answer; with `return_debug_tuple`, and why not."""
        stamp_ns = _ns(time)
        return self._can(lambda: self._tree.lookup(target_frame, source_frame, stamp_ns), timeout, return_debug_tuple)

    def can_transform_full(  # noqa: PLR0917 - the published signature
        self,
        target_frame: str,
        target_time: Any,
        source_frame: str,
        source_time: Any,
        fixed_frame: str,
        timeout: Duration | None = None,
        return_debug_tuple: bool = False,
    ) -> Any:
        """Whether `lookup_transform_full` would answer."""

        def both() -> None:
            self._tree.lookup(fixed_frame, source_frame, _ns(source_time))
            self._tree.lookup(target_frame, fixed_frame, _ns(target_time))

        return self._can(both, timeout, return_debug_tuple)

    def wait_for_transform_async(self, target_frame: str, source_frame: str, time: Any) -> Future[bool]:
        """A future that is done when the transform can be given."""
        future: Future[bool] = Future()
        with self._changed:
            if not self.can_transform(target_frame, source_frame, time):
                self._waiting.append((lambda: self.can_transform(target_frame, source_frame, time), future))
                return future
        future.set_result(True)
        return future

    async def lookup_transform_async(self, target_frame: str, source_frame: str, time: Any) -> TransformStamped:
        """`lookup_transform` for coroutines: waits until there is an answer."""
        await self.wait_for_transform_async(target_frame, source_frame, time)
        return self.lookup_transform(target_frame, source_frame, time)

    def transform(self, object_stamped: Any, target_frame: str, timeout: Duration | None = None) -> Any:
        """A stamped message, seen from another frame. Types register themselves: import `tf2_geometry_msgs`.

        Raises:
            TypeException: nobody registered its type.
            TransformException: there is no transform.
        """
        how = self._transforms.get(type(object_stamped))
        if how is None:
            known = ", ".join(sorted(kind.__name__ for kind in self._transforms)) or "none (import tf2_geometry_msgs)"
            raise TypeException(f"expected one of {known}, got {type(object_stamped).__name__}")
        header = object_stamped.header
        return how(object_stamped, self.lookup_transform(target_frame, header.frame_id, header.stamp, timeout))

    @classmethod
    def register(cls, kind: type, how: Callable[[Any, TransformStamped], Any]) -> None:
        """Say how messages of a type are transformed."""
        cls._transforms[kind] = how

    def all_frames_as_string(self) -> str:
        """One line for each frame that has a parent."""
        with self._changed:
            return "".join(f"Frame {child} exists with parent {up}.\n" for child, up in self._tree.parents().items())

    def all_frames_as_yaml(self) -> str:
        """The same for programs."""
        with self._changed:
            return "".join(f"{child}: \n  parent: '{up}'\n" for child, up in self._tree.parents().items())

    def _can(self, look: Callable[[], Any], timeout: Duration | None, explain: bool) -> Any:
        why = ""

        def possible() -> bool:
            nonlocal why
            try:
                with self._changed:
                    look()
            except TransformException as error:
                why = str(error)
                return False
            why = ""
            return True

        if not possible():
            self._wait(possible, timeout)
        return (not why, why) if explain else not why

    def _wait(self, possible: Callable[[], bool], timeout: Duration | None) -> None:
        """Until it is possible or the time is over. Some other thread must serve the listener meanwhile."""
        left_s = 0.0 if timeout is None else timeout.nanoseconds / 1e9
        deadline_s = wall.monotonic() + left_s
        with self._changed:
            while left_s > 0 and not possible():
                self._changed.wait(left_s)
                left_s = deadline_s - wall.monotonic()


def _ns(time: Any) -> int:
    """Nanoseconds of rclpy's time or of a message's."""
    return time.nanoseconds if isinstance(time, Time) else time.sec * 1_000_000_000 + time.nanosec


def _rigid(transform: Transform) -> Rigid:
    move, turn = transform.translation, transform.rotation
    return Rigid((move.x, move.y, move.z), (turn.x, turn.y, turn.z, turn.w))


def _stamped(target_frame: str, source_frame: str, pose: Rigid, stamp_ns: int) -> TransformStamped:
    message = TransformStamped(child_frame_id=source_frame)
    message.header.frame_id = target_frame
    message.header.stamp = Time(nanoseconds=stamp_ns).to_msg()
    move, turn = message.transform.translation, message.transform.rotation
    move.x, move.y, move.z = pose.translation_m
    turn.x, turn.y, turn.z, turn.w = pose.rotation
    return message
