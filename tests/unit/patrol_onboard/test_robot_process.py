"""`ronda robot` as it runs: a real robot process, a real wire, a navigation and a camera, and the center's end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from patrol_core.ids import uuid7
from patrol_core.incident import Certainty
from patrol_core.mission import MissionKind, MissionState, Outcome
from patrol_core.orders import OrderKind
from patrol_core.robot import Activity
from patrol_core.sighting import Verdict
from patrol_onboard.supervisor import NEEDED, SEEING, SPEAKING
from patrol_wire import values
from tests.helpers.waiting import eventually, free_port
from tests.unit.patrol_onboard.community import Community, Eyes, community
from tests.unit.patrol_onboard.pictures import covered


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Community]:
    with community(tmp_path) as world:
        yield world


@pytest.fixture
def robot(here: Community) -> Community:
    """A community whose robot is up, in its dock."""
    here.sensors.charging = True
    here.start_robot()
    here.up()
    return here


def test_a_patrol_is_driven_photographed_reported_and_its_pictures_arrive(robot: Community) -> None:
    patrol = robot.center.start((1.0, 2.0), (3.0, 4.0))
    robot.sensors.charging = False
    assert robot.wait_mission(patrol, MissionState.DONE).done == 2
    entries = eventually(lambda: (e := robot.entries(patrol)) and len(e) == 2 and e)
    assert [e.outcome for e in entries] == [Outcome.SEEN, Outcome.SEEN]
    assert [(e.pose.x_m, e.pose.y_m) for e in entries if e.pose] == [(1.0, 2.0), (3.0, 4.0)]
    digests = {digest for e in entries for digest in e.photos}
    eventually(lambda: set(robot.evidence.complete) == digests, what="the pictures at the center")
    eventually(lambda: not list((robot.data / "photos").glob("*.jpg")), what="the robot's own copies gone")
    assert robot.navigation.journal.driving_most == 1
    eventually(lambda: (robot.center.state and robot.center.state.activity is Activity.RETURNING) or None)


def test_the_camera_is_looked_through_only_while_a_picture_is_wanted(robot: Community) -> None:
    robot.child("robot-perception")
    eventually(lambda: robot.sensors.watchers == 1, within_s=60, what="the eyes look; nobody else does")
    patrol = robot.center.start((1.0, 2.0))
    robot.wait_mission(patrol, MissionState.DONE)
    eventually(lambda: robot.sensors.watchers == 1)
    assert robot.sensors.most_watchers == 2


def test_a_covered_camera_and_a_dead_one_give_no_evidence(robot: Community) -> None:
    robot.sensors.picture = covered()
    dark = robot.center.start((1.0, 2.0))
    robot.wait_mission(dark, MissionState.DONE)
    robot.sensors.picture = None
    dead = robot.center.start((1.0, 3.0))
    robot.wait_mission(dead, MissionState.DONE)
    entries = eventually(lambda: (e := [*robot.entries(dark), *robot.entries(dead)]) and len(e) == 2 and e)
    assert [(e.outcome, e.because.zh, e.photos) for e in entries] == [
        (Outcome.NO_EVIDENCE, "画面过暗，相机可能被遮挡", ()),
        (Outcome.NO_EVIDENCE, "相机没有画面", ()),
    ]


def test_a_look_at_an_incident_preempts_the_patrol_and_the_patrol_resumes(robot: Community) -> None:
    robot.navigation.behaviour.speed_mps = 20.0
    patrol = robot.center.start((1.0, 0.0), (60.0, 0.0), (61.0, 0.0))
    eventually(lambda: robot.center.mission(patrol).done == 1 and robot.navigation.pose.x_m > 5, within_s=60)
    look = robot.center.start((0.0, 30.0), kind=MissionKind.VERIFY)
    assert robot.center.mission(patrol).state is MissionState.PAUSED
    robot.wait_mission(look, MissionState.DONE)
    robot.wait_mission(patrol, MissionState.DONE)
    entries = eventually(lambda: (e := robot.entries(patrol)) and len(e) == 3 and e)
    assert [e.checkpoint_id for e in entries] == ["vp-01", "vp-02", "vp-03"]
    assert robot.navigation.journal.driving_most == 1


def test_a_mission_process_killed_mid_mission_goes_on_at_the_first_checkpoint_not_done(robot: Community) -> None:
    robot.navigation.behaviour.speed_mps = 20.0
    patrol = robot.center.start((1.0, 0.0), (30.0, 0.0), (31.0, 0.0))
    eventually(lambda: robot.center.mission(patrol).done == 1 and robot.navigation.pose.x_m > 3, within_s=60)
    base = robot.child("robot-base")
    boot = robot.center.state.boot_id
    robot.child("robot-mission").send_signal(signal.SIGKILL)
    robot.wait_mission(patrol, MissionState.DONE)
    assert robot.center.state.boot_id != boot
    entries = eventually(lambda: (e := robot.entries(patrol)) and len(e) == 3 and e)
    assert [e.checkpoint_id for e in entries] == ["vp-01", "vp-02", "vp-03"]
    assert base.is_running(), "the base does not notice"
    assert "the mission process ended by SIGKILL" in robot.log
    assert robot.navigation.journal.driving_most == 1, "the goal of the dead process was ended first"


def test_a_robot_killed_whole_leaves_nothing_behind_and_goes_on_when_it_returns(robot: Community) -> None:
    robot.navigation.behaviour.speed_mps = 20.0
    patrol = robot.center.start((1.0, 0.0), (30.0, 0.0))
    eventually(lambda: robot.center.mission(patrol).done == 1 and robot.navigation.pose.x_m > 3, within_s=60)
    children = psutil.Process(robot.robots[-1].pid).children()
    robot.robots[-1].kill()
    robot.robots[-1].wait()
    eventually(lambda: not any(c.is_running() for c in children), what="children gone with their parent")
    robot.start_robot()
    robot.wait_mission(patrol, MissionState.DONE)
    assert robot.center.mission(patrol).done == 2


def test_reports_are_sent_again_until_the_center_has_them_even_through_a_restart(robot: Community) -> None:
    robot.center.acknowledges = False
    patrol = robot.center.start((1.0, 0.0))
    robot.wait_mission(patrol, MissionState.DONE)
    eventually(lambda: robot.center.reports_heard >= 3, what="the report again and again")
    robot.child("robot-mission").send_signal(signal.SIGKILL)
    heard = robot.center.reports_heard
    eventually(lambda: robot.center.reports_heard > heard, within_s=60, what="the report after the restart")
    robot.center.acknowledges = True
    (entry,) = eventually(lambda: robot.entries(patrol), within_s=60)
    assert entry.checkpoint_id == "vp-01"


def test_a_silent_battery_becomes_unknown_and_refuses_patrols(here: Community) -> None:
    here.sensors.battery = None
    here.start_robot()
    here.up()
    here.center.start((1.0, 0.0))
    assert here.center.state.battery_pct is None
    assert here.center.state.refused.zh == "电量未知，不能开始巡逻"


def test_at_another_speed_than_1_the_robot_waits_for_the_simulators_clock_and_follows_it(here: Community) -> None:
    from patrol_wire.topics import CLOCK

    here.sensors.charging = True
    here.start_robot(RONDA_SPEED="10")
    eventually(lambda: "waiting for the simulator to say the time on /clock" in here.log, within_s=60)
    assert here.center.state is None
    clock = here.center.create_publisher(CLOCK.type, CLOCK.name, CLOCK.qos)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def follows() -> bool:
        clock.publish(CLOCK.type(clock=values.time_to(noon)))
        return here.center.state is not None

    eventually(follows, within_s=60, every_s=0.1)
    assert noon <= here.center.state.stamped_at < noon + timedelta(minutes=1)


def test_an_order_that_says_nonsense_is_set_aside_and_the_next_is_taken(robot: Community) -> None:
    from patrol_interfaces.msg import Order
    from tests.unit.patrol_onboard.community import TOPICS

    robot.center._orders.publish(Order(order_id="x", robot_id="r1", epoch=99, kind="dance"))
    robot.center.order(OrderKind.DOCK)
    assert robot.center.state.order_epoch == 1
    assert f"{TOPICS.orders.name}: a message was set aside: order_id" in robot.log


def test_a_second_robot_of_the_same_id_on_this_machine_is_refused_in_one_sentence(
    robot: Community, tmp_path: Path
) -> None:
    second = robot.start_robot(data=tmp_path / "other" / "r1", RONDA_ROBOT_ROUTER_PORT=str(free_port()))
    assert second.wait(60) == 2
    log = (tmp_path / "other" / "robot.log").read_text()
    assert 'robot "r1" of site "xinghe" is already live on this machine' in log
    assert "Traceback" not in log


def test_a_second_robot_of_the_same_id_on_another_machine_is_refused_in_one_sentence(
    robot: Community, tmp_path: Path
) -> None:
    elsewhere = robot.environment["RONDA_CENTER_ROUTER"].replace("127.0.0.1", "localhost")
    second = robot.start_robot(
        data=tmp_path / "other" / "r1",
        RONDA_ROBOT_ROUTER_PORT=str(free_port()),
        RONDA_CENTER_ROUTER=elsewhere,  # another name of the same center: the claim on this machine does not see it
    )
    assert second.wait(60) == 2
    log = (tmp_path / "other" / "robot.log").read_text()
    assert 'expected to be the only robot "r1"; another one is live' in log
    assert "Traceback" not in log
    assert robot.robots[0].poll() is None


def test_a_taken_router_port_is_said_by_its_variable(robot: Community, tmp_path: Path) -> None:
    second = robot.start_robot(data=tmp_path / "other" / "r1", RONDA_CENTER_ROUTER="tcp/localhost:1")
    assert second.wait(60) == 2
    assert "RONDA_ROBOT_ROUTER_PORT: expected port" in (tmp_path / "other" / "robot.log").read_text()


def test_sigterm_ends_all_even_while_it_drives(robot: Community) -> None:
    robot.navigation.behaviour.stands = True
    robot.center.start((30.0, 0.0))
    eventually(lambda: robot.navigation.journal.driving == 1)
    children = psutil.Process(robot.robots[-1].pid).children()
    assert len(children) == len(NEEDED | SPEAKING | SEEING)
    robot.robots[-1].send_signal(signal.SIGTERM)
    assert robot.robots[-1].wait(60) == 0
    assert not any(c.is_running() for c in children)
    eventually(lambda: robot.navigation.journal.ended[-1:] == ["canceled"], what="the robot stands")


def test_the_emergency_stop_holds_the_mission_and_outlives_the_base(robot: Community) -> None:
    from std_msgs.msg import Bool

    from tests.unit.patrol_onboard.community import TOPICS

    robot.navigation.behaviour.speed_mps = 5.0
    patrol = robot.center.start((30.0, 0.0))
    eventually(lambda: robot.navigation.journal.driving == 1)
    stop = robot.center.create_publisher(Bool, TOPICS.e_stop.name, TOPICS.e_stop.qos)
    stop.publish(Bool(data=True))
    eventually(lambda: robot.center.state.because.zh == "急停已按下")
    robot.center.destroy_publisher(stop)
    robot.child("robot-base").send_signal(signal.SIGKILL)
    robot.child("robot-mission").send_signal(signal.SIGKILL)
    eventually(lambda: "the emergency stop is still pressed" in robot.log)
    boots = len({s.boot_id for s in robot.center.states})
    eventually(lambda: len({s.boot_id for s in robot.center.states}) > boots, within_s=60)
    eventually(lambda: robot.center.state.because.zh == "急停已按下", within_s=60)
    release = robot.center.create_publisher(Bool, TOPICS.e_stop.name, TOPICS.e_stop.qos)

    def released() -> bool:
        release.publish(Bool(data=False))
        return robot.center.state.activity is Activity.TRAVELLING

    eventually(released, every_s=0.2)
    robot.navigation.behaviour.speed_mps = 200.0
    robot.wait_mission(patrol, MissionState.DONE)


def test_what_sees_may_die_and_what_drives_does_not_notice(robot: Community) -> None:
    base, mission = robot.child("robot-base").pid, robot.child("robot-mission").pid
    for name in ("robot-perception", "robot-media"):
        dead = robot.child(name)
        dead.send_signal(signal.SIGKILL)
        eventually(lambda name=name, dead=dead: robot.child(name).pid != dead.pid, what=f"{name} back")
    assert (robot.child("robot-base").pid, robot.child("robot-mission").pid) == (base, mission)


def test_a_process_that_hangs_is_noticed_and_started_again(robot: Community) -> None:
    hung = robot.child("robot-mission")
    hung.send_signal(signal.SIGSTOP)
    eventually(lambda: robot.child("robot-mission").pid != hung.pid, within_s=90, what="the mission back")
    assert "the mission process has given no sign of life" in robot.log
    boots = {s.boot_id for s in robot.center.states}
    eventually(lambda: {s.boot_id for s in robot.center.states} - boots, within_s=60, what="it speaks again")


def test_a_sighting_on_the_wire_stops_the_patrol_is_reported_with_its_photo_and_lights_the_robot(
    robot: Community,
) -> None:
    robot.navigation.behaviour.speed_mps = 5.0
    patrol = robot.center.start((30.0, 0.0), (60.0, 0.0))
    eventually(lambda: robot.navigation.journal.driving == 1)
    eyes = Eyes(robot.center)
    sighting_id = uuid7()
    eyes.say(Verdict.SUSPECTED, sighting_id)
    eventually(lambda: robot.center.state.activity is Activity.APPROACHING, what="it comes near or looks")
    assert robot.center.mission(patrol).because.zh == "停下：疑似有人摔倒，靠近看"
    eyes.say(Verdict.CONFIRMED, sighting_id)
    (finding,) = eventually(lambda: list(robot.center.findings.values()), what="the finding at the center")
    assert (finding.certainty, finding.model) == (Certainty.CONFIRMED, "test 0123")
    eventually(lambda: set(finding.evidence) <= set(robot.evidence.complete), what="its photo at the center")
    eventually(lambda: eyes.lights[-1:] == [True], what="the lights on")
    eyes.lights_are(True)
    eventually(lambda: robot.center.state.lights_on is True)
    robot.child("robot-mission").send_signal(signal.SIGKILL)
    boots = {s.boot_id for s in robot.center.states}
    eventually(lambda: robot.center.states[-1].boot_id not in boots, within_s=60, what="a new start")
    attends = (Activity.APPROACHING, Activity.ATTENDING)
    eventually(lambda: robot.center.state.activity in attends, within_s=60, what="it attends after its own death")
    robot.center.order(OrderKind.RELEASE)
    eventually(lambda: eyes.lights[-1] is False, what="the lights off")
    robot.navigation.behaviour.speed_mps = 200.0
    robot.wait_mission(patrol, MissionState.DONE)
    assert len(robot.center.findings) == 1
