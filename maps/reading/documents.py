"""Reads the files of a site: YAML and GeoJSON text into plain values, with the line of every syntax error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from maps.problems import ProblemList, quoted, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeature:
    """One GeoJSON feature before anything in it was judged."""

    file: str  # as shown to a person
    label: str  # its id, or where it stands: "feature 3"
    properties: Mapping[str, Any]
    geometry_type: str
    coordinates: Sequence[Any]


def read_yaml(path: Path, problems: ProblemList) -> dict[str, Any] | None:
    """The mapping in a YAML file; None, with a problem noted, where there is none."""
    text = _text(path, problems)
    if text is None:
        return None
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        problems.add(
            shown(path), None, expected="YAML", came=f"{getattr(error, 'problem', None) or 'a syntax error'}{line}"
        )
        return None
    if not isinstance(data, dict):
        problems.add(shown(path), None, expected="settings (key: value)", came=quoted(data))
        return None
    return data


def read_features(path: Path, problems: ProblemList) -> list[RawFeature]:
    """The features of a GeoJSON FeatureCollection (RFC 7946); what is no feature is noted and left out."""
    text = _text(path, problems)
    if text is None:
        return []
    file = shown(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        problems.add(file, None, expected="JSON", came=f"{error.msg} in line {error.lineno}, column {error.colno}")
        return []
    if (
        not isinstance(data, dict)
        or data.get("type") != "FeatureCollection"
        or not isinstance(data.get("features"), list)
    ):
        kind = data.get("type") if isinstance(data, dict) else data
        problems.add(file, None, expected="a GeoJSON FeatureCollection", came=quoted(kind))
        return []
    found = (_feature(file, n, item, problems) for n, item in enumerate(data["features"], start=1))
    return [feature for feature in found if feature is not None]


def _feature(file: str, number: int, item: Any, problems: ProblemList) -> RawFeature | None:
    label = f"feature {number}"
    if not isinstance(item, dict) or item.get("type") != "Feature":
        problems.add(file, label, expected='an object of type "Feature"', came=quoted(item))
        return None
    properties = item.get("properties")
    if not isinstance(properties, dict):
        problems.add(file, label, expected="properties", came=quoted(properties))
        return None
    if isinstance(properties.get("id"), str):
        label = properties["id"]
    geometry = item.get("geometry")
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        problems.add(file, label, expected="a geometry with coordinates", came=quoted(geometry))
        return None
    return RawFeature(
        file=file,
        label=label,
        properties=properties,
        geometry_type=str(geometry.get("type")),
        coordinates=geometry["coordinates"],
    )


def _text(path: Path, problems: ProblemList) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.add(shown(path), None, expected="a file", came="nothing there")
    except IsADirectoryError:
        problems.add(shown(path), None, expected="a file", came="a folder")
    except UnicodeDecodeError as error:
        problems.add(
            shown(path), None, expected="UTF-8 text", came=f"byte {error.object[error.start]:#04x} at {error.start}"
        )
    except OSError as error:
        problems.add(shown(path), None, expected="a readable file", came=(error.strerror or str(error)).lower())
    return None
