"""What the center believes of a robot, and how old that is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mission_planner.fleet.live import TWIN_SILENCE_S, Fleet, parts_of
from mission_planner.store.robots import LastWord
from patrol_core.clock import ManualClock
from patrol_core.geometry import Pose2
from patrol_core.ids import uuid7
from patrol_core.part import PartReport, PartState
from patrol_core.robot import Activity, Link
from patrol_core.site import Site, Text
from tests.unit.mission_planner.world import AT, state


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def fleet(site: Site, clock: ManualClock) -> Fleet:
    return Fleet(site, clock, known={})


def test_a_robot_is_never_heard_then_online_then_lost_with_its_age(fleet: Fleet, clock: ManualClock) -> None:
    assert fleet.robot("r1").link is Link.NEVER
    assert fleet.robot("r1").silence_s is None
    fleet.hear(state(), at=clock.now())
    assert fleet.robot("r1").link is Link.ONLINE
    clock.forward(seconds=6)
    lost = fleet.robot("r1")
    assert (lost.link, lost.silence_s) == (Link.LOST, 6.0)
    assert lost.state is not None, "what it last said stays, with its age"


def test_a_stranger_is_not_believed(fleet: Fleet, clock: ManualClock) -> None:
    assert fleet.hear(state("r9"), at=clock.now()) is None


def test_an_older_word_of_the_same_start_is_not_believed(fleet: Fleet, clock: ManualClock) -> None:
    boot = uuid7()
    fleet.hear(state(boot_id=boot, sequence=5), at=clock.now())
    assert fleet.hear(state(boot_id=boot, sequence=4), at=clock.now()) is None
    assert fleet.hear(state(boot_id=boot, sequence=6), at=clock.now()) is not None


def test_driving_on_is_no_news_but_a_new_activity_is(fleet: Fleet, clock: ManualClock) -> None:
    boot = uuid7()
    fleet.hear(state(boot_id=boot, sequence=1), at=clock.now())
    moved = fleet.hear(state(boot_id=boot, sequence=2, pose=Pose2(x_m=5, y_m=0), speed_mps=1.0), at=clock.now())
    assert moved is not None
    assert not moved.matters
    drives = fleet.hear(state(boot_id=boot, sequence=3, activity=Activity.TRAVELLING), at=clock.now())
    assert drives is not None
    assert drives.matters


def test_a_part_that_counts_on_is_no_news_but_its_trouble_is(fleet: Fleet, clock: ManualClock) -> None:
    boot = uuid7()

    def hears(sequence: int, part_state: PartState, en: str) -> bool:
        part = PartReport(name="vision", state=part_state, because=Text(zh="", en=en), stamped_at=clock.now())
        heard = fleet.hear(state(boot_id=boot, sequence=sequence, parts=(part,)), at=clock.now())
        assert heard is not None
        clock.forward(seconds=1)
        return heard.matters

    hears(1, PartState.DEGRADED, "slow: 1.5 pictures a second")
    assert not hears(2, PartState.DEGRADED, "slow: 2.1 pictures a second")
    assert hears(3, PartState.DEGRADED, "the picture is dark")
    assert hears(4, PartState.OK, "")


def test_the_parts_of_a_robot_that_is_not_heard_are_unavailable_and_grow_older(
    fleet: Fleet, clock: ManualClock
) -> None:
    well = PartReport(name="vision", state=PartState.OK, because=Text(zh="", en=""), stamped_at=AT)
    fleet.hear(state(stamped_at=AT, parts=(well,)), at=clock.now())
    clock.forward(seconds=2)
    (part,) = parts_of(fleet.robot("r1"))
    assert (part.report.state, part.age_s) == (PartState.OK, pytest.approx(2.0))
    clock.forward(seconds=10)
    (part,) = parts_of(fleet.robot("r1"))
    assert (part.report.state, part.report.because.en) == (PartState.UNAVAILABLE, "the robot is not heard")
    assert part.age_s == pytest.approx(12.0)


def test_a_second_process_of_that_name_is_not_believed_while_the_first_speaks(fleet: Fleet, clock: ManualClock) -> None:
    first, twin = uuid7(), uuid7()
    fleet.hear(state(boot_id=first, sequence=1), at=clock.now())
    clock.forward(seconds=TWIN_SILENCE_S / 2)
    assert fleet.hear(state(boot_id=twin, sequence=1), at=clock.now()) is None
    assert fleet.twins("r1") == 1
    kept = fleet.robot("r1").state
    assert kept is not None
    assert kept.boot_id == first


def test_a_robot_that_started_again_is_believed_once_the_old_one_is_silent(fleet: Fleet, clock: ManualClock) -> None:
    fleet.hear(state(sequence=900), at=clock.now())
    clock.forward(seconds=TWIN_SILENCE_S + 0.1)
    assert fleet.hear(state(sequence=1), at=clock.now()) is not None


def test_after_a_restart_of_the_center_a_robot_is_as_old_as_its_last_word(site: Site, clock: ManualClock) -> None:
    spoke = LastWord(state=state(), heard_at=clock.now() - timedelta(seconds=40))
    fleet = Fleet(site, clock, known={"r1": spoke}, speed=1.0)
    assert fleet.robot("r1").link is Link.LOST
    assert fleet.robot("r1").silence_s == pytest.approx(40)
