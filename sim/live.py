"""The simulator while it runs for others: paces the world, steers its robots, and says what their sensors say.

It knows no ROS and no MQTT: whoever carries its words implements `Carrier`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from patrol_core.errors import Unreachable
from sim.crowd import Fell
from sim.devices import DeviceReport
from sim.ground_robot import STOP, Twist
from sim.inbox import Errand, Inbox
from sim.navigator import Verdict
from sim.pace import Pace
from sim.pilot import pilots_for
from sim.truth import TruthFile
from sim.view import WorldView
from sim.world import STEP_S, Bumped, Happened, Reported, RobotTruth, World, WorldEvent

_CONTROL_STEPS = 2  # of the world for one turn of the control loop: 10 Hz of site time
_ECHO_WITHIN_S = 0.05  # accelerated, the world waits this long of real time for the base to pass a command on
_DRIFT_S = 0.1
log = logging.getLogger(__name__)


class Carrier(Protocol):
    """Carries the simulator's words to whoever listens. Called by the loop's thread; returns at once."""

    def clock(self, now: datetime) -> None:
        """Site time; 10 Hz of real time."""

    def motion(self, now: datetime, robot: RobotTruth) -> None:
        """What odometry says; 10 Hz of real time."""

    def battery(self, now: datetime, robot: RobotTruth) -> None:
        """What the battery says; 1 Hz of real time."""

    def steer(self, robot_id: str, wish: Twist) -> None:
        """What navigation wants of the wheels."""

    def lights(self, robot_id: str, on: bool) -> None:
        """What the lights really do."""

    def wants_picture(self, robot_id: str) -> bool:
        """Whether anybody looks through this robot's camera."""


@dataclass(slots=True)
class _Every:
    """Something that is due at a rate of real time."""

    period_s: float
    next_s: float = float("-inf")

    def due(self, now_s: float) -> bool:
        if now_s < self.next_s:
            return False
        self.next_s = max(self.next_s + self.period_s, now_s + self.period_s / 2)
        return True


class Live:
    """One running simulator. `run` is its loop; everything else reaches it through its inbox."""

    def __init__(
        self,
        world: World,
        inbox: Inbox,
        carrier: Carrier,
        *,
        speed: float,
        on_report: Callable[[DeviceReport, datetime], None],
        want_picture: Callable[[str, WorldView], None],
        direct_drive: bool = False,
        truth: TruthFile | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        calendar: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.world = world
        self._inbox = inbox
        self._carrier = carrier
        self._speed = speed
        self._on_report = on_report
        self._want_picture = want_picture
        self._direct_drive = direct_drive
        self._truth = truth
        self._monotonic_s = monotonic_s
        self._calendar = calendar
        self._pilots = pilots_for(world)
        self._errands: dict[str, Errand] = {}
        self._wishes: dict[str, Twist] = {}
        self._clock_due, self._battery_due = _Every(0.1), _Every(1.0)
        self._steer_due, self._feedback_due, self._picture_due = _Every(0.1), _Every(0.2), _Every(0.08)
        self._feedback_now = False
        self.unanswered = 0  # accelerated steps that went on before the base had passed a command on

    def run(self, stopping: threading.Event) -> None:
        """Until `stopping`; then every goal ends and the wheels are told to stop."""
        for robot in self.world.robots.values():
            self._carrier.lights(robot.robot_id, robot.lights_on)
        pace = Pace(speed=self._speed, step_s=STEP_S, now_s=self._monotonic_s())
        while not stopping.is_set():
            for _ in range(pace.due(self._monotonic_s())):
                self._step()
                pace.took(1)
            self._speak()
            stopping.wait(max(0.0, min(pace.next_s() - self._monotonic_s(), 0.05)))
        for errand in self._errands.values():
            errand.gave_up("the simulator ended")
        for robot_id in self.world.robots:
            self._carrier.steer(robot_id, STOP)

    def _step(self) -> None:
        self._take_inbox()
        if self.world.tick % _CONTROL_STEPS == 0:
            self._control()
        for robot_id, wish in (self._wishes if self._direct_drive else self._inbox.take_wheels()).items():
            if robot_id in self.world.robots:
                self.world.command(robot_id, wish)
        events = self.world.step()
        self._tell(events)
        if self._truth is not None:
            self._truth.note(self.world, events)

    def _take_inbox(self) -> None:
        for robot_id, limit_mps in self._inbox.take_limits().items():
            self._pilots[robot_id].limit(limit_mps)
        for robot_id, on in self._inbox.take_lights().items():
            self.world.set_lights(robot_id, on)
            self._carrier.lights(robot_id, on)
        for errand in self._inbox.take_errands():
            self._begin(errand)
        for robot_id, errand in list(self._errands.items()):
            if errand.cancel_requested:
                self._pilots[robot_id].cancel()
                self._end(robot_id)
                errand.cancelled()
                log.info("%s: its goal was cancelled", robot_id)

    def _begin(self, errand: Errand) -> None:
        before = self._errands.pop(errand.robot_id, None)
        if before is not None:
            before.gave_up("another goal took over")
        try:
            self._pilots[errand.robot_id].go(errand.goal)
        except Unreachable as error:
            log.info("%s: %s", errand.robot_id, error)
            self._end(errand.robot_id)
            errand.gave_up(str(error))
            return
        self._errands[errand.robot_id] = errand

    def _control(self) -> None:
        """One turn of every pilot; accelerated, the world waits for the commands to come back from the bases."""
        heard = self._inbox.heard()
        asked: set[str] = set()
        feedback = self._feedback_due.due(self._monotonic_s())
        for robot_id, errand in list(self._errands.items()):
            steering = self._pilots[robot_id].steer()
            if steering is None:
                continue
            self._wishes[robot_id] = steering.twist
            self._carrier.steer(robot_id, steering.twist)
            asked.add(robot_id)
            if steering.verdict is Verdict.ARRIVED:
                self._end(robot_id)
                errand.arrived()
            elif steering.verdict is Verdict.GAVE_UP:
                log.warning("%s: %s", robot_id, steering.because)
                self._end(robot_id)
                errand.gave_up(steering.because)
            elif feedback:
                errand.progress(steering, self.world.robot(robot_id).pose)
        echoes = self._speed > 1 and asked and not self._direct_drive
        if echoes and not self._inbox.wait_heard(heard, asked, _ECHO_WITHIN_S):
            self.unanswered += 1

    def _end(self, robot_id: str) -> None:
        self._errands.pop(robot_id, None)
        self._wishes.pop(robot_id, None)
        self._carrier.steer(robot_id, STOP)
        if self._direct_drive:
            self.world.command(robot_id, STOP)

    def _tell(self, events: list[WorldEvent]) -> None:
        for event in events:
            match event:
                case Reported():
                    if event.report.alarm:
                        log.info("sensor %s alarms (%s)", event.report.device_id, event.report.value)
                    self._on_report(event.report, self.world.now)
                case Happened():
                    log.info("scenario: %s", event.what)
                case Fell():
                    log.info(
                        "%s lies on the ground at (%.1f, %.1f)",
                        event.person_id,
                        event.position_m.x_m,
                        event.position_m.y_m,
                    )
                case Bumped():
                    log.warning("%s ran into %s and stopped", event.robot_id, event.into)

    def _speak(self) -> None:
        now_s = self._monotonic_s()
        if self._clock_due.due(now_s):
            self._mind_the_calendar()
            self._carrier.clock(self.world.now)
            for robot in self.world.robots.values():
                self._carrier.motion(self.world.now, robot)
        if self._battery_due.due(now_s):
            for robot in self.world.robots.values():
                self._carrier.battery(self.world.now, robot)
        if self._speed < 1 and self._steer_due.due(now_s):  # a base's deadman runs on real time
            for robot_id, wish in self._wishes.items():
                self._carrier.steer(robot_id, wish)
        if self._picture_due.due(now_s):
            wanted = [robot_id for robot_id in self.world.robots if self._carrier.wants_picture(robot_id)]
            view = self.world.view() if wanted else None
            for robot_id in wanted:
                if view is not None:
                    self._want_picture(robot_id, view)

    def _mind_the_calendar(self) -> None:
        """At speed 1 everybody else reads the machine's clock: site time follows it, the world only its own steps."""
        if self._speed != 1:
            return
        drift = self._calendar() - self.world.now
        if abs(drift) > timedelta(seconds=_DRIFT_S):
            if abs(drift) > timedelta(seconds=1):
                log.warning("site time is set %+.1f s to the machine's clock", drift.total_seconds())
            self.world.set_calendar(self._calendar())
