"""A file of devices as a stream of rows, CSV or YAML: each cell with the line it stands in. Nothing is judged here."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

import yaml

from mission_planner.incidents.registry import phrases
from mission_planner.incidents.registry.problems import Problem, RowProblem
from patrol_core.site import Text

COLUMNS = (
    "id",
    "kind",
    "name_zh",
    "name_en",
    "building",
    "unit",
    "floor",
    "flat",
    "spot_zh",
    "spot_en",
    "lat",
    "lon",
    "x_m",
    "y_m",
    "height_m",
    "external_id",
    "gateway",
    "silent_after_h",
    "unused_after_h",
)
NEEDED = ("id", "kind")
MAX_CELL_CHARS = 500


class Format(StrEnum):
    """How the file is written."""

    CSV = "csv"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Row:
    """One device as the file has it; an empty cell is left out."""

    line: int  # 1-based; where the row begins (YAML) or ends (CSV)
    cells: Mapping[str, str]
    lines: Mapping[str, int] | None = None  # of each cell, where they differ

    def line_of(self, column: str) -> int:
        """The line of a cell."""
        return (self.lines or {}).get(column, self.line)


def read(text: IO[str], form: Format) -> Iterator[Row | Problem]:
    """Rows in the order of the file; a row that is no row at all comes as a problem, and the next one follows."""
    return _csv(text) if form is Format.CSV else _yaml(text)


def _csv(text: IO[str]) -> Iterator[Row | Problem]:
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        header = [name.strip().lower().lstrip("\ufeff") for name in header]
        wrong = _header_problems(header)
        if wrong:
            yield from wrong
            return
        for cells in reader:
            if not cells or not any(cells):
                continue
            if len(cells) != len(header):
                yield Problem(reader.line_num, None, phrases.as_first_line(len(header)), phrases.cells(len(cells)))
                continue
            yield Row(reader.line_num, {n: c.strip() for n, c in zip(header, cells, strict=True) if c and c.strip()})
    except csv.Error as error:
        yield Problem(reader.line_num, None, phrases.CSV, Text.same(str(error)))
    except UnicodeDecodeError as error:
        yield Problem(reader.line_num + 1, None, phrases.UTF_8, _byte(error))


def _header_problems(header: list[str]) -> list[Problem]:
    strange = [name for name in header if name not in COLUMNS]
    wrong = [
        Problem(1, name or None, phrases.one_of(COLUMNS, name), Text.same(name) if name else phrases.EMPTY_NAME)
        for name in strange
    ]
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    wrong += [Problem(1, name, phrases.COLUMN_ONCE, phrases.TWICE) for name in twice]
    wrong += [Problem(1, name, phrases.column(name), phrases.NONE) for name in NEEDED if name not in header]
    return wrong


def _yaml(text: IO[str]) -> Iterator[Row | Problem]:
    """A list of mappings, or a mapping with that list under `devices`. By events: no tree of the whole file is made."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from _yaml_rows(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        yield Problem(mark.line + 1 if mark else 1, None, phrases.YAML, Text.same(str(error.problem or error.context)))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        yield Problem(1, None, phrases.YAML_UTF_8, Text.same(str(error).splitlines()[0][:200]))
    except RowProblem as error:
        yield error.problem


def _yaml_rows(events: Iterator[Any]) -> Iterator[Row | Problem]:
    event = _next_node(events)
    if isinstance(event, yaml.MappingStartEvent):
        key = next(events)
        if not isinstance(key, yaml.ScalarEvent) or key.value != "devices":
            raise RowProblem(key.start_mark.line + 1, None, phrases.DEVICES_KEY, _said(key))
        event = next(events)
    if not isinstance(event, yaml.SequenceStartEvent):
        line = event.start_mark.line + 1 if event is not None else 1
        raise RowProblem(line, None, phrases.DEVICES, _said(event))
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        if isinstance(event, yaml.MappingStartEvent):
            yield _yaml_row(event, events)
        else:
            yield Problem(event.start_mark.line + 1, None, phrases.DEVICE, _said(event))
            _skip(event, events)


def _next_node(events: Iterator[Any]) -> Any:
    """The first node, past the beginnings of stream and document."""
    for event in events:
        if isinstance(event, (yaml.NodeEvent, yaml.StreamEndEvent)):
            return event
    return None


def _yaml_row(start: Any, events: Iterator[Any]) -> Row | Problem:
    cells: dict[str, str] = {}
    lines: dict[str, int] = {}
    wrong: Problem | None = None
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        value = next(events)
        line = key.start_mark.line + 1
        name = key.value if isinstance(key, yaml.ScalarEvent) else ""
        if not isinstance(value, yaml.ScalarEvent):
            wrong = wrong or Problem(line, name or None, phrases.ONE_VALUE, _said(value))
            _skip(value, events)
        elif name not in COLUMNS:
            wrong = wrong or Problem(
                line, name or None, phrases.one_of(COLUMNS, name), Text.same(name) if name else _said(key)
            )
        elif name in cells:
            wrong = wrong or Problem(line, name, phrases.NAME_ONCE, phrases.TWICE)
        elif not (value.implicit[0] and value.value in ("", "~", "null")):
            cells[name], lines[name] = value.value.strip(), line
    return wrong or Row(start.start_mark.line + 1, cells, lines)


def _skip(event: Any, events: Iterator[Any]) -> None:
    """Past the end of a node that has begun."""
    depth = int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _byte(error: UnicodeDecodeError) -> Text:
    value = f"0x{error.object[error.start]:02x}"
    return Text(zh=f"字节 {value}", en=f"byte {value}")


def _said(event: Any) -> Text:
    if isinstance(event, yaml.ScalarEvent):
        return phrases.shown(event.value, 60)
    names = {
        yaml.MappingStartEvent: phrases.MAPPING,
        yaml.SequenceStartEvent: phrases.LIST,
        yaml.AliasEvent: phrases.ALIAS,
    }
    return names.get(type(event), phrases.NOTHING)
