"""The judge's own file: what is shipped loads, what is not it is refused."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from patrol_core.errors import Unavailable
from patrol_vision.lying_judge import Judge
from patrol_vision.lying_patch import SIDE_PX, patch


@pytest.fixture
def copied(tmp_path):
    for name in ("lying_judge.onnx", "lying_judge.json"):
        (tmp_path / name).write_bytes(files("patrol_vision").joinpath(name).read_bytes())
    return tmp_path


def test_what_is_shipped_is_loaded(copied):
    Judge(copied)


def test_a_swapped_file_is_refused_by_its_digest(copied):
    network = copied / "lying_judge.onnx"
    network.write_bytes(network.read_bytes() + b" ")
    with pytest.raises(Unavailable, match=r"expected SHA-256 .*; came "):
        Judge(copied)


def test_a_network_of_other_features_is_refused(copied):
    card = copied / "lying_judge.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"names": ["colour"]}))
    with pytest.raises(Unavailable, match="other features"):
        Judge(copied)


@pytest.mark.parametrize("box", [(0.0, 0.0, 1.0, 1.0), (90.0, 10.0, 100.0, 20.0), (0.0, 0.0, 100.0, 80.0)])
def test_a_patch_is_of_one_size_wherever_its_box_lies(box):
    picture = np.full((80, 100, 3), 7, dtype=np.uint8)
    assert patch(picture, box).shape == (SIDE_PX, SIDE_PX, 3)
    assert (patch(picture, box) == 7).all()
