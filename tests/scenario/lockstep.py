"""A community in lockstep: the simulator's world, each robot's real executor and the center's real planner, no wires.

Nothing here sleeps or waits: hours of site time pass as fast as the machine can, and the same seed repeats.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from mission_planner.planning.distances import Distances
from mission_planner.planning.patrol import split
from patrol_core.codec import to_json
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, Outcome
from patrol_core.orders import Order, OrderKind
from patrol_core.site import Site, Text
from patrol_onboard import effects as do
from patrol_onboard import events as ev
from patrol_onboard import phrases
from patrol_onboard.executor import Executor
from patrol_onboard.photo import Frame, Unusable, photo_from
from sim.rehearsal import Arrived, GaveUp, RanInto, Rehearsal, Sensed, SimEvent
from sim.scenario import QUIET, Scenario

_TICK_EVERY_S = 1.0


@dataclass(slots=True)
class _Robot:
    executor: Executor
    driving: int | None = None  # ticket of the navigation under way
    due: list[tuple[datetime, ev.Event]] = field(default_factory=list)


class Community:
    """Robots of a site with an executor each. `forward()` plays; `ledger` is what the robots reported."""

    def __init__(self, site: Site, *, scenario: Scenario = QUIET, seed: int = 1, pictures: bool = False) -> None:
        self.site = site
        self.rehearsal = Rehearsal(site, seed=seed, scenario=scenario)
        self.ledger: list[LedgerEntry] = []
        self.sensed: list[Sensed] = []
        self.bumps: list[RanInto] = []
        self._pictures = pictures
        self._ids = itertools.count(1)
        self._epochs = dict.fromkeys(site.robots, 0)
        self._next_tick = self.rehearsal.now
        self._robots = {
            robot_id: _Robot(Executor(robot_id=robot_id, dock=site.docks[robot.dock_id].pose, new_id=self._new_id))
            for robot_id, robot in site.robots.items()
        }
        for robot_id in self._robots:
            self._tell(robot_id, ev.Started())
            self._tell_battery(robot_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rehearsal.close()

    @property
    def now(self) -> datetime:
        return self.rehearsal.now

    def executor(self, robot_id: str) -> Executor:
        """A robot's executor as it is now."""
        return self._robots[robot_id].executor

    def patrol(self, viewpoint_ids: list[str], *, robots: list[str] | None = None) -> dict[str, UUID]:
        """Share viewpoints among robots as the center does, and order the tours; the mission of each robot."""
        starts = {r: self.rehearsal.pose(r).point for r in robots or list(self._robots)}
        stops = {v: self.site.viewpoint(v).pose.point for v in viewpoint_ids}
        tours = split(starts, stops, Distances(self.site.lanes).between_m)
        return {r: self.order(r, tour, kind=MissionKind.PATROL, name="巡逻") for r, tour in tours.items() if tour}

    def order(self, robot_id: str, viewpoint_ids: tuple[str, ...], *, kind: MissionKind, name: str) -> UUID:
        """Send a robot to viewpoints; the id of its mission."""
        self._epochs[robot_id] += 1
        mission_id = self._new_id()
        checkpoints = tuple(
            Checkpoint(checkpoint_id=v, pose=self.site.viewpoint(v).pose, name=self.site.viewpoint(v).name)
            for v in viewpoint_ids
        )
        order = Order(
            order_id=self._new_id(),
            robot_id=robot_id,
            epoch=self._epochs[robot_id],
            issued_at=self.now,
            kind=OrderKind.START,
            because=Text.same(name),
            mission_id=mission_id,
            mission_kind=kind,
            name=Text.same(name),
            checkpoints=checkpoints,
        )
        self._tell(robot_id, ev.OrderReceived(order=order))
        return mission_id

    def forward(self, *, seconds: float = 0.0, minutes: float = 0.0) -> None:
        """Play on for a length of site time."""
        end = self.now + timedelta(seconds=seconds, minutes=minutes)
        while self.now < end:
            self.tick()

    def tick(self) -> None:
        """One turn of the world, and everybody's answer to it."""
        for event in self.rehearsal.tick():
            self._hear(event)
        for robot_id, robot in self._robots.items():
            ripe = [event for at, event in robot.due if at <= self.now]
            robot.due = [(at, event) for at, event in robot.due if at > self.now]
            for event in ripe:
                self._tell(robot_id, event)
        if self.now >= self._next_tick:
            self._next_tick += timedelta(seconds=_TICK_EVERY_S)
            for robot_id in self._robots:
                self._tell_battery(robot_id)
                self._tell(robot_id, ev.Tick())

    def trace(self) -> str:
        """SHA-256 of everything reported and of where the robots stand: equal for equal seeds."""
        told = "\n".join(map(to_json, self.ledger))
        stand = "\n".join(f"{r} {self.rehearsal.pose(r)}" for r in self._robots)
        return hashlib.sha256(f"{told}\n{stand}".encode()).hexdigest()

    def _hear(self, event: SimEvent) -> None:
        match event:
            case Arrived(robot_id=robot_id) | GaveUp(robot_id=robot_id):
                robot = self._robots[robot_id]
                ticket, robot.driving = robot.driving, None
                if ticket is None:
                    return
                pose = self.rehearsal.pose(robot_id)
                if isinstance(event, Arrived):
                    self._tell(robot_id, ev.Arrived(ticket=ticket, pose=pose))
                else:
                    because = Text.same(event.because)
                    self._tell(robot_id, ev.NavigationFailed(ticket=ticket, because=because, pose=pose))
            case Sensed():
                self.sensed.append(event)
            case RanInto():
                self.bumps.append(event)
            case _:
                pass

    def _tell_battery(self, robot_id: str) -> None:
        robot = self.rehearsal.world.robot(robot_id)
        self._tell(robot_id, ev.BatteryHeard(pct=robot.battery.pct, charging=robot.charging))

    def _tell(self, robot_id: str, event: ev.Event) -> None:
        robot = self._robots[robot_id]
        robot.executor, effects = robot.executor.step(event, self.now)
        for effect in effects:
            self._perform(robot_id, robot, effect)

    def _perform(self, robot_id: str, robot: _Robot, effect: do.Effect) -> None:
        match effect:
            case do.GoTo() | do.GoToDock():
                robot.driving = effect.ticket
                self.rehearsal.goto(robot_id, effect.pose)
            case do.CancelNavigation():
                robot.driving = None
                self.rehearsal.cancel(robot_id)
            case do.Dwell():
                over = ev.DwellOver(ticket=effect.ticket)
                robot.due.append((self.now + timedelta(seconds=effect.length_s), over))
            case do.TakePhoto():
                robot.due.append((self.now, self._look(robot_id, effect)))
            case do.Report():
                self.ledger.append(effect.entry)

    def _look(self, robot_id: str, effect: do.TakePhoto) -> ev.Event:
        pose = self.rehearsal.pose(robot_id)
        if not self._pictures:
            digest = hashlib.sha256(f"{robot_id} {self.now} {pose}".encode()).hexdigest()
            return ev.PhotoTaken(ticket=effect.ticket, digest=digest, taken_at=self.now, pose=pose)
        picture = self.rehearsal.photo(robot_id)
        height_px, width_px, _ = picture.shape
        frame = Frame(
            width_px=width_px,
            height_px=height_px,
            encoding="rgb8",
            step=width_px * 3,
            data=picture.tobytes(),
            stamped_at=self.now,
            heard_s=0.0,
        )
        try:
            photo = photo_from(frame, not_before=effect.not_before, now_s=0.0)
        except Unusable as why:
            return ev.PhotoUnusable(ticket=effect.ticket, because=phrases.said_by(why), pose=pose)
        return ev.PhotoTaken(ticket=effect.ticket, digest=photo.digest, taken_at=self.now, pose=pose)

    def _new_id(self) -> UUID:
        return UUID(int=(0x7 << 76) | (0x2 << 62) | next(self._ids))


def seen(community: Community, robot_id: str) -> list[str]:
    """Checkpoints a robot reported as seen, in order."""
    return [e.checkpoint_id for e in community.ledger if e.robot_id == robot_id and e.outcome is Outcome.SEEN]
