"""The processes of a robot: what each is told."""

from __future__ import annotations

import pytest

from maps import load_site
from patrol_core.errors import NotFound
from patrol_onboard.robot_parameters import robot_parameters
from patrol_onboard.supervisor import children_of, router_override


def test_the_children_know_their_robot_and_its_dock() -> None:
    site = load_site("xinghe")
    dock = site.docks[site.robots["r1"].dock_id].pose
    base, mission, voice, *seeing = children_of(robot_parameters(site, "r1"), command=lambda name: ("ronda", name))
    assert base.argv[:7] == ("ronda", "robot-base", "--ros-args", "-p", "site_id:='xinghe'", "-p", "robot_id:='r1'")
    assert base.argv[2:] == mission.argv[2:]
    assert f"dock_x_m:={dock.x_m:.6f}" in mission.argv
    assert [child.name for child in (voice, *seeing)] == ["voice", "perception", "media"]


def test_what_sees_yields_to_what_drives_and_may_be_missing_as_may_its_voice() -> None:
    base, mission, voice, *seeing = children_of(
        robot_parameters(load_site("xinghe"), "r1"), command=lambda name: (name,)
    )
    assert all(child.needed and child.nice == 0 and child.silent_s for child in (base, mission))
    assert all(not child.needed and child.nice > 0 and child.silent_s for child in seeing)
    assert (voice.needed, voice.nice, voice.silent_s) == (False, 0, 30.0)


def test_a_robot_without_a_camera_has_no_eyes_to_start() -> None:
    blind = {**robot_parameters(load_site("xinghe"), "r1"), "camera_ids": ""}
    assert [child.name for child in children_of(blind, command=lambda name: (name,))] == ["base", "mission", "voice"]


def test_a_robot_the_site_does_not_have_is_named() -> None:
    with pytest.raises(NotFound, match='no robot "r9"'):
        robot_parameters(load_site("xinghe"), "r9")


def test_the_childrens_sessions_find_the_robots_own_router_and_keep_other_settings() -> None:
    ours = 'connect/endpoints=["tcp/127.0.0.1:7951"]'
    assert router_override({}, 7951)["ZENOH_CONFIG_OVERRIDE"] == ours
    with_tls = router_override({"ZENOH_CONFIG_OVERRIDE": "a/b=1"}, 7951)
    assert with_tls["ZENOH_CONFIG_OVERRIDE"] == f"a/b=1;{ours}"
