"""Whatever the center refuses a person, it says why in both languages of the console."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.mission_planner.world import World

ROOT = Path(__file__).parents[3]
CENTER, CORE = ROOT / "mission_planner", ROOT / "ros_ws/src/patrol_core"
REFUSALS = {"Conflict", "InvalidInput", "NotAllowed", "IllegalTransition"}
ACTS = (  # where people's acts on incidents, on shifts and on accounts are refused
    CORE / "incident.py",
    *(CENTER / "incidents" / f"{name}.py" for name in ("attendance", "gate", "lifecycle", "merging")),
    *(CENTER / "incidents" / f"{name}.py" for name in ("sending", "shelving", "verification")),
    *(CENTER / "people" / f"{name}.py" for name in ("accounts", "duty", "passwords")),
    *(CENTER / "fleet" / f"{name}.py" for name in ("ordering", "runs")),
    CENTER / "api" / "duty.py",
)
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", ACTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_refusal_is_written_in_both_languages(path: Path) -> None:
    lacking = [node.lineno for node in _refusals(path) if not any(k.arg == "zh" for k in node.keywords)]
    assert lacking == [], f"{path}: expected zh=… in each refusal; none in these lines"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/accounts", {"username": "li 4", "display_name": "", "roles": ["field"], "password": "a"}, 422),
        ("POST", "/accounts", {"username": "li", "display_name": "", "roles": [], "password": "walks-at-night"}, 422),
        ("POST", "/robots/r1/pause", {}, 409),
    ],
)
async def test_the_api_hands_out_both(shared: World, method: str, path: str, body: object, status: int) -> None:
    answer = await shared.http.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert HAN.search(error["message_zh"]) and not HAN.search(error["message"])


def _refusals(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as refusal) if name in REFUSALS:
                yield refusal
