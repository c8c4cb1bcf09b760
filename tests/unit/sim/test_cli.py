"""`ronda sim shot` writes a picture, and wrong arguments become one sentence."""

from __future__ import annotations

from PIL import Image

from patrol_bringup.cli import main


def test_a_shot_of_the_demo_site_is_a_picture(tmp_path):
    out = tmp_path / "shot.png"
    assert main(["sim", "shot", "--pose", "57.1,86.4,-1.7", "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.size == (640, 480)


def test_a_pose_that_is_none_is_said(tmp_path, capsys):
    assert main(["sim", "shot", "--pose", "here", "--out", str(tmp_path / "x.png")]) == 2
    assert "expected x,y,heading; came 'here'" in capsys.readouterr().err


def test_a_site_that_is_not_there_is_said(capsys):
    assert main(["sim", "--site", "atlantis"]) == 2
    assert "atlantis" in capsys.readouterr().err


def test_a_robot_the_site_does_not_have_is_said(capsys):
    assert main(["sim", "--robot-router", "r9=tcp/127.0.0.1:7900"]) == 2
    said = capsys.readouterr().err
    assert "r9" in said
    assert "r1, r2" in said
