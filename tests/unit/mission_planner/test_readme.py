"""What the README says of the code is what the code says."""

from __future__ import annotations

from pathlib import Path

from mission_planner import cli

README = (Path(cli.__file__).parent / "README.md").read_text()


def test_every_setting_is_in_the_table() -> None:
    for flag, (variable, _) in cli._FLAGS.items():
        assert f"| `{variable}` | `{flag}` |" in README
