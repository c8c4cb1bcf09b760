"""A robot for tests: an executor, a clock, and a list of what it asked for."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from patrol_core.clock import ManualClock
from patrol_core.finding import Finding
from patrol_core.geometry import Point2, Pose2
from patrol_core.ids import uuid7
from patrol_core.kind import IncidentKind
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind
from patrol_core.orders import Order, OrderKind
from patrol_core.robot import Activity
from patrol_core.sighting import Sighting, Verdict
from patrol_core.site import Text
from patrol_onboard import events as ev
from patrol_onboard import phrases
from patrol_onboard.effects import (
    CancelNavigation,
    Dwell,
    Effect,
    GoTo,
    GoToDock,
    Report,
    ReportFinding,
    SetLights,
    TakePhoto,
)
from patrol_onboard.executor import Executor
from patrol_onboard.memory import HeldMission, Memory
from patrol_onboard.phases import ApproachTravelling
from patrol_onboard.policy import Policy
from patrol_onboard.robot_state import doing

E = TypeVar("E", bound=Effect)

DOCK = Pose2(x_m=0.0, y_m=0.0)


def checkpoints(*ids: str, dwell_s: float = 2.0) -> tuple[Checkpoint, ...]:
    """Checkpoints 10 m apart along the x axis."""
    return tuple(
        Checkpoint(checkpoint_id=i, pose=Pose2(x_m=10.0 * n, y_m=5.0), name=Text.same(f"点位 {i}"), dwell_s=dwell_s)
        for n, i in enumerate(ids, start=1)
    )


def three_metres_short(target: Point2, robot: Pose2 | None) -> Pose2 | None:
    """A standing place on the straight line from the robot; none beyond 100 m."""
    here = robot.point if robot is not None else DOCK.point
    away_m = here.distance_m(target)
    if away_m > 100:
        return None
    share = (away_m - 3.0) / away_m
    return Pose2(
        x_m=here.x_m + (target.x_m - here.x_m) * share,
        y_m=here.y_m + (target.y_m - here.y_m) * share,
        heading_rad=here.bearing_rad(target),
    )


class RobotUnderTest:
    """Sends events, remembers every effect, and answers navigation like a robot that gets where it is sent."""

    def __init__(self, *, battery_pct: float | None = 90.0, memory: Memory | None = None) -> None:
        self.clock = ManualClock()
        self.executor = Executor(
            robot_id="r1", dock=DOCK, policy=Policy(), memory=memory or Memory(), place_for=three_metres_short
        )
        self.effects: list[Effect] = []
        self.epoch = self.executor.memory.order_epoch
        self.driving: GoTo | GoToDock | None = None
        self.hear(ev.Started())
        if battery_pct is not None:
            self.battery(battery_pct)

    # what happens

    def hear(self, event: ev.Event) -> list[Effect]:
        self.executor, effects = self.executor.step(event, self.clock.now())
        for effect in effects:
            if isinstance(effect, GoTo | GoToDock):
                assert self.driving is None, "two navigations at once"
                self.driving = effect
            elif isinstance(effect, CancelNavigation):
                self.driving = None
        self.effects += effects
        return effects

    def order(
        self,
        kind: OrderKind,
        *,
        mission_id: UUID | None = None,
        mission_kind: MissionKind | None = None,
        stops: tuple[Checkpoint, ...] = (),
        because: str = "",
        epoch: int | None = None,
        robot_id: str = "r1",
        name: str = "早班",
        **more: Any,
    ) -> Order:
        self.epoch = epoch if epoch is not None else self.epoch + 1
        order = Order(
            order_id=uuid7(),
            robot_id=robot_id,
            epoch=self.epoch,
            issued_at=self.clock.now(),
            kind=kind,
            because=Text.same(because),
            mission_id=mission_id,
            mission_kind=mission_kind,
            name=Text.same(name),
            checkpoints=stops,
            **more,
        )
        self.hear(ev.OrderReceived(order=order))
        return order

    def patrol(self, *ids: str, because: str = "定时巡逻") -> UUID:
        """Order a patrol of these checkpoints; its mission id."""
        mission_id = uuid7()
        self.order(
            OrderKind.START,
            mission_id=mission_id,
            mission_kind=MissionKind.PATROL,
            stops=checkpoints(*(ids or ("vp-01", "vp-02", "vp-03"))),
            because=because,
        )
        return mission_id

    def verify(self, *ids: str, because: str = "最近且可用：22 m") -> UUID:
        """Order a look at an incident; its mission id."""
        mission_id = uuid7()
        self.order(
            OrderKind.START,
            mission_id=mission_id,
            mission_kind=MissionKind.VERIFY,
            stops=checkpoints(*(ids or ("smoke-b5",))),
            because=because,
            name="5 栋烟感",
        )
        return mission_id

    def battery(self, pct: float | None, *, charging: bool | None = False) -> None:
        self.hear(ev.BatteryHeard(pct=pct, charging=charging))

    def arrive(self, *, off_m: float = 0.1, localised: bool = True) -> None:
        assert self.driving is not None, f"the robot is not driving: {self.executor.phase}"
        goal, self.driving = self.driving, None
        pose = Pose2(x_m=goal.pose.x_m + off_m, y_m=goal.pose.y_m)
        self.hear(ev.Arrived(ticket=goal.ticket, pose=pose if localised else None))

    def fail(self, because: str = "没有通路") -> None:
        assert self.driving is not None
        goal, self.driving = self.driving, None
        self.hear(ev.NavigationFailed(ticket=goal.ticket, because=Text.same(because), pose=DOCK))

    def navigation_silent(self) -> None:
        assert self.driving is not None
        goal, self.driving = self.driving, None
        self.hear(ev.NavigationSilent(ticket=goal.ticket, because=phrases.NAVIGATION_MISSING))

    def dwell(self) -> None:
        dwell = self.last(Dwell)
        self.clock.forward(seconds=dwell.length_s)
        self.hear(ev.DwellOver(ticket=dwell.ticket))

    def photo(self, digest: str = "a" * 64) -> None:
        ask = self.last(TakePhoto)
        self.hear(ev.PhotoTaken(ticket=ask.ticket, digest=digest, taken_at=self.clock.now(), pose=DOCK))

    def camera_covered(self) -> None:
        ask = self.last(TakePhoto)
        self.hear(ev.PhotoUnusable(ticket=ask.ticket, because=phrases.DARK, pose=DOCK))

    def visit(self) -> None:
        """Everything a checkpoint takes."""
        self.arrive()
        self.dwell()
        self.photo()

    def sees(
        self,
        verdict: Verdict = Verdict.SUSPECTED,
        *,
        sighting_id: UUID | None = None,
        at: Point2 | None = Point2(12.0, 0.0),  # noqa: B008 - frozen
        photo: str = "",
        pose: Pose2 | None = DOCK,
    ) -> UUID:
        """The robot's eyes say something; the id of the sighting."""
        sighting = Sighting(
            sighting_id=sighting_id or uuid7(),
            camera_id="front",
            kind=IncidentKind.PERSON_FALLEN,
            verdict=verdict,
            position_m=at,
            first_seen_at=self.clock.now(),
            observed_at=self.clock.now(),
            confidence=0.9,
            model="test 0123",
            because=Text(zh="躺着不动", en="lies still"),
        )
        self.hear(ev.SightingHeard(sighting=sighting, photo=photo, pose=pose))
        return sighting.sighting_id

    def release(self) -> None:
        self.order(OrderKind.RELEASE)

    def forward(self, *, seconds: float) -> None:
        self.clock.forward(seconds=seconds)
        self.hear(ev.Tick())

    def restarted(self, **settings: float | None) -> RobotUnderTest:
        """The same robot after its process died and came back with what was on disk."""
        return RobotUnderTest(memory=self.executor.memory, **settings)

    # what is to be seen

    def last(self, kind: type[E]) -> E:
        return next(e for e in reversed(self.effects) if isinstance(e, kind))

    def held(self, mission_id: UUID) -> HeldMission:
        held = self.executor.memory.held(mission_id)
        assert held is not None
        return held

    def next(self, mission_id: UUID) -> str | None:
        checkpoint = self.held(mission_id).mission.next_checkpoint
        return checkpoint.checkpoint_id if checkpoint else None

    @property
    def heading_for(self) -> str:
        """The checkpoint it drives to, "dock", or "near" to whom it saw; "" when it does not drive."""
        if self.driving is None:
            return ""
        if isinstance(self.executor.phase, ApproachTravelling):
            return "near"
        if isinstance(self.driving, GoToDock):
            return "dock"
        all_stops = [c for h in self.executor.memory.missions for c in h.mission.checkpoints]
        visit = self.executor.phase.want  # type: ignore[union-attr]
        assert any(c.pose == self.driving.pose for c in all_stops)
        return visit.checkpoint_id  # type: ignore[union-attr, no-any-return]

    @property
    def reported(self) -> list[LedgerEntry]:
        return [e.entry for e in self.effects if isinstance(e, Report)]

    @property
    def activity(self) -> Activity:
        return doing(self.executor, self.clock.now())[0]

    @property
    def because(self) -> str:
        return doing(self.executor, self.clock.now())[1]

    @property
    def findings(self) -> list[Finding]:
        return [e.finding for e in self.effects if isinstance(e, ReportFinding)]

    @property
    def lights(self) -> bool:
        return self.last(SetLights).on
