"""The tree of frames with the history of each link. No clock, no ROS: times are nanoseconds, 0 asks for the newest."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from operator import attrgetter

from tf2_ros.rigid import Rigid, between


class TransformException(Exception):
    """No transform can be given; the kinds below say why."""


class LookupException(TransformException):
    """A frame that nobody has told of."""


class ConnectivityException(TransformException):
    """Two frames that hang on no common root."""


class ExtrapolationException(TransformException):
    """A time before the history of a link, or after it."""


class InvalidArgumentException(TransformException):
    """A frame name or a transform that cannot be."""


class TimeoutException(TransformException):
    """Nothing came in the time given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A link to the parent frame as it was at one time."""

    stamp_ns: int
    parent: str
    pose: Rigid


@dataclass(slots=True)
class _Link:
    static: bool
    samples: list[Sample] = field(default_factory=list)  # by time; those older than the cache are dropped

    def at(self, child: str, stamp_ns: int) -> Sample:
        """The link at a time; the newest for 0."""
        newest, oldest = self.samples[-1], self.samples[0]
        if self.static or stamp_ns in (0, newest.stamp_ns):
            return newest
        if len(self.samples) == 1:
            raise ExtrapolationException(
                f"Lookup would require extrapolation at time {_s(stamp_ns)}, but only time {_s(newest.stamp_ns)} is in "
                f"the buffer, when looking up transform from frame [{child}] to frame [{newest.parent}]"
            )
        if not oldest.stamp_ns <= stamp_ns <= newest.stamp_ns:
            future = stamp_ns > newest.stamp_ns
            raise ExtrapolationException(
                f"Lookup would require extrapolation into the {'future' if future else 'past'}. Requested time "
                f"{_s(stamp_ns)} but the {'latest' if future else 'earliest'} data is at time "
                f"{_s((newest if future else oldest).stamp_ns)}, when looking up transform from frame [{child}] to "
                f"frame [{newest.parent}]"
            )
        index = bisect_left(self.samples, stamp_ns, key=attrgetter("stamp_ns"))
        after = self.samples[index]
        if after.stamp_ns == stamp_ns:
            return after
        before = self.samples[index - 1]
        if before.parent != after.parent:
            return before
        share = (stamp_ns - before.stamp_ns) / (after.stamp_ns - before.stamp_ns)
        return Sample(stamp_ns=stamp_ns, parent=after.parent, pose=between(before.pose, after.pose, share))


class Tree:
    """Links by child frame; each keeps `cache_ns` of history, counted from its newest sample."""

    def __init__(self, cache_ns: int) -> None:
        self._cache_ns = cache_ns
        self._links: dict[str, _Link] = {}
        self._frames: set[str] = set()

    def put(self, child: str, sample: Sample, *, static: bool) -> bool:
        """Add to a link's history; False where the sample is older than it reaches, or was there already.

        Raises:
            InvalidArgumentException: a frame has no name, or is its own parent.
        """
        if not child or not sample.parent:
            raise InvalidArgumentException(f"a transform from {child!r} to {sample.parent!r}: a frame has no name")
        if child == sample.parent:
            raise InvalidArgumentException(f"frame {child!r} cannot be its own parent")
        self._frames |= {child, sample.parent}
        link = self._links.get(child)
        if link is None or link.static != static:
            self._links[child] = _Link(static, [sample])
            return True
        if static:
            link.samples = [sample]
            return True
        newest_ns = link.samples[-1].stamp_ns
        if sample.stamp_ns <= newest_ns - self._cache_ns or any(
            known.stamp_ns == sample.stamp_ns for known in link.samples[-2:]
        ):
            return False
        insort(link.samples, sample, key=attrgetter("stamp_ns"))
        keep_from = bisect_left(link.samples, link.samples[-1].stamp_ns - self._cache_ns, key=attrgetter("stamp_ns"))
        del link.samples[:keep_from]
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._links.clear()
        self._frames.clear()

    def parents(self) -> dict[str, str]:
        """Each frame that has a parent, with its newest one."""
        return {child: link.samples[-1].parent for child, link in sorted(self._links.items())}

    def lookup(self, target: str, source: str, stamp_ns: int) -> tuple[Rigid, int]:
        """Takes points of `source` to `target`; and the time it is for (the newest that all links share, for 0).

        Raises:
            LookupException, ConnectivityException, ExtrapolationException, InvalidArgumentException
        """
        for role, frame in (("target_frame", target), ("source_frame", source)):
            self._check(role, frame)
        if not stamp_ns:
            stamp_ns = self._newest_common_ns(target, source)
        common = self._common(target, source)
        up, down = self._pose_in(source, common, stamp_ns), self._pose_in(target, common, stamp_ns)
        return down.inverse() @ up, stamp_ns

    def _check(self, role: str, frame: str) -> None:
        if not frame or frame.startswith("/"):
            what = "is empty" if not frame else f"{frame!r} begins with '/'"
            raise InvalidArgumentException(f"Invalid argument {role}: a frame name that {what}")
        if frame not in self._frames:
            known = ", ".join(sorted(self._frames)) or "none"
            raise LookupException(f'"{frame}" passed as {role} does not exist. Known frames: {known}')

    def _pose_in(self, frame: str, ancestor: str, stamp_ns: int) -> Rigid:
        start, pose = frame, Rigid()
        while frame != ancestor:
            if frame not in self._links:  # it hung elsewhere at that time
                raise _unconnected(ancestor, start)
            sample = self._links[frame].at(frame, stamp_ns)
            frame, pose = sample.parent, sample.pose @ pose
        return pose

    def _common(self, target: str, source: str) -> str:
        below = set(self._ancestors(target))
        common = next((frame for frame in self._ancestors(source) if frame in below), None)
        if common is None:
            raise _unconnected(target, source)
        return common

    def _ancestors(self, frame: str) -> list[str]:
        line = [frame]
        while frame in self._links:
            frame = self._links[frame].samples[-1].parent
            if frame in line:
                raise InvalidArgumentException(
                    f"the frames above {line[0]!r} form a loop: {' → '.join([*line, frame])}"
                )
            line.append(frame)
        return line

    def _newest_common_ns(self, target: str, source: str) -> int:
        """The newest time for which every link between two frames is known; 0 where all of them are static."""
        common = self._common(target, source)
        lines = [self._ancestors(source), self._ancestors(target)]
        links = [self._links[frame] for line in lines for frame in line[: line.index(common)]]
        return min((link.samples[-1].stamp_ns for link in links if not link.static), default=0)


def _unconnected(target: str, source: str) -> ConnectivityException:
    return ConnectivityException(
        f"Could not find a connection between '{target}' and '{source}' because they are not part of the same tree."
    )


def _s(stamp_ns: int) -> str:
    return f"{stamp_ns / 1e9:.6f}"
