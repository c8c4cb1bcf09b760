"""A whole simulated site in the caller's process and time: for tests that play hours in seconds, without ROS.

    rehearsal = Rehearsal(site, seed=7, scenario="demo")
    rehearsal.goto("r1", site.viewpoints["vp-03"].pose)
    while not any(isinstance(event, Arrived) for event in rehearsal.tick()):
        pass
    picture = rehearsal.photo("r1")          # RGB, rendered for this very tick

Robots here are steered by the same `Navigator` and live in the same `World` as behind the ROS nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from patrol_core.errors import NotFound, Unreachable
from patrol_core.geometry import Pose2
from patrol_core.site import Site
from sim.crowd import Fell
from sim.devices import DeviceReport
from sim.navigator import Steering, Verdict
from sim.pilot import pilots_for
from sim.renderer import Renderer, setup_of
from sim.scenario import Happening, Scenario, load_scenario
from sim.world import STEP_S, Bumped, Happened, Reported, World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TICK_S = 2 * STEP_S  # one turn of the control loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A robot reached its goal and stands (0.25 m, 0.2 rad)."""

    robot_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """A robot ended its goal without reaching it."""

    robot_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """A fixed sensor spoke."""

    report: DeviceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioMoment:
    """The scenario made something happen."""

    what: Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class RanInto:
    """A robot touched something and stopped."""

    robot_id: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFell:
    """Somebody has come to lie on the ground."""

    what: Fell


SimEvent = Arrived | GaveUp | Sensed | ScenarioMoment | RanInto | PersonFell


class Rehearsal:
    """Lockstep: nothing moves but in `tick`, and `photo` waits for the renderer. Close it where photos were taken."""

    def __init__(
        self,
        site: Site,
        *,
        seed: int | None = None,
        scenario: str | Scenario = "demo",
        started_at: datetime = datetime(2026, 3, 2, 0, 0, tzinfo=UTC),
    ) -> None:
        story = load_scenario(scenario, site) if isinstance(scenario, str) else scenario
        self.world = World(site=site, scenario=story, started_at=started_at, seed=seed)
        self._pilots = pilots_for(self.world)
        self._steering: dict[str, Steering] = {}
        self._refused: list[GaveUp] = []
        self._renderer: Renderer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def now(self) -> datetime:
        """Site time, UTC-aware."""
        return self.world.now

    def goto(self, robot_id: str, pose: Pose2) -> None:
        """Drive there; a goal under way is replaced. A goal no lane leads to ends in `GaveUp` at the next tick."""
        self.world.robot(robot_id)
        try:
            self._pilots[robot_id].go(pose)
        except Unreachable as error:
            self._refused.append(GaveUp(robot_id=robot_id, because=str(error)))

    def cancel(self, robot_id: str) -> None:
        """Stop where it is; nothing happens where no goal is under way."""
        self.world.robot(robot_id)
        self._pilots[robot_id].cancel()
        self._steering.pop(robot_id, None)

    def tick(self) -> list[SimEvent]:
        """One turn of the control loop: every navigator steers, then the world goes on by `TICK_S`."""
        events: list[SimEvent] = [*self._refused]
        self._refused.clear()
        for robot_id, pilot in self._pilots.items():
            steering = pilot.steer()
            if steering is None:
                continue
            self._steering[robot_id] = steering
            self.world.command(robot_id, steering.twist)
            if steering.verdict is Verdict.ARRIVED:
                events.append(Arrived(robot_id=robot_id))
            elif steering.verdict is Verdict.GAVE_UP:
                events.append(GaveUp(robot_id=robot_id, because=steering.because))
        for event in self.world.step(TICK_S):
            match event:
                case Reported():
                    events.append(Sensed(report=event.report))
                case Happened():
                    events.append(ScenarioMoment(what=event.what))
                case Bumped():
                    events.append(RanInto(robot_id=event.robot_id, into=event.into))
                case Fell():
                    events.append(PersonFell(what=event))
        return events

    def steering(self, robot_id: str) -> Steering | None:
        """What a robot's navigation said last; None before its first goal and after `cancel`."""
        return self._steering.get(robot_id)

    def pose(self, robot_id: str) -> Pose2:
        """Where the robot is, frame `map`."""
        return self.world.robot(robot_id).pose

    def battery_pct(self, robot_id: str) -> float:
        """0..100."""
        return self.world.robot(robot_id).battery.pct

    def photo(self, camera_id: str) -> npt.NDArray[np.uint8]:
        """What a robot's camera, or one of the site's, sees now: 480 rows of 640 RGB pixels.

        The renderer is started at first use.

        Raises:
            NotFound: neither a robot nor a camera of the site.
            Unavailable: the renderer does not start or does not answer.
        """
        fixed = self.world.site.cameras
        if camera_id not in self.world.robots and camera_id not in fixed:
            raise NotFound("robot or camera", camera_id)
        if self._renderer is None:
            self._renderer = Renderer(setup_of(self.world.site))
        if camera_id in self.world.robots:
            return self._renderer.render(self.world.view(), camera_id)
        camera = fixed[camera_id]
        return self._renderer.shoot(
            self.world.view(),
            x_m=camera.pose.x_m,
            y_m=camera.pose.y_m,
            z_m=camera.height_m,
            heading_rad=camera.pose.heading_rad,
            tilt_rad=-camera.tilt_rad,
        )

    def close(self) -> None:
        """End the renderer, where one was started."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
