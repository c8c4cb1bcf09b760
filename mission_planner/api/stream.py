"""The event stream of all browsers: durable changes with ids, and poses that only count while they are new.

Each browser has a queue of `QUEUE` changes. One that does not read them in time loses the queue and gets a fresh
snapshot in its place, so that it is never out of date for good. Of the poses only the newest is kept for it.

Where changes come faster than they are told, those about somebody who calls for a person, and what people do, are told
at once; they come again in their turn.

A snapshot is drawn and encoded once for all browsers that may see the same and come within `SHARED_S`; each gets what
changed since behind it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from mission_planner.api.views.common import See
from mission_planner.api.views.events import PosesView, current_views, snapshot_view
from mission_planner.api.views.robots import pose_rows
from mission_planner.bus import AUDIENCE
from mission_planner.fleet.live import Fleet, FleetNow
from mission_planner.people.roles import Action
from mission_planner.site_time import SiteTime
from mission_planner.store import events
from mission_planner.store.events import Change, Thing
from mission_planner.store.protocol import Store, Tx
from patrol_core.errors import PatrolError, Unavailable
from patrol_core.site import Site

log = logging.getLogger(__name__)

QUEUE = 300
REPLAY = 1_000  # changes; a browser that missed more gets a snapshot
BATCH = 200  # changes read at once
HURRIED = 2_000  # changes that may wait to be told before their turn; further ones are told in it
SHARED_S = 1.0  # real time for which a snapshot is given to others, too
POSES_EVERY_S = 0.2  # real time
HEARTBEAT_S = 5.0
ASK_EVERY_S = 60.0
HEARTBEAT = b": here\n\n"

AskActions = Callable[[], Awaitable[frozenset[Action] | None]]


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as it goes over the wire."""

    event_id: int | None  # None for what comes again in its turn
    audience: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything, for those who may see the same."""

    upto: int  # the last change in it
    drawn_s: float  # monotonic, when it was there
    data: bytes


@dataclass(slots=True, eq=False)
class Listener:
    """One browser."""

    actions: frozenset[Action]
    after: int = 0  # changes up to here it has, or will not need
    queue: deque[Frame] = field(default_factory=deque)
    poses: bytes | None = None
    overflowed: bool = False
    asked_s: float = 0.0  # monotonic, when it was asked last what the account may do
    something: asyncio.Event = field(default_factory=asyncio.Event)

    def hears(self, audience: str | None) -> bool:
        """Whether this account may know."""
        return audience is None or audience in self.actions

    def offer(self, frame: Frame) -> None:
        """Queue a change, unless it is not for this browser."""
        known = frame.event_id is not None and frame.event_id <= self.after
        if known or self.overflowed or not self.hears(frame.audience):
            return
        if len(self.queue) >= QUEUE:
            self.queue.clear()
            self.overflowed = True
        else:
            self.queue.append(frame)
        self.something.set()


class Stream:
    """Reads the log of changes once for all browsers, and draws each changed thing once."""

    def __init__(self, *, store: Store, site: Site, fleet: Fleet, clock: SiteTime) -> None:
        self._store = store
        self._site = site
        self._fleet = fleet
        self._clock = clock
        self._listeners: set[Listener] = set()
        self._snapshots: dict[frozenset[Action], Snapshot] = {}  # young ones, by who may see them
        self._drawing = asyncio.Lock()
        self._changed = asyncio.Event()
        self._behind = False  # more changed than is told at once
        self._hurry = asyncio.Event()
        self._moved = asyncio.Event()
        self._published = 0
        self._hurried: dict[Thing, None] = {}
        self._closed = False
        self.overflows = 0

    @property
    def listeners(self) -> int:
        """How many browsers listen."""
        return len(self._listeners)

    def changed(self, hurried: Iterable[Thing] = ()) -> None:
        """Something was committed; of it, what is not to wait behind other changes."""
        if self._behind and self._listeners and len(self._hurried) < HURRIED:
            self._hurried.update(dict.fromkeys(hurried))
            self._hurry.set()
        self._changed.set()

    def moved(self) -> None:
        """A robot spoke."""
        self._moved.set()

    def ask_again(self) -> None:
        """Somebody was shut out: every browser's session is looked at now."""
        for listener in self._listeners:
            listener.asked_s = float("-inf")
            listener.something.set()

    def close(self) -> None:
        """End every browser's stream; they come back by themselves."""
        self._closed = True
        for listener in self._listeners:
            listener.something.set()

    async def begin(self) -> None:
        """Note where the log stands, before the first browser comes."""
        _, self._published = await self._store.read(events.bounds)

    async def publish(self) -> None:
        """Pass changes on, for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                while await self._pass_on():
                    pass
            except PatrolError as error:
                log.warning("changes could not be passed on, trying again: %s", error)
                await asyncio.sleep(0.5)
                self._changed.set()

    async def publish_hurried(self) -> None:
        """Pass on what is not to wait behind other changes, while many wait, for ever."""
        while True:
            await self._hurry.wait()
            self._hurry.clear()
            hurried, self._hurried = tuple(self._hurried), {}
            try:
                for first in range(0, len(hurried), BATCH):
                    await self._pass_on_first(hurried[first : first + BATCH])
            except PatrolError as error:
                log.warning("what is hurried will be told in its turn: %s", error)

    async def publish_poses(self) -> None:
        """Pass poses on, at most five times a second, for ever."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            if self._listeners:
                data = encode(None, "poses", self._poses(self._fleet.now()))
                for listener in self._listeners:
                    if Action.ROBOT_VIEW in listener.actions:
                        listener.poses = data
                        listener.something.set()
            await asyncio.sleep(POSES_EVERY_S)

    async def listen(self, *, ask: AskActions, last_id: int | None) -> AsyncIterator[bytes]:
        """What one browser receives, until it goes or its session ends.

        Args:
            ask: what the account may do now, None once it is logged out; asked at first and then every minute.
            last_id: the last change it has; None for a new page.
        """
        actions = await ask()
        if actions is None:
            return
        listener = Listener(actions, asked_s=self._clock.monotonic_s())
        self._listeners.add(listener)
        try:
            for data in await self._first(listener, last_id):
                yield data
            while not self._closed:
                if self._clock.monotonic_s() - listener.asked_s > ASK_EVERY_S and not await self._asked(listener, ask):
                    return
                if not listener.something.is_set():
                    try:
                        async with asyncio.timeout(HEARTBEAT_S):
                            await listener.something.wait()
                    except TimeoutError:
                        yield HEARTBEAT
                        continue
                listener.something.clear()
                if listener.overflowed:
                    self.overflows += 1
                    yield b"".join(await self._snapshot(listener))
                frames = [listener.queue.popleft().data for _ in range(len(listener.queue))]
                poses, listener.poses = listener.poses, None
                if poses is not None:
                    frames.append(poses)
                if frames:
                    yield b"".join(frames)
        finally:
            self._listeners.discard(listener)

    async def _asked(self, listener: Listener, ask: AskActions) -> bool:
        """Ask what the account may do now; whether it may listen. A database that is away ends nobody's stream."""
        now_s = self._clock.monotonic_s()
        try:
            actions = await ask()
        except Unavailable as error:
            log.warning("a browser's session cannot be looked at now, asking again: %s", error)
            listener.asked_s = now_s - ASK_EVERY_S + HEARTBEAT_S
            return True
        listener.asked_s = now_s
        listener.actions = actions or frozenset()
        return actions is not None

    async def _pass_on(self) -> bool:
        """One batch; whether there may be more."""
        if not self._listeners:
            _, newest = await self._store.read(events.bounds)
            if not self._listeners:  # still: nobody who came meanwhile has missed any
                self._published = max(self._published, newest)
                self._behind = False
                return False
        frames, newest = await self._frames(self._published, BATCH)
        self._behind = newest - self._published >= BATCH
        self._published = newest
        self._offer(frames)
        return self._behind

    async def _pass_on_first(self, hurried: Sequence[Thing]) -> None:
        """Draw these as they are now, before their turn."""

        def read(tx: Tx) -> list[Frame]:
            views = current_views(self._see(tx), hurried)
            return [
                Frame(None, AUDIENCE[subject], encode(None, subject.value, view))
                for (subject, _), view in zip(hurried, views, strict=True)
            ]

        self._offer(await self._store.read(read))

    def _offer(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            for listener in self._listeners:
                listener.offer(frame)

    async def _frames(self, after: int, limit: int) -> tuple[list[Frame], int]:
        """Changes after `after`, each thing drawn once as it is now; and the id of the last one read."""
        wanted = bool(self._listeners)

        def read(tx: Tx) -> tuple[list[Frame], int]:
            changes = events.after(tx, after, limit)
            if not changes:
                return [], after
            return _drawn(self._see(tx), _newest_of_each(changes)) if wanted else [], changes[-1].event_id

        return await self._store.read(read)

    def _see(self, tx: Tx) -> See:
        """After the changes were read: what is told last of a robot must be at least as new as the last change."""
        return See(tx=tx, site=self._site, fleet=self._fleet.now(), now=self._clock.now_or_none())

    async def _first(self, listener: Listener, last_id: int | None) -> list[bytes]:
        """What a browser needs to be up to date: what it missed, or everything."""
        if last_id is not None:
            oldest, newest = await self._store.read(events.bounds)
            if oldest - 1 <= last_id <= newest and newest - last_id <= REPLAY:
                frames, upto = await self._frames(last_id, REPLAY)
                listener.after = max(upto, last_id)
                return [HEARTBEAT, *(f.data for f in frames if listener.hears(f.audience))]
        return await self._snapshot(listener)

    async def _snapshot(self, listener: Listener) -> list[bytes]:
        """Everything, and what changed since it was drawn."""
        listener.queue.clear()
        listener.overflowed = False
        async with self._drawing:
            shared = self._snapshots.get(listener.actions)
            if shared is None or self._clock.monotonic_s() - shared.drawn_s > SHARED_S:
                shared = await self._draw(listener.actions)
            since, upto = await self._frames(shared.upto, REPLAY)
            if upto - shared.upto >= REPLAY:  # more than can be told one by one
                shared = await self._draw(listener.actions)
                since, upto = [], shared.upto
        listener.after = upto
        while listener.queue and (listener.queue[0].event_id or 0) <= upto:
            listener.queue.popleft()
        return [shared.data, *(f.data for f in since if listener.hears(f.audience))]

    async def _draw(self, actions: frozenset[Action]) -> Snapshot:
        def read(tx: Tx) -> tuple[int, bytes]:
            upto = events.bounds(tx)[1]
            return upto, encode(upto, "snapshot", snapshot_view(self._see(tx), actions))

        upto, data = await self._store.read(read)
        drawn_s = self._clock.monotonic_s()  # those who waited for it share it, however long it took
        young = {a: s for a, s in self._snapshots.items() if drawn_s - s.drawn_s <= SHARED_S}
        drawn = Snapshot(upto, drawn_s, data)
        self._snapshots = {**young, actions: drawn}
        return drawn

    def _poses(self, fleet: FleetNow) -> PosesView:
        return PosesView(site_time=self._clock.now_or_none(), robots=pose_rows(fleet))


def encode(event_id: int | None, name: str, view: BaseModel) -> bytes:
    """One server-sent event."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {view.model_dump_json()}\n\n".encode()


def _drawn(see: See, changes: Sequence[Change]) -> list[Frame]:
    views = current_views(see, [(change.subject, change.subject_id) for change in changes])
    return [
        Frame(change.event_id, change.audience, encode(change.event_id, change.subject.value, view))
        for change, view in zip(changes, views, strict=True)
    ]


def _newest_of_each(changes: Iterable[Change]) -> list[Change]:
    """A thing that changed twice is told once, at its last change: what is told is how it is now."""
    newest = {(c.subject, c.subject_id): c for c in changes}
    return sorted(newest.values(), key=lambda c: c.event_id)
