"""Who goes: the nearest that can, with the reason for each."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mission_planner.fleet import phrases
from mission_planner.fleet.dispatch import LOOK, PATROL, choose, nobody, why_not
from mission_planner.planning.distances import Distances
from patrol_core.geometry import Point2, Pose2
from patrol_core.robot import Activity
from patrol_core.site import Site
from tests.unit.mission_planner.world import now_of, text

NEAR_R1 = Point2(50, 0)


def fleet(site: Site, r1: dict[str, Any] | None = None, r2: dict[str, Any] | None = None) -> Any:
    return {
        "r1": now_of(site, "r1", **(r1 or {})),
        "r2": now_of(site, "r2", **{"pose": Pose2(x_m=100, y_m=100), **(r2 or {})}),
    }


def test_the_nearest_goes_and_the_reason_names_both_distances(site: Site) -> None:
    choice = choose(NEAR_R1, fleet(site), Distances(site.lanes).between_m, unwanted={})
    assert choice.robot_id == "r1"
    assert choice.because.zh == "最近且可用：一号 50 m；二号 150 m"
    assert choice.because.en == "Nearest able: One 50 m; Two 150 m"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"silence_s": 12.4}, "失联"),
        ({"silence_s": None}, "从未上线"),
        ({"battery_pct": 9.0}, "电量 9 %，低于 15 %"),
        ({"battery_pct": None}, "电量未知"),
        ({"charging": True, "battery_pct": 17.0}, "正在充电"),
        ({"pose": None}, "位置未知"),
        ({"activity": Activity.HOLDING, "because": text("急停已按下")}, "原地待命：急停已按下"),
    ],
)
def test_a_robot_that_cannot_is_passed_over_with_its_reason(site: Site, changes: dict[str, Any], says: str) -> None:
    choice = choose(NEAR_R1, fleet(site, r1=changes), Distances(site.lanes).between_m, unwanted={})
    assert choice.robot_id == "r2"
    assert f"一号不可用：{says}" in choice.because.zh


def test_a_robot_that_charges_but_is_full_enough_goes(site: Site) -> None:
    full = {"charging": True, "battery_pct": 80.0, "activity": Activity.CHARGING}
    assert choose(NEAR_R1, fleet(site, r1=full), Distances(site.lanes).between_m, unwanted={}).robot_id == "r1"


def test_unwanted_robots_stay_with_the_reason_given(site: Site) -> None:
    choice = choose(NEAR_R1, fleet(site), Distances(site.lanes).between_m, unwanted={"r1": phrases.VERIFYING})
    assert choice.robot_id == "r2"
    assert "一号不可用：正在查看另一处" in choice.because.zh


def test_when_nobody_can_each_reason_is_told(site: Site) -> None:
    gone = {"silence_s": 60.0}
    choice = choose(NEAR_R1, fleet(site, gone, gone), Distances(site.lanes).between_m, unwanted={})
    assert choice.robot_id is None
    assert choice.because.zh == "暂无可派的机器人；一号不可用：失联；二号不可用：失联"


def test_a_place_no_lane_leads_to_has_no_robot(site: Site) -> None:
    choice = choose(NEAR_R1, fleet(site), lambda a, b: math.inf, unwanted={})
    assert choice.robot_id is None
    assert "没有可行路线" in choice.because.zh


def test_a_site_without_robots_says_so(site: Site) -> None:
    assert choose(NEAR_R1, {}, Distances(site.lanes).between_m, unwanted={}).because.zh == "园区没有机器人"


def test_at_the_same_distance_the_choice_is_the_same_every_time(site: Site) -> None:
    middle = Point2(100, 0)
    choices = {choose(middle, fleet(site), Distances(site.lanes).between_m, unwanted={}).robot_id for _ in range(5)}
    assert choices == {"r1"}


def test_a_look_may_eat_into_the_reserve_a_patrol_must_leave(site: Site) -> None:
    low = now_of(site, "r1", battery_pct=20.0)
    assert why_not(low, LOOK) is None
    assert why_not(low, PATROL) is not None


def test_that_nobody_can_go_is_said_as_choosing_would_say_it(site: Site) -> None:
    gone = {"silence_s": 60.0}
    told = nobody(fleet(site, gone, {"battery_pct": 3.0}), unwanted={})
    assert (
        told
        == choose(
            NEAR_R1, fleet(site, gone, {"battery_pct": 3.0}), Distances(site.lanes).between_m, unwanted={}
        ).because
    )
    assert nobody(fleet(site, gone), unwanted={}) is None
    assert nobody(fleet(site, gone), unwanted={"r2": phrases.VERIFYING}) is not None
