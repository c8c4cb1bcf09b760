"""`ronda maps`: sentences for people, files for machines."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

import maps
from maps.cli import register
from maps.scene import Scene
from patrol_core.errors import InvalidInput
from tests.helpers.sites import EditableSite


def ronda(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="ronda")
    register(parser.add_subparsers())
    arguments = parser.parse_args(["maps", *words])
    return int(arguments.run(arguments))


def test_check_says_that_a_good_site_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert ronda("check", "xinghe") == 0
    assert capsys.readouterr().out.startswith("xinghe (星河社区, Xinghe Community) is fine: 20 buildings, ")


def test_check_of_a_broken_site_ends_in_its_problems(site: EditableSite) -> None:
    site.put("devices", "smoke-b1-1-0301", kind="smok")
    with pytest.raises(maps.SiteProblems, match='did you mean "smoke"'):
        ronda("check", str(site.folder))


def test_build_writes_what_each_reader_wants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "out"
    assert ronda("build", "xinghe", "--out", str(out), "--resolution", "0.5") == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "console_map.geojson",
        "occupancy.pgm",
        "occupancy.yaml",
        "preview.png",
        "route_graph.geojson",
        "scene.json",
    ]
    assert Scene.from_json((out / "scene.json").read_text(encoding="utf-8")).site_id == "xinghe"
    assert json.loads((out / "console_map.geojson").read_text(encoding="utf-8"))["site"]["id"] == "xinghe"
    assert "occupancy.pgm" in capsys.readouterr().out


def test_build_into_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInput, match="expected a folder to write to; came: file exists"):
        ronda("build", "xinghe", "--out", str(tmp_path / "taken"), "--resolution", "0.5")


def test_list_names_the_shipped_sites(capsys: pytest.CaptureFixture[str]) -> None:
    assert ronda("list") == 0
    assert capsys.readouterr().out == "xinghe\n"
