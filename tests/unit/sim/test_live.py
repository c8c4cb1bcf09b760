"""The running simulator, driven by hand: goals in, wishes out, wheels obeyed, and every goal gets its one end."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from patrol_core.geometry import Pose2
from sim.ground_robot import Twist
from sim.inbox import Inbox
from sim.live import Live
from sim.scenario import QUIET, Alarm, TimedEvent
from sim.world import World
from tests.unit.sim.block import START


class Recorder:
    """A carrier that writes down what it is given, and may play the base that passes commands on."""

    def __init__(self, inbox, *, base=True):
        self.inbox = inbox
        self.base = base
        self.clocks, self.motions, self.batteries, self.wishes, self.lit, self.watched = [], [], [], [], [], set()

    def clock(self, now):
        self.clocks.append(now)

    def motion(self, now, robot):
        self.motions.append((now, robot.robot_id))

    def battery(self, now, robot):
        self.batteries.append(robot.robot_id)

    def steer(self, robot_id, wish):
        self.wishes.append((robot_id, wish))
        if self.base:
            self.inbox.wheels(robot_id, wish)

    def lights(self, robot_id, on):
        self.lit.append((robot_id, on))

    def wants_picture(self, robot_id):
        return robot_id in self.watched


class Goal:
    """An errand that writes down its end."""

    def __init__(self, robot_id, goal):
        self.robot_id, self.goal = robot_id, goal
        self.cancel_requested = False
        self.progressed, self.ended = [], []

    def progress(self, steering, pose):
        self.progressed.append(steering.distance_remaining_m)

    def arrived(self):
        self.ended.append("arrived")

    def gave_up(self, because):
        self.ended.append(because)

    def cancelled(self):
        self.ended.append("cancelled")


class Bench:
    """A simulator whose real time a test moves."""

    def __init__(self, site, *, base=True, speed=1.0, direct_drive=False, events=()):
        self.now_s = 0.0
        self.inbox = Inbox()
        self.carrier = Recorder(self.inbox, base=base)
        self.world = World(site=site, scenario=replace(QUIET, events=events), started_at=START)
        self.reports, self.pictures = [], []
        self.skew = timedelta(0)
        self.live = Live(
            self.world,
            self.inbox,
            self.carrier,
            speed=speed,
            on_report=lambda report, at: self.reports.append((report, at)),
            want_picture=lambda robot_id, view: self.pictures.append((robot_id, view.tick)),
            direct_drive=direct_drive,
            monotonic_s=lambda: self.now_s,
            calendar=lambda: START + timedelta(seconds=self.now_s) + self.skew,
        )

    def run(self, seconds, until=lambda: False):
        """The loop for `seconds` of real time, as `run` does it, without the waiting."""
        stopping = _AfterSeconds(self, seconds, until)
        self.live.run(stopping)
        return self


class _AfterSeconds(threading.Event):
    """Stops the loop when the bench's time has come; waiting moves that time."""

    def __init__(self, bench, seconds, until):
        super().__init__()
        self._bench, self._end_s, self._until = bench, bench.now_s + seconds, until

    def is_set(self):
        return self._bench.now_s >= self._end_s or self._until()

    def wait(self, timeout=None):
        self._bench.now_s += max(timeout or 0.0, 0.001)
        return False


@pytest.fixture
def bench(site):
    return Bench(site)


def test_a_goal_is_driven_with_feedback_and_ends_once(bench):
    goal = Goal("r1", Pose2(x_m=10.0, y_m=0.0))
    bench.inbox.errand(goal)
    bench.run(90, until=lambda: bool(goal.ended))
    assert goal.ended == ["arrived"]
    assert bench.world.robot("r1").pose.point.distance_m(goal.goal.point) <= 0.25
    assert len(goal.progressed) > 20
    assert goal.progressed[-1] < goal.progressed[0]


def test_without_a_base_that_passes_its_wishes_on_the_robot_stands(site):
    bench = Bench(site, base=False)
    goal = Goal("r1", Pose2(x_m=10.0, y_m=0.0))
    bench.inbox.errand(goal)
    start = bench.world.robot("r1").pose
    bench.run(30, until=lambda: bool(goal.ended))
    assert bench.carrier.wishes, "expected navigation to want something"
    assert bench.world.robot("r1").pose == start
    assert "no progress" in goal.ended[0]


def test_direct_drive_needs_no_base(site):
    bench = Bench(site, base=False, direct_drive=True)
    goal = Goal("r1", Pose2(x_m=10.0, y_m=0.0))
    bench.inbox.errand(goal)
    bench.run(90, until=lambda: bool(goal.ended))
    assert goal.ended == ["arrived"]
    bench.run(3)
    assert bench.world.robot("r1").motion.standing


def test_a_cancelled_goal_ends_as_such_and_the_wheels_stand(bench):
    goal = Goal("r1", Pose2(x_m=60.0, y_m=0.0))
    bench.inbox.errand(goal)

    def cancelled_on_the_way():
        goal.cancel_requested = len(goal.progressed) > 20
        return bool(goal.ended)

    bench.run(30, until=cancelled_on_the_way)
    assert goal.ended == ["cancelled"]
    bench.run(3)
    assert bench.world.robot("r1").motion.standing


def test_another_goal_takes_over_and_the_first_is_told(bench):
    first, second = Goal("r1", Pose2(x_m=60.0, y_m=0.0)), Goal("r1", Pose2(x_m=0.0, y_m=10.0))
    bench.inbox.errand(first)
    bench.inbox.errand(second)
    bench.run(60, until=lambda: bool(second.ended))
    assert first.ended == ["another goal took over"]
    assert second.ended == ["arrived"]


def test_a_goal_in_a_house_is_refused_with_its_name(bench):
    goal = Goal("r1", Pose2(x_m=15.0, y_m=15.0))
    bench.inbox.errand(goal)
    bench.run(1, until=lambda: bool(goal.ended))
    assert "b1" in goal.ended[0]


def test_when_the_simulator_ends_so_do_its_goals(bench):
    goal = Goal("r1", Pose2(x_m=60.0, y_m=0.0))
    bench.inbox.errand(goal)
    bench.run(2)
    assert goal.ended == ["the simulator ended"]
    assert bench.carrier.wishes[-1] == ("r2", Twist())


def test_a_speed_limit_holds_until_it_is_lifted(bench):
    bench.inbox.limit("r1", 0.3)
    bench.inbox.errand(Goal("r1", Pose2(x_m=0.0, y_m=60.0)))
    bench.run(20)
    fastest = max(w.speed_mps for r, w in bench.carrier.wishes if r == "r1")
    assert 0.2 < fastest <= 0.3


def test_clock_odometry_and_battery_come_at_their_rates_of_real_time(site):
    bench = Bench(site, speed=5.0).run(10)
    assert len(bench.carrier.clocks) == pytest.approx(100, abs=8)
    assert len([m for m in bench.carrier.motions if m[1] == "r1"]) == pytest.approx(100, abs=8)
    assert bench.carrier.batteries.count("r1") == pytest.approx(10, abs=2)
    assert bench.world.elapsed_s == pytest.approx(50, abs=1)


def test_pictures_are_drawn_only_while_somebody_looks(bench):
    bench.run(2)
    assert bench.pictures == []
    bench.carrier.watched = {"r2"}
    bench.run(2)
    assert {robot_id for robot_id, _ in bench.pictures} == {"r2"}
    assert len(bench.pictures) >= 20, "expected at least 10 a second"


def test_reports_carry_the_site_time_of_their_moment(site):
    alarm = TimedEvent(at_s=3.0, what=Alarm(device_id="smoke-b1", value=0.3))
    bench = Bench(site, events=(alarm,)).run(5)
    (at,) = [at for report, at in bench.reports if report.alarm]
    assert (at - START).total_seconds() == pytest.approx(3.0, abs=0.1)


def test_at_speed_one_site_time_follows_the_machine_s_clock(bench, caplog):
    bench.run(2)
    bench.skew = timedelta(hours=8)
    bench.run(2)
    assert (bench.world.now - START).total_seconds() == pytest.approx(8 * 3600 + 4, abs=0.3)
    assert "site time is set" in caplog.text


def test_accelerated_the_world_waits_for_the_base_and_counts_what_it_did_not_hear(site):
    answered = Bench(site, speed=10.0)
    answered.inbox.errand(Goal("r1", Pose2(x_m=0.0, y_m=60.0)))
    answered.run(1)
    assert answered.live.unanswered == 0
    silent = Bench(site, speed=10.0, base=False)
    silent.inbox.errand(Goal("r1", Pose2(x_m=0.0, y_m=60.0)))
    silent.run(0.3)
    assert silent.live.unanswered > 0


def test_a_light_switch_is_obeyed_and_what_the_lights_do_is_said(bench):
    bench.run(1)
    assert bench.carrier.lit == [("r1", False), ("r2", False)]
    bench.inbox.lights("r1", True)
    bench.run(1)
    assert ("r1", True) in bench.carrier.lit
    assert bench.world.view().lights == {"r1"}
