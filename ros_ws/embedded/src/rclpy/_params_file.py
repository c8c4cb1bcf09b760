"""Reads the parameter files of `--params-file`: YAML, node names (with wildcards) above `ros__parameters`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

_KEY = "ros__parameters"
Pairs = list[tuple[str, Any]]


class ParamsFileError(ValueError):
    """A parameter file that cannot be read; names it and what was expected."""


def read_params_file(path: str) -> list[tuple[str, str, object]]:
    """Pattern of the node's full name, parameter name and value, in the order of the file.

    Raises:
        ParamsFileError: there is no such file, it is no YAML of this form, or PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise ParamsFileError(f"--params-file {path}: PyYAML is needed to read it (pip install pyyaml)") from None
    try:
        loader = yaml.SafeLoader(Path(path).read_text(encoding="utf-8"))
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise ParamsFileError(f"--params-file {path}: expected node names at its top")
        found = list(_nodes(_pairs(root, loader), ""))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParamsFileError(f"--params-file {path}: it cannot be read: {error}") from None
    if not found:
        raise ParamsFileError(f"--params-file {path}: expected '{_KEY}' below a node name")
    return found


def _pairs(mapping: Any, loader: Any) -> Pairs:
    """The keys and values of a YAML mapping; a key may come twice here, as ROS allows for node names."""
    return [
        (str(loader.construct_object(key)), _pairs(value, loader))
        if hasattr(value, "value") and value.id == "mapping"
        else (str(loader.construct_object(key)), loader.construct_object(value, deep=True))
        for key, value in mapping.value
    ]


def _nodes(pairs: Pairs, above: str) -> Iterator[tuple[str, str, object]]:
    for key, below in pairs:
        if not _is_pairs(below):
            continue
        if key == _KEY:
            yield from ((above or "/**", name, value) for name, value in _flat(below, ""))
        else:
            yield from _nodes(below, f"{above}/{key.strip('/')}")


def _flat(pairs: Pairs, above: str) -> Iterator[tuple[str, object]]:
    for key, value in pairs:
        if _is_pairs(value):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _is_pairs(value: object) -> TypeGuard[Pairs]:
    return isinstance(value, list) and bool(value) and all(isinstance(item, tuple) for item in value)


def fits(pattern: str, full_name: str) -> bool:
    """Whether a pattern means a node: `*` stands for one part of its name, `**` for any number of parts."""
    wild = {"**": r"(?:/[^/]+)*", "*": "/[^/]+"}
    parts = [wild.get(part, "/" + re.escape(part)) for part in pattern.strip("/").split("/")]
    return re.fullmatch("".join(parts), full_name) is not None
