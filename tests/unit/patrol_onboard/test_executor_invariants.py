"""Whatever happens to a robot, in whatever order, some things stay true."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from patrol_core.codec import from_json, to_json
from patrol_core.finding import Finding
from patrol_core.geometry import Point2
from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.mission import LedgerEntry, MissionKind, MissionState
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity
from patrol_core.sighting import Verdict
from patrol_core.site import Text
from patrol_onboard import events as ev
from patrol_onboard.memory import Memory
from patrol_onboard.phases import ApproachTravelling, Dwelling, Looking, Returning, Travelling, Visit
from patrol_onboard.policy import Policy
from patrol_onboard.robot_state import Motion, robot_state
from patrol_onboard.sighting_rules import finding_id
from tests.unit.patrol_onboard.robots import DOCK, RobotUnderTest

_NOWHERE = Motion()
_BOOT = uuid7()
SEEN = tuple(uuid7() for _ in range(6))
STOPS = ("vp-01", "vp-02", "vp-03", "vp-04")


class AnyLife(RuleBasedStateMachine):
    """Orders, arrivals, failures, batteries, crashes and late answers, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.robot = RobotUnderTest()
        self.entries: dict[object, LedgerEntry] = {}
        self.highest_epoch = 0
        self.sequence = 0
        self.confirmed: set[UUID] = set()
        self.told: dict[UUID, Finding] = {}

    # what may happen

    @rule(
        kind=st.sampled_from(list(OrderKind)),
        mission_kind=st.sampled_from(list(MissionKind)),
        which=st.integers(0, 5),
        stops=st.integers(1, 4),
        skip=st.integers(1, 3),
    )
    def an_order_comes(self, kind: OrderKind, mission_kind: MissionKind, which: int, stops: int, skip: int) -> None:
        known = [h.mission.mission_id for h in self.robot.executor.memory.missions]
        epoch = self.highest_epoch + skip
        self.highest_epoch = epoch
        if kind is OrderKind.START:
            self.robot.epoch = epoch - 1
            start = self.robot.patrol if mission_kind is MissionKind.PATROL else self.robot.verify
            start(*STOPS[:stops])
        else:
            mission_id = known[which % len(known)] if known else None
            self.robot.order(kind, mission_id=mission_id, epoch=epoch)

    @rule(age=st.integers(0, 5))
    def an_old_order_comes_again(self, age: int) -> None:
        before = self.robot.executor.memory
        self.robot.order(OrderKind.DOCK, epoch=max(0, before.order_epoch - age))
        assert self.robot.executor.memory == before

    @precondition(lambda self: self.robot.driving)
    @rule(off_m=st.sampled_from([0.1, 0.1, 0.1, 4.0]), localised=st.sampled_from([True, True, False]))
    def it_arrives(self, off_m: float, localised: bool) -> None:
        self.robot.arrive(off_m=off_m, localised=localised)

    @precondition(lambda self: self.robot.driving)
    @rule()
    def it_fails_to_get_there(self) -> None:
        self.robot.fail()

    @precondition(lambda self: self.robot.driving)
    @rule()
    def navigation_falls_silent(self) -> None:
        self.robot.navigation_silent()

    @precondition(lambda self: isinstance(self.robot.executor.phase, Dwelling))
    @rule()
    def the_dwell_ends(self) -> None:
        self.robot.dwell()

    @precondition(lambda self: isinstance(self.robot.executor.phase, Looking))
    @rule(covered=st.booleans())
    def the_camera_answers(self, covered: bool) -> None:
        if covered:
            self.robot.camera_covered()
        else:
            self.robot.photo()

    @rule(ticket=st.integers(-3, -1))
    def a_late_answer_comes(self, ticket: int) -> None:
        late = self.robot.executor.tickets + ticket
        before = self.robot.executor.memory
        for event in (
            ev.Arrived(ticket=late, pose=DOCK),
            ev.NavigationFailed(ticket=late, because=Text.same("旧目标"), pose=None),
            ev.DwellOver(ticket=late),
            ev.PhotoTaken(ticket=late, digest="c" * 64, taken_at=self.robot.clock.now(), pose=None),
        ):
            assert self.robot.hear(event) == []
        assert self.robot.executor.memory == before

    @rule(pct=st.sampled_from([None, 5.0, 15.0, 25.0, 61.0, 90.0]), charging=st.sampled_from([None, False, True]))
    def the_battery_says(self, pct: float | None, charging: bool | None) -> None:
        self.robot.battery(pct, charging=charging)

    @rule(pressed=st.booleans())
    def the_emergency_stop(self, pressed: bool) -> None:
        self.robot.hear(ev.StopPressed() if pressed else ev.StopReleased())

    @rule(lost=st.booleans())
    def the_link(self, lost: bool) -> None:
        self.robot.hear(ev.LinkLost() if lost else ev.LinkBack())

    @rule(seconds=st.sampled_from([1.0, 6.0, 61.0, 700.0]))
    def time_goes_on(self, seconds: float) -> None:
        self.robot.forward(seconds=seconds)

    @rule()
    def the_process_dies_and_comes_back(self) -> None:
        text = to_json(self.robot.executor.memory)
        self.every_confirmed_sighting_is_told_as_confirmed_exactly_once()
        old, self.robot = self.robot, RobotUnderTest(memory=from_json(Memory, text), battery_pct=None)
        assert self.robot.executor.memory.order_epoch == old.executor.memory.order_epoch
        self.robot.clock.forward(seconds=(old.clock.now() - self.robot.clock.now()) / timedelta(seconds=1))

    @rule(
        which=st.integers(0, len(SEEN) - 1),
        verdict=st.sampled_from(list(Verdict)),
        x_m=st.sampled_from([None, 2.0, 12.0, 14.0, 40.0, 500.0]),
        photo=st.sampled_from(["", "d" * 64, "e" * 64]),
        localised=st.booleans(),
    )
    def its_eyes_say(self, which: int, verdict: Verdict, x_m: float | None, photo: str, localised: bool) -> None:
        at = None if x_m is None else Point2(x_m, 0.0)
        if verdict is Verdict.CONFIRMED:
            self.confirmed.add(SEEN[which])
        pose = DOCK if localised else None
        self.robot.sees(verdict, sighting_id=SEEN[which], at=at, photo=photo, pose=pose)

    # what stays true (two navigations at once are caught by the robot under test itself)

    @invariant()
    def the_epoch_never_falls(self) -> None:
        assert self.robot.executor.memory.order_epoch == self.highest_epoch

    @invariant()
    def the_ledger_never_loses_or_changes_an_entry_and_each_was_reported(self) -> None:
        for held in self.robot.executor.memory.missions:
            for checkpoint_id, entry in held.mission.ledger.items():
                key = (held.mission.mission_id, checkpoint_id)
                assert self.entries.setdefault(key, entry) == entry
        reported = {(e.mission_id, e.checkpoint_id): e for e in self.robot.reported}
        kept = {h.mission.mission_id for h in self.robot.executor.memory.missions}
        for key, entry in self.entries.items():
            if key[0] in kept:
                assert self.robot.held(key[0]).mission.ledger[key[1]] == entry
                assert reported[key] == entry

    @invariant()
    def at_most_one_mission_is_underway_and_never_a_patrol_before_a_look(self) -> None:
        unended = self.robot.executor.memory.unended()
        underway = [h.mission.kind for h in unended if h.mission.state is MissionState.UNDERWAY]
        assert len(underway) <= 1
        if any(h.mission.kind is MissionKind.VERIFY for h in unended):
            assert underway in ([], [MissionKind.VERIFY])

    @invariant()
    def at_most_one_mission_of_a_kind_is_not_over(self) -> None:
        for kind in MissionKind:
            assert len(self.robot.executor.memory.unended(kind)) <= 1

    @invariant()
    def it_heads_for_the_first_checkpoint_not_done(self) -> None:
        want = getattr(self.robot.executor.phase, "want", None)
        if isinstance(want, Visit):
            assert self.robot.next(want.mission_id) == want.checkpoint_id
            assert self.robot.held(want.mission_id).mission.state is MissionState.UNDERWAY

    @invariant()
    def it_drives_exactly_when_it_says_so(self) -> None:
        drives = isinstance(self.robot.executor.phase, Travelling | Returning | ApproachTravelling)
        assert drives == (self.robot.driving is not None)

    @invariant()
    def every_confirmed_sighting_is_told_as_confirmed_exactly_once(self) -> None:
        for finding in self.robot.findings:
            assert self.told.setdefault(finding.finding_id, finding) == finding, "told again it is the same"
        told = [f.finding_id for f in self.told.values() if f.certainty is Certainty.CONFIRMED]
        assert set(told) == {finding_id(s, Certainty.CONFIRMED) for s in self.confirmed}

    @invariant()
    def while_it_turns_to_somebody_no_mission_is_underway(self) -> None:
        memory = self.robot.executor.memory
        assert (memory.focus is None) == (not memory.sightings)
        assert memory.focus is None or memory.underway is None
        assert len(memory.sightings) <= Policy().sightings_kept

    @invariant()
    def lights_are_on_as_ordered_and_while_somebody_the_center_knows_of_is_attended(self) -> None:
        memory = self.robot.executor.memory
        waits = any(s.told for s in memory.sightings) and not memory.gone_to_charge
        assert self.robot.lights == (waits or memory.lights_ordered)

    @invariant()
    def it_never_drives_under_the_emergency_stop(self) -> None:
        assert not (self.robot.executor.stopped and self.robot.driving)

    @invariant()
    def a_pause_has_a_cause_and_a_reason_and_nothing_else_has(self) -> None:
        for held in self.robot.executor.memory.missions:
            paused = held.mission.state is MissionState.PAUSED
            assert paused == (held.paused_by is not None)
            assert not paused or held.mission.because

    @invariant()
    def holding_always_says_why(self) -> None:
        self.sequence += 1
        state = robot_state(
            self.robot.executor,
            motion=_NOWHERE,
            boot_id=_BOOT,
            sequence=self.sequence,
            stamped_at=self.robot.clock.now(),
        )
        assert state.activity is not Activity.HOLDING or state.because
        for progress in state.missions:
            assert (progress.next_checkpoint_id is None) == progress.state.ended
            assert progress.done <= progress.total

    @invariant()
    def every_effect_that_wants_an_answer_has_a_ticket_of_its_own(self) -> None:
        asked = [e.ticket for e in self.robot.effects if hasattr(e, "ticket")]
        assert len(asked) == len(set(asked))


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
