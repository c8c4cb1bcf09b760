"""Writing packages from definitions."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from ros_interfaces.emit import snake_case
from ros_interfaces.generate import generate
from ros_interfaces.parse import DefinitionError
from tests.unit.embedded.test_type_hash import INTERFACES

PATROL = INTERFACES.parents[1] / "src" / "patrol_interfaces"


@pytest.mark.parametrize(
    ("name", "module"),
    [("String", "string"), ("NavSatFix", "nav_sat_fix"), ("UInt8MultiArray", "u_int8_multi_array"), ("UUID", "uuid")],
)
def test_modules_are_named_by_rosidls_rule(name: str, module: str) -> None:
    assert snake_case(name) == module


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        kind = "srv" if "---" in text else "msg"
        folder = root / "odd_things_msgs" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.{kind}").write_text(text)


def test_a_package_of_every_kind_of_field_can_be_imported_and_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "definitions",
        Inner="string<=5 name abc\nbool[2] flags [true, false]\n",
        Outer="Inner[] inner\nInner[2] pair\nwstring wide\nwstring[] wides\nstring[<=2] words ['a']\nbyte[] raw\n"
        "float64 array\nint64 at\nuint8 data\nuint16[3] size [1, 2, 3]\nbyte SIGN=7\n",
        Ask="Inner inner\n---\n",
    )
    target = tmp_path / "written"
    assert generate([tmp_path / "definitions", INTERFACES], [], target).count("odd_things_msgs") == 1
    monkeypatch.syspath_prepend(str(target))
    from ros_interfaces import cdr

    module = importlib.import_module("odd_things_msgs.msg")
    try:
        message = module.Outer(wide="wïde €", wides=["a", ""], raw=[b"\x01", b"\xff"], array=2.5, at=-1)
        assert (message.pair[0].name, message.pair[1].flags) == ("abc", [True, False])
        assert (list(message.size), message.words, module.Outer.SIGN) == ([1, 2, 3], ["a"], b"\x07")
        assert cdr.deserialize(cdr.serialize(message), module.Outer) == message
        with pytest.raises(AssertionError, match="at most 5 characters"):
            module.Inner(name="abcdef")
        ask = importlib.import_module("odd_things_msgs.srv").Ask
        assert cdr.deserialize(cdr.serialize(ask.Response()), ask.Response) == ask.Response()
    finally:
        for name in [name for name in sys.modules if name.startswith("odd_things_msgs")]:
            del sys.modules[name]


def test_a_definition_with_an_error_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, Bad="int32\n")
    with pytest.raises(DefinitionError, match="odd_things_msgs/msg/Bad, line 1"):
        generate([tmp_path], [], tmp_path / "written")


def test_the_projects_own_interfaces_are_written_too(tmp_path: Path) -> None:
    assert "patrol_interfaces" in generate([INTERFACES], [PATROL], tmp_path)
    assert (tmp_path / "patrol_interfaces" / "msg" / "__init__.py").exists()
