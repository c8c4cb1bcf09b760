"""The mission executor of one robot: a pure state machine from events to effects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from patrol_core.geometry import Pose2
from patrol_core.ids import IdSource, uuid7
from patrol_core.mission import Checkpoint, LedgerEntry, MissionKind, Outcome
from patrol_core.site import NO_WORDS, Text
from patrol_onboard import events as ev
from patrol_onboard import phrases, sighting_rules, speech_rules
from patrol_onboard.battery_rules import Battery
from patrol_onboard.effects import (
    CancelNavigation,
    Dwell,
    Effect,
    GoTo,
    GoToDock,
    Report,
    SetLights,
    TakePhoto,
)
from patrol_onboard.memory import HeldMission, Memory
from patrol_onboard.order_rules import take
from patrol_onboard.phases import (
    Approach,
    ApproachTravelling,
    Attend,
    Attending,
    Dwelling,
    GoHome,
    Held,
    Looking,
    Phase,
    Returning,
    Stand,
    Standing,
    Travelling,
    Turn,
    Visit,
    Waiting,
    Want,
    Watching,
)
from patrol_onboard.policy import Policy
from patrol_onboard.settling import settled
from patrol_onboard.sighting_rules import PlaceFor, nowhere
from patrol_onboard.telling import lit, told
from patrol_onboard.wanting import goes_there, place_ahead, told_to_stand, wanted

Step = tuple["Executor", list[Effect]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """How a checkpoint ended, before it is a ledger entry."""

    outcome: Outcome
    because: Text = NO_WORDS
    at: datetime
    pose: Pose2 | None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """All the executor knows. `memory` must be on disk before the effects of a step are performed.

    Each step hears the event, lets missions pause or go on, and then brings what the robot does in line with what it
    should do: at most one navigation at a time. Whatever is begun gets a fresh ticket, so that an answer about
    something given up meanwhile is recognised and ignored.
    """

    robot_id: str
    dock: Pose2  # frame `map`
    policy: Policy = field(default_factory=Policy)
    memory: Memory = field(default_factory=Memory)
    phase: Phase = field(default_factory=Standing)
    battery: Battery = field(default_factory=Battery)
    at_dock: bool = False  # known to stand there
    stopped: bool = False  # emergency stop
    link_lost_at: datetime | None = None  # UTC site time; None while the center is on the graph
    tickets: int = 0  # the newest one given out
    lights_on: bool | None = None  # as last asked; None before the first step
    place_for: PlaceFor = nowhere
    new_id: IdSource = uuid7

    def step(self, event: ev.Event, now: datetime) -> Step:
        """The executor after `event` at site time `now` (UTC), and what is to be done, in this order."""
        after, effects = self._hear(event, now)
        memory = sighting_rules.gone_on(
            after.memory, after.battery, robot_id=self.robot_id, policy=self.policy, now=now
        )
        memory = speech_rules.settled(settled(memory, after.battery, after.policy), after.policy, now)
        after = replace(after, memory=memory)
        after, more = after._in_line(now)
        effects += told(self.memory, after.memory, event)
        if (on := lit(after.memory)) is not self.lights_on:
            after, more = replace(after, lights_on=on), [*more, SetLights(on=on)]
        return after, effects + more

    def want(self, now: datetime) -> Want:
        """What the robot should be doing."""
        return wanted(self.memory, stopped=self.stopped, alone_too_long=self.alone_too_long(now))

    def alone_too_long(self, now: datetime) -> bool:
        """Whether the center has been away for longer than a robot should stand around."""
        lost = self.link_lost_at
        return lost is not None and (now - lost).total_seconds() >= self.policy.link_hold_s

    def aim(self, visit: Visit) -> tuple[HeldMission, Checkpoint]:
        """The mission and the checkpoint of a visit."""
        held = next(h for h in self.memory.missions if h.mission.mission_id == visit.mission_id)
        return held, next(c for c in held.mission.checkpoints if c.checkpoint_id == visit.checkpoint_id)

    # hearing

    def _hear(self, event: ev.Event, now: datetime) -> Step:
        match event:
            case ev.Started():
                return self._started()
            case ev.OrderReceived(order=order):
                if order.robot_id != self.robot_id:
                    return self, []
                memory = take(self.memory, order, self.battery, self.policy)
                return replace(self, memory=memory.pruned(self.policy.ended_kept)), []
            case ev.BatteryHeard():
                return self._battery_heard(event, now), []
            case ev.SightingHeard():
                memory = sighting_rules.heard(
                    self.memory,
                    event,
                    robot_id=self.robot_id,
                    policy=self.policy,
                    place_for=self.place_for,
                    now=now,
                )
                return replace(self, memory=memory), []
            case ev.SpeechHeard(speech=word):
                return replace(self, memory=speech_rules.heard(self.memory, word, self.policy)), []
            case ev.StopPressed() | ev.StopReleased():
                return replace(self, stopped=isinstance(event, ev.StopPressed)), []
            case ev.LinkLost():
                return replace(self, link_lost_at=self.link_lost_at or now), []
            case ev.LinkBack():
                return replace(self, link_lost_at=None), []
            case ev.Tick():
                return self, []
            case _:
                asked = getattr(self.phase, "ticket", None)
                return self._hear_answer(event, now) if event.ticket == asked else (self, [])

    def _hear_answer(self, event: ev.Answer, now: datetime) -> Step:
        """An answer to what the executor waits for."""
        match event, self.phase:
            case ev.Arrived(pose=pose), ApproachTravelling():
                return self._came_near(pose, now)
            case ev.NavigationFailed(), ApproachTravelling():
                return self._came_near_again(now)
            case ev.NavigationSilent(because=because), ApproachTravelling(want=turn):
                return self._wait(turn, phrases.asking_again(because), self.policy.ask_again_s, now), []
            case ev.Arrived(pose=pose), Travelling() | Returning():
                return self._arrived(pose, now)
            case ev.NavigationFailed(because=because, pose=pose), Travelling() | Returning():
                return self._not_reached(because, pose, now)
            case ev.NavigationSilent(because=because), Travelling(want=want) | Returning(want=want):
                return self._wait(want, phrases.asking_again(because), self.policy.ask_again_s, now), []
            case ev.DwellOver(), Dwelling():
                return self._look(self.phase)
            case ev.PhotoTaken(), Looking(want=visit):
                seen = _Seen(outcome=Outcome.SEEN, at=event.taken_at, pose=event.pose, photos=(event.digest,))
                return self._enter(visit, seen)
            case ev.PhotoUnusable(), Looking(want=visit):
                blind = _Seen(outcome=Outcome.NO_EVIDENCE, because=event.because, at=now, pose=event.pose)
                return self._enter(visit, blind)
            case _:
                return self, []

    def _battery_heard(self, event: ev.BatteryHeard, now: datetime) -> Executor:
        battery = Battery(pct=event.pct, charging=event.charging, heard=True)
        after = replace(self, battery=battery)
        waits_for_dock = isinstance(self.phase, Waiting) and isinstance(self.phase.want, GoHome)
        if event.charging and (isinstance(self.phase, Standing | Held) or waits_for_dock):
            return replace(after, at_dock=True, phase=Standing() if waits_for_dock else self.phase)
        needs_it = event.pct is not None and event.pct < self.policy.resume_pct
        if event.charging is False and needs_it and self.at_dock and isinstance(self.phase, Standing):
            waiting = after._wait(GoHome(), phrases.NOT_CHARGING, self.policy.dock_retry_s, now)
            return replace(waiting, at_dock=False)
        return after

    def _started(self) -> Step:
        """Nothing that was begun is taken as done; every ledger is told again, for a report may not have got out."""
        again: list[Effect] = [
            Report(entry=entry, urgent=_urgent(held))
            for held in self.memory.missions
            for entry in held.mission.ledger.values()
        ]
        return replace(self, phase=Standing(), at_dock=False), [CancelNavigation(), *again]

    def _arrived(self, pose: Pose2 | None, now: datetime) -> Step:
        visit = self.phase.want if isinstance(self.phase, Travelling) else None
        goal = self.aim(visit)[1].pose if visit else self.dock
        if pose is None:
            return self._not_reached(phrases.POSE_UNKNOWN, None, now)
        if (off_m := pose.point.distance_m(goal.point)) > self.policy.arrival_radius_m:
            return self._not_reached(phrases.not_there(off_m), pose, now)
        if visit is None:
            return replace(self, phase=Standing(), at_dock=True), []
        ticket = self.tickets + 1
        after = replace(self, phase=Dwelling(want=visit, ticket=ticket, arrived_at=now), tickets=ticket)
        return after, [Dwell(ticket=ticket, length_s=self.aim(visit)[1].dwell_s)]

    def _not_reached(self, because: Text, pose: Pose2 | None, now: datetime) -> Step:
        match self.phase:
            case Travelling(attempt=attempt) | Returning(attempt=attempt) if attempt < self.policy.attempts:
                return self._drive(self.phase.want, attempt + 1)
            case Travelling(want=visit, attempt=attempt):
                because = phrases.not_reached(attempt, because)
                return self._enter(visit, _Seen(outcome=Outcome.SKIPPED, because=because, at=now, pose=pose))
            case Returning(want=home):
                return self._wait(home, phrases.dock_not_reached(because), self.policy.dock_retry_s, now), []
            case _:
                return self, []

    def _came_near(self, pose: Pose2 | None, now: datetime) -> Step:
        """At the standing place; a robot that does not know where it is looks from here."""
        match self.phase:
            case ApproachTravelling(pose=goal) if pose is not None and not self._is_at(pose, goal):
                return self._came_near_again(now)
            case ApproachTravelling(want=turn):
                memory = sighting_rules.there(self.memory, turn.sighting_id, now)
                return replace(self, phase=Standing(), memory=memory), []
            case _:
                return self, []

    def _came_near_again(self, now: datetime) -> Step:
        """Try again to come near, or look from as near as it came."""
        match self.phase:
            case ApproachTravelling(want=turn, attempt=attempt) if attempt < self.policy.attempts:
                return self._drive_near(turn, attempt + 1)
            case ApproachTravelling(want=turn):
                memory = sighting_rules.there(self.memory, turn.sighting_id, now)
                return replace(self, phase=Standing(), memory=memory), []
            case _:
                return self, []

    def _is_at(self, pose: Pose2, goal: Pose2) -> bool:
        return pose.point.distance_m(goal.point) <= self.policy.arrival_radius_m

    def _wait(self, want: Visit | GoHome | Turn, because: Text, length_s: float, now: datetime) -> Executor:
        return replace(self, phase=Waiting(want=want, until=now + timedelta(seconds=length_s), because=because))

    def _look(self, dwelling: Dwelling) -> Step:
        visit, ticket = dwelling.want, self.tickets + 1
        photo = TakePhoto(ticket=ticket, not_before=dwelling.arrived_at, urgent=_urgent(self.aim(visit)[0]))
        return replace(self, phase=Looking(want=visit, ticket=ticket), tickets=ticket), [photo]

    def _enter(self, visit: Visit, seen: _Seen) -> Step:
        """Write a checkpoint's end into the ledger."""
        entry = LedgerEntry(
            report_id=self.new_id(),
            mission_id=visit.mission_id,
            robot_id=self.robot_id,
            checkpoint_id=visit.checkpoint_id,
            outcome=seen.outcome,
            because=seen.because,
            at=seen.at,
            pose=seen.pose,
            photos=seen.photos,
        )
        report = Report(entry=entry, urgent=_urgent(self.aim(visit)[0]))
        memory = self.memory.with_entry(entry).pruned(self.policy.ended_kept)
        return replace(self, phase=Standing(), memory=memory), [report]

    # doing

    def _in_line(self, now: datetime) -> Step:
        """Go on with what is wanted; drop what is not."""
        want = self.want(now)
        phase = self.phase
        if isinstance(phase, Standing):
            return self._begin(want, now)
        if isinstance(phase, ApproachTravelling) and isinstance(want, Attend) and goes_there(self.memory, phase, want):
            return replace(self, phase=replace(phase, want=want)), []  # told on the way: it goes on
        aimed_elsewhere = isinstance(phase, ApproachTravelling) and not goes_there(self.memory, phase, want)
        ripe = isinstance(phase, Waiting) and now >= phase.until
        moved = isinstance(phase, Watching | Attending) and place_ahead(self.memory, phase.want) is not None
        if phase.want == want and not (ripe or aimed_elsewhere or moved):
            return self, []
        driving = isinstance(phase, Travelling | Returning | ApproachTravelling)
        after, begun = replace(self, phase=Standing())._begin(want, now)
        return after, [CancelNavigation(), *begun] if driving else begun

    def _begin(self, want: Want, now: datetime) -> Step:
        match want:
            case Stand():
                return replace(self, phase=Held(want=want)), []
            case Approach() | Attend():
                if place_ahead(self.memory, want) is not None and told_to_stand(self.memory) is None:
                    return self._drive_near(want, 1)
                memory = sighting_rules.there(self.memory, want.sighting_id, now)
                stays = Watching(want=want) if isinstance(want, Approach) else Attending(want=want)
                return replace(self, phase=stays, memory=memory), []
            case GoHome() if self.at_dock or not self.battery.heard:
                return self, []  # at home, or just started: the battery is about to say whether this is the dock
            case _:
                return self._drive(want, 1)

    def _drive_near(self, turn: Turn, attempt: int) -> Step:
        ticket, pose = self.tickets + 1, place_ahead(self.memory, turn)
        if pose is None:
            return replace(self, phase=Standing()), []
        near = ApproachTravelling(want=turn, ticket=ticket, attempt=attempt, pose=pose)
        go = GoTo(ticket=ticket, pose=pose, speed_mps=self.policy.approach_mps)
        return replace(self, phase=near, tickets=ticket, at_dock=False), [go]

    def _drive(self, want: Visit | GoHome, attempt: int) -> Step:
        ticket = self.tickets + 1
        if isinstance(want, GoHome):
            returning = Returning(want=want, ticket=ticket, attempt=attempt)
            return replace(self, phase=returning, tickets=ticket, at_dock=False), [
                GoToDock(ticket=ticket, pose=self.dock)
            ]
        held, checkpoint = self.aim(want)
        travelling = Travelling(want=want, ticket=ticket, attempt=attempt)
        go = GoTo(ticket=ticket, pose=checkpoint.pose, speed_mps=held.mission.speed_mps)
        return replace(self, phase=travelling, tickets=ticket, at_dock=False), [go]


def _urgent(held: HeldMission) -> bool:
    return held.mission.kind is MissionKind.VERIFY
